"""Around every request: its ID, how long it took, and the addresses that only who watches the portal asks."""

import re
import time
from uuid import uuid4

import structlog
from django.conf import settings
from django.http import HttpResponse

from portal.watching import metrics
from portal.watching.answers import watched_answer

log = structlog.get_logger("portal.requests")
HEADER = "X-Request-ID"
KNOWN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class WatchMiddleware:
    """The first of all, so that an answer of any other has an ID too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request) -> HttpResponse:
        watched = settings.WATCH_PATH
        if watched and request.path.startswith(watched):
            return watched_answer(request, request.path.removeprefix(watched))
        request_id = _id_of(request)
        request.META["HTTP_X_REQUEST_ID"] = request_id  # as the log's lines have it
        began = time.perf_counter()
        database = metrics.DatabaseTime()
        with database.measured():
            response = self.get_response(request)
        response.headers[HEADER] = request_id
        seconds = time.perf_counter() - began
        _tell(request, response, request_id, seconds=seconds, in_database=database.seconds)
        if settings.DEMO:  # in production it would tell strangers what takes long
            times = {"db": database.seconds, "total": seconds}
            told = [f"{name};dur={taken * 1000:.1f}" for name, taken in times.items()]
            response.headers["Server-Timing"] = ", ".join(told)
        return response


def _id_of(request) -> str:
    """A proxy's own, where there is one; what a visitor writes into a header is none."""
    given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.BEHIND_PROXY else ""
    return given if KNOWN_ID.fullmatch(given) else str(uuid4())


def _tell(request, response: HttpResponse, request_id: str, *, seconds: float, in_database: float) -> None:
    if settings.WATCH_PATH:
        match = getattr(request, "resolver_match", None)
        view = match.view_name if match else "none"
        metrics.count_request(view, request.method, response.status_code, seconds=seconds, in_database=in_database)
        if read_from := getattr(request, "read_from", ""):
            metrics.STANDBY_READS.labels(read_from).inc()
    if settings.ACCESS_LOG:
        log.info(
            "request",
            request_id=request_id,
            method=request.method,
            path=request.path,
            status=response.status_code,
            milliseconds=round(seconds * 1000),
            database_milliseconds=round(in_database * 1000),
        )
