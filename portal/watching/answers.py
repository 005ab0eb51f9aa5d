"""What is answered to who watches: does the process live, is it ready to serve, and its numbers.

These addresses are for the machine itself and its own network. A request that came through a proxy is told that there
is nothing, so that a proxy which passes them on by mistake shows nothing either.
"""

from django.http import HttpResponse, JsonResponse
from django.utils import translation

from portal.fitness.findings import Group, State
from portal.fitness.table import fitness
from portal.version import VERSION
from portal.watching import metrics

NOT_READY = (State.ERROR, State.UNKNOWN)
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED")


def watched_answer(request, name: str) -> HttpResponse:
    answer = ANSWERS.get(name)
    if answer is None or request.method not in ("GET", "HEAD") or any(each in request.META for each in FORWARDED):
        return HttpResponse(status=404)
    response = answer()
    response.headers["Cache-Control"] = "no-store"
    return response


def _livez() -> HttpResponse:
    """The process answers; nothing else is asked, so that a database that is away restarts no process."""
    return HttpResponse("ok\n", content_type="text/plain")


def _readyz() -> HttpResponse:
    """From the table of staff's page *Fit to serve*. What is not right with the database takes no requests; a worker
    that is missing or mails that wait are said too, and turn no visitor away.
    """
    with translation.override("en"):
        rows = fitness().rows
        states = {row.check.code: row.finding.state.name.lower() for row in rows}
        is_ready = not any(row.check.group is Group.DATABASE and row.finding.state in NOT_READY for row in rows)
        standby = next(row.finding.sentence for row in rows if row.check.code == "standby")
    told = {"ready": is_ready, "version": VERSION, "checks": states, "standby": standby}
    return JsonResponse(told, status=200 if is_ready else 503)


def _metrics() -> HttpResponse:
    return HttpResponse(metrics.text(), content_type=metrics.CONTENT_TYPE)


ANSWERS = {"livez": _livez, "readyz": _readyz, "metrics": _metrics}
