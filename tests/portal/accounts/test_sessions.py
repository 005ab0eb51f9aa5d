"""Sessions: their id changes with each proof, they end by themselves, and with what the account rests on."""

import pytest
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.test import Client
from psycopg import sql

from portal.accounts.sessions import SEEN_EVERY
from subscriptions.web.sessions import SEEN, SIGNED_IN
from tests.factories import PASSWORD
from tests.personas import code_of, make_second_factor
from tests.portal.faults.client import held
from tests.portal.faults.test_read_only import become_read_only
from tests.post_office import mails_about_accounts, send_account_mails

CHANGE, HOME, MINUTE, HOUR = "/accounts/password/change/", "/", 60, 60 * 60
APP = "/accounts/2fa/totp/"


def session_id(client: Client) -> str:
    return client.cookies["session"].value


def with_id(key: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["session"] = key
    return client


def is_signed_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def make_older(client: Client, **seconds: float) -> None:
    session = client.session
    for name, ago in seconds.items():
        session[name] -= ago
    session.save()


def test_the_id_changes_at_the_sign_in_and_the_old_one_is_nobody(global_admin, anonymous):
    anonymous.get("/offers/a-link/")
    before = anonymous.cookies.get("session")
    anonymous.post("/accounts/sign-in/", {"login": global_admin.email, "password": PASSWORD})
    assert before is None or session_id(anonymous) != before.value
    assert is_signed_in(anonymous)


def test_a_cookie_that_nobody_was_given_is_nobody(global_admin, anonymous):
    """Also one with what no database takes, quoted as cookies may be."""
    for key in ('"' + "\\000" * 32 + '"', '"' + "\\303\\251" * 16 + '"', "a" * 5000, "'; --" * 8):
        answer = anonymous.get(HOME, headers={"cookie": f"session={key}"})
        assert (answer.status_code, "sign-in" in answer.url) == (302, True)


def test_it_changes_again_when_the_password_is_confirmed(global_admin, sign_in):
    client = sign_in(global_admin)
    before = session_id(client)
    assert client.post("/accounts/confirm/", {"password": PASSWORD}).status_code == 302
    assert session_id(client) != before
    assert (is_signed_in(client), is_signed_in(with_id(before))) == (True, False)


def test_and_when_a_code_is(clock, global_admin, sign_in):
    make_second_factor(global_admin)
    client = sign_in(global_admin)
    before = session_id(client)
    assert client.post("/accounts/2fa/reauthenticate/", {"code": code_of()}).status_code == 302
    assert (is_signed_in(client), is_signed_in(with_id(before))) == (True, False)


def test_signing_out_clears_what_the_browser_keeps_and_a_sign_in_works_at_once(global_admin, sign_in):
    client = sign_in(global_admin)
    before = session_id(client)
    answer = client.post("/accounts/sign-out/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert not is_signed_in(with_id(before))
    client.cookies.clear()
    client.post("/accounts/sign-in/", {"login": global_admin.email, "password": PASSWORD})
    assert is_signed_in(client)


def test_nothing_else_clears_it(global_admin, sign_in, anonymous):
    answers = [anonymous.get("/accounts/sign-in/"), sign_in(global_admin).get("/accounts/sign-out/")]
    assert [answer.headers.get("Clear-Site-Data") for answer in answers] == [None, None]


@pytest.mark.parametrize(
    ("name", "ago", "is_in"),
    [
        (SEEN, 29 * MINUTE, True),
        (SEEN, 31 * MINUTE, False),
        (SIGNED_IN, 12 * HOUR - MINUTE, True),
        (SIGNED_IN, 12 * HOUR + 1, False),
    ],
)
def test_a_session_ends_unused_after_30_minutes_and_used_after_12_hours(name, ago, is_in, global_admin, sign_in):
    client = sign_in(global_admin)
    before = session_id(client)
    make_older(client, **{name: ago})
    assert is_signed_in(client) == is_in
    assert is_signed_in(with_id(before)) == is_in


@pytest.mark.parametrize(
    ("name", "ago", "is_in"),
    [
        (SEEN, 14 * MINUTE, True),
        (SEEN, 16 * MINUTE, False),
        (SIGNED_IN, 8 * HOUR - MINUTE, True),
        (SIGNED_IN, 8 * HOUR + 1, False),
    ],
)
def test_that_of_staff_after_15_minutes_and_8_hours(name, ago, is_in, staff, sign_in):
    client = sign_in(staff)
    make_older(client, **{name: ago})
    assert (client.get("/staff/").status_code == 200) == is_in


def test_who_goes_on_working_stays_signed_in(global_admin, sign_in):
    client = sign_in(global_admin)
    for _time in range(3):
        make_older(client, **{SEEN: 20 * MINUTE})
        assert is_signed_in(client)


def test_a_session_of_which_nobody_knows_the_begin_is_over(global_admin, sign_in):
    client = sign_in(global_admin)
    session = client.session
    del session[SIGNED_IN]
    session.save()
    assert not is_signed_in(client)


def test_when_it_was_last_used_is_written_once_a_minute(global_admin, sign_in, django_assert_num_queries):
    client = sign_in(global_admin)
    before = client.session[SEEN]
    client.get(HOME)
    assert client.session[SEEN] == before
    make_older(client, **{SEEN: SEEN_EVERY})
    client.get(HOME)
    assert client.session[SEEN] > before - 1


def test_a_table_of_sessions_that_cannot_be_written_changes_no_answer(global_admin, sign_in, caplog):
    client, late = sign_in(global_admin), sign_in(global_admin)
    make_older(client, **{SEEN: 5 * MINUTE})
    make_older(late, **{SEEN: HOUR})
    become_read_only()
    assert is_signed_in(client)
    assert late.get(HOME).url == "/accounts/sign-in/?next=/"
    told = [record.msg["what"] for record in caplog.records if record.name == "portal.bookkeeping"]
    assert told == ["last seen", "ended session"]


def test_a_changed_password_ends_the_other_sessions(global_admin, sign_in, mailoutbox):
    client, other = sign_in(global_admin), sign_in(global_admin)
    new = {"oldpassword": PASSWORD, "password1": "another-horse-2026", "password2": "another-horse-2026"}
    assert client.post(CHANGE, new).status_code == 302
    assert (is_signed_in(client), is_signed_in(other)) == (True, False)


def turn_on(client: Client) -> None:
    client.get(f"{APP}activate/")
    assert client.post(f"{APP}activate/", {"code": code_of(client.session[SECRET_SESSION_KEY])}).status_code == 302


def test_an_app_turned_on_or_off_and_new_codes_end_the_other_sessions_and_are_told(
    clock, global_admin, sign_in, mailoutbox
):
    client = sign_in(global_admin)
    acts = [
        lambda: turn_on(client),
        lambda: client.post("/accounts/2fa/recovery-codes/generate/"),
        lambda: client.post(f"{APP}deactivate/"),
    ]
    for act in acts:
        global_admin.refresh_from_db()
        other = sign_in(global_admin)
        assert is_signed_in(other)
        act()
        assert (is_signed_in(client), is_signed_in(other)) == (True, False)
    send_account_mails()
    assert mails_about_accounts() == [("app-on", "sent"), ("recovery-codes-new", "sent"), ("app-off", "sent")]
    assert {mail.to[0] for mail in mailoutbox} == {"Gloria Admin <admin@alpha.example>"}


@pytest.mark.django_db(transaction=True)
def test_a_held_row_of_the_session_delays_nobody_for_long(global_admin, sign_in):
    client = sign_in(global_admin)
    make_older(client, **{SEEN: 5 * MINUTE})
    with held(sql.SQL("LOCK TABLE django_session IN EXCLUSIVE MODE")):
        assert is_signed_in(client)
