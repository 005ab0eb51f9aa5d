"""What staff read of an audit event: each fact with its label and in words, raw only what has none."""

import pytest
from django.utils import translation

from subscriptions.audit.admin_facts import facts_of
from subscriptions.audit.admin_words import LABELS, SAID_ELSEWHERE
from subscriptions.models import AuditEvent
from tests.desk import change_url, rows_of
from tests.factories import make_audit_event
from tests.journeys.page import inside, parse, words
from tests.subscriptions.mails.test_mails import DETAIL

TOLD = {
    "en": {
        "Partner of record": "None → 565380 Tailspin",
        "Cost": "$1,234.50",
        "Ends": "Feb 2, 2027",
        "Can be answered until": "Dec 31, 2026, 10:00\u202fAM",
        "Extended by itself": "No",
        "Roles": "Global reader",
        "Country or region": "Germany",
        "Licenses": "–",
        "Left out": "Visio",
        "Products": "Product: Office 365 E3, Licenses: 1,200, Cost: $100.00",
    },
    "de": {
        "Partner of Record": "Keiner → 565380 Tailspin",
        "Kosten": "1.234,50\xa0$",
    },
}


@pytest.mark.parametrize("language", TOLD)
def test_each_kind_of_fact_is_told_in_the_readers_words(alpha, language):
    event = make_audit_event(
        tenant=alpha,
        detail={
            "before": None,
            "after": {"id": "565380", "name": "Tailspin"},
            "cost": "1234.50",
            "ends_on": "2027-02-02",
            "expires_on": "2026-12-31T10:00:00+00:00",
            "auto_extend": False,
            "roles": ["global-reader"],
            "country": "DE",
            "licenses": None,
            "skipped": [{"name": "Visio", "uuid": "x"}],
            "lines": [{"product": "Office 365 E3", "licenses": 1200, "cost": "100.00"}],
        },
    )
    with translation.override(language):
        told = dict(facts_of(event))
    assert {label: told.get(label) for label in TOLD[language]} == TOLD[language]


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
    event = AuditEvent(tenant=alpha, kind=kind, detail={"changes": changes, "currency": "USD"})
    assert list(facts_of(event)) == [told]


@pytest.mark.parametrize("text", ["2026-02-30", "2026-02-03 12:34 call me", "100.00", "2026-02-03"])
def test_what_somebody_wrote_stays_as_it_was_written(alpha, text):
    event = AuditEvent(tenant=alpha, kind="match-request.sent", detail={"wish": text, "name": text})
    assert [value for _label, value in facts_of(event)] == [text, text]


def test_the_page_shows_raw_what_has_no_words_and_nothing_else(desk, alpha):
    make_audit_event(tenant=alpha, detail={"roles": ["global-reader"], "odd": {"key": 1}})
    html = desk.get(change_url("subscriptions_auditevent", rows_of(AuditEvent)[0].pk)).content.decode()
    assert words(next(inside(parse(html), "dl"))) == "Roles Global reader"
    assert words(next(inside(parse(html), "pre"))) == '{ "odd": { "key": 1 } }'


def test_every_fact_that_mails_are_made_of_has_a_label():
    assert DETAIL.keys() - LABELS.keys() - SAID_ELSEWHERE == set()
