"""The acts on a subscription, called as the domain: what each writes, and what each refuses."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from subscriptions import scopes
from subscriptions.access import Actor, Refused, VerdictCode
from subscriptions.clouds import CloudStatus
from subscriptions.domain import payments, subscription_acts, subscription_ends
from subscriptions.domain.lifecycle import months_later
from subscriptions.domain.subscription_acts import FewerThanAssigned
from subscriptions.domain.subscription_changes import StaleVersion
from subscriptions.models import AuditEvent, CloudState, Subscription, Tenant
from subscriptions.models.tenant import Role
from tests.database import as_owner
from tests.factories import make_actor, make_price, make_subscription
from tests.subscriptions.lives import events, now, put

TODAY = timezone.now().date()  # alpha lives in UTC


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
def by(global_admin) -> Actor:
    return make_actor(user=global_admin)


@pytest.fixture
def subscription(alpha) -> Subscription:
    """20 licenses at 12.00 a month, 12 of them assigned, and a list price of 10.00 (9.00 for a year)."""
    subscription = make_subscription(tenant=alpha, unit_price="12.00", cost="240.00", payment_method="invoice")
    make_price(product=subscription.product)
    return subscription


@pytest.fixture
def trial(subscription) -> Subscription:
    return put(subscription, status="trial", began_as_trial=True, payment_method="", cost=0, unit_price=0)


def act(verb, subscription: Subscription, by: Actor, **wanted):
    """As a view does it, with the version that the person saw."""
    with scopes.tenant(subscription.tenant_id):
        tenant = Tenant.objects.with_cloud_status().get()
        return verb(tenant=tenant, subscription=subscription, version=subscription.version, by=by, **wanted)


def refused(verb, subscription: Subscription, by: Actor, **wanted) -> VerdictCode:
    """The code of the refusal, which changed nothing."""
    before = Subscription.objects.filter(pk=subscription.pk).values()
    with as_owner():
        before = list(before)
    with pytest.raises(Refused) as refusal:
        act(verb, subscription, by, **wanted)
    with as_owner():
        assert list(Subscription.objects.filter(pk=subscription.pk).values()) == before
        assert not AuditEvent.objects.exists()
    return refusal.value.verdict.code


def close_the_cloud(tenant: Tenant) -> None:
    with as_owner():
        CloudState.objects.update_or_create(cloud=tenant.cloud, defaults={"status": CloudStatus.CLOSED})


LICENSES = subscription_acts.change_licenses
FREQUENCY = subscription_acts.change_frequency
RECURRING = subscription_acts.set_recurring_billing
CANCEL = subscription_ends.cancel
REACTIVATE = subscription_ends.reactivate
EXTEND = subscription_ends.extend_trial
PAY = subscription_ends.set_payment_method
CALLS = {
    LICENSES: {"total": 30},
    FREQUENCY: {"frequency": "annual"},
    RECURRING: {"recurring": False},
    CANCEL: {"when": "now", "reason": "R"},
    REACTIVATE: {"payment_method": "invoice"},
    EXTEND: {},
    PAY: {"method": "invoice"},
}
STATE_OF = {REACTIVATE: "expired", EXTEND: "trial", PAY: "trial"}
each_act = pytest.mark.parametrize("verb", CALLS, ids=lambda verb: verb.__name__)


def ready_for(verb, subscription: Subscription) -> Subscription:
    facts = {"payment_method": ""} if verb is PAY else {}
    return put(subscription, status=STATE_OF.get(verb, "active"), term_ends_on=in_days(5), **facts)


@each_act
def test_each_act_writes_a_version_and_one_event(verb, subscription, by):
    act(verb, ready_for(verb, subscription), by, **CALLS[verb])
    assert now(subscription).version == 2
    assert [who for _kind, who in events(subscription)] == ["Gloria Admin"]


@each_act
def test_each_act_refuses_a_stale_version(verb, subscription, by):
    seen = ready_for(verb, subscription)
    put(subscription, version=7)
    with pytest.raises(StaleVersion):
        act(verb, seen, by, **CALLS[verb])
    assert events(subscription) == []


@each_act
def test_a_reader_may_do_none_of_them(verb, subscription, reader):
    seen, by = ready_for(verb, subscription), make_actor(user=reader, role=Role.GLOBAL_READER)
    assert refused(verb, seen, by, **CALLS[verb]) is VerdictCode.ROLE


@each_act
def test_a_billing_admin_may_do_all_of_them(verb, subscription, billing_admin):
    by = make_actor(user=billing_admin, role=Role.BILLING_ADMIN)
    assert act(verb, ready_for(verb, subscription), by, **CALLS[verb]).actor_name == "Bill Payer"


@each_act
def test_the_reseller_manages_its_own(verb, subscription, by):
    seen = put(ready_for(verb, subscription), reseller_managed=True)
    assert refused(verb, seen, by, **CALLS[verb]) is VerdictCode.RESELLER_MANAGED


@pytest.mark.parametrize("verb", [LICENSES, FREQUENCY, RECURRING])
@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("trial", VerdictCode.IS_A_TRIAL),
        ("expired", VerdictCode.SUBSCRIPTION_EXPIRED),
        ("disabled", VerdictCode.SUBSCRIPTION_DISABLED),
    ],
)
def test_billing_is_changed_while_it_is_active(verb, subscription, by, status, code):
    assert refused(verb, put(subscription, status=status), by, **CALLS[verb]) is code


@pytest.mark.parametrize(("total", "cost"), [(12, "144.00"), (21, "252.00"), (100_000, "1200000.00")])
def test_licenses_cost_what_the_subscription_holds(subscription, by, total, cost):
    act(LICENSES, subscription, by, total=total)
    row = now(subscription)
    assert (row.licenses_total, row.unit_price, row.cost) == (total, 12, Decimal(cost))


def test_a_year_of_licenses_has_twelve_months(subscription, by):
    act(LICENSES, put(subscription, billing_frequency="annual"), by, total=21)
    assert now(subscription).cost == 21 * 12 * 12


@pytest.mark.parametrize(("assigned", "total"), [(12, 11), (12, 0), (0, 0)])
def test_no_fewer_licenses_than_people_have_and_never_none(subscription, by, assigned, total):
    with pytest.raises(FewerThanAssigned):
        act(LICENSES, put(subscription, licenses_assigned=assigned), by, total=total)
    assert events(subscription) == []


def test_the_same_total_changes_nothing(subscription, by):
    assert act(LICENSES, subscription, by, total=20) is None
    assert (now(subscription).version, events(subscription)) == (1, [])


def test_a_subscription_that_knows_only_its_cost_holds_the_share_of_a_license(subscription, by):
    act(LICENSES, put(subscription, unit_price=0, cost="200.00"), by, total=30)
    assert (now(subscription).unit_price, now(subscription).cost) == (10, 300)


def test_a_closed_cloud_takes_licenses_back_and_sells_none(alpha, subscription, by):
    close_the_cloud(alpha)
    assert refused(LICENSES, subscription, by, total=21) is VerdictCode.CLOUD_CLOSED
    assert act(LICENSES, subscription, by, total=19) is not None


def test_another_frequency_is_billed_at_once_at_the_price_of_the_day(subscription, by):
    act(FREQUENCY, subscription, by, frequency="annual")
    row = now(subscription)
    assert (row.billing_frequency, row.unit_price, row.cost) == ("annual", 9, 9 * 20 * 12)
    assert row.term_ends_on == subscription.term_ends_on


def test_the_same_frequency_changes_nothing(subscription, by):
    assert act(FREQUENCY, subscription, by, frequency="monthly") is None


def test_a_frequency_without_a_price_is_refused(alpha, by):
    subscription = make_subscription(tenant=alpha)
    assert refused(FREQUENCY, subscription, by, frequency="annual") is VerdictCode.NO_PRICE


def test_recurring_billing_is_turned_off_and_on(subscription, by):
    act(RECURRING, subscription, by, recurring=False)
    assert not now(subscription).renews
    act(RECURRING, now(subscription), by, recurring=True)
    assert now(subscription).renews
    assert act(RECURRING, now(subscription), by, recurring=True) is None


@pytest.mark.parametrize("status", ["active", "trial"])
def test_canceled_for_the_end_it_goes_on_until_then(subscription, by, status):
    seen = put(subscription, status=status)
    event = act(CANCEL, seen, by, when="end-of-term", reason="Too dear")
    row = now(subscription)
    assert (row.status, row.term_ends_on, row.recurring_billing) == (status, seen.term_ends_on, False)
    assert (row.canceled_by, row.cancel_reason, event.reason) == ("Gloria Admin", "Too dear", "Too dear")
    assert not row.converts


@pytest.mark.parametrize("status", ["active", "trial"])
def test_canceled_now_it_expires_today(subscription, by, status):
    act(CANCEL, put(subscription, status=status), by, when="now", reason="Too dear")
    row = now(subscription)
    assert (row.status, row.term_ends_on, row.recurring_billing) == ("expired", TODAY, False)


@pytest.mark.parametrize("status", ["expired", "disabled"])
def test_what_has_ended_is_not_canceled(subscription, by, status):
    seen = put(subscription, status=status)
    assert refused(CANCEL, seen, by, when="now", reason="R") in {
        VerdictCode.SUBSCRIPTION_EXPIRED,
        VerdictCode.SUBSCRIPTION_DISABLED,
    }


def test_turning_recurring_billing_on_takes_a_cancellation_back(subscription, by):
    act(CANCEL, subscription, by, when="end-of-term", reason="R")
    act(RECURRING, now(subscription), by, recurring=True)
    row = now(subscription)
    assert (row.renews, row.canceled_at, row.canceled_by, row.cancel_reason) == (True, None, "", "")


@pytest.mark.parametrize("days", [1, 10, 29])
def test_reactivated_in_grace_the_term_counts_from_the_old_end(subscription, by, days):
    seen = put(subscription, status="expired", term_ends_on=in_days(-days), started_on=in_days(-200))
    act(REACTIVATE, seen, by, payment_method="invoice")
    row = now(subscription)
    counted = months_later(seen.term_ends_on, 1)
    assert (row.status, row.payment_method, row.recurring_billing) == ("active", "invoice", True)
    assert row.term_ends_on in {counted, months_later(counted, 1)}
    assert row.term_ends_on > TODAY
    assert row.cost == 240


def test_reactivated_when_disabled_the_term_counts_from_today(subscription, by):
    seen = put(subscription, status="disabled", term_ends_on=in_days(-50), billing_frequency="annual")
    act(REACTIVATE, seen, by, payment_method="invoice")
    assert now(subscription).term_ends_on == months_later(TODAY, 12)


def test_reactivating_forgets_the_cancellation(subscription, by):
    act(CANCEL, subscription, by, when="now", reason="R")
    act(REACTIVATE, now(subscription), by, payment_method="invoice")
    assert (now(subscription).canceled_at, now(subscription).status) == (None, "active")


def test_a_trial_that_lapsed_comes_back_at_the_price_of_the_day(trial, by):
    act(REACTIVATE, put(trial, status="expired", term_ends_on=in_days(-3)), by, payment_method="invoice")
    assert (now(trial).unit_price, now(trial).cost) == (10, 200)


@pytest.mark.parametrize("method", ["", "fapiao-invoice", "card"])
def test_reactivating_needs_a_method_that_the_cloud_takes_without_a_provider(subscription, by, method):
    with pytest.raises(payments.MethodNotOffered):
        act(REACTIVATE, put(subscription, status="expired"), by, payment_method=method)
    assert (now(subscription).status, events(subscription)) == ("expired", [])


def test_a_closed_cloud_reactivates_nothing(alpha, subscription, by):
    close_the_cloud(alpha)
    seen = put(subscription, status="expired")
    assert refused(REACTIVATE, seen, by, payment_method="invoice") is VerdictCode.CLOUD_CLOSED


def test_what_is_active_is_not_reactivated(subscription, by):
    assert refused(REACTIVATE, subscription, by, payment_method="invoice") is VerdictCode.NOT_IN_GRACE


@pytest.mark.parametrize("days", [1, 15])
def test_a_trial_is_extended_by_thirty_days(trial, by, days):
    act(EXTEND, put(trial, term_ends_on=in_days(days)), by)
    assert (now(trial).term_ends_on, now(trial).trial_extended) == (in_days(days + 30), True)


def test_a_trial_is_extended_within_its_last_days_only(trial, by):
    assert refused(EXTEND, put(trial, term_ends_on=in_days(16)), by) is VerdictCode.TOO_EARLY


def test_a_trial_that_is_over_is_not_extended(trial, by):
    """Even before the hourly job has said so."""
    assert refused(EXTEND, put(trial, term_ends_on=TODAY), by) is VerdictCode.NOT_A_TRIAL


def test_a_trial_is_extended_once(trial, by):
    seen = put(trial, term_ends_on=in_days(5), trial_extended=True)
    assert refused(EXTEND, seen, by) is VerdictCode.TRIAL_EXTENDED


@pytest.mark.parametrize("verb", [EXTEND, PAY])
def test_only_a_trial_is_extended_or_converted(subscription, by, verb):
    assert refused(verb, subscription, by, **CALLS[verb]) is VerdictCode.NOT_A_TRIAL


def test_the_payment_method_decides_whether_a_trial_converts(trial, by):
    act(PAY, trial, by, method="invoice")
    assert now(trial).converts
    assert act(PAY, now(trial), by, method="invoice") is None
    act(PAY, now(trial), by, method="")
    assert not now(trial).converts


def test_a_payment_method_takes_the_cancellation_of_a_trial_back(trial, by):
    act(CANCEL, trial, by, when="end-of-term", reason="R")
    act(PAY, now(trial), by, method="invoice")
    assert now(trial).canceled_at is None


def test_a_closed_cloud_converts_no_trial(alpha, trial, by):
    close_the_cloud(alpha)
    assert refused(PAY, trial, by, method="invoice") is VerdictCode.CLOUD_CLOSED


@pytest.mark.parametrize(
    ("verb", "facts", "wanted"),
    [
        (LICENSES, {"unit_price": "99999999"}, {"total": 100_000}),
        (FREQUENCY, {"licenses_total": 2_000_000_000}, {"frequency": "annual"}),
        (REACTIVATE, {"licenses_total": 2_000_000_000, "status": "expired"}, {"payment_method": "invoice"}),
    ],
)
def test_a_cost_that_cannot_be_stored_is_refused(subscription, by, verb, facts, wanted):
    assert refused(verb, put(subscription, **facts), by, **wanted) is VerdictCode.NO_PRICE
