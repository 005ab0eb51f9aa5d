"""What gives somebody power asks for a sign-in that is only minutes old (T46), by all that the person has (T47)."""

import time
from collections.abc import Callable
from functools import wraps

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from subscriptions.db import scopes
from subscriptions.models import User
from subscriptions.web.responses import see_other

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def signed_in_recently(request) -> bool:
    """Whether this session's last proof of identity, a sign-in or its repetition, is young enough.

    Of a person with a second factor only that one counts: a password alone, however young, is half a proof.
    """
    proofs = get_authentication_records(request, request.user)
    if _is_young([proof for proof in proofs if proof["method"] == "mfa"]):
        return True
    return _is_young(proofs) and not has_second_factor(request.user)


def _is_young(proofs: list[dict]) -> bool:
    return bool(proofs) and time.time() - proofs[-1]["at"] < settings.STEP_UP_SECONDS


def has_second_factor(user: User) -> bool:
    """Asked in the person's own scope, as an organisation's knows nothing of it."""
    with scopes.person(user.pk):
        return is_mfa_enabled(user, SECOND_FACTORS)


def path_to_confirm(back: str) -> str:
    """The page that asks for the password again, or leads on to that of the second factor, and leads back."""
    return f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}"


def to_confirm(back: str) -> HttpResponse:
    """Instead of the act: it is never done afterwards by itself, but the page is shown again."""
    return see_other(path_to_confirm(back))


def needs_recent_sign_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page that is not even shown without one."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        return view(request, *args, **kwargs) if signed_in_recently(request) else to_confirm(request.path)

    return inner
