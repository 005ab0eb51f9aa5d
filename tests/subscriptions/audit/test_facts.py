"""What events keep: a class for each kind, which the database has as JSON under the names of its fields."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from subscriptions.access import the_portal
from subscriptions.audit import acts as audit
from subscriptions.audit.events import MemberChanged
from subscriptions.audit.facts import KINDS, facts_of
from subscriptions.catalogue.events import CatalogChanged, Price
from subscriptions.models.audit_event import AuditKind
from subscriptions.subscriptions.events import SubscriptionEnds
from subscriptions.web.event_pages import path_of, staff_path_of, workspace_path_of
from tests.database import as_owner
from tests.factories import make_tenant

UUIDS = [UUID(int=number) for number in (1, 2)]
STORED = [
    ("subscription.trial-ends-soon", {"ends_on": "2027-02-02", "cost": "9.50", "currency": "USD"}),
    (
        "catalog.changed",
        {
            "withdrawn": [
                {"from": "2026-01-01", "until": None, "monthly": "9.00", "annual": "8.00", "currency": "USD"},
            ],
        },
    ),
    ("partner-of-record.removed", {"source": "tenant", "before": {"id": "1", "name": "A"}, "after": None}),
    ("order.canceled", {"order": "2026-000001"}),
]


def test_every_kind_of_event_has_its_facts():
    assert KINDS.keys() == set(AuditKind)


@pytest.mark.parametrize(("kind", "detail"), STORED)
def test_what_is_stored_is_read_and_stored_again_alike(kind, detail):
    assert facts_of(kind, detail).to_detail() == detail


def test_facts_are_typed():
    facts = facts_of(*STORED[0])
    assert facts == SubscriptionEnds({}, ends_on=date(2027, 2, 2), cost=Decimal("9.50"), currency="USD")
    (price,) = facts_of(*STORED[1]).withdrawn
    assert price == Price("USD", date(2026, 1, 1), None, Decimal("9.00"), Decimal("8.00"))


def test_an_older_event_lacks_facts_and_has_words_that_are_gone():
    facts = facts_of("offer.sent", {"roles": ["a-role-of-old"], "expires_on": "", "odd": 1})
    assert (facts.roles, facts.expires_on, facts.days, facts.granted) == (("a-role-of-old",), None, None, None)


@as_owner()
def test_an_event_keeps_the_facts_of_its_kind_and_no_others(db):
    of_a_price = {"by": the_portal(), "tenant": None, "subject_name": "Office 365 E3"}
    with pytest.raises(TypeError):
        audit.record(AuditKind.CATALOG_CHANGED, **of_a_price, facts=MemberChanged())
    event = audit.record(AuditKind.CATALOG_CHANGED, **of_a_price, facts=CatalogChanged(from_day=date(2027, 2, 2)))
    assert event.detail == {"from_day": "2027-02-02"}


@pytest.mark.parametrize(
    ("kind", "detail", "paths"),
    [
        ("subscription.canceled", {}, (f"/t/alpha/billing/subscriptions/{UUIDS[0]}/", "", "")),
        ("member.added", {}, ("", "", "")),
        ("release-request.sent", {"relationship": "x"}, ("", "", "")),
        ("member.added", {"path": "/kept/", "staff_path": "/too/"}, ("/kept/", "", "/too/")),
        (
            "release-request.sent",
            {"partner": {"id": "565380", "name": "T"}, "relationship": str(UUIDS[1]), "request": 7},
            (
                f"/t/alpha/settings/partner-relationships/{UUIDS[1]}/release/",
                f"/p/565380/release-requests/{UUIDS[0]}/",
                "/staff/partners/releaserequest/7/change/",
            ),
        ),
    ],
)
def test_an_event_leads_to_its_pages(db, kind, detail, paths):
    event = {"kind": kind, "detail": detail, "subject_uuid": UUIDS[0]}
    alpha = make_tenant(slug="alpha")
    assert (path_of(event, alpha), workspace_path_of(event), staff_path_of(event)) == paths
