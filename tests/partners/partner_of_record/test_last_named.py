"""Which partner is offered when an organization buys again."""

import pytest

from partners.models import Partner
from partners.partner_of_record.reads import last_named_partner
from subscriptions.db import scopes
from tests.factories import make_partner, make_partner_of_record, make_subscription


@pytest.fixture
def partners(db) -> tuple[Partner, Partner]:
    return make_partner(number="565380"), make_partner(number="935287")


def credit(tenant, partner: Partner, **subscription) -> None:
    make_partner_of_record(subscription=make_subscription(tenant=tenant, **subscription), partner=partner)


def offered(tenant) -> Partner | None:
    with scopes.tenant(tenant.pk):
        return last_named_partner(tenant=tenant, products=[])


def test_it_is_the_one_that_was_named_last(alpha, beta, partners):
    for tenant, partner in ((alpha, partners[0]), (alpha, partners[1]), (beta, partners[0])):
        credit(tenant, partner)
    assert offered(alpha) == partners[1]


def test_what_credits_a_deleted_subscription_is_not_offered(alpha, partners):
    credit(alpha, partners[0])
    credit(alpha, partners[1], status="deleted")
    assert offered(alpha) == partners[0]


def test_who_credits_nobody_is_offered_nobody(alpha, partners):
    credit(alpha, partners[0], status="deleted")
    assert offered(alpha) is None
