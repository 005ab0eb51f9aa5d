"""What every answer carries, whatever its status, and what an https site adds."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as portal_settings
from django.http import HttpResponse
from django.test import RequestFactory

from portal.middleware import ContentPolicyMiddleware
from tests.architecture.addresses.facts import staff_urls
from tests.architecture.addresses.test_url_matrix import ADDRESSES, url_of  # noqa: F401 - a fixture
from tests.factories import make_subscription
from tests.partners.partner_of_record import client as acts

CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
}


@pytest.fixture
def https(settings):
    """As with an https SITE_URL."""
    settings.SECURE_HSTS_SECONDS = 63072000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True


def assert_headers(answer, where: str = "") -> None:
    given = answer.headers
    assert (where, {name: given.get(name) for name in HEADERS}) == (where, HEADERS)
    assert (where, set(given["Content-Security-Policy"].split("; "))) == (where, CSP)
    assert "camera=()" in given["Permissions-Policy"], where
    assert "no-store" in given["Cache-Control"].split(", "), where
    assert {"HX-Request", "Cookie"} <= set(given["Vary"].split(", ")), where


@pytest.mark.usefixtures("https")
def test_every_answer_to_a_person_carries_the_headers(global_admin, staff, sign_in, url_of):  # noqa: F811
    """The pages, and what is refused or moved: each address of the portal, and of staff."""
    client, statuses = sign_in(global_admin), set()
    for address in ADDRESSES:
        if address.name != "account_logout":
            answer = client.get(url_of(address), secure=True)
            assert_headers(answer, address.name)
            statuses.add(answer.status_code)
    assert statuses == {200, 301, 302, 303, 403, 404, 409}
    at_work = sign_in(staff)
    for name, url in staff_urls().items():
        assert_headers(at_work.get(url, secure=True), name)


@pytest.mark.usefixtures("https", "db")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/accounts/sign-in/", 200),
        ("/accounts/password/reset/", 200),
        ("/", 302),
        ("/t/alpha/", 302),
        ("/nowhere/", 404),
    ],
)
def test_every_answer_to_strangers_carries_the_headers(anonymous, path, status):
    answer = anonymous.get(path, secure=True)
    assert answer.status_code == status
    assert_headers(answer)


@pytest.mark.usefixtures("https")
def test_refusals_carry_the_headers(alpha, reader, sign_in):
    client, subscription = sign_in(reader), make_subscription(tenant=alpha)
    for path, status in [("/t/beta/", 404), (acts.edit_url(subscription), 403), ("/account/theme/", 302)]:
        answer = client.get(path, secure=True)
        assert answer.status_code == status
        assert_headers(answer)


SECURE_SETTINGS = {
    "SESSION_COOKIE_NAME": "__Host-session",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "CSRF_COOKIE_SECURE": True,
    "CSRF_COOKIE_HTTPONLY": True,
    "SECURE_HSTS_SECONDS": 63072000,
}


def test_an_https_site_has_cookies_of_its_host_and_hsts():
    code = (
        "import json; from portal import settings;"
        f"print(json.dumps({{name: getattr(settings, name) for name in {list(SECURE_SETTINGS)}}}))"
    )
    environ = os.environ | {"SITE_URL": "https://portal.example"}
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, env=environ, cwd=portal_settings.BASE_DIR, capture_output=True, check=True)
    assert json.loads(ended.stdout) == SECURE_SETTINGS


def policy_of(middleware: ContentPolicyMiddleware, **own: object) -> str:
    request, response = RequestFactory().get("/"), HttpResponse()
    vars(response).update(own)
    middleware.process_request(request)
    return middleware.process_response(request, response).headers["Content-Security-Policy"]


def test_the_policy_of_one_page_is_not_that_of_the_next(settings):
    middleware = ContentPolicyMiddleware(lambda request: HttpResponse())
    plain = policy_of(middleware)
    assert "frame-src 'self'" in policy_of(middleware, _csp_update={"frame-src": ["'self'"]})
    assert policy_of(middleware, _csp_replace={"img-src": ["'none'"]}) != plain
    assert policy_of(middleware) == plain == policy_of(ContentPolicyMiddleware(lambda request: HttpResponse()))
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": ["'self'"]}}
    assert policy_of(middleware) == "default-src 'self'"
