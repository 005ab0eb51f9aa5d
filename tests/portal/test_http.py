"""What no request can make the portal say."""

import os
import subprocess
import sys

import pytest
import structlog
from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings as portal_settings
from django.urls import reverse

from tests.factories import PASSWORD, make_partner, make_partner_of_record, make_subscription
from tests.partners.partner_of_record import client as acts
from tests.post_office import send_account_mails

ELSEWHERE = ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:evil.example"]


@pytest.fixture
def subscription(alpha):
    subscription = make_subscription(tenant=alpha)
    make_partner_of_record(subscription=subscription, partner=make_partner())
    return subscription


@pytest.mark.parametrize("url", ELSEWHERE)
def test_after_signing_in_nobody_is_sent_elsewhere(global_admin, anonymous, url):
    path = reverse("account_login")
    answer = anonymous.post(path, {"login": global_admin.email, "password": PASSWORD, "next": url})
    assert (answer.status_code, answer.url) == (302, "/")


@pytest.mark.parametrize("path", ["/accounts/confirm/", "/accounts/sign-out/"])
def test_after_a_confirmation_or_a_sign_out_nobody_is_sent_elsewhere(global_admin, sign_in, path):
    places = {
        url: sign_in(global_admin).post(path, {"password": PASSWORD, "next": url}).url
        for url in [*ELSEWHERE, "/t/alpha/"]
    }
    assert places.pop("/t/alpha/") == "/t/alpha/"
    assert {place for place in places.values() if place not in ("/", "/accounts/sign-in/")} == set()


@pytest.mark.parametrize("url", ELSEWHERE)
def test_after_a_choice_of_theme_nobody_is_sent_elsewhere(global_admin, sign_in, url):
    answer = sign_in(global_admin).post("/account/theme/", {"theme": "dark", "next": url})
    assert (answer.status_code, answer.url) == (303, "/")


def test_a_page_of_the_portal_is_a_good_place(global_admin, anonymous):
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
def test_where_htmx_says_it_is_leads_nowhere_else(anonymous, db, url):
    headers = {"HX-Request": "true", "HX-Current-URL": url, "Referer": url}
    answer = anonymous.get("/t/alpha/", headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/accounts/sign-in/?next=%2F")
    assert answer.content == b""


def test_a_referer_is_never_followed(subscription, global_admin, sign_in):
    client = sign_in(global_admin)
    headers = {"Referer": "http://testserver.evil.example/", "HX-Current-URL": "https://evil.example/"}
    fields = acts.opened(client, subscription) | {"partner_id": ""}
    answer = client.post(acts.edit_url(subscription), fields, headers=headers)
    assert answer.url == f"/t/alpha/billing/subscriptions/{subscription.uuid}/"


@pytest.mark.parametrize("path", ["/accounts/sign-out/", "/accounts/2fa/authenticate/"])
def test_what_leads_to_the_sign_in_by_itself_moves_the_page_there(path, anonymous, db):
    answer = anonymous.get(path, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/t/alpha/"})
    assert (answer.status_code, answer.headers["HX-Redirect"], answer.content) == (204, "/accounts/sign-in/", b"")


def test_htmx_without_a_session_moves_the_page_back_to_itself(anonymous, db):
    page = "/t/alpha/settings/audit-log/"
    answer = anonymous.get("/t/alpha/", headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"})
    assert answer.headers["HX-Redirect"] == "/accounts/sign-in/?next=%2Ft%2Falpha%2Fsettings%2Faudit-log%2F"


def test_what_answers_htmx_differently_says_so(subscription, global_admin, sign_in):
    client = sign_in(global_admin)
    fields = acts.opened(client, subscription)
    headers = {"HX-Request": "true", "HX-Target": "check-result"}
    part = client.post(acts.check_url(subscription), fields, headers=headers)
    page = client.post(acts.check_url(subscription), fields)
    assert (part.status_code, page.status_code) == (200, 200)
    assert (b"<html" in part.content, b"<html" in page.content) == (False, True)
    assert "HX-Request" in part.headers["Vary"]


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "a b"])
def test_another_host_gets_400(anonymous, db, host):
    assert anonymous.get("/accounts/sign-in/", headers={"Host": host}).status_code == 400


def test_a_forwarded_host_is_ignored(anonymous, db):
    answer = anonymous.get("/t/alpha/", headers={"X-Forwarded-Host": "evil.example"})
    assert answer.url == "/accounts/sign-in/?next=/t/alpha/"


def test_links_in_mails_come_from_the_site_url(global_admin, anonymous, mailoutbox, settings):
    settings.SITE_URL = "https://portal.example"
    settings.ALLOWED_HOSTS = ["testserver", "alias.example"]
    answer = anonymous.post(
        "/accounts/password/reset/", {"email": global_admin.email}, headers={"Host": "alias.example"}
    )
    assert answer.status_code == 303
    send_account_mails()
    (mail,) = mailoutbox
    assert "https://portal.example/accounts/password/reset/key/" in mail.body
    assert "alias.example" not in mail.body


def test_a_body_that_is_too_long_is_refused_in_the_language_of_the_browser(anonymous, db):
    body = {"login": "a" * 3 * 1024 * 1024}
    answer = anonymous.post("/accounts/sign-in/", body, headers={"Accept-Language": "de"})
    assert answer.status_code == 413
    assert '<html lang="de"' in answer.content.decode()
    assert "Das ist zu viel auf einmal" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_length_that_is_announced_is_enough(anonymous):
    announced = str(portal_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    assert anonymous.generic("POST", "/nowhere/", CONTENT_LENGTH=announced).status_code == 413


def test_too_many_fields_are_refused(anonymous, db):
    assert anonymous.post("/accounts/sign-in/", {f"f{n}": "1" for n in range(2000)}).status_code == 400


@pytest.mark.parametrize("method", ["PUT", "TRACE", "DELETE", "PATCH", "NONSENSE"])
@pytest.mark.parametrize("path", ["/", "/accounts/sign-in/", "/staff/", "/nowhere/"])
def test_other_methods_are_refused_before_anything_else(anonymous, method, path):
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


def test_a_line_of_the_log_has_that_address_and_not_what_a_header_says(client, db):
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        client.get("/nowhere/", headers={"X-Forwarded-For": "198.51.100.1"})
    assert {line["ip"] for line in lines if "ip" in line} == {"127.0.0.1"}
