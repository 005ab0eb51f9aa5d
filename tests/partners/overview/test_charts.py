"""The charts of an organization's home: credits at each month's end, and cost by partner, each with its table."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from partners.overview.charts import cost_by_partner, credit_trend
from partners.overview.credit_months import first_of_months
from subscriptions.db import scopes
from subscriptions.subscriptions.lifecycle import today_of
from tests.factories import (
    make_partner,
    make_partner_of_record,
    make_partner_person,
    make_product,
    make_relationship,
    make_subscription,
    make_tenant,
)
from tests.page import attribute, inside, parse, words


def credited(tenant, partner, number, **facts):
    since, until = facts.pop("since", None), facts.pop("until", None)
    subscription = make_subscription(tenant=tenant, product=make_product(name=f"Product {number}"), **facts)
    period = {"since": since or timezone.now() - timedelta(days=1)} | ({"until": until} if until else {})
    make_partner_of_record(subscription=subscription, partner=partner, **period)
    return subscription


def table(page, heading: str) -> list[list[str]]:
    """The cells of each row of the table in the section with that heading."""
    section = next(each for each in inside(page, "section") if words(each).startswith(heading))
    return [
        [words(cell) for cell in inside(row, "th", "td")]
        for body in inside(section, "tbody")
        for row in inside(body, "tr")
    ]


def test_the_chart_of_twelve_months_counts_each_credit_at_the_end_of_each_month(alpha, reader, sign_in):
    months = first_of_months(today_of(alpha))
    starts = [datetime(month.year, month.month, 15, tzinfo=UTC) for month in months]
    first, second = make_partner(name="Tailspin"), make_partner(number="935287", name="Adventure Works")
    credited(alpha, first, 1, since=starts[0] - timedelta(days=900))
    credited(alpha, first, 2, since=starts[3], until=starts[5])
    credited(alpha, second, 3, since=starts[10])
    credited(make_tenant(slug="gamma"), first, 4, since=starts[0])
    with scopes.tenant(alpha.pk):
        trend = credit_trend(alpha, today=today_of(alpha))
    assert {each.name: each.counts for each in trend.series} == {
        "Tailspin": [1, 1, 1, 2, 2, 1, 1, 1, 1, 1, 1, 1],
        "Adventure Works": [0] * 10 + [1, 1],
    }
    page = parse(sign_in(reader).get("/t/alpha/").content.decode())
    rows = table(page, "Partners of record over 12 months")
    assert [row[-1] for row in rows] == ["2", "2", "1", "1", "1", "1", "1", "2", "2", "1", "1", "1"]
    assert "2 subscriptions credit a partner; eleven months ago it was 1." in words(page)
    (drawing,) = (each for each in inside(page, "svg") if attribute(each, "class") == "trend")
    assert len(list(inside(drawing, "rect"))) == 12 + 2
    assert not any(attribute(each, "style") for each in inside(drawing))


def test_what_is_deleted_counts_in_no_month(alpha):
    credited(alpha, make_partner(), 1, status="deleted", term_ends_on=today_of(alpha) - timedelta(days=200))
    with scopes.tenant(alpha.pk):
        assert credit_trend(alpha, today=today_of(alpha)).series == []


def test_the_cost_of_each_partner_is_that_of_its_active_subscriptions(alpha, reader, sign_in):
    """An annual term counts with a twelfth, and each number leads to the list of what it counts."""
    partner = make_partner(name="Tailspin")
    credited(alpha, partner, 1, cost="120", billing_frequency="annual")
    credited(alpha, partner, 2, cost="30")
    credited(alpha, partner, 3, cost="99", status="disabled")
    make_subscription(tenant=alpha, cost="50")
    client = sign_in(reader)
    page = parse(client.get("/t/alpha/").content.decode())
    assert [row[:3] for row in table(page, "Monthly cost by partner")] == [
        ["Tailspin", "2", "$40.00"],
        ["No partner of record", "1", "$50.00"],
    ]
    assert "Of $90.00 a month for active subscriptions, $50.00 credits no partner." in words(page)
    section = next(each for each in inside(page, "section") if words(each).startswith("Monthly cost"))
    for link, number in zip(inside(section, "a"), (2, 1), strict=True):
        listed = parse(client.get(attribute(link, "href")).content.decode())
        (rows,) = (list(inside(body, "tr")) for body in inside(listed, "tbody"))
        assert len(rows) == number


def test_of_many_partners_those_with_most_are_named_and_the_others_are_one(alpha):
    for number in range(9):
        credited(alpha, make_partner(number=f"10{number}00", name=f"Partner {number}"), number, cost=str(10 + number))
    with scopes.tenant(alpha.pk):
        shares = cost_by_partner(alpha, today=today_of(alpha))
    assert [share.name for share in shares] == [f"Partner {number}" for number in range(8, -1, -1)]


def test_who_reads_no_subscriptions_sees_no_charts(alpha, sign_in):
    partner = make_partner()
    credited(alpha, partner, 1)
    make_relationship(tenant=alpha, partner=partner, roles=("helpdesk-administrator",))
    page = sign_in(make_partner_person(partner=partner, email="agent@partner.example")).get("/t/alpha/")
    assert page.status_code == 200
    assert "Monthly cost by partner" not in words(parse(page.content.decode()))
