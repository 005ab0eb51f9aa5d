"""Address and last sign-in of an organization's own people: for its Global and Billing admins, and of nobody else."""

from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from subscriptions.db import scopes
from subscriptions.models import Membership, User
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.models.people.membership import Role
from subscriptions.tenants.members import reading_addresses
from subscriptions.verdicts import Refused
from tests.database import as_owner
from tests.factories import make_actor, make_member, make_partner
from tests.page import parse, words
from tests.personas import make_delegate

PEOPLE = "/t/alpha/settings/members/"


@pytest.fixture
def delegate(alpha):
    return make_delegate(tenant=alpha, partner=make_partner(), roles=(DelegatedRole.GLOBAL_ADMINISTRATOR,))


def page_of(client) -> str:
    return words(parse(client.get(PEOPLE).content.decode()))


def names_found(client, text: str) -> list[str]:
    return [row["user__name"] for row in client.get(PEOPLE, {"q": text}).context["list"].rows]


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


@pytest.mark.parametrize("text", ["p4711", "P4711@BÜCHER.example", "zoë p47", "p4711 zoe"])
def test_an_admin_finds_people_by_their_address(alpha, beta, global_admin, reader, sign_in, text):
    make_member(tenant=alpha, role="global-reader", email="p4711@bücher.example", name="Zoë Park")
    make_member(tenant=beta, role="global-reader", email="p4711@beta.example", name="Zoë Beta")
    assert names_found(sign_in(global_admin), text) == ["Zoë Park"]
    assert names_found(sign_in(reader), text) == []


@pytest.mark.parametrize("text", ["4711", "p4711 beta", "bücher"])
def test_not_by_the_middle_of_one_nor_by_that_of_another(alpha, global_admin, sign_in, text):
    make_member(tenant=alpha, role="global-reader", email="p4711@bücher.example", name="Zoë Park")
    assert names_found(sign_in(global_admin), text) == []


@pytest.mark.parametrize("role", [Role.GLOBAL_READER, None])
def test_who_may_not_is_refused_whatever_page_asks(alpha, reader, role):
    with scopes.tenant(alpha.pk), pytest.raises(Refused):
        reading_addresses(make_actor(user=reader, role=role), alpha)


def test_nobody_but_the_own_people_whoever_is_asked_for(alpha, global_admin, reader, admin_of_beta, delegate):
    asked = [person.pk for person in (reader, admin_of_beta, delegate)]
    with scopes.tenant(alpha.pk), reading_addresses(make_actor(user=global_admin), alpha):
        assert list(User.objects.filter(pk__in=asked).values_list("email", flat=True)) == [reader.email]


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
        "SELECT time_zone FROM subscriptions_user",
        "SELECT id FROM subscriptions_tenant",
        "SELECT role FROM partners_partnerperson",
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
        with reading_addresses(make_actor(user=global_admin), alpha):
            assert User.objects.filter(email=reader.email).exists()
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            list(User.objects.values_list("email"))
        assert Membership.objects.count() == 2


def test_what_fails_in_it_leaves_nothing_of_the_transaction(alpha, global_admin):
    """It has no savepoint of its own, so that nothing goes on in a scope that was not put back."""
    with pytest.raises(transaction.TransactionManagementError), scopes.tenant(alpha.pk):
        with pytest.raises(ValueError, match="within"), reading_addresses(make_actor(user=global_admin), alpha):
            raise ValueError("within")
        Membership.objects.count()
