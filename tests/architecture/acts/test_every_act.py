"""Every act of the registry is walked: its page, what is wrong, what has changed, a second sending.

How each is done stands in walked_acts*.py; test_every_act_interrupted.py tells what may come between.
"""

from pprint import pformat

import pytest
from django.http import HttpResponse
from django.test import Client

from subscriptions.web.answers import REOPEN
from tests.architecture.acts.walked import WALKS, Walked, as_expected, changed_since, count_events, registry, wrongs
from tests.architecture.acts.walked_acts import ORDER_NUMBER
from tests.architecture.acts.walks import NO_KEY, NOT_OFFERED, Fields, World, form_on, shown
from tests.architecture.addresses.test_url_matrix import everything

# The answer to a look-up, which takes a form of any age
OF_ANY_AGE = {"partners:partner-of-record-check", "checkout:partner-check"}
# Only the banner of an act before them has their buttons; the journeys press these
IN_A_BANNER = {"checkout:buy-only", "subscriptions:undo"}
# A preview of an act on many binds nobody: a second sending makes another, and one that is old is shown anew
PREVIEWS = {"subscriptions_bulkact", "subscriptions_bulkline", "subscriptions_bulkrow", "subscriptions_jointact"}


def done_since(before: dict[str, str]) -> set[str]:
    return changed_since(before) - PREVIEWS


@pytest.fixture
def world(db) -> World:
    return World()


def test_every_act_is_in_the_table():
    assert {address.name for address in registry()} == set(WALKS) | IN_A_BANNER


def test_a_get_of_its_address_shows_its_page_or_leads_there(world):
    def ask(one: Walked, client: Client) -> dict:
        answer = client.get(one.url)
        if answer.status_code == 302:
            answer = client.get(answer.url) if answer.url == one.page_url else answer
        form_on(answer, one.url)
        return as_expected(status=(answer.status_code, 200), leads=(bool(one.act.page), one.page_url != one.url))

    before = everything()
    assert (wrong := wrongs(world, ask)) == {}, pformat(wrong)
    assert everything() == before


def test_what_is_wrong_is_refused_with_what_was_typed(world, settings):
    settings.LIMITS = {"check-id": {"person": (1000, 60)}}

    def ask(one: Walked, client: Client) -> dict:
        form, before = one.form(client) | one.wrong, everything()
        answer = client.post(one.url, form)
        said = as_expected(status=(answer.status_code, one.walk.refused), done=(done_since(before), set()))
        kept = {name: value for name, value in (one.typed | one.wrong).items() if value not in (NO_KEY, NOT_OFFERED)}
        return said | (shown(form_on(answer, one.url), kept) if kept and answer.status_code == 422 else {})

    assert (wrong := wrongs(world, ask, which=lambda one: bool(one.wrong))) == {}, pformat(wrong)


def has_version(one: Walked) -> bool:
    return "version" in one.act.form_class.base_fields and one.act.name not in OF_ANY_AGE


def reopened(one: Walked, client: Client, answer: HttpResponse) -> Fields:
    """The form once more, on the page itself or behind its button."""
    form = form_on(answer, one.url)
    if f'name="{REOPEN}"' in answer.content.decode():
        form = form_on(client.post(one.url, form | {REOPEN: "yes"}), one.url)
    return form


def test_what_has_changed_meanwhile_is_a_conflict_with_what_was_typed(world):
    def ask(one: Walked, client: Client) -> dict:
        form, before = one.form(client), everything()
        if form.get("version", [""]) == [""]:  # of what is made new
            return {}
        answer = client.post(one.url, form | {"version": "4711"})
        said = as_expected(status=(answer.status_code, 409), done=(done_since(before), set()))
        if one.act.is_secret:
            return said | as_expected(repeated=(ORDER_NUMBER in answer.content.decode(), False))
        if one.act.page:
            return said
        typed = {name: value for name, value in one.typed.items() if name not in one.walk.forgets}
        return said | (shown(reopened(one, client, answer), typed) if typed else {})

    assert (wrong := wrongs(world, ask, which=has_version)) == {}, pformat(wrong)


def test_a_second_sending_is_answered_as_the_first_and_done_once(world, settings):
    """With another content its key is a conflict."""
    settings.LIMITS = {"check-id": {"person": (1000, 60)}}

    def ask(one: Walked, client: Client) -> dict:
        form, events = one.form(client), count_events()
        first = client.post(one.url, form)
        after = everything()
        said = as_expected(
            status=(first.status_code, one.walk.answer), events=(count_events() - events, one.walk.events)
        )
        second = client.post(one.url, form)
        said |= as_expected(
            again=(second.status_code, first.status_code),
            once=(done_since(after), set()),
        )
        if not one.act.is_keyed:  # its address may carry the moment at which something was looked up
            return said
        said |= as_expected(leads=(second.headers.get("Location"), first.headers.get("Location")))
        other = client.post(one.url, form | {"other": "content"})
        return said | as_expected(other=(other.status_code, one.walk.reused), not_done=(done_since(after), set()))

    assert (wrong := wrongs(world, ask)) == {}, pformat(wrong)
