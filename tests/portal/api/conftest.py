"""Two organizations that have the same, and a program of each; the one under test is contoso's."""

import pytest

from subscriptions.clouds import Cloud
from tests.factories import make_subscription, make_tenant
from tests.portal.api.client import Program, make_program
from tests.worlds import World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world(Cloud.WORLDWIDE)


@pytest.fixture
def elsewhere(world):
    """A subscription of another organization."""
    return make_subscription(tenant=make_tenant(slug="beta", name="Beta Secret GmbH"), name="Secret plan")


@pytest.fixture
def robot(world) -> Program:
    return make_program(tenant=world.tenant)
