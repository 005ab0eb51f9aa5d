"""A person of the journeys, over real HTTP: reads pages, follows links, fills in forms of a whole installation."""

from types import SimpleNamespace
from urllib.parse import urlsplit

from tests.faults.browser import Answer, Browser
from tests.journeys.page import Page, words
from tests.journeys.person import Person


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
