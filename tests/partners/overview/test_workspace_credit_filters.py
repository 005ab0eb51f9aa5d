"""Workspace > Partner of record: filtered by product, status, country and end, and its worth by list prices."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from subscriptions.web import paging
from tests.database import as_owner
from tests.factories import (
    make_partner,
    make_partner_of_record,
    make_sold_product,
    make_subscription,
    make_tenant,
)
from tests.partners.client import get

TODAY = timezone.localdate()


@pytest.fixture
def suite(partner):
    """Credits of two organizations in two countries, and one of somebody else."""
    suite, visio = make_sold_product(name="Suite", monthly="10.00"), make_sold_product(name="Visio", monthly="2.50")
    german = make_tenant(slug="german", name="German", country="DE")
    american = make_tenant(slug="american", name="American", country="US")

    def credit(tenant, name, product, by=partner, **fields):
        ends = TODAY + timedelta(days=fields.pop("days"))
        made = make_subscription(tenant=tenant, name=name, product=product, term_ends_on=ends, **fields)
        make_partner_of_record(subscription=made, partner=by)
        return made

    credit(german, "Renews soon", suite, days=30, licenses_total=100)
    credit(german, "Runs out", visio, days=20, licenses_total=40, recurring_billing=False)
    credit(american, "Later", visio, days=31, licenses_total=20, recurring_billing=False)
    credit(american, "Tried", suite, days=10, licenses_total=25, status="trial", cost="0")
    credit(american, "Over", suite, days=-5, licenses_total=30, status="expired")
    credit(german, "Not ours", suite, make_partner(number="935287"), days=20, licenses_total=999)
    return suite


CASES = [
    ({}, ["Later", "Over", "Renews soon", "Runs out", "Tried"], "$1,150.00"),
    ({"product": "suite"}, ["Over", "Renews soon", "Tried"], "$1,000.00"),
    ({"status": "trial"}, ["Tried"], "$0.00"),
    ({"status": "active", "country": "DE"}, ["Renews soon", "Runs out"], "$1,100.00"),
    ({"country": "US"}, ["Later", "Over", "Tried"], "$50.00"),
    ({"ends": "term-30"}, ["Renews soon", "Runs out", "Tried"], "$1,100.00"),
    ({"ends": "runs-out-30"}, ["Runs out", "Tried"], "$100.00"),
    ({"ends": "runs-out-90", "q": "visio"}, ["Later", "Runs out"], "$150.00"),
    ({"country": "DE", "status": "expired"}, [], ""),
]


def test_filters_leave_rows_and_their_value_on_the_page_and_in_the_file(agent, suite, monkeypatch):
    """Also where they find more than is counted, which is read another way."""
    for asked, names, value in CASES:
        query = asked | ({"product": str(suite.uuid)} if "product" in asked else {})
        worth = value and f"{value} a month"
        answer = get(agent, "partner-of-record", **query)
        assert (asked, sorted(row["subscription__name"] for row in answer.context["list"].rows)) == (asked, names)
        assert ("Not ours" in answer.content.decode(), answer.context["value"]) == (False, worth)
        assert len(answer.context["list"].active) == len(query)
        file = get(agent, "partner-of-record", file="csv", **query).getvalue().decode("utf-8-sig")
        assert sorted(line["Subscription"] for line in csv.DictReader(io.StringIO(file))) == names
        with monkeypatch.context() as less:
            less.setattr(paging, "COUNT_CAP", 1)
            capped = get(agent, "partner-of-record", **query)
        assert (capped.context["value"], len(capped.context["list"].rows)) == (worth, len(names))


def test_a_row_is_worth_its_licenses_by_todays_list_price(agent, suite):
    file = get(agent, "partner-of-record", file="csv", order="ends").getvalue().decode("utf-8-sig")
    worth = [(line["Subscription"], line["List value a month"]) for line in csv.DictReader(io.StringIO(file))]
    assert worth[0] == ("Over", "") and ("Tried", "") in worth
    assert {("Renews soon", "1000.00"), ("Runs out", "100.00"), ("Later", "50.00")} < set(worth)
    with as_owner():
        suite.prices.all().delete()
    answer = get(agent, "partner-of-record")
    assert answer.context["value"] == "$150.00 a month"
    assert {choice[0] for choice in answer.context["form"].fields["country"].choices} == {"", "DE", "US"}


def test_a_choice_that_is_none_is_said(agent, suite):
    for query in ({"product": "x"}, {"country": "FR"}, {"status": "deleted"}, {"ends": "never"}):
        assert get(agent, "partner-of-record", **query).status_code == 422
