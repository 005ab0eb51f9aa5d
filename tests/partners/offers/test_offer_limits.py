"""However many people a partner has, one organization's Global admins are not flooded with its offers."""

import pytest

from subscriptions.clouds import Cloud
from subscriptions.db.limits import Limit, TooManyRequests, count_request, limits_of
from subscriptions.models import Tenant
from tests.factories import make_tenant
from tests.partners.offers.facts import OfferWorld


def sendings(world: OfferWorld, tenant: Tenant) -> list[Limit]:
    return limits_of("send-offer", person=world.agent.user_id, tenant=tenant.pk, partner=world.partner.pk)


def test_one_organization_gets_ten_sendings_of_a_partner_in_a_day(db, settings):
    settings.LIMITS = {"send-offer": {"person": (1000, 60)}}
    world = OfferWorld()
    other = make_tenant(slug="other", cloud=Cloud.OPERATED_BY_21VIANET, country="CN")
    for _ in range(10):
        count_request(*sendings(world, world.tenant))
    with pytest.raises(TooManyRequests) as refusal:
        count_request(*sendings(world, world.tenant))
    assert refusal.value.retry_after > 23 * 60 * 60
    count_request(*sendings(world, other))
