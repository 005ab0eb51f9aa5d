"""What a card of the catalog says that the organization has already."""

import pytest

from subscriptions.catalogue import shop
from subscriptions.db import scopes
from subscriptions.models import Tenant
from tests.factories import make_sold_product, make_subscription


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
    product = make_sold_product()
    make_subscription(tenant=alpha, product=product, **facts)
    with scopes.tenant(alpha.pk):
        item = shop.find_item(tenant=Tenant.objects.with_cloud_status().get(), uuid=product.uuid)
    assert item is not None
    assert item.purchased is purchased


LAPSED = {"status": "expired", "began_as_trial": True}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], (False, False, False)),
        ([{"status": "disabled"}, {"status": "deleted"}], (False, False, False)),
        ([LAPSED], (False, False, True)),
        ([LAPSED, {"status": "expired"}], (True, False, True)),
        ([LAPSED, {"status": "trial"}, {"status": "active"}], (True, True, True)),
        ([{"status": "trial"}], (False, True, True)),
        ([{"status": "deleted", "began_as_trial": True}], (False, False, True)),
    ],
)
def test_what_is_said_of_a_product_follows_from_all_that_the_organization_has_of_it(alpha, beta, rows, said):
    product, another = make_sold_product(), make_sold_product(name="Another")
    for facts in rows:
        make_subscription(tenant=alpha, product=product, **facts)
    for status in ("active", "trial"):
        make_subscription(tenant=beta, product=product, status=status)
        make_subscription(tenant=alpha, product=another, status=status)
    with scopes.tenant(alpha.pk):
        item = shop.find_item(tenant=Tenant.objects.with_cloud_status().get(), uuid=product.uuid)
    assert item is not None
    assert (item.purchased, item.in_trial, item.tried) == said
