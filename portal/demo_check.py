"""Visits the demo's main pages over HTTP as its people do, and says of each one what came back."""

import html
import http.cookiejar
import re
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.urls import reverse

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
TENANT_LINK = re.compile(r'href="/t/([\w-]+)/"')
SUBSCRIPTION_PATH = re.compile(r"/t/[\w-]+/billing/subscriptions/[0-9a-f-]{36}/")
WORKSPACE_LINK = re.compile(r'href="(/p/[0-9]+/)"')
ON_BEHALF_PAGES = ("admin-home", "subscriptions:list", "subscriptions:people", "subscriptions:audit-log")
TENANT_PAGES = ("admin-home", "subscriptions:list", "partners:relationship-list", "subscriptions:audit-log")


@dataclass(frozen=True)
class Page:
    """One answer: its status, its address after redirects, and its text."""

    who: str
    path: str
    status: int
    text: str
    missing: str = ""

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
        return f"{verdict:6}  {self.who:24}  {self.path}  {self.problem or self.title}"


class Visitor:
    """A browser without a screen: keeps cookies, follows redirects."""

    def __init__(self, site: str, who: str):
        self.site = site
        self.who = who
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)

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
        try:
            answer = self.opener.open(self.site + path, data, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Page(self.who, urlsplit(answer.url).path, answer.status, answer.read().decode())


def check_pages(site: str, accounts: Sequence[Sequence[object]], password: str) -> Iterator[Page]:
    """The sign-in page, the staff's start page, and each organisation's main pages as its first account."""
    yield Visitor(site, "nobody").get(reverse("account_login"))
    seen = set()
    for email, _name, organisation, *_ in accounts:
        if organisation not in seen:
            seen.add(organisation)
            yield from _check_account(Visitor(site, str(email)), password)


def _check_account(visitor: Visitor, password: str) -> Iterator[Page]:
    home = visitor.sign_in(visitor.who, password)
    yield home
    if home.problem:
        return
    tenant, workspace = TENANT_LINK.search(home.text), WORKSPACE_LINK.search(home.text)
    if workspace:
        yield from _check_workspace(visitor, workspace[1])
        return
    if not tenant:  # staff belong to no organisation
        yield visitor.get(reverse("admin:index"))
        return
    pages = {name: visitor.get(reverse(name, args=[tenant[1]])) for name in TENANT_PAGES}
    yield from pages.values()
    if not SUBSCRIPTION_PATH.fullmatch(pages["subscriptions:list"].path):  # an only one opened at once
        yield _first_subscription(visitor, pages["subscriptions:list"])


def _check_workspace(visitor: Visitor, path: str) -> Iterator[Page]:
    """The partner's own pages, and those of a customer on behalf."""
    customers = visitor.get(path)
    yield customers
    tenant = TENANT_LINK.search(customers.text)
    if not tenant:
        yield Page(visitor.who, path, customers.status, customers.text, "no link to a customer")
        return
    for name in ON_BEHALF_PAGES:
        yield visitor.get(reverse(name, args=[tenant[1]]))


def _first_subscription(visitor: Visitor, listed: Page) -> Page:
    found = SUBSCRIPTION_PATH.search(listed.text)
    if not found:
        return Page(visitor.who, listed.path, listed.status, listed.text, "no link to a subscription")
    return visitor.get(found[0])
