"""What is kept of a partner's customers is what the credits and relationships say, whoever changes them and how."""

from collections import Counter

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.range import TimestamptzRange

from partners.models import PartnerCustomer, PartnerOfRecord, PartnerRelationship
from partners.models.partner_relationship import RelationshipKind
from subscriptions.db import scopes
from subscriptions.models import Subscription, Tenant
from tests.database import as_owner, at_once
from tests.factories import make_partner, make_partner_of_record, make_relationship, make_subscription, make_tenant

pytestmark = pytest.mark.django_db
CREDIT, CLEAR, DELETE, TIE, UNTIE, RENAME = "credit", "clear", "delete", "tie", "untie", "rename"


def kept() -> dict[tuple[int, int], tuple[int, int]]:
    """Credits and ties by partner and organization, without those that have neither any more."""
    rows = PartnerCustomer.objects.values_list("partner", "tenant", "credits", "ties")
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for partner, tenant, credits, ties in rows:
        before = found.get((partner, tenant), (0, 0))
        found[partner, tenant] = (before[0] + credits, before[1] + ties)
    return {key: sums for key, sums in found.items() if any(sums)}


def said() -> dict[tuple[int, int], tuple[int, int]]:
    credits = PartnerOfRecord.objects.in_force().of_existing_subscriptions().values_list("partner", "tenant")
    ties = PartnerRelationship.objects.filter(ended_at=None).values_list("partner", "tenant")
    of_credits, of_ties = Counter(credits), Counter(ties)
    return {key: (of_credits[key], of_ties[key]) for key in of_credits | of_ties}


def clear(row: Subscription) -> None:
    for period in PartnerOfRecord.objects.in_force().filter(subscription=row):
        valid = TimestamptzRange(period.valid.lower, timezone.now(), "[)")
        PartnerOfRecord.objects.filter(pk=period.pk).update(valid=valid, end_source="tenant", ended_by_name="Alex")


@pytest.fixture
def world():
    with as_owner():
        partners = [make_partner(number=f"56538{number}", name=f"Partner {number}") for number in range(2)]
        tenants = [make_tenant(slug=f"org-{number}", name=f"Org {number}") for number in range(2)]
        rows = [make_subscription(tenant=tenants[number % 2]) for number in range(4)]
    return partners, tenants, rows


@given(
    acts=st.lists(
        st.tuples(st.sampled_from([CREDIT, CLEAR, DELETE, TIE, UNTIE, RENAME]), st.integers(0, 7)), max_size=12
    )
)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_customers_that_are_kept_are_those_of_the_credits_and_relationships(world, acts):
    partners, tenants, rows = world
    with as_owner():
        for act, number in acts:
            do(act, number, partners[number % 2], tenants[number // 2 % 2], rows[number % 4])
        assert kept() == said()
        names = set(PartnerCustomer.objects.values_list("tenant", "name_key", "search_text"))
        assert names <= set(Tenant.objects.values_list("pk", "name_key", "search_text"))


def do(act: str, number: int, partner, tenant, row) -> None:
    if act == CREDIT:
        clear(row)
        make_partner_of_record(subscription=row, partner=partner, since=timezone.now())
    elif act == CLEAR:
        clear(row)
    elif act == DELETE:
        status = "deleted" if number % 2 else "active"
        Subscription.objects.filter(pk=row.pk).update(status=status, recurring_billing=False)
    elif act == TIE:
        make_relationship(tenant=tenant, partner=partner, kind=RelationshipKind.DELEGATED_ADMIN)
    elif act == UNTIE:
        ties = PartnerRelationship.objects.filter(tenant=tenant, partner=partner, ended_at=None)
        ties.update(ended_at=timezone.now(), ended_by="Alex")
    else:
        tenant.name = f"Org {number} renamed"
        tenant.save()


@pytest.mark.django_db(transaction=True)
def test_two_acts_at_once_neither_wait_for_each_others_count_nor_lose_one(world):
    partners, tenants, rows = world

    def credit(row):
        def act():
            with transaction.atomic(), scopes.tenant(tenants[0].pk):
                for partner in partners if row == rows[0] else reversed(partners):
                    make_own(row, partner)

        return act

    def make_own(row, partner):
        clear(row)
        PartnerOfRecord.objects.create(
            tenant_id=row.tenant_id, subscription=row, partner=partner, source="tenant", set_by_name="Alex",
            valid=TimestamptzRange(timezone.now(), None, "[)"),
        )  # fmt: skip

    for _time in range(5):
        at_once(credit(rows[0]), credit(rows[2]))
    with as_owner():
        assert kept() == said() != {}


def test_a_tenant_writes_no_count_of_another(world):
    partners, tenants, rows = world
    with as_owner():
        make_partner_of_record(subscription=rows[0], partner=partners[0])
        make_partner_of_record(subscription=rows[1], partner=partners[0])
    with scopes.tenant(tenants[0].pk):
        assert set(PartnerCustomer.objects.values_list("tenant", flat=True)) == {tenants[0].pk}
        assert PartnerCustomer.objects.update(credits=9) == 1
    with as_owner():
        assert PartnerCustomer.objects.get(tenant=tenants[1]).credits == 1
