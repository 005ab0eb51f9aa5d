"""Passwords: how often one may be tried and how long it may be, and that nobody waits while one is hashed."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import MD5PasswordHasher, check_password
from django.db import connection, connections
from django.test import Client

from subscriptions.db import housekeeping, scopes
from subscriptions.models import RequestCounter, User
from tests.factories import PASSWORD, make_member
from tests.page import Page
from tests.post_office import send_account_mails

SIGN_IN, CHANGE, CONFIRM = "/accounts/sign-in/", "/accounts/password/change/", "/accounts/confirm/"
TOO_MANY = "Too many failed login attempts. Try again later."
TOO_LONG = "A password has at most 128 characters; this one has 5000."
LONGEST = ("pässword with 空格 and 🔑 " * 10)[:127] + "!"


def typed(email: str, password: str, client: Client | None = None):
    client = client or Client(headers={"accept-language": "en"})
    answer = client.post(SIGN_IN, {"login": email, "password": password})
    return client, answer


def at_once(attempts: list[tuple[str, str]]) -> list:
    def attempt(typed_in):
        try:
            return typed(*typed_in)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(attempt, attempts))


@pytest.mark.django_db(transaction=True)
def test_people_behind_one_address_who_sign_in_at_once_all_get_in(alpha):
    people = [make_member(tenant=alpha, email=f"p{number}@alpha.example") for number in range(12)]
    answers = at_once([(person.email, PASSWORD) for person in people])
    assert [answer.status_code for _client, answer in answers] == [302] * 12
    assert {client.session[SESSION_KEY] for client, _answer in answers} == {str(person.pk) for person in people}


@pytest.mark.django_db(transaction=True)
def test_of_thirty_wrong_passwords_at_once_five_are_looked_at(global_admin):
    answers = at_once([(global_admin.email, "a-wrong-password")] * 30)
    too_many = [TOO_MANY in answer.content.decode() for _client, answer in answers]
    assert (too_many.count(True), too_many.count(False)) == (25, 5)
    _client, late = typed(global_admin.email, PASSWORD)
    assert TOO_MANY in late.content.decode()


def test_right_passwords_of_an_address_do_not_count_and_wrong_ones_do(alpha, global_admin):
    for _time in range(12):
        assert typed(global_admin.email, PASSWORD)[1].status_code == 302
    for number in range(10):
        assert TOO_MANY not in typed(f"nobody{number}@alpha.example", "wrong")[1].content.decode()
    assert TOO_MANY in typed(global_admin.email, PASSWORD)[1].content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_counter_that_counts_nothing_is_removed_at_night(global_admin):
    typed(global_admin.email, PASSWORD)
    with scopes.worker():
        assert (housekeeping.remove_counters(), RequestCounter.objects.count()) == (1, 0)


@pytest.fixture
def hashed_in(monkeypatch) -> list[bool]:
    """Of each hash that was made, whether a transaction was open."""
    seen, encode = [], MD5PasswordHasher.encode

    def watched(*arguments, **named):
        seen.append(connection.in_atomic_block)
        return encode(*arguments, **named)

    monkeypatch.setattr(MD5PasswordHasher, "encode", watched)
    return seen


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_password_is_hashed(global_admin, hashed_in, mailoutbox):
    typed("nobody@alpha.example", PASSWORD)
    client, _answer = typed(global_admin.email, PASSWORD)
    assert client.post(CONFIRM, {"password": PASSWORD}).status_code == 302
    new = {"password1": "another-horse-2026", "password2": "another-horse-2026"}
    assert client.post(CHANGE, new | {"oldpassword": PASSWORD}).status_code == 302
    client.post("/accounts/password/reset/", {"email": global_admin.email})
    send_account_mails()
    path = next(word for mail in mailoutbox for word in mail.body.split() if "/reset/key/" in word)
    page = Client().get(path, follow=True)
    assert page.client.post(page.redirect_chain[-1][0], new).status_code == 302
    assert len(hashed_in) >= 6
    assert set(hashed_in) == {False}


def test_a_wrong_password_is_answered_alike_whether_there_is_an_account(global_admin, hashed_in):
    shown = []
    for email in (global_admin.email, "nobody@alpha.example"):
        _client, answer = typed(email, "a-wrong-password")
        shown.append((answer.status_code, Page(answer).errors, len(hashed_in)))
        hashed_in.clear()
    assert shown[0] == shown[1]
    assert shown[0][2] == 1


@pytest.mark.parametrize("path", [SIGN_IN, CONFIRM, CHANGE])
def test_a_password_of_5_kb_is_refused_in_words_before_it_is_hashed(path, global_admin, sign_in, anonymous):
    long, client = "x" * 5000, anonymous if path == SIGN_IN else sign_in(global_admin)
    fields = {"login": global_admin.email, "password": long, "oldpassword": PASSWORD}
    began = time.monotonic()
    page = Page(client.post(path, fields | {"password1": long, "password2": long}))
    assert (page.status, TOO_LONG in page.text) == (422, True)
    assert time.monotonic() - began < 2


def test_128_characters_with_spaces_and_unicode_are_accepted(global_admin, sign_in):
    assert len(LONGEST) == 128
    fields = {"oldpassword": PASSWORD, "password1": LONGEST, "password2": LONGEST}
    assert sign_in(global_admin).post(CHANGE, fields).status_code == 302
    assert check_password(LONGEST, User.objects.get(pk=global_admin.pk).password)
    assert typed(global_admin.email, LONGEST)[1].status_code == 302


@pytest.mark.parametrize("weak", ["11character", "password1234", "admin@alpha.example"])
def test_a_weak_password_is_refused_to_who_changes_it(weak, global_admin, sign_in):
    fields = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    assert Page(sign_in(global_admin).post(CHANGE, fields)).errors
    assert check_password(PASSWORD, User.objects.get(pk=global_admin.pk).password)


def test_who_has_chosen_a_new_password_by_the_link_is_not_kept_out_by_wrong_ones(global_admin, mailoutbox):
    for _time in range(5):
        typed(global_admin.email, "a-wrong-password")
    client = Client()
    client.post("/accounts/password/reset/", {"email": global_admin.email})
    send_account_mails()
    path = next(word for word in mailoutbox[0].body.split() if "/reset/key/" in word)
    form = client.get(path, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": LONGEST, "password2": LONGEST})
    assert typed(global_admin.email, LONGEST)[1].status_code == 302
