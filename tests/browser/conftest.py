"""Chromium of the system, against the portal on a real port."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from subscriptions.clouds import Cloud
from subscriptions.models import User
from tests.personas import open_session
from tests.worlds import World, make_world

# Playwright's loop runs in the test's thread; Django would take the thread for an asynchronous one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FOLDER = Path(__file__).parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--renderer-process-limit=1",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.browser)


def find_chromium() -> str:
    # The headless shell draws the same pages without a browser's windows around them, in less time
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found:
        return found
    sentence = "There is no Chromium here, so the browser tests cannot run: apt-get install chromium."
    if os.environ.get("PORTAL_REQUIRE_BROWSER") == "1":
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return browser_type_launch_args | {"executable_path": find_chromium(), "args": FLAGS}


@pytest.fixture(scope="session")
def base_url() -> None:
    """In place of the plugin's, of a kind that pytest gives up; the contexts here are given their address."""


@pytest.fixture
def site(live_server) -> str:
    """The address of the portal, without a slash at the end."""
    return live_server.url


@pytest.fixture
def contoso(live_server) -> World:
    return make_world(Cloud.WORLDWIDE)


OPTIONS = {"locale": "en-US", "reduced_motion": "reduce"}
OpenAs = Callable[..., Page]


@pytest.fixture(scope="session")
def shared(browser: Browser, live_server) -> Iterator[BrowserContext]:
    """One browser for one test after the other: what it has loaded of styles and scripts it need not load again."""
    context = browser.new_context(base_url=live_server.url, **OPTIONS)
    yield context
    context.close()


@pytest.fixture
def open_as(browser: Browser, shared: BrowserContext, site: str) -> Iterator[OpenAs]:
    """A page of a browser of that person's own, who is signed in from before."""
    contexts: list[BrowserContext] = []

    def opened(user: User, **options) -> Page:
        alone = contexts or options
        context = browser.new_context(base_url=site, **OPTIONS | options) if alone else shared
        contexts.append(context)
        context.clear_cookies()
        context.add_cookies([{"name": "session", "value": session_of(user), "url": site}])
        context.set_default_timeout(10_000)
        return context.new_page()

    yield opened
    for context in contexts:
        if context is shared:
            for page in context.pages:
                page.close()
        else:
            context.close()


def session_of(user: User) -> str:
    client = Client()
    open_session(client, user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def form(open_as, contoso) -> Page:
    """The Partner information page of a subscription without partner."""
    page = open_as(contoso.billing)
    page.goto(contoso.url(contoso.bare, "partner-of-record/"))
    return page
