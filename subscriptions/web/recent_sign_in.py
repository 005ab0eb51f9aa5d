"""What gives power asks for a sign-in that is only minutes old, by all that the person has."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import BigIntegerField, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from subscriptions.access import Actor
from subscriptions.base.known_queries import Argument, KnownQuery
from subscriptions.db import scopes
from subscriptions.models import User
from subscriptions.models.people.membership import SECOND_FACTORS
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode
from subscriptions.web.responses import see_other


def prove(request) -> Actor:
    """Who acts, with the moment at which this session last proved that it is this person."""
    return replace(request.actor, proved_at=last_proof(request))


def last_proof(request) -> float | None:
    """When this session last proved who it is, by a sign-in or its repetition, in seconds since 1970.

    Of a person with a second factor only that one counts: a password alone, however young, is half a proof.
    """
    proofs = get_authentication_records(request, request.user)
    if not proofs:
        return None
    by_factor = [proof["at"] for proof in proofs if proof["method"] == "mfa"]
    if by_factor[-1:] == [proofs[-1]["at"]] or _has_second_factor(request):
        return by_factor[-1] if by_factor else None
    return proofs[-1]["at"]


def signed_in_recently(request) -> bool:
    at = last_proof(request)
    return at is not None and time.time() - at < settings.STEP_UP_SECONDS


def _has_second_factor(request) -> bool:
    """As it was read with who acts here; of somebody who is a member of nothing it is asked."""
    memberships = getattr(request, "memberships", ())
    return memberships[0].has_second_factor if memberships else has_second_factor(request.user)


def has_second_factor(user: User) -> bool:
    """Asked in the person's own scope, as an organization's knows nothing of it."""
    with scopes.reading_person(user.pk):
        return bool(FACTORS.rows(user=user.pk))


def _factors() -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user=Argument("user", BigIntegerField()), type__in=SECOND_FACTORS).only("pk")[
        :1
    ]


FACTORS = KnownQuery(_factors)


def needs_second_factor(user: User) -> bool:
    """Whether the account has to have one, for what it is."""
    return settings.STAFF_SECOND_FACTOR and user.is_staff


def may_turn_off(user: User) -> Verdict:
    """May this person give up the second factor?"""
    if not needs_second_factor(user):
        return ALLOWED
    return Verdict(
        code=VerdictCode.SECOND_FACTOR_NEEDED,
        reason=_("The operator's staff need a second factor, and this is the only one that you have."),
        next_step=_("To use another phone, ask for new recovery codes first, and keep one at hand."),
    )


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
