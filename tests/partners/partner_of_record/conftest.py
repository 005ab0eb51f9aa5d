"""Two partners of the worldwide cloud, and a Global admin who names them."""

import pytest

from partners.models import Partner
from tests.factories import make_actor, make_partner


@pytest.fixture
def tailspin(db) -> Partner:
    return make_partner(number="565380", name="Tailspin")


@pytest.fixture
def adventure(db) -> Partner:
    return make_partner(number="935287", name="Adventure")


@pytest.fixture
def by(global_admin):
    return make_actor(user=global_admin)
