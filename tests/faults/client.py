"""A person's browser over real HTTP, and a person of the journeys who uses it on a whole installation."""

import http.cookiejar
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from types import SimpleNamespace
from urllib.parse import urlencode, urlsplit

from tests.journeys.client import Person
from tests.page import Fields, Page, fields_of, inside, parse, words


@dataclass(frozen=True)
class Answer:
    status: int
    path: str
    headers: Message
    text: str

    @property
    def fields(self) -> Fields:
        """Of the forms of the page, all together."""
        found: Fields = {}
        for form in inside(parse(self.text), "form"):
            found |= fields_of(form)
        return found


class Browser:
    def __init__(self, site: str):
        self.site = site
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)

    def open(self, path: str, fields: Fields | None = None) -> Answer:
        data = urlencode(fields, doseq=True).encode() if fields is not None else None
        try:
            answer = self.opener.open(self.site + path, data, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Answer(answer.status, urlsplit(answer.url).path, answer.headers, answer.read().decode())

    def sign_in(self, email: str, password: str) -> Answer:
        path = "/accounts/sign-in/"
        fields = self.open(path).fields
        return self.open(path, fields | {"login": email, "password": password})

    def checked(self, edit: str, number: str) -> dict[str, str]:
        """The fields of *Partner information* after Check ID: ready for Submit."""
        fields = self.open(edit).fields | {"partner_id": number}
        return self.open(f"{edit}check/", fields).fields


class Program:
    """Calls the API with the token of an application."""

    def __init__(self, site: str, token: str):
        self.site, self.token = site, token

    def ask(self, path: str, method: str = "GET", body: bytes | None = None) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.site + path, body, headers, method=method)
        try:
            answer = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Answer(answer.status, path, answer.headers, answer.read().decode())


class _Client:
    """What a person of the journeys needs of Django's client."""

    def __init__(self, site: str):
        self.browser = Browser(site)

    def get(self, url: str, fields: dict[str, str] | None = None, **_: object) -> SimpleNamespace:
        return _as_response(self.browser.open(url))

    def post(self, url: str, fields: dict[str, str], **_: object) -> SimpleNamespace:
        return _as_response(self.browser.open(url, fields))


def _as_response(answer: Answer) -> SimpleNamespace:
    request = {"PATH_INFO": answer.path, "QUERY_STRING": ""}
    return SimpleNamespace(status_code=answer.status, content=answer.text.encode(), request=request)


class Visitor(Person):
    def __init__(self, site: str):
        self.client = _Client(site)  # type: ignore[assignment]

    def open_link(self, link: str) -> Page:
        """From a mail, or from what a command printed."""
        return self.open(urlsplit(link).path)

    def enter(self, place: str, **typed: str | list[str]) -> Page:
        """Something new, in a form of staff's."""
        path = f"/staff/{place}/"
        fields = self.client.browser.open(path).fields
        assert typed.keys() <= fields.keys(), f"{typed.keys() - fields.keys()} cannot be typed in {path}"
        page = self._read(self.client.post(path, fields | typed))
        assert page.url != path, [words(error) for error in page.root.xpath("//*[contains(@class, 'errorlist')]")]
        return page
