"""A person in organizations of three clouds: acts in two, only reads in the third, and is no member of the fourth."""

import pytest

from subscriptions.clouds import Cloud
from subscriptions.models import GroupedOrganization, OrganizationGroup
from subscriptions.models.people.membership import Role
from tests.database import as_owner
from tests.factories import (
    make_member,
    make_partner,
    make_partner_of_record,
    make_product,
    make_subscription,
    make_tenant,
    make_user,
)


@as_owner()
def make_group(name, *tenants) -> OrganizationGroup:
    group = OrganizationGroup.objects.create(name=name)
    GroupedOrganization.objects.bulk_create(GroupedOrganization(group=group, tenant=each) for each in tenants)
    return group


class Several:
    """`east` is operated by 21Vianet, where Add does not exist; `north` is only read; `foreign` is another's."""

    def __init__(self) -> None:
        self.person = make_user(email="group@west.example", name="Gustav Lindner")
        china = Cloud.OPERATED_BY_21VIANET
        self.west = make_tenant(slug="west", name="West Ltd")
        self.east = make_tenant(slug="east", name="East Ltd", cloud=china, country="CN")
        self.north = make_tenant(slug="north", name="North GmbH", cloud=Cloud.GERMANY, country="DE")
        self.foreign = make_tenant(slug="foreign", name="Foreign Secret Inc")
        for tenant, role in (
            (self.west, Role.GLOBAL_ADMIN),
            (self.east, Role.BILLING_ADMIN),
            (self.north, Role.GLOBAL_READER),
        ):
            make_member(tenant=tenant, user=self.person, role=role)
        self.partner = make_partner(number="565380", name="Tailspin Consulting")
        self.eastern = make_partner(number="880021", name="Yunhuoban", cloud=china, country="CN")
        worldwide, chinese = make_product(), make_product(cloud=china, sku="c-1")
        german = make_product(cloud=Cloud.GERMANY, sku="g-1")
        self.bare = make_subscription(tenant=self.west, product=worldwide, name="Apps", cost=120)
        self.named = make_subscription(tenant=self.west, product=worldwide, name="Mail", cost=60)
        self.east_bare = make_subscription(tenant=self.east, product=chinese, name="Bureau", currency="CNY", cost=70)
        self.east_named = make_subscription(tenant=self.east, product=chinese, name="Visio", currency="CNY", cost=7)
        self.north_bare = make_subscription(tenant=self.north, product=german, name="Cloud", currency="EUR", cost=9)
        self.secret = make_subscription(tenant=self.foreign, product=worldwide, name="Secret")
        make_partner_of_record(subscription=self.named, partner=self.partner)
        make_partner_of_record(subscription=self.east_named, partner=self.eastern)
        self.group = make_group("Lindner Holding", self.west, self.east, self.foreign)
        self.other_group = make_group("Foreign Secret Holding", self.foreign)


@pytest.fixture
def several(db) -> Several:
    return Several()


@pytest.fixture
def visitor(several, sign_in):
    return sign_in(several.person)
