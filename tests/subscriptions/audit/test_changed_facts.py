"""Facts that changed, as the audit log tells them: never as Python or JSON has them."""

from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from subscriptions.audit.facts import facts_of

CHANGES = {
    "status": ["trial", "active"],
    "licenses_total": [1200, 0],
    "cost": ["400.00", "1234.50"],
    "recurring_billing": [True, False],
    "term_ends_on": [None, "2027-02-02"],
    "canceled_at": [None, "2026-11-29 18:03:29.945300+00:00"],
    "cancel_reason": ["", "Too dear"],
    "a_name_of_old": ["x", None],
}
TOLD = {
    "en": [
        "Status: Trial → Active",
        "Licenses: 1,200 → 0",
        "Cost per billing period: CN¥400.00 → CN¥1,234.50",
        "Recurring billing: Yes → No",
        "Term ends on: – → Feb 2, 2027",
        "Canceled: – → Nov 30, 2026, 2:03\u202fAM",
        "Reason of the cancellation: – → Too dear",
        "a_name_of_old: x → –",
    ],
    "de": [
        "Status: Testabonnement → Aktiv",
        "Lizenzen: 1.200 → 0",
        "Kosten pro Abrechnungszeitraum: 400,00\xa0CN¥ → 1.234,50\xa0CN¥",
        "Wiederkehrende Abrechnung: Ja → Nein",
        "Laufzeit endet am: – → 02.02.2027",
        "Gekündigt: – → 30.11.2026, 02:03",
        "Grund der Kündigung: – → Too dear",
        "a_name_of_old: x → –",
    ],
}


@pytest.mark.parametrize("language", TOLD)
def test_each_kind_of_fact_is_told_in_the_readers_words(language):
    with translation.override(language), timezone.override(ZoneInfo("Asia/Shanghai")):
        assert facts_of("subscription.changed", {"changes": CHANGES}).tell("CNY") == TOLD[language]


def test_what_concerns_no_row_of_the_organization_tells_nothing():
    assert facts_of("partner.changed", {"changes": CHANGES}).tell("CNY") == []
