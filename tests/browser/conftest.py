"""Chromium of the system, against the portal on a real port."""

import os
import shutil
from pathlib import Path

import pytest

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
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.browser)


def find_chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
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


@pytest.fixture
def site(live_server) -> str:
    """The address of the portal, without a slash at the end."""
    return live_server.url
