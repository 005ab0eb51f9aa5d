"""What a partner gained and lost is read by an index, however long its history is."""

from datetime import date

import pytest
from django.db import connection

from partners.domain.credit_months import Change, changes
from subscriptions import scopes
from tests.factories import make_partner


@pytest.mark.parametrize(
    ("what", "index"), [(Change.GAINED, "partnerofrecord_began"), (Change.LOST, "partnerofrecord_ended")]
)
def test_a_month_is_one_range_of_an_index(db, what, index):
    partner = make_partner()
    with scopes.partner(partner.pk), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        month = changes(partner, what, first=date(2026, 6, 1), zone="UTC").values("pk")
        plan = month.explain()
    assert index in plan
    assert plan.count("Index Cond") == 1
    assert "lower(valid) >=" in plan or "upper(valid) >=" in plan
