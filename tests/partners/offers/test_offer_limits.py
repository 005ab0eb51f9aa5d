"""However many people a partner has, one organization's Global admins are not flooded with its offers."""

import pytest

from partners.offers.rules import sending_limits
from subscriptions.clouds import Cloud
from subscriptions.db.limits import TooManyRequests, count_request
from tests.factories import make_tenant
from tests.partners.offers.offering import OfferWorld


def test_one_organization_gets_ten_sendings_of_a_partner_in_a_day(db, settings):
    settings.CHANGE_LIMIT_PERSON = (1000, 60)
    world = OfferWorld()
    other = make_tenant(slug="other", cloud=Cloud.OPERATED_BY_21VIANET, country="CN")
    for _ in range(10):
        count_request(*sending_limits(world.tenant, world.partner, by=world.agent))
    with pytest.raises(TooManyRequests) as refusal:
        count_request(*sending_limits(world.tenant, world.partner, by=world.agent))
    assert refusal.value.retry_after > 23 * 60 * 60
    count_request(*sending_limits(other, world.partner, by=world.agent))
