"""Workspace > Company: each ID for which a person works, and all together; no other ID of the company."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.models import PartnerPerson
from subscriptions.db import scopes
from tests.database import as_owner
from tests.factories import (
    make_partner,
    make_partner_of_record,
    make_partner_person,
    make_relationship,
    make_sold_product,
    make_subscription,
)
from tests.page import Page
from tests.partners.client import get, rows_of


@pytest.fixture
def company(alpha, beta):
    """A global ID with three locations; alpha is a customer of two of them, and beta of the third."""
    root = make_partner(number="1234566", kind="global", name="Northwind")
    places = [make_partner(number=f"123456{number}", parent=root, name=f"Northwind {number}") for number in (7, 8, 9)]
    suite = make_sold_product(name="Suite", monthly="10.00")

    def credit(tenant, partner, licenses):
        row = make_subscription(tenant=tenant, product=suite, licenses_total=licenses)
        make_partner_of_record(subscription=row, partner=partner)

    credit(alpha, places[0], 100)
    credit(alpha, places[0], 50)
    credit(alpha, places[1], 20)
    make_relationship(tenant=beta, partner=places[1])
    credit(beta, places[2], 1000)
    return root, places


def test_each_id_of_the_person_and_all_together(company, sign_in):
    root, (boston, cologne, hidden) = company
    person = make_partner_person(partner=boston, email="agent@northwind.example", name="Nora")
    others = make_partner(number="935287")
    with as_owner():
        for partner in (cologne, root, others):
            PartnerPerson.objects.create(partner=partner, user=person, role="sales-agent")
    agent = sign_in(person)
    answer = get(agent, "company", number=boston.number)
    rows = rows_of(answer)
    assert [row.split()[-4:] if row.startswith("1") else row for row in rows] == [
        ["States", "0", "0", "$0.00"],
        ["States", "1", "2", "$1,500.00"],
        ["States", "2", "1", "$200.00"],
        "All together 2 3 $1,700.00",
    ]
    assert hidden.number not in answer.content.decode() and "935287" not in " ".join(rows)
    assert [row.split()[0] for row in rows_of(get(agent, "company", number=root.number))][:3] == [
        "1234566", "1234567", "1234568",
    ]  # fmt: skip
    assert len(rows_of(agent.get(Page(answer).link("2")))) == 2


def test_a_lost_id_is_gone_at_once_and_each_costs_the_same(company, sign_in):
    """Whoever works for one ID alone sees one; the scope of another ID is entered for its own people only."""
    _root, (boston, cologne, _hidden) = company
    person = make_partner_person(partner=boston, email="agent@northwind.example", name="Nora")
    with as_owner():
        second = PartnerPerson.objects.create(partner=cologne, user=person, role="sales-agent")
    agent = sign_in(person)
    with CaptureQueriesContext(connection) as two:
        assert len(rows_of(get(agent, "company", number=boston.number))) == 3
    with as_owner():
        second.delete()
    with CaptureQueriesContext(connection) as one:
        assert len(rows_of(get(agent, "company", number=boston.number))) == 2
    assert len(two) - len(one) <= 6  # its scope, in and out, with savepoints, and two of its own
    assert scopes.current().partner_id == ""
