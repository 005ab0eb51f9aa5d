"""Everything about a customer or a partner on one page: what waits first, then by tabs, whatever its size."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.models.partner_relationship import RelationshipKind
from portal.desk.admin_customer import CUSTOMER
from portal.desk.admin_partner import PARTNER
from subscriptions.models import User
from subscriptions.models.mail import MailState
from subscriptions.models.people.membership import Role
from subscriptions.web.paging import PAGE_SIZE
from tests.database import as_owner
from tests.desk import make_mail
from tests.factories import (
    make_audit_event,
    make_help_request,
    make_invitation,
    make_match_request,
    make_member,
    make_order,
    make_partner,
    make_partner_of_record,
    make_partner_offer,
    make_partner_person,
    make_relationship,
    make_release_request,
    make_subscription,
    placed,
)
from tests.page import parse

SHARED = ["people", "subscriptions", "relationships", "offers", "orders", "releases", "matches"]
ONE_OF_EACH = {"customer": [*SHARED, "help", "mails"], "partner": [*SHARED, "mails"]}


def fill(tenant, partner, number: int) -> None:
    """Of each kind one row more, which both sides share."""
    named = {"partner_number": partner.number, "partner_name": partner.name}
    subscription = make_subscription(tenant=tenant, name=f"Suite {number}")
    make_partner_of_record(subscription=subscription, partner=partner)
    make_member(tenant=tenant, email=f"m{number}@x.example", name=f"Member {number}")
    make_partner_person(partner=partner, email=f"a{number}@p.example", name=f"Agent {number}")
    is_first = number < 3
    kind = RelationshipKind.RESELLER if is_first else RelationshipKind.DELEGATED_ADMIN
    relationship = make_relationship(tenant=tenant, partner=partner, kind=kind)
    if is_first:
        make_release_request(relationship=relationship, due_in=timedelta(days=-2))
    make_partner_offer(tenant=tenant, partner=partner, name=f"Offer {number}")
    make_order(tenant=tenant, **named, **placed(f"2026-{number:06}"))
    make_match_request(tenant=tenant, partners=[partner], wish=f"Wish {number}")
    event = make_audit_event(tenant=tenant, subject_name=f"Suite {number}", subject_uuid=partner.uuid)
    company = {"to_company_name": partner.name, "to_company_number": partner.number}
    make_mail(event, **company, to_company_mailbox=partner.mailbox, state=MailState.FAILED)
    make_help_request(user=User.objects.first() or make_member(tenant=tenant), tenant=tenant, text=f"Help {number}")


@pytest.fixture
def owners(alpha, beta, global_admin):
    """A customer and a partner that share one row of each kind, beside another pair."""
    partner = make_partner()
    with as_owner():
        fill(alpha, partner, 1)
        fill(beta, make_partner(number="777001", name="Another partner"), 2)
    return {"customer": alpha, "partner": partner}


def page_of(desk, name: str, owner, tab: str = ""):
    url = reverse(f"admin:{name}-tab", args=[owner.uuid, tab]) if tab else reverse(f"admin:{name}", args=[owner.uuid])
    answer = desk.get(url)
    assert answer.status_code == 200, url
    return parse(answer.content.decode())


def tabs_of(page) -> dict[str, tuple[str, str]]:
    """By their address: what stands on each tab, and its count."""
    return {
        link.get("href"): (link.text, "".join(each.text_content() for each in link.xpath("span")))
        for link in page.xpath("//ul[@class='tabs']//a")
    }


@pytest.mark.parametrize("name", ["customer", "partner"])
def test_each_tab_lists_the_owners_rows_alone_and_as_many_as_it_says(desk, owners, name):
    owner = owners[name]
    tabs = tabs_of(page_of(desk, name, owner))
    for url, (label, count) in list(tabs.items())[1:]:
        page = parse(desk.get(url).content.decode())
        assert len(page.xpath("//table/tbody/tr")) == int(count), label
        assert page.xpath("//ul[@class='tabs']//a[@aria-current='page']")[0].get("href") == url
        text = page.xpath("//main")[0].text_content()
        assert "Another partner" not in text
        assert all(word not in text for word in ("Offer 2", "Wish 2", "Help 2", "Suite 2", "2026-000002"))
    assert [url.rstrip("/").rpartition("/")[2] for url in tabs][1:-1] == ONE_OF_EACH[name]


@pytest.mark.parametrize("name", ["customer", "partner"])
def test_every_row_of_a_tab_leads_to_its_own_page_with_its_acts(desk, owners, name):
    for tab in ONE_OF_EACH[name]:
        for link in page_of(desk, name, owners[name], tab).xpath("//table/tbody/tr//a"):
            assert desk.get(link.get("href")).status_code == 200, link.get("href")


@pytest.mark.parametrize("name", ["customer", "partner"])
def test_what_waits_of_the_owner_leads_to_exactly_that(desk, owners, name):
    works = page_of(desk, name, owners[name]).xpath("//section[@aria-labelledby='waits']//li")
    assert len(works) >= 2
    for work in works:
        (button,) = work.xpath("a")
        listed = desk.get(button.get("href")).context["cl"]
        assert listed.result_count == 1, button.get("href")


@pytest.mark.parametrize("name", ["customer", "partner"])
def test_the_page_and_its_tabs_cost_the_same_however_much_there_is(desk, owners, name):
    def statements() -> list[int]:
        counts = []
        for tab in ("", *ONE_OF_EACH[name]):
            with CaptureQueriesContext(connection) as asked:
                page_of(desk, name, owners[name], tab)
            counts.append(len(asked))
        return counts

    few = statements()
    with as_owner():
        for number in (3, 4, 5):
            fill(owners["customer"], owners["partner"], number)
    assert statements() == few


def test_a_tab_is_paged_by_key(desk, alpha):
    for number in range(PAGE_SIZE + 3):
        make_subscription(tenant=alpha, name=f"Suite {number:03}")
    page = page_of(desk, "customer", alpha, "subscriptions")
    assert len(page.xpath("//table/tbody/tr")) == PAGE_SIZE
    (following,) = page.xpath("//a[@rel='next']")
    url = CUSTOMER.url_of(alpha, "subscriptions") + following.get("href")
    assert len(parse(desk.get(url).content.decode()).xpath("//table/tbody/tr")) == 3


@pytest.mark.parametrize(("number", "said"), [(0, "nobody runs this organization"), (1, "Only one Global admin")])
def test_the_page_warns_of_an_organization_that_nobody_or_one_person_runs(desk, alpha, number, said):
    for each in range(number):
        make_member(tenant=alpha, email=f"g{each}@x.example")
    assert said in page_of(desk, "customer", alpha).xpath("//main")[0].text_content()


def test_the_page_says_who_is_invited_to_run_an_organization_that_nobody_runs(desk, alpha):
    make_invitation(tenant=alpha, name="Nina New", role=Role.GLOBAL_ADMIN)
    text = page_of(desk, "customer", alpha).xpath("//main")[0].text_content()
    assert "Nobody runs this organization yet: Nina New is invited as Global admin." in text


def test_two_global_admins_are_no_warning(desk, alpha):
    for each in range(2):
        make_member(tenant=alpha, email=f"g{each}@x.example", name=f"Admin {each}")
    text = page_of(desk, "customer", alpha).xpath("//main")[0].text_content()
    assert "Admin 1" in text
    assert "Global admin can sign in" not in text


@pytest.mark.parametrize("page", [CUSTOMER, PARTNER])
def test_lists_and_search_lead_to_the_page_and_the_page_to_the_form(desk, owners, page):
    owner = owners[page.name]
    url = page.url_of(owner)
    assert (
        url in desk.get(reverse(f"admin:{page.admin.opts.label_lower.replace('.', '_')}_changelist")).content.decode()
    )
    assert url in desk.get("/staff/search/", {"q": owner.name}).content.decode()
    (edit,) = page_of(desk, page.name, owner).xpath("//div[@class='commands']/a[contains(@href, '/change/')]")
    assert url in desk.get(edit.get("href")).content.decode()


@pytest.mark.parametrize("name", ["customer", "partner"])
def test_an_owner_or_a_tab_that_is_none_is_not_found(desk, owners, name):
    nobody = "00000000-0000-4000-8000-000000000000"
    assert desk.get(reverse(f"admin:{name}", args=[nobody])).status_code == 404
    assert desk.get(reverse(f"admin:{name}-tab", args=[nobody, "people"])).status_code == 404
    assert desk.get(reverse(f"admin:{name}-tab", args=[owners[name].uuid, "nothing"])).status_code == 404


def test_a_new_row_is_begun_with_its_owner(desk, owners):
    (add,) = page_of(desk, "customer", owners["customer"], "subscriptions").xpath("//div[@class='bar']/a")
    page = desk.get(add.get("href"))
    assert page.context["adminform"].form.initial["tenant"] == str(owners["customer"].pk)
