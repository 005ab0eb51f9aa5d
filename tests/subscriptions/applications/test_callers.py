"""What an application shows to be it: found by its hash alone, by the database's clock, in a scope of its own."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection
from django.utils import timezone

from subscriptions.applications.callers import Caller, find_caller
from subscriptions.applications.tokens import hash_of, new_token
from subscriptions.db import scopes
from subscriptions.models import Application, ApplicationToken, Membership, Subscription, Tenant
from tests.database import as_owner
from tests.factories import make_application, make_partner, make_subscription, make_token


def bearer(token: str) -> Caller | None:
    return find_caller(f"Bearer {token}", address="192.0.2.7")


def token_row() -> ApplicationToken:
    with as_owner():
        return ApplicationToken.objects.get()


def test_a_token_finds_its_application_with_whose_it_is(alpha):
    application = make_application(tenant=alpha, scopes=("subscriptions.read", "events.read"))
    caller = bearer(make_token(application))
    assert caller is not None
    assert (caller.key, caller.uuid, caller.name) == (application.pk, application.uuid, "Billing sync")
    assert (caller.tenant_id, caller.partner_id, caller.role) == (alpha.pk, None, "billing-admin")
    assert caller.scopes == {"subscriptions.read", "events.read"}


def test_whose_it_is_may_be_a_partner_or_the_operator(db):
    partner = make_partner()
    of_partner = bearer(make_token(make_application(partner=partner)))
    of_operator = bearer(make_token(make_application()))
    assert (of_partner.tenant_id, of_partner.partner_id) == (None, partner.pk)
    assert (of_operator.is_operators, of_partner.is_operators) == (True, False)


def test_what_opens_nothing_takes_the_same_way(alpha, django_assert_num_queries):
    """Unknown, changed, over, of another scheme, empty and endless: as many statements, and nothing found."""
    token = make_token(make_application(tenant=alpha))
    over = make_token(make_application(tenant=alpha, name="Old"), days=-1 / 86400)
    shown = [f"Bearer {new_token()}", f"Bearer {token[:-1]}_", f"Bearer {over}", f"Basic {token}", "", "Bearer"]
    shown += [token, f"Bearer {'x' * 10_000}", "Bearer \x00", f"Bearer {token} {token}"]
    for each in shown:
        with django_assert_num_queries(2 + 1):  # and a savepoint, as the test is one transaction
            assert find_caller(each) is None, each


def test_the_end_is_that_of_the_database_clock(alpha):
    """The moment of the statement, whatever the time of the machine that asks."""
    make_token(make_application(tenant=alpha))
    with as_owner():
        ApplicationToken.objects.update(expires_on=timezone.now() - timedelta(seconds=1), hash=hash_of("por_x"))
    assert bearer("por_x") is None
    with as_owner():
        ApplicationToken.objects.update(expires_on=timezone.now() + timedelta(seconds=60))
    assert bearer("por_x") is not None


def test_the_scheme_is_written_in_any_letters(alpha):
    assert find_caller(f"bEARER  {make_token(make_application(tenant=alpha))} ") is not None


def test_two_tokens_are_good_at_once_and_a_deleted_one_is_not(alpha):
    application = make_application(tenant=alpha)
    old, new = make_token(application), make_token(application)
    assert [bearer(old) is not None, bearer(new) is not None] == [True, True]
    with as_owner():
        ApplicationToken.objects.filter(hash=hash_of(old)).delete()
    assert [bearer(old) is not None, bearer(new) is not None] == [False, True]


def test_a_deleted_application_is_gone_with_its_tokens(alpha):
    application = make_application(tenant=alpha)
    token = make_token(application)
    with as_owner():
        application.delete()
    assert bearer(token) is None


def test_the_last_use_is_kept_with_its_address_once_a_minute(alpha):
    token = make_token(make_application(tenant=alpha))
    bearer(token)
    first = token_row()
    assert (first.last_address, timezone.now() - first.last_used < timedelta(minutes=1)) == ("192.0.2.7", True)
    bearer(token)
    assert token_row().last_used == first.last_used
    find_caller(f"Bearer {token}", address="192.0.2.8")
    assert token_row().last_address == "192.0.2.8"


def test_the_scope_of_a_token_sees_this_token_and_its_application_alone(alpha, beta):
    token = make_token(make_application(tenant=alpha))
    make_token(make_application(tenant=beta, name="Of beta"))
    with scopes.caller(hash_of(token)):
        assert [row.name for row in Application.objects.all()] == ["Billing sync"]
        assert ApplicationToken.objects.count() == 1
    with scopes.caller(hash_of(new_token())):
        assert [Application.objects.count(), ApplicationToken.objects.count()] == [0, 0]


@pytest.mark.parametrize("model", [Tenant, Subscription, Membership])
def test_the_scope_of_a_token_opens_no_row_of_an_organization(model, alpha):
    make_subscription(tenant=alpha)
    token = make_token(make_application(tenant=alpha))
    with pytest.raises(ProgrammingError, match="permission denied"), scopes.caller(hash_of(token)):
        model.objects.count()


def test_an_organization_reads_neither_anothers_applications_nor_their_tokens(alpha, beta):
    make_token(make_application(tenant=alpha))
    make_token(make_application(tenant=beta, name="Of beta"))
    make_token(make_application(partner=make_partner(), name="Of a partner"))
    with scopes.tenant(beta.pk):
        assert [row.application.name for row in ApplicationToken.objects.select_related("application")] == ["Of beta"]
        assert [row.name for row in Application.objects.all()] == ["Of beta"]


def test_the_database_keeps_no_token(alpha):
    token = make_token(make_application(tenant=alpha))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM subscriptions_applicationtoken t WHERE t::text LIKE %s", [f"%{token}%"])
        assert cursor.fetchone() == (0,)
