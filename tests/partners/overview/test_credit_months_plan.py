"""What a partner gained and lost is read by an index, however long the history of others is."""

from datetime import date

import pytest
from django.db import connection

from partners.overview.credit_months import Change, changes
from subscriptions.db import scopes
from tests.database import as_owner
from tests.factories import make_partner, make_subscription

DAYS = """
    INSERT INTO partners_partnerofrecord (uuid, tenant_id, subscription_id, partner_id, valid, source, set_by_name,
                                          reason, end_source, ended_by_name, end_reason)
    SELECT gen_random_uuid(), %s, %s, %s, tstzrange(day, day + interval '1 day'), 'tenant', 'A', '', 'tenant', 'A', ''
      FROM generate_series(timestamptz '2020-01-01', '2026-10-01', interval '1 day') AS day
"""


@pytest.fixture
def partner(alpha):
    """A partner without any history beside one that was credited anew each day for years, as the planner knows it."""
    busy, subscription = make_partner(), make_subscription(tenant=alpha)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(DAYS, [alpha.pk, subscription.pk, busy.pk])
        cursor.execute("ANALYZE partners_partnerofrecord")
    return make_partner(number="935287")


@pytest.mark.parametrize("what", Change)
def test_a_months_changes_are_found_among_the_partners_own_periods(partner, what):
    """Not in the whole table: which of its own fall in the month is filtered, as no policy lets a range go first."""
    with scopes.partner(partner.pk):
        plan = changes(partner, what, first=date(2026, 6, 1), zone="UTC").values("pk").explain()
    assert "Seq Scan" not in plan
    assert f"Index Cond: (partner_id = {partner.pk})" in plan
