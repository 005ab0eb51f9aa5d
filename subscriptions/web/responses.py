"""Answers that several views give alike."""

from collections.abc import Iterable, Iterator
from typing import cast

from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse

from subscriptions.db.limits import TooManyRequests
from subscriptions.verdicts import Page, Verdict

NOT_NOW, RETRY_SECONDS = 503, 60


class SeeOther(HttpResponseRedirect):
    status_code = 303


def address_of(page: Page) -> str:
    return reverse(page.name, args=page.of)


def see_other(url: str) -> HttpResponse:
    """After a POST: the page that shows what it did."""
    return SeeOther(url)


def refused(request, verdict: Verdict) -> HttpResponse:
    """Why an act is not possible, and what to do next; an act that was tried tells where it stands."""
    page = getattr(request, "refusal_template", "portal/refused.html")  # that of the place where it was tried
    template = "_refusal.html" if getattr(request, "htmx", False) else page
    context = {"verdict": verdict, **getattr(request, "way_back", {})}
    response = TemplateResponse(request, template, context, status=verdict.code.status)
    if verdict.code.status == NOT_NOW:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def too_many_requests(request, refusal: TooManyRequests) -> HttpResponse:
    """In place only a sentence, as the page still has what was typed; as a page the same request once more."""
    part = request.htmx and request.htmx.target
    template = "_too_many_requests.html" if part else "portal/too_many_requests.html"
    response = render(request, template, {"retry_after": refusal.retry_after, "sent": _sent(request)}, status=429)
    response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _sent(request) -> list[tuple[str, list[str]]]:
    fields = request.POST if request.method == "POST" else request.GET
    return [(name, values) for name, values in fields.lists() if name != "csrfmiddlewaretoken"]


def begun(response: StreamingHttpResponse) -> StreamingHttpResponse:
    """Its first part is made now, so that what fails there can still be answered otherwise."""
    parts = iter(cast(Iterable[bytes], response.streaming_content))
    response.streaming_content = _resumed(next(parts, b""), parts)
    return response


def _resumed(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others
