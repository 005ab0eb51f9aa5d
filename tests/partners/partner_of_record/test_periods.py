"""What the database refuses of periods, past the domain function."""

from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from partners.models import PartnerOfRecord
from partners.partner_of_record.acts import set_partner_of_record
from subscriptions.db import scopes
from subscriptions.models import Tenant
from tests.database import as_owner
from tests.factories import make_actor, make_partner, make_partner_of_record, make_subscription

NOW = timezone.now()
LATER, LATEST = NOW + timedelta(days=1), NOW + timedelta(days=2)
ENDED = {"end_source": "tenant", "ended_by_name": "Ada"}


@pytest.fixture
def subscription(alpha):
    return make_subscription(tenant=alpha)


@pytest.fixture
def period(subscription, partner):
    """An open one, since thirty days."""
    return make_partner_of_record(subscription=subscription, partner=partner)


def new(subscription, partner, start, end, bounds="[)", **fields) -> PartnerOfRecord:
    fields = (ENDED if end else {}) | fields
    return PartnerOfRecord(
        tenant_id=subscription.tenant_id,
        subscription=subscription,
        partner=partner,
        valid=TimestamptzRange(start, end, bounds),
        source="tenant",
        set_by_name="Ada",
        **fields,
    )


@as_owner()
def saved(*arguments, **fields) -> PartnerOfRecord:
    row = new(*arguments, **fields)
    row.save(force_insert=True)
    return row


def test_an_overlapping_row_is_refused(subscription, partner, period):
    with pytest.raises(IntegrityError, match="partnerofrecord_one_at_a_time"):
        saved(subscription, partner, NOW - timedelta(days=40), NOW - timedelta(days=20))


def test_a_second_open_row_is_refused(subscription, partner, period):
    with pytest.raises(IntegrityError, match=r"partnerofrecord_one_(at_a_time|open)"):
        saved(subscription, partner, LATER, None)


def test_full_clean_says_it_in_words(subscription, partner, period):
    with as_owner(), pytest.raises(ValidationError) as refusal:
        new(subscription, partner, LATER, LATEST).full_clean()
    assert refusal.value.message_dict["__all__"] == ["This subscription has another partner of record in that time."]


def test_adjacent_periods_are_accepted(subscription, partner):
    saved(subscription, partner, NOW, LATER)
    assert saved(subscription, partner, LATER, None).pk


@pytest.mark.parametrize(
    ("start", "end", "bounds"),
    [(NOW, NOW, "[)"), (NOW, LATER, "[]"), (NOW, LATER, "()"), (None, LATER, "[)"), (None, None, "()")],
    ids=["empty", "closed end", "open start", "no start", "always"],
)
def test_other_shapes_are_refused(subscription, partner, start, end, bounds):
    with pytest.raises(IntegrityError, match=r"partnerofrecord_(half_open|ended_by_somebody)"):
        saved(subscription, partner, start, end, bounds)


def test_an_end_needs_somebody(subscription, partner):
    with pytest.raises(IntegrityError, match="partnerofrecord_ended_by_somebody"):
        saved(subscription, partner, NOW, LATER, ended_by_name="")


CHANGES = {
    "another partner": "partner_id = partner_id + 1",
    "an earlier start": "valid = tstzrange(lower(valid) - interval '1 day', NULL)",
    "another person": "set_by_name = 'Nobody'",
    "another source": "source = 'staff'",
    "another reason": "reason = 'because'",
    "another subscription": "subscription_id = subscription_id + 1",
    "other words": "search_text = ' secret'",
    "another product": "product_id = product_id + 1",
    "a deleted subscription": "of_deleted = true",
    "another country": "country = 'XX', time_zone = 'UTC'",
    "more licenses": "licenses = licenses + 1",
    "another status and end": "status = 'trial', term_ends_on = '2031-01-01', lapses_on = '2031-01-01'",
}


EVERY_SCOPE = pytest.mark.parametrize("scope", ["none", "tenant", "staff", "worker"])


def scope_of(name: str, alpha):
    """Without any the web login is what it is."""
    inside = {"none": nullcontext, "tenant": lambda: scopes.tenant(alpha.pk)}
    return (inside | {"staff": scopes.staff, "worker": scopes.worker})[name]()


def refused_with_42501(statement: str) -> str:
    with pytest.raises(ProgrammingError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert refusal.value.__cause__.sqlstate == "42501"
    return str(refusal.value)


@EVERY_SCOPE
@pytest.mark.parametrize("change", CHANGES)
def test_no_scope_changes_the_facts(alpha, period, scope, change):
    with scope_of(scope, alpha):
        refused_with_42501(f"UPDATE partners_partnerofrecord SET {CHANGES[change]}")


@pytest.mark.parametrize("change", CHANGES)
def test_not_even_the_owner_changes_the_facts(period, change):
    with as_owner():
        refused_with_42501(f"UPDATE partners_partnerofrecord SET {CHANGES[change]}")


@EVERY_SCOPE
def test_a_closed_row_stays_closed(alpha, subscription, partner, scope):
    make_partner_of_record(subscription=subscription, partner=partner, until=NOW)
    reopen = "valid = tstzrange(lower(valid), NULL), end_source = '', ended_by_name = ''"
    longer = "valid = tstzrange(lower(valid), now() + interval '1 hour')"
    with scope_of(scope, alpha):
        for change in (reopen, longer, "ended_by_name = 'Nobody'"):
            refused_with_42501(f"UPDATE partners_partnerofrecord SET {change}")


@EVERY_SCOPE
def test_no_scope_deletes_history(alpha, period, scope):
    with scope_of(scope, alpha):
        refused_with_42501("DELETE FROM partners_partnerofrecord")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["DELETE FROM partners_partnerofrecord", "TRUNCATE partners_partnerofrecord"])
def test_not_even_the_owner_deletes_history(period, statement):
    with as_owner():
        assert "its rows are permanent" in refused_with_42501(statement)


@pytest.mark.parametrize("scope", ["tenant", "staff", "worker"])
def test_no_scope_backdates(alpha, subscription, partner, scope):
    with (
        scope_of(scope, alpha),
        pytest.raises(ProgrammingError, match="a partner of record cannot be backdated"),
        transaction.atomic(),
    ):
        new(subscription, partner, NOW - timedelta(days=1), None).save(force_insert=True)


def test_an_end_is_not_backdated_either(alpha, period):
    early = "valid = tstzrange(lower(valid), now() - interval '1 day'), end_source = 'tenant', ended_by_name = 'Ada'"
    with scopes.tenant(alpha.pk):
        words = refused_with_42501(f"UPDATE partners_partnerofrecord SET {early}")
    assert "the end of a partner of record cannot be backdated" in words


def test_the_portal_may_close_a_period_now(alpha, period):
    now = "valid = tstzrange(lower(valid), clock_timestamp()), end_source = 'tenant', ended_by_name = 'Ada'"
    with scopes.tenant(alpha.pk), connection.cursor() as cursor:
        cursor.execute(f"UPDATE partners_partnerofrecord SET {now}")
        assert cursor.rowcount == 1


@pytest.mark.parametrize("start,end", [(LATER, None), (LATER, LATEST)])
def test_a_tenant_opens_no_period_for_later(alpha, subscription, partner, start, end):
    with scopes.tenant(alpha.pk), pytest.raises(ProgrammingError, match="begins now"), transaction.atomic():
        new(subscription, partner, start, end).save()


def test_after_the_databases_clock_was_set_back_the_next_period_begins_where_the_last_one_ended(
    alpha, subscription, partner, global_admin
):
    """The one in force began five minutes ahead of what the clock says now."""
    first = saved(subscription, partner, timezone.now() + timedelta(minutes=5), None)
    other = make_partner(number="935287", name="Adventure Works Advisors")
    facts = {"tenant": alpha, "subscription": subscription, "by": make_actor(user=global_admin)}
    with scopes.tenant(alpha.pk):
        set_partner_of_record(**facts, partner=other, version=subscription.version)
    with as_owner():
        ended, second = PartnerOfRecord.objects.order_by("pk")
    assert ended.valid.upper == second.valid.lower == first.valid.lower + timedelta(microseconds=1)


def test_a_tenant_closes_no_period_for_later(alpha, period):
    with scopes.tenant(alpha.pk), pytest.raises(ProgrammingError, match="ends now"), transaction.atomic():
        PartnerOfRecord.objects.filter(pk=period.pk).update(
            valid=TimestamptzRange(period.valid.lower, LATEST, "[)"), **ENDED
        )


def ends_of(subscription) -> tuple:
    return subscription.lapses_on, subscription.term_ends_on


def test_an_open_period_follows_what_its_subscription_says_and_a_closed_one_does_not(alpha, subscription, partner):
    make_partner_of_record(subscription=subscription, partner=partner, since=NOW - timedelta(days=9), until=NOW)
    make_partner_of_record(subscription=subscription, partner=partner, since=NOW)
    copied = ("search_text", "of_deleted", "status", "licenses", "lapses_on", "term_ends_on")
    with scopes.staff():
        subscription.refresh_from_db()
    before = (subscription.search_text, False, "active", subscription.licenses_total, *ends_of(subscription))
    subscription.name, subscription.status, subscription.licenses_total = "Renamed", "deleted", 27
    subscription.recurring_billing, subscription.term_ends_on = False, date(2027, 3, 1)
    with scopes.staff():
        subscription.save()
        subscription.refresh_from_db()
        rows = PartnerOfRecord.objects.order_by("valid").values_list(*copied)
        assert subscription.search_text.startswith(" renamed")
        assert list(rows) == [before, (subscription.search_text, True, "deleted", 27, *ends_of(subscription))]
        assert before[-2:] != ends_of(subscription)
        Tenant.objects.filter(pk=subscription.tenant_id).update(country="DE", time_zone="Europe/Berlin")
        moved = PartnerOfRecord.objects.order_by("valid").values_list("country", "time_zone")
        assert list(moved) == [(alpha.country, alpha.time_zone), ("DE", "Europe/Berlin")]
        assert set(PartnerOfRecord.objects.values_list("product")) == {(subscription.product_id,)}
