"""Workspace > Partner of record: what is credited now, what was gained and lost in each month, and the file of it."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from partners.overview.credit_months import first_of_months, months, next_month
from subscriptions.db import scopes
from subscriptions.models.user import User
from subscriptions.web import paging
from tests.database import as_owner
from tests.factories import (
    make_partner,
    make_partner_of_record,
    make_partner_person,
    make_product,
    make_subscription,
    make_tenant,
)
from tests.partners.client import get, rows_of


@pytest.fixture
def person(partner):
    return make_partner_person(partner=partner, email="agent@tailspin.example", name="Agatha Agent")


@pytest.fixture
def agent(person, sign_in):
    return sign_in(person)


def credit(tenant, partner, *, since=None, until=None, source="tenant", **fields):
    subscription = make_subscription(tenant=tenant, **fields)
    make_partner_of_record(subscription=subscription, partner=partner, since=since, until=until, source=source)
    return subscription


def at(day: int, month: int = 6, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def list_names(response) -> list[str]:
    return [row["subscription__name"] for row in response.context["list"].rows]


def csv_of(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def test_listed_is_what_credits_the_partner_now(agent, partner, alpha):
    credit(alpha, partner, name="Now")
    credit(alpha, partner, name="Before", since=at(1), until=at(2))
    credit(alpha, partner, name="Deleted", status="deleted")
    credit(alpha, make_partner(number="935287"), name="Other's")
    answer = get(agent, "partner-of-record")
    assert (list_names(answer), answer.context["list"].count) == (["Now"], "1 subscription")


def test_what_is_deleted_by_its_date_is_listed_nowhere_before_the_job_has_written_it(agent, partner, alpha):
    credit(alpha, partner, name="Now")
    began, ended = (date.today() - timedelta(days=days) for days in (200, 130))
    credit(alpha, partner, name="Over", status="disabled", started_on=began, term_ends_on=ended)
    assert list_names(get(agent, "partner-of-record")) == ["Now"]
    file = get(agent, "partner-of-record", file="csv")
    assert [row[2] for row in csv_of(file)[1:]] == ["Now"]
    assert "Over" not in get(agent, "customer", alpha.uuid).content.decode()


def test_a_row_has_use_and_no_cost(agent, partner, alpha):
    product = make_product(name="Office 365 E5")
    ends = date(2027, 2, 3)
    credit(
        alpha, partner, name="Headquarters", product=product, cost="9876.54", since=at(3), status="expired",
        term_ends_on=ends,
    )  # fmt: skip
    answer = get(agent, "partner-of-record")
    assert rows_of(answer)[0] == (
        "Alpha Ltd alpha Headquarters Office 365 E5 12 / 20 – Jun 3, 2026 Feb 3, 2027 Expired"
    )
    assert "9,876" not in answer.content.decode()


def test_state_is_by_the_day_where_the_organization_is(agent, partner):
    """On Kiritimati it is a day later than in Niue, at every hour."""
    today = (timezone.now() + timedelta(hours=14)).date()
    for slug, zone in (("east", "Pacific/Kiritimati"), ("west", "Pacific/Niue")):
        tenant = make_tenant(slug=slug, name=slug, time_zone=zone)
        credit(tenant, partner, name=f"Trial {slug}", status="trial", cost="0", term_ends_on=today)
        ended = today - timedelta(days=40)
        credit(tenant, partner, name=f"Term {slug}", recurring_billing=False, term_ends_on=ended)
    expected = {
        "Trial east": "Expired",
        "Trial west": "Trial",
        "Term east": "Disabled",
        "Term west": "Disabled",
    }
    shown = rows_of(get(agent, "partner-of-record"))
    assert len(shown) == len(expected)
    for name, status in expected.items():
        assert [row.split()[-1] for row in shown if name in row] == [status]
    titles, *lines = csv_of(get(agent, "partner-of-record", file="csv"))
    name, status = titles.index("Subscription"), titles.index("Status")
    assert {line[name]: line[status] for line in lines} == expected


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("", ["C", "B", "A"]),
        ("-since", ["C", "B", "A"]),
        ("since", ["A", "B", "C"]),
        ("organization", ["B", "A", "C"]),
        ("-organization", ["C", "A", "B"]),
    ],
)
def test_sorts_page_by_page(agent, partner, alpha, beta, monkeypatch, order, names):
    monkeypatch.setattr(paging, "PAGE_SIZE", 1)
    credit(beta, partner, name="A", since=at(1))
    credit(alpha, partner, name="B", since=at(2))
    credit(make_tenant(), partner, name="C", since=at(3))
    seen, url = [], f"?order={order}"
    while url is not None:
        page = agent.get(f"/p/565380/partner-of-record/{url}")
        seen += list_names(page)
        url = page.context["page"].older_url
    assert seen == names


@pytest.mark.parametrize(("text", "names"), [("secret", ["B"]), ("visio", ["A"]), ("b", ["B"]), ("nothing", [])])
def test_search_by_organization_subscription_and_product(agent, partner, alpha, beta, text, names):
    credit(alpha, partner, name="A", product=make_product(name="Visio Online"))
    credit(beta, partner, name="B")
    assert list_names(get(agent, "partner-of-record", q=text)) == names


def test_one_organization_and_its_name_as_the_filter(agent, partner, alpha, beta):
    credit(alpha, partner, name="A")
    credit(beta, partner, name="B")
    answer = get(agent, "partner-of-record", customer=str(alpha.uuid))
    assert list_names(answer) == ["A"]
    assert [active.label for active in answer.context["list"].active] == ["Organization: Alpha Ltd"]


@pytest.mark.parametrize("query", [{"customer": "x"}, {"order": "cost"}, {"order": "tenant__slug"}])
def test_a_filter_that_is_none_is_said(agent, query):
    assert get(agent, "partner-of-record", **query).status_code == 422
    assert get(agent, "partner-of-record", file="csv", **query).status_code == 422


def test_gained_and_lost_are_the_periods_that_began_and_ended(partner, alpha):
    credit(alpha, partner, name="Kept", since=at(1, 4))
    credit(alpha, partner, name="Deleted", since=at(2, 4), status="deleted")
    moved = credit(alpha, partner, name="Moved", since=at(3, 4), until=at(5, 5))
    make_partner_of_record(subscription=moved, partner=make_partner(number="935287"), since=at(5, 5), until=at(6, 5))
    make_partner_of_record(subscription=moved, partner=partner, since=at(6, 5), source="undo")
    credit(alpha, partner, name="Long ago", since=datetime(2024, 1, 1, tzinfo=UTC))
    with scopes.partner(partner.pk):
        found = months(partner, today=date(2026, 6, 15), zone="UTC")
    assert [month.first for month in found] == first_of_months(date(2026, 6, 15))
    assert {month.first.month: (month.gained, month.lost) for month in found if month.gained or month.lost} == {
        4: (3, 0),
        5: (1, 1),
    }


@pytest.mark.parametrize(
    ("zone", "month"), [("UTC", 4), ("Asia/Shanghai", 5), ("America/Los_Angeles", 4), ("Pacific/Kiritimati", 5)]
)
def test_a_month_is_one_of_the_readers_time_zone(partner, alpha, zone, month):
    credit(alpha, partner, since=datetime(2026, 4, 30, 18, tzinfo=UTC))
    with scopes.partner(partner.pk):
        found = months(partner, today=date(2026, 6, 15), zone=zone)
    assert [each.first.month for each in found if each.gained] == [month]


def test_the_twelve_months_end_with_this_one():
    assert first_of_months(date(2026, 1, 31))[0] == date(2025, 2, 1)
    assert first_of_months(date(2026, 12, 1))[-1] == date(2026, 12, 1)
    assert [next_month(date(2026, month, 1)) for month in (11, 12)] == [date(2026, 12, 1), date(2027, 1, 1)]


def test_a_number_of_the_table_leads_to_the_periods_it_counts(agent, person, partner, alpha):
    with as_owner():
        User.objects.filter(pk=person.pk).update(time_zone="Asia/Shanghai")
    now = timezone.now()
    moved = credit(alpha, partner, name="Lost", since=now - timedelta(minutes=2), until=now - timedelta(minutes=1))
    make_partner_of_record(
        subscription=moved, partner=make_partner(number="935287"), since=now, by_name="Secret Person"
    )
    answer = get(agent, "partner-of-record")
    newest = answer.context["months"].rows[0]
    assert (newest["gained"], newest["lost"]) == (1, 1)
    for what in ("gained", "lost"):
        changes = agent.get(newest[f"{what}_url"])
        assert [(row["subscription__name"], str(row["how"])) for row in changes.context["list"].rows] == [
            ("Lost", "By the organization")
        ]
        assert "Alex Wilber" not in changes.content.decode()


def test_the_chart_says_what_the_table_says(agent, partner, alpha):
    for name in ("A", "B"):
        credit(alpha, partner, name=name, since=timezone.now())
    answer = get(agent, "partner-of-record")
    chart, newest = answer.context["chart"], answer.context["months"].rows[0]
    assert (chart.gained[-1].number, chart.lost[-1].number, newest["gained"]) == (2, 0, 2)
    assert (chart.gained[-1].height, chart.lost[-1].height) == (48, 0)
    text = answer.content.decode()
    assert 'role="img" aria-labelledby="chart-title"' in text
    assert len(chart.names) == len(answer.context["months"].rows) == 12


@pytest.mark.parametrize("query", [{}, {"what": "kept", "month": "2026-06"}])
def test_an_address_of_no_change_is_said(agent, query):
    assert get(agent, "credit-changes", **query).status_code == 422


@pytest.mark.parametrize(
    ("month", "status"),
    [("2026", 422), ("9999-12", 422), ("0001-01", 422), ("1999-12", 422), ("2200-02", 422), ("2000-01", 200)],
)
def test_a_month_is_one_that_people_mean(agent, month, status):
    assert get(agent, "credit-changes", what="gained", month=month).status_code == status


def test_the_file_has_the_filtered_rows_of_all_pages(agent, partner, alpha, beta, monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 1)
    for number in range(3):
        credit(alpha, partner, name=f"Suite {number}", since=at(1 + number))
    credit(beta, partner, name="Other")
    header, *rows = csv_of(get(agent, "partner-of-record", file="csv", q="suite", after="x"))
    assert header[0] == "Organization"
    assert [row[2] for row in rows] == ["Suite 2", "Suite 1", "Suite 0"]


def test_a_row_of_the_file(agent, partner):
    tenant = make_tenant(name="=cmd|'/c calc'!A1")
    subscription = credit(tenant, partner, name="+Suite", since=at(30, hour=23), term_ends_on=date(2027, 1, 2))
    answer = get(agent, "partner-of-record", file="csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="partner-of-record-565380-')
    body = answer.getvalue()
    assert body.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))[1] == [
        "'=cmd|'/c calc'!A1", "US", "'+Suite", str(subscription.uuid), "Office 365 E3", "Active", "12", "20",
        "2026-06-30", "2027-01-02", "", "USD", tenant.slug,
    ]  # fmt: skip


def test_the_days_of_the_file_are_those_of_the_reader(agent, person, partner, alpha):
    with as_owner():
        User.objects.filter(pk=person.pk).update(time_zone="Asia/Shanghai", language="de")
    credit(alpha, partner, since=at(30, hour=23))
    header, row = csv_of(get(agent, "partner-of-record", file="csv"))
    assert (header[8].partition(" (")[2], row[8]) == ("Asia/Shanghai)", "2026-07-01")
    assert header[9] == "Laufzeit endet am (Tag in der Zeitzone der Organisation)"


def test_what_the_database_says_of_a_slow_reader(agent, partner, alpha):
    """A fetch may take longer than a page's statement, and the reader may pause between two."""
    credit(alpha, partner)
    limits = []

    def execute(run, sql, params, many, context):
        result = run(sql, params, many, context)
        limits.append(sql)
        return result

    with connection.execute_wrapper(execute):
        get(agent, "partner-of-record", file="csv").getvalue()
    assert any("SET LOCAL statement_timeout = '60s'" in sql for sql in limits)
