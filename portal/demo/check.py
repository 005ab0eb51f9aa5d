"""Visits the demo's main pages over HTTP as its people do, and says of each one what came back."""

import html
import http.cookiejar
import re
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

from django.urls import reverse

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
TENANT_LINK = re.compile(r'href="/t/([\w-]+)/"')
SUBSCRIPTION_PATH = re.compile(r"/t/[\w-]+/billing/subscriptions/[0-9a-f-]{36}/")
WORKSPACE_LINK = re.compile(r'href="(/p/[0-9]+/)"')
NOTHING_TO_OPEN = "nothing to open"
# Beside the start page of an organization, as far as that leads there: who uses the demo changes roles too
TENANT_PAGES = ("partners:relationship-list", "subscriptions:members", "subscriptions:audit-log")


@dataclass(frozen=True)
class Page:
    """One answer: its status, its address after redirects, and its text."""

    who: str
    path: str
    status: int
    text: str
    missing: str = ""
    note: str = ""

    @property
    def title(self) -> str:
        found = TITLE.search(self.text)
        return " ".join(html.unescape(found[1]).split()) if found else ""

    @property
    def problem(self) -> str:
        if self.missing:
            return self.missing
        if self.status != 200:
            return f"status {self.status}"
        return "" if "<h1" in self.text else "no heading"

    def __str__(self) -> str:
        verdict = "FAILED" if self.problem else "ok"
        return f"{verdict:6}  {self.who:24}  {self.path}  {self.problem or self.note or self.title}"


class Visitor:
    """A browser without a screen: keeps cookies, follows redirects."""

    def __init__(self, site: str, who: str, trusted: ssl.SSLContext | None = None):
        """`trusted` is what a site by https is recognized by."""
        self.site = site
        self.who = who
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        by_https = urllib.request.HTTPSHandler(context=trusted)
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), by_https, jar)

    def get(self, path: str) -> Page:
        return self._open(path)

    def post(self, path: str, fields: dict[str, str]) -> Page:
        token = TOKEN.search(self.get(path).text)
        fields |= {"csrfmiddlewaretoken": token[1] if token else ""}
        return self._open(path, urlencode(fields).encode())

    def sign_in(self, email: str, password: str) -> Page:
        page = self.post(reverse("account_login"), {"login": email, "password": password})
        if page.path.startswith(reverse("account_login")) and not page.problem:
            return Page(self.who, page.path, page.status, page.text, "still on the sign-in page")
        return page

    def _open(self, path: str, data: bytes | None = None) -> Page:
        """Says where a form stands, as browsers do; by https it is not taken from elsewhere."""
        request = urllib.request.Request(self.site + path, data, {"Origin": self.site})  # noqa: S310 - our own
        try:
            answer = self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Page(self.who, urlsplit(answer.url).path, answer.status, answer.read().decode())


def check_pages(
    site: str, accounts: Sequence[Sequence[object]], password: str, trusted: ssl.SSLContext | None = None
) -> Iterator[Page]:
    """The sign-in page, the staff's start page, and each organization's main pages as its first account."""
    yield Visitor(site, "nobody", trusted).get(reverse("account_login"))
    seen = set()
    for email, _name, organization, *_ in accounts:
        if organization not in seen:
            seen.add(organization)
            yield from _check_account(Visitor(site, str(email), trusted), password)


def _check_account(visitor: Visitor, password: str) -> Iterator[Page]:
    home = visitor.sign_in(visitor.who, password)
    yield home
    if home.problem:
        return
    tenant, workspace = TENANT_LINK.search(home.text), WORKSPACE_LINK.search(home.text)
    if workspace:
        yield from _check_workspace(visitor, workspace[1])
        return
    if not tenant:  # staff belong to no organization
        yield visitor.get(reverse("admin:index"))
        return
    yield from _check_tenant(visitor, tenant[1])


def _check_workspace(visitor: Visitor, path: str) -> Iterator[Page]:
    """The partner's own page, and those of a customer on behalf."""
    yield visitor.get(path)
    customers = visitor.get(f"{path}customers/")
    tenant = TENANT_LINK.search(customers.text)
    yield customers if tenant else replace(customers, note=NOTHING_TO_OPEN)
    if tenant:
        yield from _check_tenant(visitor, tenant[1])


def _check_tenant(visitor: Visitor, slug: str) -> Iterator[Page]:
    home = visitor.get(reverse("admin-home", args=[slug]))
    yield home
    paths = [reverse(name, args=[slug]) for name in ("subscriptions:list", *TENANT_PAGES)]
    pages = {path: visitor.get(path) for path in paths if f'href="{path}"' in home.text}
    yield from pages.values()
    if listed := pages.get(paths[0]):
        yield from _first_subscription(visitor, listed)


def _first_subscription(visitor: Visitor, listed: Page) -> Iterator[Page]:
    if SUBSCRIPTION_PATH.fullmatch(listed.path):  # an only one opened at once
        return
    found = SUBSCRIPTION_PATH.search(listed.text)
    yield visitor.get(found[0]) if found else replace(listed, note=NOTHING_TO_OPEN)
