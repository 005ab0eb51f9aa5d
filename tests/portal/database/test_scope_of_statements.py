"""The scope in force comes to the database with the first statement that needs it, whatever happened before."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from subscriptions.db import scopes
from subscriptions.models import Membership, Subscription
from tests.database import without_scope
from tests.factories import make_subscription

WHO = "SELECT current_user, current_setting('app.tenant_id', true), current_setting('app.user_id', true)"


def who() -> tuple[str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(WHO)
        role, tenant, user = cursor.fetchone()
        return role, tenant or "", user or ""


@pytest.fixture
def two(alpha, beta) -> None:
    make_subscription(tenant=alpha, name="Own")
    make_subscription(tenant=beta, name="Foreign")


def test_a_scope_comes_with_its_first_statement_and_with_no_other(alpha):
    with scopes.tenant(alpha.pk), CaptureQueriesContext(connection) as asked:
        first, second = who(), who()
    assert first == second == ("portal_tenant", str(alpha.pk), "")
    assert [without_scope(each["sql"]) == each["sql"] for each in asked] == [False, True]


@pytest.mark.django_db(transaction=True)
def test_a_scope_in_which_nothing_is_asked_costs_nothing(alpha):
    with CaptureQueriesContext(connection) as asked, scopes.person(1), scopes.reading_person(2):
        pass
    assert [each["sql"].partition(" ")[0] for each in asked if each["sql"] not in ("BEGIN", "COMMIT")] == []


def test_after_a_scope_within_it_the_outer_one_is_in_force_again(alpha):
    with scopes.tenant(alpha.pk):
        outer = who()
        for inside in (scopes.person, scopes.reading_person):
            with inside(7):
                assert who() == ("portal_person", "", "7")
            assert who() == outer


def test_after_an_error_within_a_scope_the_outer_one_is_in_force(alpha):
    """What is undone to a savepoint leaves the scope of before it, and that may have been another one."""
    with scopes.tenant(alpha.pk) as scope:
        outer = who()
        with pytest.raises(ZeroDivisionError), scopes.person(7):
            assert who()[0] == "portal_person"
            raise ZeroDivisionError
        assert who() == outer
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            scope.become_partner(5)
            assert who()[0] == "portal_partner"
            raise ZeroDivisionError
        assert who()[0] == "portal_partner"


@pytest.mark.django_db(transaction=True)
def test_after_the_transaction_the_login_is_itself(two, alpha):
    session = connection.connection
    itself = who()
    for ends in (None, ZeroDivisionError):
        try:
            with scopes.tenant(alpha.pk):
                assert who()[0] == "portal_tenant"
                if ends:
                    raise ends
        except ZeroDivisionError:
            pass
        assert (who(), connection.connection is session) == (itself, True)
        with transaction.atomic():
            assert who() == itself


def read_in_turns() -> list[str]:
    return [row.name for row in Subscription.objects.iterator(chunk_size=1)]


def copied() -> list[str]:
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY (SELECT name FROM subscriptions_subscription) TO STDOUT") as rows,
    ):
        return [name for (name,) in rows.rows()]


def told_by_parts() -> list[str]:
    """A statement for each of many values; the last one's answer is read."""
    with connection.cursor() as cursor:
        cursor.executemany("SELECT name FROM subscriptions_subscription WHERE version > %s", [(-1,)])
    return list(Subscription.objects.values_list("name", flat=True))


def with_names() -> list[str]:
    with connection.cursor() as cursor:
        wanted = {"like": "%n", "least": -1}
        query = "SELECT name FROM subscriptions_subscription WHERE name LIKE %(like)s AND version > %(least)s"
        cursor.execute(query + " AND name NOT LIKE '100%%'", wanted)
        assert cursor.rowcount == 1
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.parametrize("read", [read_in_turns, copied, told_by_parts, with_names])
def test_whatever_way_the_first_statement_takes_it_is_in_the_scope(two, alpha, read):
    with scopes.tenant(alpha.pk):
        assert read() == ["Own"]


@pytest.mark.parametrize("sought", ["'); RESET ROLE; --", "\\'); RESET ROLE; --", "%s %(a)s 100%", "蓝云 'é'"])
def test_what_a_scope_seeks_is_said_as_it_is(alpha, sought):
    with scopes.again(scopes.Setting(scopes.ScopeRole.TENANT, tenant_id=str(alpha.pk), sought=sought)):
        for arguments in ([], None, {"a": 1}):
            with connection.cursor() as cursor:
                scope = scopes.current()
                cursor.execute("SELECT current_user, current_setting('app.sought')", arguments)
                assert cursor.fetchone() == ("portal_tenant", sought)
            with scopes.nobody():
                who()
            assert scopes.current() == scope


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_is_in_no_scope_yet(two, alpha):
    with pytest.raises(ZeroDivisionError), scopes.tenant(alpha.pk):
        assert Membership.objects.count() >= 0
        connection.close()
        raise ZeroDivisionError
    with scopes.tenant(alpha.pk):
        assert read_in_turns() == ["Own"]
