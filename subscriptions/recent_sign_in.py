"""What gives somebody power asks for a sign-in that is only minutes old (T46)."""

import time

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from subscriptions.responses import see_other


def signed_in_recently(request) -> bool:
    """Whether this session's last proof of identity, a sign-in or its repetition, is young enough."""
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < settings.STEP_UP_SECONDS


def path_to_confirm(back: str) -> str:
    """The page that asks for the password again and leads back to that page."""
    return f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}"


def to_confirm(back: str) -> HttpResponse:
    """Instead of the act: it is never done afterwards by itself, but the page is shown again."""
    return see_other(path_to_confirm(back))
