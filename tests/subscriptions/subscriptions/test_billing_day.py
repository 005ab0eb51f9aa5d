"""The day of the month on which terms end is kept, whatever a subscription goes through."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from subscriptions.access import Actor
from subscriptions.catalogue.shop import can_be_bought, find_item
from subscriptions.db import scopes
from subscriptions.models import Subscription
from subscriptions.models.state_by_date import in_state, status_by_date
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.subscriptions.ends import extend_trial, reactivate
from tests.database import as_owner
from tests.factories import make_actor, make_price, make_product, make_subscription
from tests.subscriptions.subscriptions.facts import bring_up_to_date, now, put

LEAP_DAY, JANUARY_31, MARCH_30 = date(2028, 2, 29), date(2027, 1, 31), date(2027, 3, 30)


@pytest.fixture
def by(global_admin) -> Actor:
    return make_actor(user=global_admin)


def ends(subscription: Subscription, *days: date) -> list[date]:
    """The end of the term after the hourly job of each day."""
    found = []
    for day in days:
        bring_up_to_date(day)
        found.append(now(subscription).term_ends_on)
    return found


def test_from_the_31st_through_short_months(alpha):
    subscription = make_subscription(
        tenant=alpha, started_on=JANUARY_31, term_ends_on=date(2027, 2, 28), unit_price="1.00"
    )
    assert subscription.anchor_day == 31
    assert ends(subscription, date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)) == [
        date(2027, 3, 31),
        date(2027, 4, 30),
        date(2027, 5, 31),
    ]


def test_a_leap_day_stays_the_29th(alpha):
    subscription = make_subscription(
        tenant=alpha, started_on=LEAP_DAY, term_ends_on=date(2028, 3, 29), unit_price="1.00"
    )
    assert ends(subscription, date(2028, 3, 29), date(2028, 4, 29), date(2029, 2, 28)) == [
        date(2028, 4, 29),
        date(2028, 5, 29),
        date(2029, 3, 29),
    ]


def test_an_extended_trial_bills_on_the_day_of_its_new_end(alpha, by, monkeypatch):
    """From 31 January: the trial ends on 28 February, the extension on 30 March, the first paid term on 30 April."""
    monkeypatch.setattr("subscriptions.subscriptions.rules.today_of", lambda tenant: date(2027, 2, 20))
    product = make_product(cloud=alpha.cloud)
    make_price(product=product, since=date(2026, 1, 1))
    trial = make_subscription(
        tenant=alpha, product=product, status="trial", started_on=JANUARY_31, term_ends_on=date(2027, 2, 28),
        payment_method="invoice", cost="0",
    )  # fmt: skip
    with scopes.tenant(alpha.pk):
        extend_trial(tenant=alpha, subscription=trial, version=trial.version, by=by)
    assert (now(trial).term_ends_on, now(trial).anchor_day) == (MARCH_30, 30)
    assert ends(trial, MARCH_30, date(2027, 4, 30)) == [date(2027, 4, 30), date(2027, 5, 30)]


def test_reactivated_from_disabled_it_bills_on_that_day(alpha, by, monkeypatch):
    monkeypatch.setattr("subscriptions.subscriptions.ends.today_of", lambda tenant: LEAP_DAY)
    disabled = make_subscription(
        tenant=alpha,
        status="disabled",
        started_on=date(2027, 1, 31),
        term_ends_on=date(2028, 1, 10),
        unit_price="1.00",
    )
    with scopes.tenant(alpha.pk):
        reactivate(
            tenant=alpha, subscription=disabled, version=1, by=by, unit_price=Decimal(1), payment_method="invoice"
        )
    assert (now(disabled).term_ends_on, now(disabled).anchor_day) == (date(2028, 3, 29), 29)


@as_owner()
def test_the_database_refuses_another_day(alpha):
    subscription = make_subscription(tenant=alpha, started_on=JANUARY_31, term_ends_on=date(2027, 2, 28))
    rows = Subscription.objects.filter(pk=subscription.pk)
    for facts in ({"term_ends_on": date(2027, 3, 30)}, {"anchor_day": 27}, {"anchor_day": 0}, {"anchor_day": 32}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**facts)
    assert rows.update(term_ends_on=date(2027, 3, 31)) == 1


def days(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


@pytest.mark.parametrize(
    ("end", "paid", "state", "bought"),
    [
        (1, "", SubscriptionStatus.TRIAL, True),
        (0, "", SubscriptionStatus.EXPIRED, True),
        (-29, "", SubscriptionStatus.EXPIRED, True),
        (-30, "", SubscriptionStatus.DISABLED, False),
        (-120, "", SubscriptionStatus.DELETED, False),
        (1, "invoice", SubscriptionStatus.TRIAL, True),
        (0, "invoice", SubscriptionStatus.TRIAL, False),
    ],
)
@as_owner()
def test_a_trial_is_judged_by_its_date_while_the_job_is_late(alpha, end, paid, state, bought):
    trial = make_subscription(
        tenant=alpha, status="trial", payment_method=paid, started_on=days(-200), term_ends_on=days(end)
    )
    found = [each for each in SubscriptionStatus if Subscription.objects.filter(in_state(each, days(0))).exists()]
    assert found == [state]
    assert Subscription.objects.filter(can_be_bought(days(0)), pk=trial.pk).exists() is bought


@pytest.mark.parametrize("days_ago", [-1, 0, 29, 30, 119, 120, 400])
@pytest.mark.parametrize("status", list(SubscriptionStatus))
@as_owner()
def test_by_its_date_a_row_is_what_the_job_makes_of_it(alpha, status, days_ago):
    row = make_subscription(
        tenant=alpha, status=status, recurring_billing=False, started_on=days(-500), term_ends_on=days(-days_ago)
    )
    found = [each for each in SubscriptionStatus if Subscription.objects.filter(in_state(each, days(0))).exists()]
    judged = status_by_date(status=row.status, lapses_on=row.lapses_on, today=days(0))
    bring_up_to_date(days(0))
    assert (found, judged) == ([now(row).status], now(row).status)


@pytest.mark.parametrize("status", [SubscriptionStatus.TRIAL, SubscriptionStatus.ACTIVE])
@as_owner()
def test_what_is_paid_for_again_lapses_on_no_day(alpha, status):
    row = make_subscription(tenant=alpha, status=status, payment_method="invoice", term_ends_on=days(-40))
    assert row.lapses_on is None
    assert Subscription.objects.filter(in_state(status, days(0))).exists()


def test_the_shop_no_longer_calls_it_a_trial(alpha):
    product = make_product(cloud=alpha.cloud)
    make_price(product=product)
    trial = make_subscription(tenant=alpha, product=product, status="trial", began_as_trial=True, cost="0")
    for end, in_trial in ((1, True), (0, False)):
        put(trial, term_ends_on=days(end))
        with scopes.tenant(alpha.pk):
            item = find_item(tenant=alpha, uuid=product.uuid)
        assert item is not None
        assert (item.in_trial, item.tried) == (in_trial, True)


def test_pages_say_expired_and_offer_to_reactivate(alpha, global_admin, sign_in):
    trial = make_subscription(tenant=alpha, status="trial", began_as_trial=True, cost="0", term_ends_on=days(-2))
    make_subscription(tenant=alpha, name="Visio")
    client = sign_in(global_admin)
    detail = client.get(f"/t/alpha/billing/subscriptions/{trial.uuid}/").content.decode()
    assert '<span class="tag warn">Expired</span>' in detail
    assert "Reactivate subscription" in detail
    shown = {
        status: trial.name in client.get(f"/t/alpha/billing/subscriptions/?status={status}").content.decode()
        for status in ("trial", "expired")
    }
    assert shown == {"trial": False, "expired": True}
