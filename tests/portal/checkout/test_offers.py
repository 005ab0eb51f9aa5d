"""What a card of the catalogue says that the organisation has already."""

import pytest

from subscriptions import scopes
from subscriptions.domain import shop
from subscriptions.models import Tenant
from tests.factories import make_offer, make_subscription


@pytest.mark.parametrize(
    ("facts", "purchased"),
    [
        ({"status": "active"}, True),
        ({"status": "expired"}, True),
        ({"status": "expired", "began_as_trial": True, "payment_method": "invoice"}, True),
        ({"status": "expired", "began_as_trial": True}, False),
        ({"status": "trial", "began_as_trial": True}, False),
    ],
)
def test_a_trial_that_was_never_paid_for_is_not_purchased(alpha, facts, purchased):
    product = make_offer()
    make_subscription(tenant=alpha, product=product, **facts)
    with scopes.tenant(alpha.pk):
        offer = shop.find_offer(tenant=Tenant.objects.with_cloud_status().get(), uuid=product.uuid)
    assert offer is not None
    assert offer.purchased is purchased
