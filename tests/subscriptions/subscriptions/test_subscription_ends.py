"""How a subscription ends, comes back, and what becomes of a trial, called as the domain."""

import pytest
from django.db import IntegrityError

from subscriptions.subscriptions import payments
from subscriptions.subscriptions.lifecycle import months_later
from subscriptions.verdicts import VerdictCode
from tests.subscriptions.subscriptions.facts import (
    CALLS,
    CANCEL,
    EXTEND,
    PAY,
    REACTIVATE,
    RECURRING,
    act,
    close_the_cloud,
    events,
    in_days,
    now,
    put,
    refused,
    today,
)


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
    assert (row.status, row.term_ends_on, row.recurring_billing) == ("expired", today(), False)


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
    act(REACTIVATE, seen, by, payment_method="invoice", unit_price=12)
    row = now(subscription)
    counted = months_later(seen.term_ends_on, 1)
    assert (row.status, row.payment_method, row.recurring_billing) == ("active", "invoice", True)
    assert row.term_ends_on in {counted, months_later(counted, 1)}
    assert row.term_ends_on > today()
    assert row.cost == 240


def test_reactivated_when_disabled_the_term_counts_from_today(subscription, by):
    seen = put(subscription, status="disabled", term_ends_on=in_days(-50), billing_frequency="annual")
    act(REACTIVATE, seen, by, payment_method="invoice", unit_price=12)
    assert now(subscription).term_ends_on == months_later(today(), 12)


def test_reactivating_forgets_the_cancellation(subscription, by):
    act(CANCEL, subscription, by, when="now", reason="R")
    act(REACTIVATE, now(subscription), by, payment_method="invoice", unit_price=12)
    assert (now(subscription).canceled_at, now(subscription).status) == (None, "active")


@pytest.mark.parametrize("status", ["expired", "disabled"])
def test_what_is_paid_for_stays_paid_when_it_comes_back(subscription, by, status):
    """Even where the hourly job has disabled it meanwhile."""
    paid_until = subscription.term_ends_on
    act(CANCEL, subscription, by, when="now", reason="R")
    assert (now(subscription).term_ends_on, now(subscription).paid_until) == (today(), paid_until)
    act(REACTIVATE, put(subscription, status=status), by, payment_method="invoice", unit_price=12)
    assert (now(subscription).term_ends_on, now(subscription).paid_until) == (paid_until, None)


def test_once_the_paid_time_is_over_the_term_counts_on_from_its_end(subscription, by):
    act(CANCEL, put(subscription, term_ends_on=in_days(5)), by, when="now", reason="R")
    seen = put(subscription, term_ends_on=in_days(-20), paid_until=in_days(-15))
    act(REACTIVATE, seen, by, payment_method="invoice", unit_price=12)
    assert now(subscription).term_ends_on == months_later(in_days(-15), 1)


def test_once_the_paid_time_of_a_disabled_one_is_over_the_term_counts_from_today(subscription, by):
    act(CANCEL, subscription, by, when="now", reason="R")
    seen = put(subscription, status="disabled", term_ends_on=in_days(-50), paid_until=in_days(-20))
    act(REACTIVATE, seen, by, payment_method="invoice", unit_price=12)
    assert now(subscription).term_ends_on == months_later(today(), 1)


def test_nobody_has_paid_for_a_trial(trial, by):
    act(CANCEL, trial, by, when="now", reason="R")
    assert now(trial).paid_until is None
    act(REACTIVATE, now(trial), by, payment_method="invoice", unit_price=10)
    assert now(trial).term_ends_on == months_later(today(), 1)


def test_canceled_for_the_end_nothing_is_cut_short(subscription, by):
    act(CANCEL, subscription, by, when="end-of-term", reason="R")
    assert now(subscription).paid_until is None


def test_the_database_keeps_paid_time_of_canceled_ones_only(subscription):
    with pytest.raises(IntegrityError, match="subscription_paid_until_when_canceled"):
        put(subscription, paid_until=in_days(5))


def test_a_trial_that_lapsed_comes_back_at_the_price_of_the_day(trial, by):
    act(
        REACTIVATE,
        put(trial, status="expired", term_ends_on=in_days(-3)),
        by,
        payment_method="invoice",
        unit_price=10,
    )
    assert (now(trial).unit_price, now(trial).cost) == (10, 200)


@pytest.mark.parametrize("method", ["", "fapiao-invoice", "card"])
def test_reactivating_needs_a_method_that_the_cloud_takes_without_a_provider(subscription, by, method):
    with pytest.raises(payments.MethodNotOffered):
        act(REACTIVATE, put(subscription, status="expired"), by, payment_method=method, unit_price=12)
    assert (now(subscription).status, events(subscription)) == ("expired", [])


def test_a_closed_cloud_reactivates_nothing(alpha, subscription, by):
    close_the_cloud(alpha)
    seen = put(subscription, status="expired")
    assert refused(REACTIVATE, seen, by, payment_method="invoice", unit_price=12) is VerdictCode.CLOUD_CLOSED


def test_what_is_active_is_not_reactivated(subscription, by):
    assert refused(REACTIVATE, subscription, by, payment_method="invoice", unit_price=12) is VerdictCode.NOT_IN_GRACE


@pytest.mark.parametrize("days", [1, 15])
def test_a_trial_is_extended_by_thirty_days(trial, by, days):
    act(EXTEND, put(trial, term_ends_on=in_days(days)), by)
    assert (now(trial).term_ends_on, now(trial).trial_extended) == (in_days(days + 30), True)


def test_a_trial_is_extended_within_its_last_days_only(trial, by):
    assert refused(EXTEND, put(trial, term_ends_on=in_days(16)), by) is VerdictCode.TOO_EARLY


def test_a_trial_that_is_over_is_not_extended(trial, by):
    """Even before the hourly job has said so."""
    assert refused(EXTEND, put(trial, term_ends_on=today()), by) is VerdictCode.NOT_A_TRIAL


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
