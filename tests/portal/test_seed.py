"""The demo's data is such as a customer's would be, and none of its main pages is empty."""

from datetime import timedelta

import pytest

from partners.models import MatchRequest
from portal.management.commands.seed import Seed
from subscriptions.models import Mail, Order, Subscription
from tests.database import as_owner


@pytest.fixture
def seed(db):
    with as_owner():
        seed = Seed()
        seed.run()
        yield seed


def test_trials_are_those_that_the_shop_starts(seed):
    trials = Subscription.objects.filter(status="trial")
    month = timedelta(days=30)
    assert trials.count() > 1
    assert {trial.licenses_total for trial in trials} == {25}
    assert {trial.term_ends_on - trial.started_on for trial in trials} == {month}
    assert all(seed.today < trial.term_ends_on <= seed.today + month for trial in trials)
    assert all(trial.product.has_trial for trial in trials.select_related("product"))


def test_where_partners_are_found_one_is_asked_and_an_order_placed(seed):
    bought = ["contoso", "nordwind"]
    placed = Order.objects.filter(state="placed", partner_id__gt="").order_by("id")
    assert list(placed.values_list("tenant__slug", flat=True)) == bought
    asked = MatchRequest.objects.filter(state="open").order_by("id")
    assert list(asked.values_list("tenant__slug", flat=True)) == bought
    assert Mail.objects.filter(kind="order-confirmation").exists()
