"""The steps of a subscription's history, where it is longer than what is shown."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.partner_of_record import history
from subscriptions.base.known_queries import KnownQuery
from subscriptions.db import scopes
from tests.database import without_scope
from tests.factories import make_partner, make_partner_of_record, make_sold_product, make_subscription


def test_the_oldest_step_that_is_shown_tells_who_came_before(alpha, monkeypatch):
    monkeypatch.setattr(history, "PERIODS_SHOWN", 2)
    monkeypatch.setattr(history, "WITH_PERIODS", KnownQuery(lambda: history._with_periods(3)))
    subscription, now = make_subscription(tenant=alpha), timezone.now()
    days = [now - timedelta(days=number) for number in (40, 30, 20, 10)] + [None]
    for number, (since, until) in enumerate(pairwise(days), start=1):
        partner = make_partner(number=f"900{number}")
        make_partner_of_record(subscription=subscription, partner=partner, since=since, until=until)
    with scopes.tenant(alpha.pk):
        _row, periods = history.subscription_with_periods(tenant=alpha, uuid=subscription.uuid)
    told = [(step.before.number, step.after.number) for step in history.steps(periods)]
    assert told == [("9003", "9004"), ("9002", "9003")]


def test_the_prices_of_today_are_looked_up_once_for_all_periods(alpha):
    """Nothing in them depends on the period, so the planner does not ask again for each."""
    cheap, dear = (
        make_sold_product(name="Cheap", monthly="1.00"),
        make_sold_product(name="Dear", monthly="7.00", annual="6.00"),
    )
    make_subscription(tenant=alpha, product=cheap)
    subscription = make_subscription(tenant=alpha, product=dear)
    make_partner_of_record(subscription=subscription, partner=make_partner())
    with scopes.tenant(alpha.pk), CaptureQueriesContext(connection) as asked, connection.cursor() as cursor:
        row, _periods = history.subscription_with_periods(tenant=alpha, uuid=subscription.uuid)
        cursor.execute(f"EXPLAIN {without_scope(asked[0]['sql'])}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert row is not None
    assert (row.todays_monthly, row.todays_annual) == (Decimal(7), Decimal(6))
    assert (plan.count("InitPlan"), plan.count("SubPlan")) == (3, 0)  # and whether a change waits


@pytest.mark.parametrize(
    "days",
    [
        [],
        [(9, None)],
        [(9, 5)],
        [(20, 9), (9, None)],
        [(20, 15), (9, None)],
        [(20, 15), (9, 5)],
        [(40, 30), (30, 9), (9, 5)],
        [(40, 30), (30, 20), (20, None)],
    ],
    ids=str,
)
def test_the_two_newest_periods_tell_who_is_credited_and_what_came_last(alpha, days):
    """Acts read these alone, pages up to a hundred."""
    subscription, now = make_subscription(tenant=alpha), timezone.now()
    for number, (since, until) in enumerate(days, start=1):
        begins, ends = (day and now - timedelta(days=day) for day in (since, until))
        partner = make_partner(number=f"900{number}")
        make_partner_of_record(subscription=subscription, partner=partner, since=begins, until=ends)
    with scopes.tenant(alpha.pk):
        _row, periods = history.subscription_with_periods(tenant=alpha, uuid=subscription.uuid)
        _row, newest = history.subscription_with_newest(tenant=alpha, uuid=subscription.uuid)
    assert newest == periods[:2]
    assert history.current_period(newest) == history.current_period(periods)
    assert history.last_step(newest) == history.last_step(periods)
