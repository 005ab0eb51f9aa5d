"""When a session begins, is proved anew, and ends by itself."""

import time

from allauth.account.signals import authentication_step_completed
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.models import Session
from django.dispatch import receiver

from subscriptions.db.bookkeeping import beside_the_act
from subscriptions.web.kept_forms import forget_form
from subscriptions.web.sessions import SEEN, SIGNED_IN, is_over

SEEN_EVERY = 60  # seconds; how exactly it is kept when a session was last used


@receiver(user_logged_in)
def begin(request, user, **kwargs) -> None:
    forget_form(request, but_of=user.pk)
    request.session[SIGNED_IN] = request.session[SEEN] = time.time()


@receiver(user_logged_out)
def forget_own_form(request, user, **kwargs) -> None:
    if user is not None:  # somebody was signed in
        forget_form(request)


@receiver(authentication_step_completed)
def change_id(request, *, reauthenticated=False, **kwargs) -> None:
    """Who had taken the id of before has nothing of the power that was just proved."""
    if reauthenticated:
        request.session.cycle_key()


class SessionEndMiddleware:
    """Nobody is signed in any more whose session was not used for a while, or began too long ago."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            if is_over(request.session, request.user):
                _end(request)
            elif time.time() - request.session[SEEN] >= SEEN_EVERY:
                _keep_seen(request.session)
        return self.get_response(request)


def _end(request) -> None:
    """Over even where its row cannot be removed: it stays as old as it is."""
    ended, request.session = request.session, type(request.session)()
    request.user = AnonymousUser()
    with beside_the_act("ended session"):
        ended.delete()


def _keep_seen(session) -> None:
    """Before the page, so that nothing of another request is written over; a session that is gone stays so."""
    changed = session.modified
    session[SEEN] = time.time()
    with beside_the_act("last seen"):
        row = Session.objects.filter(session_key=session.session_key)
        row.update(session_data=session.encode(dict(session.items())), expire_date=session.get_expiry_date())
    session.modified = changed
