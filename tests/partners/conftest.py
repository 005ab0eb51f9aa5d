"""A partner with a person who makes offers, in whose workspace tests look."""

import pytest

from tests.factories import make_partner, make_partner_person


@pytest.fixture
def partner(db):
    return make_partner()


@pytest.fixture
def agent(partner, sign_in):
    return sign_in(make_partner_person(partner=partner, email="agent@tailspin.example", name="Agatha Agent"))
