"""The staff's home: what waits, each kind led to exactly the rows that it counts, and every list by task."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.models.partner_offer import OfferState
from partners.models.partner_relationship import RelationshipKind
from portal.fitness import table
from subscriptions.models import JobFailure
from subscriptions.models.mail import MailState
from subscriptions.staff.desk import Group
from subscriptions.staff.queue import KINDS
from tests.database import as_owner
from tests.desk import make_mail
from tests.factories import (
    make_audit_event,
    make_help_request,
    make_match_request,
    make_partner,
    make_partner_offer,
    make_relationship,
    make_release_request,
)
from tests.page import parse

HOME = "/staff/"


def fail_jobs(number: int) -> None:
    with as_owner():
        for _each in range(number):
            JobFailure.objects.create(
                job="subscriptions.bring_up_to_date", subject_kind="subscription", subject_uuid=uuid4(), code="23514"
            )


@pytest.fixture
def work(alpha, beta, global_admin) -> dict[str, int]:
    """Of each kind some rows that wait, and beside them one that does not; the numbers by the kind's name."""
    partner = make_partner()
    for tenant, days in ((alpha, -3), (beta, 5)):
        reseller = make_relationship(tenant=tenant, partner=partner, kind=RelationshipKind.RESELLER)
        make_release_request(relationship=reseller, due_in=timedelta(days=days))
    for state in ("open", "open", "closed"):
        closed = {"closed_at": timezone.now(), "closed_by": "Sam"} if state == "closed" else {}
        make_match_request(tenant=alpha, state=state, **closed)
        make_help_request(user=global_admin, tenant=alpha, state=state, **closed)
    make_partner_offer(tenant=alpha, partner=partner)
    make_partner_offer(tenant=beta, partner=partner, state=OfferState.DRAFT, name="A draft")
    event = make_audit_event(tenant=alpha)
    for number, state in enumerate((MailState.FAILED, MailState.FAILED, MailState.FAILED, MailState.QUEUED)):
        make_mail(event, to_company_name="T", to_company_mailbox=f"{number}@t.example", state=state)
    fail_jobs(4)
    return {
        "Release requests overdue": 1,
        "Match requests": 2,
        "Requests for help": 2,
        "Offers waiting for an answer": 1,
        "Mails that failed": 3,
        "Jobs that failed for a row": 4,
    }


def rows_of(desk) -> dict[str, tuple[str, str, str]]:
    """By the name of each kind of work: how many wait, where its button leads and what it says."""
    rows = parse(desk.get(HOME).content.decode()).xpath("//table[contains(@class,'queue')]/tbody/tr")
    found = {}
    for row in rows:
        name = row.xpath("th/a")[0].text_content()
        button = row.xpath("td[@class='go']/a")[0]
        found[name] = (row.xpath("td[@class='count']")[0].text_content(), button.get("href"), button.text_content())
    return found


def test_each_kind_of_work_says_how_much_waits_and_leads_to_exactly_these_rows(desk, work):
    found = rows_of(desk)
    assert {name: int(count) for name, (count, _url, _button) in found.items()} == work
    for name, (_count, url, _button) in found.items():
        assert desk.get(url).context["cl"].result_count == work[name], name


def test_what_is_late_comes_first_and_is_said_in_words(desk, work):
    page = desk.get(HOME).content.decode()
    first = parse(page).xpath("//table[contains(@class,'queue')]/tbody/tr")[0]
    assert "Release requests overdue" in first.text_content()
    assert "Late" in first.text_content()
    assert "12 things wait for staff, 1 kind is late" in page


def test_kinds_without_work_stand_in_one_closing_sentence(desk, alpha):
    make_match_request(tenant=alpha)
    page = parse(desk.get(HOME).content.decode())
    rows = page.xpath("//table[contains(@class,'queue')]/tbody/tr")
    assert [row.xpath("th/a")[0].text_content() for row in rows] == ["Match requests"]
    (sentence,) = page.xpath("//p[@class='nothing']")
    assert sentence.text_content().startswith("Nothing waits in: ")
    assert sentence.text_content().count(",") == len(KINDS) - 2


def test_without_any_work_the_home_says_so(desk):
    page = desk.get(HOME).content.decode()
    assert "nothing waits for staff" in page
    assert "<table" not in page


def test_a_count_stops_at_the_cap(desk, monkeypatch):
    monkeypatch.setattr("subscriptions.staff.queue.COUNT_CAP", 3)
    monkeypatch.setattr("subscriptions.web.paging.COUNT_CAP", 3)
    fail_jobs(5)
    assert rows_of(desk)["Jobs that failed for a row"][0] == "2+"


def test_the_home_costs_one_statement_a_kind_however_much_waits(desk, work, monkeypatch):
    monkeypatch.setattr(table, "_kept", {})  # so that what is found about the portal is kept from the first on
    desk.get(HOME)
    with CaptureQueriesContext(connection) as some:
        desk.get(HOME)
    fail_jobs(20)
    with CaptureQueriesContext(connection) as more:
        desk.get(HOME)
    assert len(more) == len(some)
    assert sum("COUNT(" in query["sql"] for query in more) == len(KINDS)


def test_every_list_stands_in_one_group_on_the_home_and_beside_every_page(desk, alpha):
    home = parse(desk.get(HOME).content.decode())
    groups = {group.xpath("h3")[0].text_content(): group for group in home.xpath("//ul[@class='groups']/li")}
    assert list(groups) == [str(group.label) for group in Group]
    linked = [link.get("href") for link in home.xpath("//ul[@class='groups']//a[not(@class)]")]
    assert len(linked) == len(set(linked))
    beside = parse(desk.get("/staff/subscriptions/tenant/").content.decode())
    assert [link.get("href") for link in beside.xpath("//nav[@class='desk-nav']//a")] == linked
    (current,) = beside.xpath("//nav[@class='desk-nav']//a[@aria-current]")
    assert current.text_content() == "Organizations"


def test_an_app_has_no_page_of_its_own(desk):
    assert desk.get("/staff/partners/").headers["Location"] == HOME


def test_the_home_says_whether_the_portal_is_fit_to_serve_and_leads_to_the_checks(desk):
    (strip,) = parse(desk.get(HOME).content.decode()).xpath("//section[@aria-labelledby='fit']")
    said = strip.xpath("strong")[0].text_content()
    checks = desk.get(strip.xpath("a")[0].get("href")).content.decode()
    assert said.removeprefix("Fit to serve: ") in checks
    assert len(strip.xpath("ul/li")) <= 3
