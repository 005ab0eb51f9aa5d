"""How long a session lasts, and what ends others."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.db.models import F
from django.http import HttpResponse

from subscriptions.models import User

SIGNED_IN, SEEN = "signed_in_at", "seen_at"  # in the session, in seconds since 1970


def is_over(session: Any, user: User) -> bool:
    """Also where nobody knows when it began."""
    idle, most = settings.STAFF_SESSION_SECONDS if user.is_staff else settings.SESSION_SECONDS
    now = time.time()
    return now - session.get(SEEN, 0) >= idle or now - session.get(SIGNED_IN, 0) >= most


def end_other_sessions(request: Any) -> None:
    """All of this person but this one, whose id changes."""
    User.objects.filter(pk=request.user.pk).update(session_generation=F("session_generation") + 1)
    request.user.refresh_from_db(fields=["session_generation"])
    update_session_auth_hash(request, request.user)


def clear_site_data(response: HttpResponse) -> HttpResponse:
    """The browser of who signs out keeps nothing of the portal."""
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
