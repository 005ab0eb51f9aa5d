"""Signing in with a second factor: no way round it, no code twice, and its secrets stay secret."""

from http.cookies import SimpleCookie

import pytest
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings as portal_settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AnonymousUser
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from portal import pages
from portal.second_factor.adapter import SecondFactorAdapter
from subscriptions.db import scopes
from subscriptions.models import User
from tests.architecture.addresses.facts import staff_addresses
from tests.database import as_owner, at_once
from tests.factories import PASSWORD, make_user
from tests.page import Page
from tests.personas import (
    PERIOD,
    SECRET,
    code_of,
    make_second_factor,
    type_code,
    typed_password,
    unused_codes,
    wrong_code,
)

pytestmark = pytest.mark.usefixtures("clock")
SET_UP = "/accounts/2fa/totp/activate/"


@pytest.fixture
def recovery_codes(global_admin) -> list[str]:
    return make_second_factor(global_admin)


def is_signed_in(client) -> bool:
    return SESSION_KEY in client.session


def test_after_the_password_a_code_is_asked_for_and_leads_to_where_one_was_going(global_admin, recovery_codes):
    client = typed_password(global_admin, next="/t/alpha/")
    assert client.get("/t/alpha/").status_code == 302
    assert not is_signed_in(client)
    answer = type_code(client, code_of())
    assert (answer.status_code, answer.url) == (302, "/t/alpha/")
    assert client.get("/t/alpha/").status_code == 200


@pytest.mark.parametrize("code", ["", "000", "\0", "１２３４５６", "x" * 21, "'"])
def test_what_is_no_code_signs_nobody_in(global_admin, recovery_codes, code):
    client = typed_password(global_admin)
    answer = type_code(client, code)
    assert (answer.status_code, is_signed_in(client), len(Page(answer).errors)) == (200, False, 1)


def test_an_empty_form_is_asked_again(global_admin, recovery_codes):
    answer = typed_password(global_admin).post("/accounts/2fa/authenticate/")
    assert (answer.status_code, Page(answer).errors) == (200, ["Code: nothing is entered yet."])


def test_the_code_of_an_app_opens_once(global_admin, recovery_codes, clock):
    code, first, second = code_of(), typed_password(global_admin), typed_password(global_admin)
    assert type_code(first, code).status_code == 302
    again = type_code(second, code)
    assert (again.status_code, is_signed_in(second)) == (200, False)
    assert "This code is not right, or it was used before." in Page(again).text
    clock.shift(PERIOD)
    assert type_code(second, code).status_code == 200
    assert type_code(second, code_of()).status_code == 302


def test_a_recovery_code_opens_once_and_the_others_still_do(global_admin, recovery_codes):
    first, second = typed_password(global_admin), typed_password(global_admin)
    assert type_code(first, recovery_codes[0]).status_code == 302
    assert (type_code(second, recovery_codes[0]).status_code, is_signed_in(second)) == (200, False)
    assert type_code(second, recovery_codes[1]).status_code == 302


def test_back_at_the_sign_in_one_begins_anew(global_admin, recovery_codes):
    client = typed_password(global_admin)
    page = Page(client.get(Page(client.get("/accounts/2fa/authenticate/")).link("Back to sign-in")))
    assert (page.status, page.heading) == (200, "Sign in")
    assert type_code(client, code_of()).url == "/accounts/sign-in/"
    assert not is_signed_in(client)


def test_between_password_and_code_somebody_else_can_sign_in(global_admin, recovery_codes, reader):
    client = typed_password(global_admin)
    answer = client.post("/accounts/sign-in/", {"login": reader.email, "password": PASSWORD})
    assert (answer.url, client.session[SESSION_KEY]) == ("/", str(reader.pk))


def test_a_factor_that_is_gone_meanwhile_leads_back_to_the_sign_in(global_admin, recovery_codes):
    client = typed_password(global_admin)
    with as_owner():
        Authenticator.objects.all().delete()
    page = Page(client.get("/accounts/2fa/authenticate/", follow=True))
    assert (page.status, page.heading) == (200, "Sign in")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_two_who_type_the_same_code_at_once_one_comes_in(global_admin, recovery_codes, kind):
    code = code_of() if kind == "app" else recovery_codes[0]
    clients = [typed_password(global_admin) for _number in range(2)]
    answers = at_once(*[lambda client=client: type_code(client, code) for client in clients])
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    assert sorted(map(is_signed_in, clients)) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_an_app_that_is_turned_on_twice_at_once_is_on_and_nothing_waits(global_admin, sign_in):
    client = sign_in(global_admin)
    client.get(SET_UP)
    code, before = code_of(client.session[SECRET_SESSION_KEY]), client.cookies
    twins = [Client() for _number in range(3)]
    for twin in twins:
        twin.cookies = SimpleCookie(before.output(header="", sep=";"))
    answers = at_once(*[lambda twin=twin: twin.post(SET_UP, {"code": code}) for twin in twins])
    assert {answer.url for answer in answers} == {"/accounts/2fa/recovery-codes/"}
    (winner,) = [twin for twin in twins if twin.cookies["session"].value != before["session"].value]
    assert STATE_SESSION_KEY not in winner.session
    assert Page(winner.get("/accounts/2fa/recovery-codes/")).heading == "Keep your recovery codes"


def test_after_five_wrong_codes_even_the_right_one_waits(global_admin, recovery_codes):
    """Wherever they are typed: a new session and a new sign-in do not begin anew."""
    clients = [typed_password(global_admin) for _number in range(2)]
    statuses = [type_code(clients[number % 2], wrong_code()).status_code for number in range(5)]
    assert statuses == [200] * 5
    late = type_code(typed_password(global_admin), code_of())
    assert (late.status_code, Page(late).heading) == (429, "Too many attempts")


def test_eleven_wrong_codes_of_somebody_signed_in_are_too_many(global_admin, recovery_codes, sign_in):
    client = sign_in(global_admin)
    statuses = [
        client.post("/accounts/2fa/reauthenticate/", {"code": wrong_code()}).status_code for _number in range(11)
    ]
    assert statuses == [200] * 5 + [429] * 6


def test_a_new_password_does_not_replace_the_code(global_admin, recovery_codes):
    """A person who has only the mailbox stays outside."""
    with as_owner():
        global_admin.set_password("another-horse-2026")
        global_admin.save()
    assert not is_signed_in(typed_password(global_admin, password="another-horse-2026"))


@pytest.mark.parametrize("change", [{"password": make_password("another-horse-2026")}, {"is_active": False}])
def test_between_password_and_code_a_changed_account_signs_nobody_in(global_admin, recovery_codes, change):
    client = typed_password(global_admin)
    with as_owner():
        User.objects.filter(pk=global_admin.pk).update(**change)
    assert type_code(client, recovery_codes[0]).url == "/accounts/sign-in/"
    assert not is_signed_in(client)
    assert client.get("/accounts/2fa/authenticate/").url == "/accounts/sign-in/"
    assert recovery_codes[0] in unused_codes(global_admin)


def test_the_staffs_door_asks_for_the_code_too(staff):
    make_second_factor(staff)
    client = typed_password(staff, next="/staff/")
    login = next(address for address in staff_addresses() if address.name == "admin:login")
    assert client.post(f"/{login.route}", {"username": staff.email, "password": PASSWORD}).url.startswith(
        "/accounts/"
    )
    assert client.get("/staff/").status_code == 302
    assert type_code(client, code_of()).url == "/staff/"
    assert client.get("/staff/").status_code == 200


def test_staff_see_no_secret_of_anybody(desk, global_admin, recovery_codes):
    assert "authenticator" not in {part for address in staff_addresses() for part in address.route.split("/")}
    shown = desk.get(f"/staff/subscriptions/user/{global_admin.pk}/change/").content.decode()
    assert global_admin.email in shown
    assert "authenticator" not in shown.lower()


def test_the_demos_one_click_asks_for_the_code_too(db, client, rf):
    person = make_user(email="agent@tailspin.example")
    make_second_factor(person)
    request = rf.post("/demo/sign-in/", {"email": person.email})
    request.session, request.user = client.session, AnonymousUser()
    with request_context(request):
        answer = pages.demo_sign_in(request)
    assert answer.url == "/accounts/2fa/authenticate/"
    assert SESSION_KEY not in request.session


def test_what_is_kept_is_neither_the_secret_nor_a_code(global_admin, recovery_codes):
    with as_owner():
        kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in kept
    assert not any(code in kept for code in recovery_codes)


def test_a_new_secret_key_reads_what_the_earlier_one_wrote(settings):
    written = SecondFactorAdapter().encrypt(SECRET)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [portal_settings.SECRET_KEY]
    assert SecondFactorAdapter().decrypt(written) == SECRET
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        SecondFactorAdapter().decrypt(written)


def test_codes_of_a_key_that_is_gone_are_refused_in_words(global_admin, recovery_codes, caplog):
    with as_owner():
        Authenticator.objects.update(data={"secret": Fernet(Fernet.generate_key()).encrypt(b"").decode()})
    answer = type_code(typed_password(global_admin), code_of())
    assert answer.status_code == 200
    assert Page(answer).errors == ["Codes of this account cannot be checked any more. Ask the operator for help."]
    assert "second_factor_unreadable" in caplog.text


@pytest.mark.parametrize("scope", [scopes.tenant, scopes.partner])
def test_no_scope_of_others_reads_a_factor(global_admin, recovery_codes, scope):
    with pytest.raises(ProgrammingError), scope(1):
        Authenticator.objects.exists()


@pytest.mark.parametrize("scope", [scopes.staff, scopes.worker])
def test_neither_staff_nor_jobs_read_a_factor(global_admin, recovery_codes, scope):
    with pytest.raises(ProgrammingError), scope():
        Authenticator.objects.exists()


def test_a_persons_scope_knows_of_the_own_factor_and_reads_no_secret(global_admin, recovery_codes, reader):
    with scopes.person(reader.pk):
        assert Authenticator.objects.values_list("type", flat=True).count() == 0
    with scopes.person(global_admin.pk):
        assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT data FROM mfa_authenticator")
