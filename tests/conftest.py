"""The database part of every test. How a test becomes the owner for a moment: tests/database.py."""

import gc
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import psycopg
import pytest
from django.conf import settings
from django.db.backends.signals import connection_created
from django.template.base import Template
from django.test import TransactionTestCase
from django.utils import translation

from portal.database.local_postgres import WITHOUT_DURABILITY, LocalPostgres
from tests import database

pytest_plugins = ["tests.personas"]
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_configure(config: pytest.Config) -> None:
    """No manifest of hashed files, no slow password hash and no uploaded logo: none is what most tests are about."""
    # An empty folder of the run's own: tests of the demo collect files into the real one meanwhile.
    settings.STATIC_ROOT = tempfile.mkdtemp(prefix="portal-static-")
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.UPLOADED_LOGO_SECONDS = None
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Before there are workers, as what one of them says is not heard; the first start makes the cluster."""
    has_workers = getattr(session.config.option, "numprocesses", None) and not hasattr(session.config, "workerinput")
    if has_workers and not _given_url():
        _start_server()


def _given_url() -> str | None:
    return os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test with a database has both aliases, since any request may count on `counters`."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            given = marker.kwargs if marker else {}
            item.add_marker(pytest.mark.django_db(**{"databases": "__all__", **given}), append=False)


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: looking through it for garbage, again and again, costs a tenth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


RENDER = Template._render


@pytest.fixture(scope="session", autouse=True)
def contexts_of_whole_pages(django_test_environment) -> None:
    """`response.context` is of the page; Django would also copy that of each of the dozens of parts it includes."""
    tell = Template._render

    def render(template: Template, context):
        return (tell if context.template is template else RENDER)(template, context)

    Template._render = render  # what tears the environment down puts the first one back


@pytest.fixture(autouse=True)
def language_of_the_test() -> Iterator[None]:
    """A request leaves its reader's language in the thread; the next test begins with the site's."""
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The owner's URL: the one given, else of a private server that all workers of the run share."""
    if given := _given_url():
        _require_superuser(given)
        yield given
        return
    server, url = _start_server()
    yield url
    server.stop()


def _start_server() -> tuple[LocalPostgres, str]:
    """Ends the whole run where that fails: else each test would say it once more."""
    try:
        server = LocalPostgres(settings.VAR_DIR / "postgres-test", WITHOUT_DURABILITY)
        return server, server.start()
    except (SystemExit, OSError, psycopg.Error, subprocess.SubprocessError) as reason:
        pytest.exit(f"No test can run, as the database does not start. {reason}", returncode=1)


def _require_superuser(url: str) -> None:
    with psycopg.connect(url) as connection:
        if connection.info.parameter_status("is_superuser") != "on":
            pytest.exit("The tests create databases: give a superuser's DATABASE_URL.", returncode=1)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres, django_db_modify_db_settings_parallel_suffix) -> None:
    database.use_owner(postgres)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Migrated by the owner; from then on every session is the web login's."""
    with django_db_blocker.unblock():
        database.keep_rows()
        database.become_login()
    connection_created.connect(database.act_as_login)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: database.empty())
        yield
    connection_created.disconnect(database.act_as_login)
    with django_db_blocker.unblock():
        database.become_owner()


@pytest.fixture
def as_owner() -> Callable[..., AbstractContextManager[None]]:
    """`with as_owner(): …` makes rows as the owner; the code under test runs outside it, as the web login."""
    return database.as_owner


@pytest.fixture
def real_login(db) -> Iterator[psycopg.Connection]:
    """A session with the web login's own credentials; it sees only what is committed."""
    with database.login_session() as connection:
        yield connection
