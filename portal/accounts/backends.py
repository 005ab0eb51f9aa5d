"""Who a session belongs to, asked on every request."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db.models import BigIntegerField, CharField, DateTimeField, QuerySet
from django.utils import timezone

from subscriptions.base.known_queries import Argument, KnownQuery
from subscriptions.models import User


def _account() -> QuerySet[User]:
    return User.objects.filter(pk=Argument("key", BigIntegerField()))


def _session() -> QuerySet[Session]:
    now = Argument("now", DateTimeField())
    return Session.objects.filter(session_key=Argument("key", CharField()), expire_date__gt=now)


ACCOUNT, SESSION = KnownQuery(_account), KnownQuery(_session)


class AccountBackend(AuthenticationBackend):
    """Signs in as django-allauth does."""

    def get_user(self, user_id):
        user = ACCOUNT.first(key=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class SessionStore(DatabaseSessions):
    """Django's sessions in the database; a cookie that nobody was ever given is none of them, and not looked up."""

    def _get_session_from_db(self):
        key = self.session_key or ""
        session = SESSION.first(key=key, now=timezone.now()) if key.isascii() and key.isalnum() else None
        if session is None:
            self._session_key = None
        return session
