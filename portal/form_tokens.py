"""The token of the forms of a page: Django's own, which its middleware checks, masked with fewer calls."""

from secrets import token_bytes

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, get_token

MANY = len(CSRF_ALLOWED_CHARS)  # 62: of 256 values of a byte the last 8 would make some of these more frequent
EVEN = 256 - 256 % MANY
AS_LETTER = bytes(ord(CSRF_ALLOWED_CHARS[value % MANY]) for value in range(256))
LEFT_OUT = bytes(range(EVEN, 256))
PLACES = {letter: place for place, letter in enumerate(CSRF_ALLOWED_CHARS)}
KEY = "CSRF_COOKIE"


def form_token(request: HttpRequest) -> str:
    """Another one each time, as the length of a compressed page must not tell it: see decision 0033."""
    secret = request.META.get(KEY)
    if secret is None:
        return get_token(request)  # which makes the secret
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    return masked(secret)


def masked(secret: str) -> str:
    """A random mask, and the secret moved by it, letter by letter."""
    mask = _random_letters()
    return mask + "".join([CSRF_ALLOWED_CHARS[(PLACES[a] + PLACES[b]) % MANY] for a, b in zip(secret, mask)])  # noqa: B905


def _random_letters() -> str:
    """Each as likely as any other."""
    letters = b""
    while len(letters) < CSRF_SECRET_LENGTH:
        letters += token_bytes(2 * CSRF_SECRET_LENGTH).translate(AS_LETTER, LEFT_OUT)
    return letters[:CSRF_SECRET_LENGTH].decode()
