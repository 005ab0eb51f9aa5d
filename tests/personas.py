"""Who is who in the tests: two organisations, their people, and the operator's staff."""

import time
from collections.abc import Callable

import pytest
from allauth.account.internal.flows import login
from django.contrib.auth import SESSION_KEY
from django.test import Client

from subscriptions.models import Tenant, User
from subscriptions.models.tenant import Role
from tests.factories import make_member, make_tenant, make_user

SignIn = Callable[[User], Client]


def prove_identity(client: Client, *, ago: float) -> None:
    """As if the password was typed so many seconds ago: a forced sign-in leaves no trace of one."""
    session = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - ago}]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = session[SESSION_KEY]
    session.save()


@pytest.fixture
def alpha(db) -> Tenant:
    """The organisation whose pages are visited."""
    return make_tenant(slug="alpha", name="Alpha Ltd")


@pytest.fixture
def beta(db) -> Tenant:
    """Another organisation, of which alpha must see nothing."""
    return make_tenant(slug="beta", name="Beta Secret GmbH")


@pytest.fixture
def global_admin(alpha) -> User:
    """Alpha's Global admin: may do everything that a tenant may."""
    return make_member(tenant=alpha, role=Role.GLOBAL_ADMIN, email="admin@alpha.example", name="Gloria Admin")


@pytest.fixture
def billing_admin(alpha) -> User:
    """Alpha's Billing admin: sets partners of record, ends no relationship."""
    return make_member(tenant=alpha, role=Role.BILLING_ADMIN, email="billing@alpha.example", name="Bill Payer")


@pytest.fixture
def reader(alpha) -> User:
    """Alpha's Global reader: reads everything, changes nothing, sees why."""
    return make_member(tenant=alpha, role=Role.GLOBAL_READER, email="reader@alpha.example", name="Rita Reader")


@pytest.fixture
def admin_of_beta(beta) -> User:
    """The Global admin of another organisation: alpha does not exist for this person."""
    return make_member(tenant=beta, role=Role.GLOBAL_ADMIN, email="admin@beta.example", name="Otto Other")


@pytest.fixture
def staff(db) -> User:
    """The operator's staff: Django admin, and no organisation's pages."""
    return make_user(email="staff@portal.example", name="Sam Staff", is_staff=True)


@pytest.fixture
def sign_in() -> SignIn:
    """A client of its own for that person, signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        prove_identity(client, ago=0)
        return client

    return signed_in


@pytest.fixture
def anonymous() -> Client:
    """Somebody who has not signed in."""
    return Client()


@pytest.fixture
def desk(staff, sign_in) -> Client:
    """Staff at work, signed in."""
    return sign_in(staff)
