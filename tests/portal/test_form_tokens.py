"""The tokens of forms are those that Django's middleware takes."""

from collections import Counter

from django.middleware.csrf import (
    CSRF_ALLOWED_CHARS,
    CSRF_TOKEN_LENGTH,
    _does_token_match,
    _get_new_csrf_string,
    get_token,
)
from django.test import RequestFactory

from portal import form_tokens


def test_a_token_is_taken_for_its_secret_alone():
    secret, other = _get_new_csrf_string(), _get_new_csrf_string()
    tokens = [form_tokens.masked(secret) for _ in range(50)]
    assert all(len(token) == CSRF_TOKEN_LENGTH and _does_token_match(token, secret) for token in tokens)
    assert not any(_does_token_match(token, other) for token in tokens)


def test_no_two_tokens_have_anything_in_common():
    secret = _get_new_csrf_string()
    tokens = [form_tokens.masked(secret) for _ in range(50)]
    masks, moved = {token[:32] for token in tokens}, {token[32:] for token in tokens}
    assert len(masks) == len(moved) == len(tokens)
    assert secret not in masks | moved


def test_each_letter_is_as_likely_as_any_other():
    letters = bytes(range(256)).translate(form_tokens.AS_LETTER, form_tokens.LEFT_OUT).decode()
    assert Counter(letters) == dict.fromkeys(CSRF_ALLOWED_CHARS, 4)


def test_too_few_letters_are_filled_up(monkeypatch):
    given = iter([b"\xff" * 64, b"\xff" * 60 + b"abcd", bytes(64)])
    monkeypatch.setattr(form_tokens, "token_bytes", lambda _: next(given))
    assert len(form_tokens._random_letters()) == 32


def test_a_page_with_a_form_sends_the_cookie_again_and_the_first_one_makes_it():
    request = RequestFactory().get("/")
    first = form_tokens.form_token(request)
    secret = request.META["CSRF_COOKIE"]
    assert _does_token_match(first, secret)
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False
    assert _does_token_match(form_tokens.form_token(request), secret)
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]
    assert _does_token_match(get_token(request), secret)
