"""What was typed into an act's form outlives an ended session: it is shown again after the sign-in, and nothing else.

Kept is one form a browser, for half an hour, where its seal says that it was drawn for this page and person, and only
in an encrypted row whose key is in a cookie. Nothing of it is validated, looked up or done before it is sent again.
"""

import hashlib
import json
import secrets
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.http import HttpResponse, QueryDict

from subscriptions.base.ciphers import cipher_for
from subscriptions.db import scopes
from subscriptions.db.bookkeeping import beside_the_act
from subscriptions.db.limits import TooManyRequests, count_request, limits_of
from subscriptions.models import KeptForm
from subscriptions.models.requests.kept_form import KEPT_FOR
from subscriptions.web.seals import read_seal

COOKIE = "__Host-kept" if settings.SECURE else "kept"
MOST_BYTES = 64 * 1024
PURPOSE = "kept form"


def keep_form(request: Any, response: HttpResponse, *, page_url: str) -> bool:
    """Keeps what this request has sent to be shown on that page, for who is signed in, else for whom it was drawn;
    False where its seal does not say so, or where too much was kept for that person of late.
    """
    seal = read_seal(request.POST)
    sent = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    content = json.dumps(sent).encode()
    if seal is None or seal.page_url != page_url or request.FILES or len(content) > MOST_BYTES:
        return False
    owner = request.user.pk or seal.user_id
    try:
        count_request(*limits_of("kept-form", person=owner))
    except TooManyRequests:
        return False
    secret = secrets.token_urlsafe(32)
    _insert(owner, _hash(page_url), secret, cipher_for(PURPOSE, salt=secret.encode()).encrypt(content))
    response.set_cookie(
        COOKIE,
        f"{owner}.{secret}",
        max_age=int(KEPT_FOR.total_seconds()),
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
    return True


def _insert(user_id: int, page: str, secret: str, content: bytes) -> None:
    """Plain SQL: without a scope the login may add rows, and read none back."""
    with scopes.nobody(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO subscriptions_keptform (token, user_id, page, content, created)"
            " VALUES (%s, %s, %s, %s, clock_timestamp())",
            [_hash(secret), user_id, page, content],
        )


def take_form(request: Any, *, page_url: str) -> QueryDict | None:
    """What this person had typed on that page in this browser; it is there once."""
    user_id, secret = _read_cookie(request)
    if user_id != request.user.pk:
        return None
    with scopes.person(user_id):
        rows = KeptForm.objects.filter(token=_hash(secret), user_id=user_id, page=_hash(page_url))
        row = rows.filter(created__gt=Now() - KEPT_FOR).first()
        if row is None:
            return None
        with beside_the_act("kept form"):
            row.delete()
    try:
        sent = json.loads(cipher_for(PURPOSE, salt=secret.encode()).decrypt(bytes(row.content)))
    except InvalidToken:
        return None
    typed = QueryDict(mutable=True)
    for name, values in sent.items():
        typed.setlist(name, values)
    return typed


def is_typed(sent: Any) -> bool:
    """Whether that form asked for anything; a button alone has nothing that could be kept."""
    seal = read_seal(sent)
    return seal is not None and seal.is_typed


def forget_form(request: Any, *, but_of: int | None = None) -> None:
    """Nobody finds there what another person typed: at sign-out, and when somebody else signs in."""
    user_id, secret = _read_cookie(request)
    if user_id and user_id != but_of:
        with scopes.person(user_id):
            KeptForm.objects.filter(token=_hash(secret), user_id=user_id).delete()


def _read_cookie(request: Any) -> tuple[int, str]:
    owner, _dot, secret = request.COOKIES.get(COOKIE, "").partition(".")
    return (int(owner), secret) if owner.isascii() and owner.isdigit() and len(owner) < 18 else (0, "")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
