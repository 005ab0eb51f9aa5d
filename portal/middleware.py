"""What happens around every view: language, sign-in, refusals, and response headers."""

from typing import Any

import structlog
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import get_supported_language_variant
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from portal.addresses import local_path
from portal.errors import error_answer, is_for_programs, static_page
from portal.log_lines import left_out
from portal.watching.metrics import count_refusal
from subscriptions.audit import refusals
from subscriptions.db import standby
from subscriptions.db.bookkeeping import beside_the_act
from subscriptions.db.idempotency import KeyReused
from subscriptions.verdicts import Refused
from subscriptions.web.files.uploads import most_bytes, told_of_larger
from subscriptions.web.kept_forms import is_typed, keep_form
from subscriptions.web.own_writes import READING, remember_write
from subscriptions.web.responses import refused

log = structlog.get_logger("portal.access")
# What csp's decorators write on a response that has a policy of its own
OWN_POLICY = {f"_csp_{what}{of}" for what in ("config", "update", "replace", "exempt") for of in ("", "_ro")}
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
AUTHORIZATION_FAILURES = {403, 404}  # a 409 is about the state of things, not about the person


class BrowserLanguageMiddleware:
    """The language that the browser asks for, before anything speaks: the thread still has that of another person."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        asked = _language_of_browser(request)
        request.language_asked = bool(asked)
        request.browser_language = asked or settings.LANGUAGE_CODE
        translation.activate(request.browser_language)
        return self.get_response(request)


def _language_of_browser(request) -> str:
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return ""


class ContentPolicyMiddleware(CSPMiddleware):
    """The policy of a page that has nothing of its own to say is written once, and not for each page twice."""

    written: tuple[Any, str] | None = None  # with the setting of which it is

    def process_response(self, request, response):
        says_more = not OWN_POLICY.isdisjoint(vars(response)) or "_csp_nonce" in vars(request)
        if says_more or settings.DEBUG or HEADER in response:
            return super().process_response(request, response)
        policy = settings.CONTENT_SECURITY_POLICY
        if self.written is None or self.written[0] is not policy:
            response = super().process_response(request, response)
            self.written = policy, response[HEADER]
        response[HEADER] = self.written[1]
        return response


class RequestLimitsMiddleware:
    """Turns away what no page takes, before anything reads its body or asks the database."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in METHODS and not is_for_programs(request):
            return HttpResponseNotAllowed(METHODS)
        if _length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and not _brings_a_file(request):
            is_larger = _length(request) > most_bytes(request.path)
            return error_answer(request, "413.html", 413, **told_of_larger(request.path) if is_larger else {})
        return self.get_response(request)


def _brings_a_file(request) -> bool:
    """Where files come, and from somebody who has a session or a token; who that is, is asked later."""
    is_somebody = settings.SESSION_COOKIE_NAME in request.COOKIES
    if is_for_programs(request):
        is_somebody = "Authorization" in request.headers
    return is_somebody and _length(request) <= most_bytes(request.path)


def _length(request) -> int:
    """What the request says of its body; Django reads no further than that."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


class OwnWritesMiddleware:
    """Around the session too: whoever may have changed something reads no older page than that."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in READING and standby.is_configured() and not is_for_programs(request):
            remember_write(response)
        return response


class AccountLanguageMiddleware:
    """The account's language and time zone, where it has them; inside an organization, days and times are its own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if language := getattr(request.user, "language", ""):
            request.language_asked = True
            translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
        timezone.activate(getattr(request.user, "time_zone", "") or settings.TIME_ZONE)
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        patch_vary_headers(response, ["Accept-Language"])
        return response


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Private by default, with one door: Django admin's own would tell its pages from addresses that are none."""

    def get_login_url(self, view_func) -> str:
        return reverse(settings.LOGIN_URL)

    def process_view(self, request, view_func, view_args, view_kwargs):
        """A form of an act that comes without a session is kept, and the sign-in leads back to its page."""
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        act = getattr(view_func, "act", None)
        if answer is None or act is None or request.method != "POST":
            return answer
        page_url = act(request, **view_kwargs).page_url
        answer = HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': page_url})}")
        is_kept = False
        if not act.is_secret:
            with beside_the_act("kept form"):
                is_kept = keep_form(request, answer, page_url=page_url)
        if is_kept and is_typed(request.POST):
            messages.info(request, _("You were signed out, and nothing was done. What you typed is kept: sign in."))
        else:
            messages.info(request, _("You were signed out, and nothing was done. Sign in and send the form again."))
        return answer

    def process_response(self, request, response):
        """htmx moves the page to the sign-in and back, instead of showing the sign-in in a part of the page."""
        sign_in, _mark, query = getattr(response, "url", "").partition("?")
        if not getattr(request, "htmx", False) or sign_in != reverse(settings.LOGIN_URL):
            return response
        back = f"?{urlencode({'next': _page_of_htmx(request)})}" if query else ""
        moved = HttpResponse(status=204, headers={"HX-Redirect": sign_in + back})
        moved.cookies.update(response.cookies)
        return moved


def _page_of_htmx(request) -> str:
    try:
        return local_path(request.htmx.current_url_abs_path)
    except ValueError:  # no address at all
        return local_path(None)


class RefusalMiddleware:
    """Answers a refused act with its reason, and keeps a trace after the act's transaction was rolled back."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        code = getattr(request, "refusal_code", None)
        if settings.WATCH_PATH and (told := getattr(request, "refused_as", code)):
            count_refusal(told, response.status_code)
        if code:
            _keep_trace(request, response.status_code, code)
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, KeyReused):
            return static_page("409.html", 409)
        if not isinstance(exception, Refused):
            return None
        status, request.refused_as = exception.verdict.code.status, exception.verdict.code.code
        if status in AUTHORIZATION_FAILURES:
            request.refusal_code = exception.verdict.code.code
        if status == 404:
            return static_page("404.html", 404)
        return refused(request, exception.verdict)


def _keep_trace(request, status: int, code: str) -> None:
    user_id = request.user.pk
    log.warning("authz_fail", code=code, status=status, method=request.method, path=request.path, user_id=user_id)
    with beside_the_act("refusal"):
        refusals.keep(user_id=user_id, method=request.method, path=left_out(request.path), status=status, code=code)


class ResponseHeadersMiddleware:
    """No page is kept by a cache; pages and their parts are told apart."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["HX-Request", "Cookie"])
        return response
