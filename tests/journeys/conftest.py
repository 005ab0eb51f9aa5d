"""Who walks, and where."""

import pytest

from subscriptions.clouds import Cloud
from tests.journeys.client import Person
from tests.worlds import CUSTOMER_STARTS, PARTNER_STARTS, World, make_world


def _name(cloud: Cloud) -> str:
    return cloud.name.lower()


@pytest.fixture(params=list(Cloud), ids=_name)
def world(request, db) -> World:
    """In turn, an organization of each cloud."""
    return make_world(request.param)


@pytest.fixture(params=CUSTOMER_STARTS, ids=_name)
def adding_world(request, db) -> World:
    """In turn, an organization of each cloud in which customers add partners themselves."""
    return make_world(request.param)


@pytest.fixture
def vianet(db) -> World:
    return make_world(PARTNER_STARTS)


@pytest.fixture
def contoso(db) -> World:
    return make_world(Cloud.WORLDWIDE)


@pytest.fixture
def person() -> Person:
    return Person()


@pytest.fixture
def another_person() -> Person:
    return Person()
