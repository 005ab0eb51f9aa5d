"""The demo's data is such as a customer's would be, and none of its main pages is empty."""

from datetime import timedelta

import pytest

from partners.models import MatchRequest, PartnerRelationship
from portal.management.commands.seed import Seed
from subscriptions.catalogue.costs import price_on
from subscriptions.models import AuditEvent, Mail, Order, Subscription
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
    placed = Order.objects.filter(state="placed", partner_number__gt="").order_by("id")
    assert list(placed.values_list("tenant__slug", flat=True)) == bought
    asked = MatchRequest.objects.filter(state="open").order_by("id")
    assert list(asked.values_list("tenant__slug", flat=True)) == bought
    assert Mail.objects.filter(kind="order-confirmation").exists()


def test_each_relationship_stands_in_the_audit_log(seed):
    began = AuditEvent.objects.filter(kind="partner-relationship.added").values_list("subject_uuid", flat=True)
    assert set(began) == set(PartnerRelationship.objects.values_list("uuid", flat=True))


def test_what_is_paid_costs_what_the_shop_asks(seed):
    paid = Subscription.objects.exclude(unit_price=0).select_related("product", "tenant")
    asked = [
        price_on(seed.today, product=row.product, currency=row.currency, frequency=row.billing_frequency)
        for row in paid
    ]
    assert len(asked) > 50
    assert [row.unit_price for row in paid] == asked
