"""What staff read of an audit event: each fact with its label and in words, raw only what has none."""

import pytest
from django.utils import translation

from subscriptions.audit.admin_facts import say
from subscriptions.audit.facts import KINDS, fields_of
from subscriptions.db import scopes
from subscriptions.models import AuditEvent
from subscriptions.models.audit_event import AuditKind
from tests.database import as_owner
from tests.desk import change_url, list_url, rows_of
from tests.factories import make_audit_event, make_family
from tests.page import inside, parse, words

SAID = [
    (
        "partner-of-record.added",
        {"before": None, "after": {"id": "565380", "name": "Tailspin"}},
        {"Partner of record": "None → 565380 Tailspin"},
    ),
    (
        "subscription.trial-ends-soon",
        {"cost": "1234.50", "ends_on": "2027-02-02"},
        {"Cost": "$1,234.50", "Ends": "Feb 2, 2027"},
    ),
    (
        "offer.accepted",
        {
            "expires_on": "2026-12-31T10:00:00+00:00",
            "roles": ["global-reader"],
            "granted": {"skipped": [{"name": "Visio", "uuid": "x", "why": "state"}]},
        },
        {"Can be answered until": "Dec 31, 2026, 10:00\u202fAM", "Roles": "Global reader"},
    ),
    ("partner-relationship.auto-extend", {"auto_extend": False}, {"Extended by itself": "No"}),
    ("match-request.sent", {"country": "DE"}, {"Country or region": "Germany"}),
    ("subscription.trial-started", {"licenses": None}, {"Licenses": "–"}),
    (
        "order.placed",
        {"lines": [{"product": "Visio", "subscription": "x", "licenses": 1200, "unit_price": "9.00", "cost": "1"}]},
        {
            "Products": "Product: Visio, Subscription: x, Licenses: 1,200, Billing frequency: –, "
            "Per user and month: $9.00, Cost: $1.00"
        },
    ),
    (
        "subscription.reseller-changed",
        {"before": {"id": "565380", "name": "Tailspin"}, "after": None},
        {"Reseller": "565380 Tailspin → None"},
    ),
    (
        "offer.sent",
        {
            "kind": "roles-only",
            "products": [{"name": "Visio", "licenses": 2, "billing_frequency": "monthly", "unit_price": "9.00"}],
            "total": "18.00",
            "currency": "USD",
            "terms": {"number": 1, "digest": "d", "summary": "We", "text": "We help."},
        },
        {
            "Kind": "Request for delegated administration",
            "Products": "Name: Visio, Licenses: 2, Billing frequency: Monthly, Per user and month: $9.00",
            "Total": "$18.00",
            "Terms": "Number: 1, Hash (SHA-256): d, Beginning: We, Whole text: We help.",
        },
    ),
]
SAID_IN_GERMAN = {"Partner of Record": "Keiner → 565380 Tailspin", "Kosten": "1.234,50\xa0$"}


@pytest.mark.parametrize(("kind", "detail", "said"), SAID)
def test_each_kind_of_fact_is_told_in_the_readers_words(alpha, kind, detail, said):
    event = make_audit_event(tenant=alpha, kind=kind, detail=detail)
    assert said.items() <= dict(say(event)).items()


def test_they_are_told_in_the_readers_language(alpha):
    events = [AuditEvent(tenant=alpha, kind=kind, detail=detail) for kind, detail, _said in SAID[:2]]
    with translation.override("de"):
        said = [fact for event in events for fact in say(event)]
    assert SAID_IN_GERMAN.items() <= dict(said).items()


@pytest.mark.parametrize(
    ("kind", "changes", "told"),
    [
        ("subscription.changed", {"status": ["trial", "active"]}, ("Status", "Trial → Active")),
        ("partner.changed", {"state": ["active", "suspended"]}, ("State", "Active → Suspended")),
        (
            "partner.added",
            {"authorized_families": [None, ["office", "visio"]]},
            ("Authorized for", "– → Office, Visio"),
        ),
        ("partner.changed", {"authorized_countries": [["DE"], ["DE", "US"]]}, ("Authorized in", "DE → DE, US")),
        ("partner-person.changed", {"role": ["admin-agent", None]}, ("Role", "Admin agent → –")),
        ("account.changed", {"email": ["…", "…"]}, ("Email address", "… → …")),
        ("catalog.changed", {"status": ["open", "closed"]}, ("Status", "open → closed")),
        ("catalog.changed", {"monthly": [None, "9.00"]}, ("Per user and month, billed monthly", "– → $9.00")),
        ("catalog.changed", {"has_trial": [False, True]}, ("Can be tried", "No → Yes")),
    ],
)
def test_what_changed_is_told_of_whatever_staff_change(alpha, kind, changes, told):
    for family in ("office", "visio"):
        make_family(code=family)
    event = AuditEvent(tenant=alpha, kind=kind, detail={"changes": changes, "currency": "USD"})
    with scopes.staff():
        assert list(say(event)) == [told]


@pytest.mark.parametrize("text", ["2026-02-30", "2026-02-03 12:34 call me", "100.00", "2026-02-03"])
def test_what_somebody_wrote_stays_as_it_was_written(alpha, text):
    event = AuditEvent(tenant=alpha, kind="match-request.sent", detail={"wish": text, "partners": [{"name": text}]})
    said = dict(say(event))
    assert said["What help is needed"] == text
    assert text in said["Partners"]


def test_the_page_shows_raw_what_has_no_words_and_nothing_else(desk, alpha):
    make_audit_event(
        tenant=alpha,
        kind="subscription.trial-ends-soon",
        detail={"currency": "USD", "cost": "1.00", "odd": {"key": 1}},
    )
    html = desk.get(change_url("subscriptions_auditevent", rows_of(AuditEvent)[0].pk)).content.decode()
    assert words(next(inside(parse(html), "dl"))) == "Cost $1.00"
    assert words(next(inside(parse(html), "pre"))) == '{ "odd": { "key": 1 } }'


def test_every_fact_has_a_label():
    """But for keys of rows, the currency of amounts, the code of a reason, and what one sentence says of several."""
    said_otherwise = {"before", "after", "changes", "currency", "request", "blocking", "code", "codes"}
    names = {each.name for facts in KINDS.values() for each in fields_of(facts) if "label" not in each.metadata}
    assert names == said_otherwise


def test_staff_read_the_portals_own_names_in_their_language_and_no_code_that_has_words(desk, staff, alpha):
    with as_owner():
        type(staff).objects.update(language="zh-hans")
    system = {"actor_kind": "system", "actor_name": "Portal"}
    listed = make_audit_event(tenant=alpha, kind=AuditKind.LIST_EXPORTED, subject_name="Partners of record", **system)
    failed = make_audit_event(
        tenant=alpha,
        kind=AuditKind.SCHEDULE_NOT_APPLIED,
        subject_name="Office 365 E3",
        detail={"code": "renewal-moved"},
        **system,
    )
    page = desk.get(list_url("subscriptions_auditevent")).content.decode()
    assert ("门户" in page, "在录合作伙伴" in page) == (True, True)
    assert (">Portal<" in page, "Partners of record" in page) == (False, False)
    page = desk.get(change_url("subscriptions_auditevent", failed.pk)).content.decode()
    assert ("续订已改到另一天" in page, "renewal-moved" in page) == (True, False)
    assert "Partners of record" not in desk.get(change_url("subscriptions_auditevent", listed.pk)).content.decode()
