"""Recovery codes are shown once, until the person has kept them, and to nobody else."""

import pytest

from tests.page import Page
from tests.personas import (
    PERIOD,
    code_of,
    make_second_factor,
    prove_identity,
    type_code,
    typed_password,
    unused_codes,
)

pytestmark = pytest.mark.usefixtures("clock")
CODES, NEW, FILE = (f"/accounts/2fa/recovery-codes/{end}" for end in ("", "generate/", "download/"))
NOT_KEPT = "You have not confirmed that you kept these codes."


@pytest.fixture
def session(global_admin, clock):
    """Somebody with an app who has just made new codes."""
    make_second_factor(global_admin)
    client = typed_password(global_admin)
    type_code(client, code_of())
    clock.shift(PERIOD)
    assert client.post(NEW).url == CODES
    return client


def shows(answer, codes: list[str]) -> bool:
    """All of them or none; some would be a fault of its own."""
    seen = {code in answer.content.decode() for code in codes}
    assert len(seen) == 1
    return seen.pop()


def test_they_are_shown_until_the_person_says_to_have_kept_them_and_never_again(session, global_admin):
    codes = unused_codes(global_admin)
    assert len(codes) == 10
    page = session.get(CODES)
    assert (page.status_code, shows(page, codes), "no-store" in page["Cache-Control"]) == (200, True, True)
    assert session.post(FILE).content.decode().split() == codes
    assert shows(session.get(CODES), codes)
    done = session.post(CODES, {"kept": "on"})
    assert (done.status_code, done.url) == (303, "/account/")
    page = session.get(CODES)
    assert not shows(page, codes)
    assert "10 of 10 can still be used" in Page(page).text
    assert NOT_KEPT not in Page(page).text
    late = session.post(FILE)
    assert (late.status_code, late.url, shows(late, codes)) == (303, CODES, False)
    assert unused_codes(global_admin) == codes


def test_without_the_tick_they_stay_and_the_page_says_what_is_missing(session, global_admin):
    answer = session.post(CODES, {})
    assert (answer.status_code, Page(answer).errors) == (422, ["Confirm that you have kept the codes."])
    assert shows(answer, unused_codes(global_admin))


def test_kept_twice_is_kept_once(session):
    assert session.post(CODES, {"kept": "on"}).url == "/account/"
    again = session.post(CODES, {"kept": "on"})
    assert (again.status_code, again.url) == (303, CODES)


def test_another_session_of_the_same_person_sees_none_and_is_told_that_they_were_not_kept(session, global_admin):
    codes = unused_codes(global_admin)
    other = typed_password(global_admin)
    type_code(other, code_of())
    page = other.get(CODES)
    assert (page.status_code, shows(page, codes), NOT_KEPT in Page(page).text) == (200, False, True)
    assert other.post(FILE).url == CODES
    assert shows(session.get(CODES), codes)


def test_after_fifteen_minutes_they_are_shown_no_more(session, global_admin, clock):
    codes = unused_codes(global_admin)
    clock.shift(14 * 60 + 59 - PERIOD)
    prove_identity(session, ago=0)
    session.post("/accounts/2fa/reauthenticate/", {"code": code_of()})
    assert shows(session.get(CODES), codes)
    clock.shift(1 + PERIOD)
    page = session.get(CODES)
    assert (page.status_code, shows(page, codes), NOT_KEPT in Page(page).text) == (200, False, True)


def test_new_ones_are_shown_in_place_of_those_that_were_kept(session, global_admin, clock):
    former = unused_codes(global_admin)
    session.post(CODES, {"kept": "on"})
    assert session.post(NEW).url == CODES
    codes = unused_codes(global_admin)
    page = session.get(CODES)
    assert (shows(page, codes), shows(page, former)) == (True, False)


def test_a_sign_in_of_long_ago_sees_none_and_still_says_that_they_are_kept(session, global_admin, clock):
    codes = unused_codes(global_admin)
    clock.shift(301)
    for answer in (session.get(CODES), session.post(FILE), session.post(CODES, {})):
        assert answer.url.startswith("/accounts/confirm/")
        assert not shows(answer, codes)
    assert session.post(CODES, {"kept": "on"}).url == "/account/"


def test_the_address_of_the_file_leads_to_the_page(session):
    assert session.get(FILE).url == CODES
