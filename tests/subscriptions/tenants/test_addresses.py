"""Address and last sign-in of an organization's own people: for its Global and Billing admins, and of nobody else."""

from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from subscriptions.db import scopes
from subscriptions.models import Membership, User
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.models.tenant import Role
from subscriptions.tenants.members import addresses_of
from subscriptions.verdicts import Refused
from tests.database import as_owner
from tests.delegates import make_delegate
from tests.factories import make_actor, make_partner
from tests.journeys.page import parse, words

PEOPLE = "/t/alpha/settings/people/"


@pytest.fixture
def delegate(alpha):
    return make_delegate(tenant=alpha, partner=make_partner(), roles=(DelegatedRole.GLOBAL_ADMINISTRATOR,))


def page_of(client) -> str:
    return words(parse(client.get(PEOPLE).content.decode()))


@pytest.mark.parametrize("role", [Role.GLOBAL_ADMIN, Role.BILLING_ADMIN])
def test_an_admin_reads_addresses_and_last_sign_ins_in_the_organizations_zone(
    alpha, global_admin, billing_admin, reader, sign_in, role
):
    client = sign_in({Role.GLOBAL_ADMIN: global_admin, Role.BILLING_ADMIN: billing_admin}[role])
    with as_owner():
        type(alpha).objects.filter(pk=alpha.pk).update(time_zone="Asia/Shanghai")
        User.objects.filter(pk=reader.pk).update(last_login=datetime(2026, 3, 1, 20, tzinfo=UTC))
    text = page_of(client)
    assert all(person.email in text for person in (global_admin, billing_admin, reader))
    assert "Mar 2, 2026, 4:00 AM" in text


def test_a_reader_and_a_partner_read_none(alpha, global_admin, reader, delegate, sign_in):
    for person in (reader, delegate):
        text = page_of(sign_in(person)).partition(" Action ")[2]
        assert str(global_admin) in text
        assert "@" not in text


@pytest.mark.parametrize("role", [Role.GLOBAL_READER, None])
def test_who_may_not_is_refused_whatever_page_asks(alpha, reader, role):
    with scopes.tenant(alpha.pk), pytest.raises(Refused):
        addresses_of(make_actor(user=reader, role=role), alpha, [reader.pk])


def test_nobody_but_the_own_people_whoever_is_asked_for(alpha, global_admin, reader, admin_of_beta, delegate):
    asked = [person.pk for person in (reader, admin_of_beta, delegate)]
    with scopes.tenant(alpha.pk):
        assert list(addresses_of(make_actor(user=global_admin), alpha, asked)) == [reader.pk]


def test_the_scope_of_addresses_has_the_own_people_alone(alpha, global_admin, reader, admin_of_beta, delegate):
    with scopes.people(alpha.pk), connection.cursor() as cursor:
        cursor.execute("SELECT email FROM subscriptions_user ORDER BY email")
        assert [email for (email,) in cursor.fetchall()] == sorted([global_admin.email, reader.email])
        cursor.execute("SELECT count(*) FROM subscriptions_membership")
        assert cursor.fetchone() == (Membership.objects.filter(tenant_id=alpha.pk).values("tenant_id").count(),)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT password FROM subscriptions_user",
        "SELECT name FROM subscriptions_user",
        "SELECT id FROM subscriptions_tenant",
        "SELECT user_id FROM partners_partnerperson",
        "UPDATE subscriptions_user SET email = 'x@y.example'",
    ],
)
def test_it_reads_nothing_else_and_writes_nothing(alpha, sql):
    denied = pytest.raises(ProgrammingError, match="permission denied")
    with denied, scopes.people(alpha.pk), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("column", ["email", "last_login"])
def test_the_scopes_of_organization_person_and_partner_read_no_address(alpha, global_admin, column):
    partner = make_partner()
    for scope in (scopes.tenant(alpha.pk), scopes.person(global_admin.pk), scopes.partner(partner.pk)):
        with scope, pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            list(User.objects.values_list(column))


def test_after_it_the_scope_is_the_organizations_again(alpha, global_admin, reader):
    with scopes.tenant(alpha.pk):
        addresses_of(make_actor(user=global_admin), alpha, [reader.pk])
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            list(User.objects.values_list("email"))
        assert Membership.objects.count() == 2
