"""One organization in each cloud, its people, a subscription with a partner of record and one without."""

from dataclasses import dataclass

import pytest

from partners.models import Partner
from subscriptions.clouds import Cloud
from subscriptions.models import Subscription, Tenant, User
from subscriptions.models.people.membership import Role
from tests.database import as_owner
from tests.factories import (
    make_members,
    make_partner,
    make_partner_of_record,
    make_product,
    make_subscription,
    make_tenant,
)

ORGANIZATIONS = {
    Cloud.WORLDWIDE: {"slug": "contoso", "name": "Contoso Ltd", "country": "US", "city": "Redmond"},
    Cloud.GERMANY: {"slug": "nordwind", "name": "Nordwind GmbH", "country": "DE", "city": "Hamburg"},
    Cloud.OPERATED_BY_21VIANET: {"slug": "lanyun", "name": "蓝云科技", "country": "CN", "city": "上海"},
}
PARTNERS = {
    Cloud.WORLDWIDE: (("565380", "Tailspin Consulting"), ("935287", "Adventure Works Advisors")),
    Cloud.GERMANY: (("777001", "Rheinland Cloud GmbH"), ("777002", "Isar Beratung GmbH")),
    Cloud.OPERATED_BY_21VIANET: (("880021", "上海云伙伴"), ("880022", "北京云伙伴")),
}
CUSTOMER_STARTS = (Cloud.WORLDWIDE, Cloud.GERMANY)
PARTNER_STARTS = Cloud.OPERATED_BY_21VIANET

# For tests with a `world` in which the cloud has no say: a flow is walked in every cloud, its refusals in one.
IN_ONE_CLOUD = pytest.mark.parametrize("world", [Cloud.GERMANY], indirect=True, ids=["germany"])


@dataclass(frozen=True)
class World:
    tenant: Tenant
    admin: User
    billing: User
    reader: User
    partner: Partner
    other: Partner
    named: Subscription
    bare: Subscription

    @property
    def id_label(self) -> str:
        return str(self.tenant.cloud_profile.partner_id_label)

    def url(self, subscription: Subscription, rest: str = "") -> str:
        return f"/t/{self.tenant.slug}/billing/subscriptions/{subscription.uuid}/{rest}"


@as_owner()
def make_world(cloud: Cloud) -> World:
    tenant = make_tenant(cloud=cloud, **ORGANIZATIONS[cloud])
    domain = f"{tenant.slug}.example"
    admin, billing, reader = make_members(
        tenant=tenant,
        people=[
            (f"admin@{domain}", "Alex Wilber", Role.GLOBAL_ADMIN),
            (f"billing@{domain}", "Bianca Pisani", Role.BILLING_ADMIN),
            (f"reader@{domain}", "Ravi Nair", Role.GLOBAL_READER),
        ],
    )
    partner, other = (make_partner(cloud=cloud, number=number, name=name) for number, name in PARTNERS[cloud])
    product = make_product(cloud=cloud)
    named = make_subscription(tenant=tenant, product=product, name="Office 365 E5")
    make_partner_of_record(subscription=named, partner=partner)
    bare = make_subscription(tenant=tenant, product=product, name="Office 365 E3")
    return World(tenant, admin, billing, reader, partner, other, named, bare)
