"""The acts on a subscription, called as the domain: what each writes, and what each refuses."""

from decimal import Decimal

import pytest

from subscriptions.models.people.membership import Role
from subscriptions.subscriptions.acts import FewerThanAssigned
from subscriptions.subscriptions.changes import StaleVersion
from subscriptions.verdicts import VerdictCode
from tests.factories import make_actor, make_subscription
from tests.subscriptions.subscriptions.facts import (
    CALLS,
    FREQUENCY,
    LICENSES,
    NAME,
    REACTIVATE,
    RECURRING,
    act,
    close_the_cloud,
    events,
    now,
    put,
    ready_for,
    refused,
)

each_act = pytest.mark.parametrize("verb", CALLS, ids=lambda verb: verb.__name__)


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
    """All but its name, which is the organization's own."""
    seen = put(ready_for(verb, subscription), reseller_managed=True)
    if verb is NAME:
        assert act(verb, seen, by, **CALLS[verb])
    else:
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
    act(FREQUENCY, subscription, by, frequency="annual", unit_price=9)
    row = now(subscription)
    assert (row.billing_frequency, row.unit_price, row.cost) == ("annual", 9, 9 * 20 * 12)
    assert row.term_ends_on == subscription.term_ends_on


def test_the_same_frequency_changes_nothing(subscription, by):
    assert act(FREQUENCY, subscription, by, frequency="monthly", unit_price=0) is None


def test_a_frequency_without_a_price_is_refused(alpha, by):
    subscription = make_subscription(tenant=alpha)
    assert refused(FREQUENCY, subscription, by, frequency="annual", unit_price=9) is VerdictCode.NO_PRICE


def test_recurring_billing_is_turned_off_and_on(subscription, by):
    act(RECURRING, subscription, by, recurring=False)
    assert not now(subscription).renews
    act(RECURRING, now(subscription), by, recurring=True)
    assert now(subscription).renews
    assert act(RECURRING, now(subscription), by, recurring=True) is None


@pytest.mark.parametrize(
    ("verb", "facts", "wanted"),
    [
        (LICENSES, {"unit_price": "99999999"}, {"total": 100_000}),
        (FREQUENCY, {"licenses_total": 2_000_000_000}, CALLS[FREQUENCY]),
        (REACTIVATE, {"licenses_total": 2_000_000_000, "status": "expired"}, CALLS[REACTIVATE]),
    ],
)
def test_a_cost_that_cannot_be_stored_is_refused(subscription, by, verb, facts, wanted):
    assert refused(verb, put(subscription, **facts), by, **wanted) is VerdictCode.NO_PRICE
