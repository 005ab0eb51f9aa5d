"""A person's browser over real HTTP: keeps cookies, follows redirects, sends forms with what they hide."""

import http.cookiejar
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urlencode, urlsplit

from tests.journeys.page import Fields, fields_of, inside, parse


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
