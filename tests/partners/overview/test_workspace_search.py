"""The workspace finds an organization by its address or ID, a subscription by its ID, and tells like names apart."""

import csv
import io

import pytest

from subscriptions.db import scopes
from tests import cases
from tests.factories import make_partner_of_record, make_subscription, make_tenant
from tests.partners.client import get, names_of, rows_of

SAME_NAME = list(csv.DictReader(cases.lines("06-two-customers-of-one-name.csv")))
LOOKED_FOR = cases.lines("07-workspace-lookup-by-id.txt")


@pytest.fixture
def contosos(partner):
    """Two customers of one name, each with a subscription that credits the partner."""
    subscriptions = []
    for row, slug in zip(SAME_NAME, ("contoso", "contoso-two"), strict=True):
        tenant = make_tenant(slug=slug, name=row["organization"], country=row["country"])
        subscription = make_subscription(tenant=tenant, name=row["subscription"])
        make_partner_of_record(subscription=subscription, partner=partner)
        subscriptions.append(subscription)
    return subscriptions


def spellings(line: str, uuid: str) -> list[str]:
    """What a line of the file asks to be typed, in words."""
    if line.startswith("<Subscription ID"):
        return [uuid]
    if line.startswith("<the same in capitals"):
        return [uuid.upper(), uuid.replace("-", "")]
    return [line.split()[0]]


@pytest.mark.parametrize("line", LOOKED_FOR)
def test_the_one_row_is_found(line, agent, contosos):
    mine = contosos[1]
    for typed in spellings(line, str(mine.uuid)):
        wanted = "contoso-two" if typed == "contoso" else typed
        rows = rows_of(get(agent, "partner-of-record", q=wanted))
        assert len(rows) == 1, typed
        assert SAME_NAME[1]["subscription"] in rows[0]


@pytest.mark.parametrize("typed", ["contoso-two", "ltd contoso-two", "uuid"])
def test_customers_are_found_by_address_and_id(typed, agent, contosos):
    typed = str(contosos[1].tenant.uuid).upper() if typed == "uuid" else typed
    answer = get(agent, "customers", q=typed)
    assert names_of(answer) == ["Contoso Ltd"]
    assert [customer.tenant.slug for customer in answer.context["list"].rows] == ["contoso-two"]


def test_two_customers_of_one_name_are_told_apart_on_pages_and_in_the_file(agent, contosos):
    addresses = {"contoso", "contoso-two"}
    for name in ("customers", "partner-of-record"):
        rows = rows_of(get(agent, name))
        assert {next(word for word in row.split() if word in addresses) for row in rows} == addresses
    body = get(agent, "partner-of-record", file="csv").getvalue().decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(body))
    assert header[-1] == "The organization's address in the portal"
    assert {row[-1] for row in rows} == addresses


def test_a_subscription_is_found_by_the_name_that_staff_corrected(agent, contosos):
    subscription = contosos[0]
    subscription.name = "Suite for schools"
    with scopes.staff():
        subscription.save()
    assert len(rows_of(get(agent, "partner-of-record", q="schools contoso"))) == 1
