"""What the database did to a request: judged in one place, and the log says what was answered."""

import logging

import structlog
from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.contrib.messages.storage import default_storage
from django.db import Error
from django.dispatch import receiver
from django.utils.functional import SimpleLazyObject
from django_structlog.middlewares import RequestMiddleware
from django_structlog.signals import bind_extra_request_failed_metadata

from portal.errors import READING, fault_page, status_of
from subscriptions.db.faults import Fault, fault_of

log = structlog.get_logger("portal.faults")
LINES = logging.getLogger("django_structlog.middlewares.request")
TRIES = 3  # of a page that only reads; each may wait for a lock as long as the login's lock_timeout


class RequestLogMiddleware(RequestMiddleware):
    """Around the session too, so that its line tells the answer; it asks the database nothing about the person.

    Its address is the one by which attempts are counted: what a visitor writes into a header is none.
    """

    @classmethod
    def bind_ip(cls, request) -> None:
        structlog.contextvars.bind_contextvars(ip=get_client_ip(request))

    @staticmethod
    def bind_user_id(request) -> None:
        person = vars(request).get("user")
        if isinstance(person, SimpleLazyObject):
            person = vars(request).get("_cached_user")
        if person is not None:
            structlog.contextvars.bind_contextvars(user_id=person.pk)

    def handle_response(self, request, response) -> None:
        """Of a request that went well nothing is gathered for a line that nobody writes."""
        is_well = response.status_code < 400 and not hasattr(request, "_raised_exception")
        if is_well and not response.streaming and not LINES.isEnabledFor(logging.INFO):
            structlog.contextvars.clear_contextvars()
        else:
            super().handle_response(request, response)


@receiver(bind_extra_request_failed_metadata)
def tell_the_answer(request, exception, log_kwargs, **_) -> None:
    """The line of a failure says 500 of itself."""
    log_kwargs["code"] = status_of(request, fault_of(exception))


class DatabaseFaultsMiddleware:
    """Answers a fault of the database; a page that only reads is first tried again where somebody held a lock."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        before = vars(request).copy()
        for _ in range(TRIES if request.method in READING else 1):
            vars(request).clear()
            vars(request).update(before)
            response = self._tried(request)
            if getattr(response, "fault", None) is not Fault.LOCKED:
                break
            before["session"] = request.session  # as the browser brought it
        if hasattr(response, "fault"):
            _log_fault(request, response)
        return response

    def _tried(self, request):
        try:
            structlog.contextvars.bind_contextvars(user_id=request.user.pk)
        except Error as error:
            return self.process_exception(request, error)
        return self.get_response(request)

    def process_exception(self, request, exception):
        fault = fault_of(exception)
        if fault is None:
            return None
        response = fault_page(request, fault)
        vars(response).update(fault=fault, reason=str(exception).partition("\n")[0])
        _forget(request)
        return response


def _forget(request) -> None:
    """What the view told the session and the next page was rolled back with the rest, or may have been."""
    request.session = type(request.session)(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    request._messages = default_storage(request)


def _log_fault(request, response) -> None:
    log.error(
        "database_fault",
        fault=response.fault.value,
        code=response.status_code,
        method=request.method,
        path=request.path,
        reason=response.reason,
    )
