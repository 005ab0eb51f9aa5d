"""The page of a subscription advisor: so much of its credits as one page shows, whatever their number."""

from datetime import UTC, datetime, timedelta

import pytest

from subscriptions.base import formats
from subscriptions.web.paging import PAGE_SIZE
from tests.factories import make_partner, make_partner_of_record, make_subscription
from tests.journeys.page import Page

FIRST = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def partner(db):
    return make_partner()


def credit(tenant, partner, number: int, **subscription) -> None:
    """Suite `number`, which credits the partner since so many days after the first."""
    made = make_subscription(tenant=tenant, name=f"Suite {number}", **subscription)
    make_partner_of_record(subscription=made, partner=partner, since=FIRST + timedelta(days=number))


def url_of(partner) -> str:
    return f"/t/alpha/settings/partner-relationships/advisors/{partner.uuid}/"


def suites(response) -> list[str]:
    return [row["subscription__name"] for row in response.context["credits"].rows]


def test_the_credits_are_paged_the_newest_first(alpha, partner, reader, sign_in):
    for number in range(PAGE_SIZE + 2):
        credit(alpha, partner, number)
    client = sign_in(reader)
    first = client.get(url_of(partner))
    assert suites(first) == [f"Suite {number}" for number in range(PAGE_SIZE + 1, 1, -1)]
    second = client.get(url_of(partner) + Page(first).link("Next page"))
    assert suites(second) == ["Suite 1", "Suite 0"]
    assert suites(client.get(url_of(partner) + Page(second).link("Previous page"))) == suites(first)


def test_what_is_said_of_the_whole_is_the_same_on_each_page(alpha, partner, reader, sign_in):
    for number in range(PAGE_SIZE + 1):
        credit(alpha, partner, number)
    client = sign_in(reader)
    first = Page(client.get(url_of(partner)))
    for page in (first, Page(client.get(url_of(partner) + first.link("Next page")))):
        assert f"{PAGE_SIZE + 1} subscriptions" in page.text
        assert f"Since {formats.day(FIRST)}" in page.text


def test_the_credits_are_counted_no_further_than_the_cap(alpha, partner, reader, sign_in, monkeypatch):
    monkeypatch.setattr("subscriptions.web.paging.COUNT_CAP", 3)
    for number in range(5):
        credit(alpha, partner, number)
    assert "2+ subscriptions" in Page(sign_in(reader).get(url_of(partner))).text


def test_deleted_subscriptions_and_those_of_others_do_not_count(alpha, beta, partner, reader, sign_in):
    credit(alpha, partner, 0, status="deleted")
    credit(beta, partner, 1)
    credit(alpha, make_partner(number="935287"), 2)
    credit(alpha, partner, 3)
    response = sign_in(reader).get(url_of(partner))
    assert suites(response) == ["Suite 3"]
    row = response.context["shown"].row
    assert (row.subscriptions, row.since) == (1, FIRST + timedelta(days=3))
