"""Filters of staff's lists by organization and by days; lists that a phone can show; the account's theme."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from subscriptions.models import User
from tests.database import as_owner
from tests.desk import list_url, make_mail
from tests.factories import (
    make_audit_event,
    make_order,
    make_partner,
    make_partner_of_record,
    make_partner_offer,
    make_relationship,
    make_subscription,
    make_tenant,
    placed,
)
from tests.page import parse

OF_TENANTS = [
    "subscriptions_subscription", "subscriptions_order", "subscriptions_mail", "subscriptions_auditevent",
    "partners_partnerrelationship", "partners_partneroffer", "partners_partnerofrecord",
]  # fmt: skip


def make_everything(tenant) -> None:
    partner = make_partner(number="565380") if tenant.slug == "alpha" else make_partner(number="935287")
    subscription = make_subscription(tenant=tenant)
    make_partner_of_record(subscription=subscription, partner=partner)
    make_relationship(tenant=tenant, partner=partner)
    make_partner_offer(tenant=tenant, partner=partner)
    make_order(tenant=tenant, **placed(f"1000{tenant.pk}"))
    make_mail(make_audit_event(tenant=tenant), to_company_mailbox="a@b.example")


def listed(desk, model: str, **asked) -> list:
    response = desk.get(list_url(model), asked)
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


@pytest.mark.parametrize("model", OF_TENANTS)
def test_a_list_is_filtered_by_organization(desk, alpha, model):
    for tenant in (alpha, make_tenant(slug="beta", name="Beta Ltd")):
        make_everything(tenant)
    assert {row.tenant.slug for row in listed(desk, model)} == {"alpha", "beta"}
    assert {row.tenant.slug for row in listed(desk, model, tenant=alpha.pk)} == {"alpha"}
    page = desk.get(list_url(model), {"tenant": alpha.pk}).content.decode()
    assert "Alpha Ltd" in parse(page).xpath("//details[contains(@class, 'filter')]/summary")[0].text_content()


@pytest.mark.parametrize("key", ["x", "1.5", "-1", "9" * 40, "999999"])
def test_an_organization_that_is_none_is_told(desk, key):
    response = desk.get(list_url("subscriptions_subscription"), {"tenant": key})
    assert response.status_code == 422
    assert "Choose an organization of the list." in response.content.decode()
    assert list(response.context["cl"].result_list) == []


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("2026-03-04", "2026-03-04", [4]),
        ("2026-03-05", "", [5]),
        ("", "2026-03-04", [4, 3]),
        ("2026-03-06", "", []),
        ("", "", [5, 4, 3]),
    ],
)
def test_days_are_those_from_one_to_the_other_both_included(desk, alpha, since, until, found):
    for day in (3, 4, 5):
        make_subscription(tenant=alpha, term_ends_on=date(2026, 3, day))
    asked = {"term_ends_on-since": since, "term_ends_on-until": until}
    assert [row.term_ends_on.day for row in listed(desk, "subscriptions_subscription", **asked)] == found


def test_moments_are_found_by_the_days_of_the_readers_zone(desk, staff, alpha):
    with as_owner():
        User.objects.filter(pk=staff.pk).update(time_zone="Asia/Shanghai")
    for hour in (15, 17):  # before and after midnight there
        make_order(tenant=alpha, **placed(str(1000 + hour)) | {"placed_at": datetime(2026, 3, 4, hour, tzinfo=UTC)})
    asked = {"placed_at-since": "2026-03-05", "placed_at-until": "2026-03-05"}
    assert [row.number for row in listed(desk, "subscriptions_order", **asked)] == ["1017"]


def test_periods_are_found_by_the_day_they_begin(desk, alpha):
    subscription = make_subscription(tenant=alpha)
    make_partner_of_record(subscription=subscription, partner=make_partner(), since=timezone.now())
    today = timezone.localdate().isoformat()
    assert len(listed(desk, "partners_partnerofrecord", **{"valid__startswith-since": today})) == 1
    assert listed(desk, "partners_partnerofrecord", **{"valid__startswith-since": "2199-01-01"}) == []


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"term_ends_on-since": "yesterday"}, "From: enter a day that is in the calendar."),
        ({"term_ends_on-since": "1000-01-01"}, "Choose a day between 2000 and 2200."),
        (
            {"term_ends_on-since": "2026-03-04", "term_ends_on-until": "2026-03-03"},
            "Choose the same day as the first one, or one after it.",
        ),
    ],
)
def test_days_that_are_none_are_told(desk, alpha, asked, told):
    make_subscription(tenant=alpha)
    response = desk.get(list_url("subscriptions_subscription"), asked)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert list(response.context["cl"].result_list) == []


def test_filters_keep_each_other(desk, alpha):
    make_subscription(tenant=alpha, status="disabled")
    asked = {"tenant": alpha.pk, "status": "disabled", "term_ends_on-since": "2020-01-01", "q": "office"}
    page = parse(desk.get(list_url("subscriptions_subscription"), asked).content.decode())
    for form in page.xpath("//form[@class='typed']"):
        sent = dict(form.form_values())
        assert {name: sent.get(name) for name in asked} == {name: str(value) for name, value in asked.items()}


def test_subscriptions_are_filtered_by_the_status_of_their_date_which_the_list_shows(desk, alpha):
    """The job is late: what is stored is not what the column says. No status filters nothing."""
    over = timezone.localdate() - timedelta(days=2)
    make_subscription(tenant=alpha, name="Lapsed", recurring_billing=False, term_ends_on=over)
    make_subscription(tenant=alpha, name="Runs")

    def names(status):
        found = desk.get(list_url("subscriptions_subscription"), {"status": status}).context["cl"].result_list
        return {row.name for row in found}

    assert names("active") == {"Runs"}
    assert names("expired") == {"Lapsed"}
    assert names("unknown") == {"Lapsed", "Runs"}


def test_each_cell_says_what_it_is(desk, alpha):
    make_subscription(tenant=alpha, name="<b>Office")
    page = parse(desk.get(list_url("subscriptions_subscription")).content.decode())
    heads = [" ".join(head.text_content().split()) for head in page.xpath("//table[@id='result_list']//thead//th")]
    cells = page.xpath("//table[@id='result_list']/tbody/tr/*")
    assert [cell.get("data-label") for cell in cells[1:]] == heads[1:]
    assert "<b>Office" in cells[1].text_content()


@pytest.mark.parametrize("theme", ["system", "light", "dark"])
def test_the_accounts_theme_reaches_staffs_pages(desk, staff, theme):
    with as_owner():
        User.objects.filter(pk=staff.pk).update(theme=theme)
    for url in ("/staff/", list_url("subscriptions_tenant")):
        page = parse(desk.get(url).content.decode())
        assert page.get("data-theme") == theme
        assert page.xpath(f"//button[@name='theme'][@value='{theme}']/@aria-pressed") == ["true"]


def test_the_theme_is_chosen_on_a_staff_page_which_it_leads_back_to(desk, staff):
    answer = desk.post("/account/theme/", {"theme": "dark", "next": "/staff/subscriptions/tenant/"})
    assert (answer.status_code, answer.url) == (303, "/staff/subscriptions/tenant/")
    with as_owner():
        assert User.objects.get(pk=staff.pk).theme == "dark"
