"""The subscription whose acts are tried, and who acts."""

import pytest

from subscriptions.access import Actor
from subscriptions.models import Subscription
from tests.factories import make_actor, make_price, make_subscription
from tests.subscriptions.subscriptions.facts import put


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
