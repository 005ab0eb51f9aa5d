"""Each act of the registry is sent empty: what is missing is said in own words, once, at a field that can be seen."""

from pprint import pformat

import pytest
from django import forms
from django.core import validators
from django.test import Client

from tests.architecture.acts.walked import Walked, wrongs
from tests.architecture.acts.walks import World
from tests.page import inside, parse, words

ANSWERS = {200, 303, 404, 409, 422}  # done, as nothing was needed; or refused in words
HIDDEN = ("Key:", "Version:", "Seal:")  # fields that nobody can fill in


@pytest.fixture
def world(db) -> World:
    return World()


def library_sentences() -> set[str]:
    """What the library would say by itself, as far as it names nothing."""
    fields = [kind for kind in vars(forms).values() if isinstance(kind, type) and issubclass(kind, forms.Field)]
    own = {str(said) for kind in fields for said in getattr(kind, "default_error_messages", {}).values()}
    rules = [kind for kind in vars(validators).values() if isinstance(kind, type)]
    checked = {str(getattr(kind, "message", "")) for kind in rules}
    return {said for said in own | checked if said and "%" not in said}


def summary_of(content: str) -> list[str]:
    boxes = parse(content).xpath("//*[contains(concat(' ', @class, ' '), ' error-summary ')]")
    return [words(line) for box in boxes for line in inside(box, "li")]


def said_of(answer) -> dict:
    content = answer.content.decode()
    lines = summary_of(content)
    text = words(parse(content)) if content else ""
    return {
        "status": answer.status_code in ANSWERS or answer.status_code,
        "once": len(lines) == len(set(lines)) or lines,
        "own": not [said for said in library_sentences() if said in text] or lines,
        "seen": not [line for line in lines if line.startswith(HIDDEN)] or lines,
    }


def without_anything(one: Walked, client: Client) -> dict:
    return said_of(client.post(one.url, {}))


def with_empty_boxes(one: Walked, client: Client) -> dict:
    """As a browser sends it, with nothing typed and nothing chosen."""
    opened = one.opened(client)
    return said_of(client.post(one.url, opened | dict.fromkeys({*one.typed, *one.wrong} - {"key"}, "")))


@pytest.mark.parametrize("sent", [without_anything, with_empty_boxes])
def test_what_is_missing_is_said_once_and_in_own_words(world, sent):
    assert "This field is required." in library_sentences()
    assert (wrong := wrongs(world, sent)) == {}, pformat(wrong)
