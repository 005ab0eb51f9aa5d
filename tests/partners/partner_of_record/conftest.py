"""Two partners of the worldwide cloud, who names them, and where a second person has to agree."""

import pytest

from partners.models import Partner
from subscriptions.models import Subscription
from tests.factories import make_actor, make_partner, make_partner_of_record, make_subscription
from tests.partners.partner_of_record.facts import switched


@pytest.fixture
def tailspin(db) -> Partner:
    return make_partner(number="565380", name="Tailspin")


@pytest.fixture
def adventure(db) -> Partner:
    return make_partner(number="935287", name="Adventure")


@pytest.fixture
def by(global_admin):
    return make_actor(user=global_admin)


@pytest.fixture
def colleague(billing_admin):
    return make_actor(user=billing_admin, role="billing-admin")


@pytest.fixture
def needed(alpha, billing_admin):
    switched(alpha)
    return alpha


@pytest.fixture
def row(needed, tailspin, adventure) -> Subscription:
    made = make_subscription(tenant=needed)
    make_partner_of_record(subscription=made, partner=tailspin)
    return made
