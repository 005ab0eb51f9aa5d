"""The pages of an offer cost the same number of statements, however much it asks for."""

import pytest

from partners.models.partner_offer import CreditWanted, OfferedPurchase
from subscriptions.models.delegated_role import DelegatedRole
from tests.architecture.test_query_counts import statements
from tests.factories import make_partner_offer, make_relationship, make_sold_product, make_subscription
from tests.partners.offers.client import url_of
from tests.partners.offers.facts import accepted
from tests.worlds import PARTNER_STARTS, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("rows", [1, 10])
def test_the_number_of_statements_is_the_same_for_any_number_of_rows(db, sign_in, rows):
    world = make_world(PARTNER_STARTS)
    cloud = world.tenant.cloud
    for number in range(rows):
        make_relationship(tenant=world.tenant, partner=world.partner)
        make_partner_offer(tenant=world.tenant, partner=world.partner, name=f"Other {number}")
    offer = make_partner_offer(
        tenant=world.tenant,
        partner=world.partner,
        roles=list(DelegatedRole),
        credit=CreditWanted.NAMED,
        subscriptions=[make_subscription(tenant=world.tenant, name=f"Suite {number}") for number in range(rows)],
        purchase=OfferedPurchase.TRIAL,
        products=[make_sold_product(cloud=cloud, name=f"Product {number}", has_trial=True) for number in range(rows)],
    )
    client = sign_in(world.admin)
    counts = {"waiting": len(statements(client, url_of(offer)))}
    counts["home"] = len(statements(client, f"/t/{world.tenant.slug}/"))
    accepted(offer, world.admin)
    counts["answered"] = len(statements(client, url_of(offer)))
    counts["create"] = len(statements(client, url_of(offer, "create/")))
    # At home what needs attention, what is put off, and the two charts are one statement each
    assert counts == {"waiting": 9, "home": 7, "answered": 8, "create": 6}
