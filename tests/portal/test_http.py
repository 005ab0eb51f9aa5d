"""T91, T92, T94, T98, T99, T101, T102: what every answer carries, and what no request can make the portal say."""

import json
import os
import subprocess
import sys

import pytest
from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings as portal_settings
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD, make_partner, make_partner_of_record, make_relationship, make_subscription
from tests.partners import acts
from tests.partners.facts import footprint

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
ELSEWHERE = ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:evil.example"]


@pytest.fixture
def https(settings):
    """As with an https SITE_URL."""
    settings.SECURE_HSTS_SECONDS = 63072000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True


@pytest.fixture
def subscription(alpha):
    subscription, partner = make_subscription(tenant=alpha), make_partner()
    make_partner_of_record(subscription=subscription, partner=partner)
    make_relationship(tenant=alpha, partner=partner)
    return subscription


def assert_headers(answer) -> None:
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == CSP
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert {"no-store"} <= set(answer.headers["Cache-Control"].split(", "))
    assert {"HX-Request", "Cookie"} <= set(answer.headers["Vary"].split(", "))


@pytest.mark.usefixtures("https")
def test_t94_every_page_of_a_person_carries_the_headers(subscription, global_admin, staff, sign_in):
    client = sign_in(global_admin)
    detail = f"/t/alpha/billing/subscriptions/{subscription.uuid}/"
    paths = ["/", "/account/", "/t/alpha/", "/t/alpha/billing/subscriptions/?order=name", detail]
    paths += [acts.edit_url(subscription), "/t/alpha/settings/partner-relationships/", "/t/alpha/settings/audit-log/"]
    for path in paths:
        answer = client.get(path, secure=True)
        assert (path, answer.status_code) == (path, 200)
        assert_headers(answer)
    assert_headers(sign_in(staff).get("/staff/", secure=True))


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
def test_t94_every_answer_to_strangers_carries_the_headers(anonymous, path, status):
    answer = anonymous.get(path, secure=True)
    assert answer.status_code == status
    assert_headers(answer)


@pytest.mark.usefixtures("https")
def test_t94_refusals_carry_the_headers(subscription, reader, sign_in):
    client = sign_in(reader)
    for path, status in [("/t/beta/", 404), (acts.edit_url(subscription), 403), ("/account/theme/", 405)]:
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


def test_t94_an_https_site_has_cookies_of_its_host_and_hsts():
    code = (
        "import json; from portal import settings;"
        f"print(json.dumps({{name: getattr(settings, name) for name in {list(SECURE_SETTINGS)}}}))"
    )
    environ = os.environ | {"SITE_URL": "https://portal.example"}
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, env=environ, cwd=portal_settings.BASE_DIR, capture_output=True, check=True)
    assert json.loads(ended.stdout) == SECURE_SETTINGS


@pytest.mark.parametrize("url", ELSEWHERE)
def test_t91_after_signing_in_nobody_is_sent_elsewhere(global_admin, anonymous, url):
    path = reverse("account_login")
    answer = anonymous.post(path, {"login": global_admin.email, "password": PASSWORD, "next": url})
    assert (answer.status_code, answer.url) == (302, "/")


@pytest.mark.parametrize("url", ELSEWHERE)
def test_t91_after_a_choice_of_theme_nobody_is_sent_elsewhere(global_admin, sign_in, url):
    answer = sign_in(global_admin).post("/account/theme/", {"theme": "dark", "next": url})
    assert (answer.status_code, answer.url) == (303, "/")


def test_t91_a_page_of_the_portal_is_a_good_place(global_admin, anonymous):
    path = reverse("account_login")
    answer = anonymous.post(path, {"login": global_admin.email, "password": PASSWORD, "next": "/t/alpha/"})
    assert (answer.status_code, answer.url) == (302, "/t/alpha/")


@pytest.mark.parametrize(
    "url",
    [
        *ELSEWHERE,
        "https://evil.example/t/alpha/",
        "http://testserver.evil.example/",
        "http://[",
        "http://testserver//evil.example",
        "http://testserver//evil.example/t/alpha/",
    ],
)
def test_t99_where_htmx_says_it_is_leads_nowhere_else(anonymous, db, url):
    headers = {"HX-Request": "true", "HX-Current-URL": url, "Referer": url}
    answer = anonymous.get("/t/alpha/", headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/accounts/sign-in/?next=%2F")
    assert answer.content == b""


def test_t99_a_referer_is_never_followed(subscription, global_admin, sign_in):
    client = sign_in(global_admin)
    headers = {"Referer": "http://testserver.evil.example/", "HX-Current-URL": "https://evil.example/"}
    fields = acts.opened(client, subscription) | {"partner_id": ""}
    answer = client.post(acts.edit_url(subscription), fields, headers=headers)
    assert answer.url == f"/t/alpha/billing/subscriptions/{subscription.uuid}/"


@pytest.mark.parametrize("path", ["/accounts/sign-out/", "/accounts/2fa/authenticate/"])
def test_t90_what_leads_to_the_sign_in_by_itself_moves_the_page_there(path, anonymous, db):
    answer = anonymous.get(path, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/t/alpha/"})
    assert (answer.status_code, answer.headers["HX-Redirect"], answer.content) == (204, "/accounts/sign-in/", b"")


def test_t90_htmx_without_a_session_moves_the_page_back_to_itself(anonymous, db):
    page = "/t/alpha/settings/audit-log/"
    answer = anonymous.get("/t/alpha/", headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"})
    assert answer.headers["HX-Redirect"] == "/accounts/sign-in/?next=%2Ft%2Falpha%2Fsettings%2Faudit-log%2F"


@pytest.mark.parametrize("name", ["edit", "check", "undo"])
@pytest.mark.parametrize(
    "headers", [{}, {"X-CSRFToken": "a" * 64}, {"Origin": "https://evil.example"}], ids=["none", "wrong", "origin"]
)
def test_t92_a_post_without_the_forms_token_is_refused(subscription, global_admin, name, headers):
    client = Client(enforce_csrf_checks=True)
    client.force_login(global_admin)
    before = footprint(subscription)
    url = reverse(f"partners:partner-of-record-{name}", args=["alpha", subscription.uuid])
    assert client.post(url, {"partner_id": "", "version": "1"}, headers=headers).status_code == 403
    assert footprint(subscription) == before


def test_t98_what_answers_htmx_differently_says_so(subscription, global_admin, sign_in):
    client = sign_in(global_admin)
    fields = acts.opened(client, subscription)
    headers = {"HX-Request": "true", "HX-Target": "check-result"}
    part = client.post(acts.check_url(subscription), fields, headers=headers)
    page = client.post(acts.check_url(subscription), fields)
    assert (part.status_code, page.status_code) == (200, 200)
    assert (b"<html" in part.content, b"<html" in page.content) == (False, True)
    assert "HX-Request" in part.headers["Vary"]


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "a b"])
def test_t101_another_host_gets_400(anonymous, db, host):
    assert anonymous.get("/accounts/sign-in/", headers={"Host": host}).status_code == 400


def test_t101_a_forwarded_host_is_ignored(anonymous, db):
    answer = anonymous.get("/t/alpha/", headers={"X-Forwarded-Host": "evil.example"})
    assert answer.url == "/accounts/sign-in/?next=/t/alpha/"


def test_t101_links_in_mails_come_from_the_site_url(global_admin, anonymous, mailoutbox, settings):
    settings.SITE_URL = "https://portal.example"
    settings.ALLOWED_HOSTS = ["testserver", "alias.example"]
    answer = anonymous.post(
        "/accounts/password/reset/", {"email": global_admin.email}, headers={"Host": "alias.example"}
    )
    assert answer.status_code == 302
    (mail,) = mailoutbox
    assert "https://portal.example/accounts/password/reset/key/" in mail.body
    assert "alias.example" not in mail.body


def test_t102_a_body_that_is_too_long_is_refused_in_the_language_of_the_browser(anonymous, db):
    body = {"login": "a" * 3 * 1024 * 1024}
    answer = anonymous.post("/accounts/sign-in/", body, headers={"Accept-Language": "de"})
    assert answer.status_code == 413
    assert '<html lang="de"' in answer.content.decode()
    assert "Das ist zu viel auf einmal" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"


def test_t102_a_length_that_is_announced_is_enough(anonymous):
    announced = str(portal_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    assert anonymous.generic("POST", "/nowhere/", CONTENT_LENGTH=announced).status_code == 413


def test_t102_too_many_fields_are_refused(anonymous, db):
    assert anonymous.post("/accounts/sign-in/", {f"f{n}": "1" for n in range(2000)}).status_code == 400


@pytest.mark.parametrize("method", ["PUT", "TRACE", "DELETE", "PATCH", "NONSENSE"])
@pytest.mark.parametrize("path", ["/", "/accounts/sign-in/", "/staff/", "/nowhere/"])
def test_t102_other_methods_are_refused_before_anything_else(anonymous, method, path):
    answer = anonymous.generic(method, path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")


@pytest.mark.parametrize(
    ("environ", "counted"),
    [({}, 0), ({"BEHIND_PROXY": "1"}, 1), ({"BEHIND_PROXY": "1", "TRUSTED_PROXIES": "2"}, 2)],
    ids=["none", "one", "two"],
)
def test_as_many_proxies_are_believed_as_there_are(environ, counted):
    code = "from portal import settings; print(settings.ALLAUTH_TRUSTED_PROXY_COUNT)"
    command = [sys.executable, "-c", code]
    ended = subprocess.run(
        command, env=os.environ | environ, cwd=portal_settings.BASE_DIR, capture_output=True, check=True
    )
    assert int(ended.stdout) == counted


def test_behind_a_proxy_attempts_count_for_the_visitor(settings, rf):
    request = rf.get("/", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.7"})
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert get_client_ip(request) == "203.0.113.7"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert get_client_ip(request) == "127.0.0.1"
