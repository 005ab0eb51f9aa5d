"""What the portal refuses to start with."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection, connections

from portal.checks import check_login, check_production, reasons_not_to_serve
from tests.command_line import PRODUCTION, manage, run
from tests.database import as_owner

WEB_SERVER = [sys.executable, "-m", "gunicorn", "-c", "python:portal.web_server", "portal.wsgi"]


def test_an_unreachable_database_is_not_unsafe(db, monkeypatch):
    connection = connections["default"].copy()
    connection.settings_dict |= {"HOST": "/nowhere"}
    monkeypatch.setattr("portal.checks.connections", {"default": connection})
    assert check_login(databases=["default"]) == []


def test_check_stops_with_1_for_the_owner_and_0_for_the_web_login(db):
    owner = manage("check", "--database", "default", DATABASE_URL=os.environ["DATABASE_OWNER_URL"])
    assert owner.returncode == 1
    assert "serve with a login that owns nothing" in owner.stderr
    assert manage("check", "--database", "default").returncode == 0


def test_the_web_server_does_not_start_as_the_owner(db):
    ended = run(WEB_SERVER, {**os.environ, "DATABASE_URL": os.environ["DATABASE_OWNER_URL"], "PORT": "0"})
    assert ended.returncode == 1
    assert "portal.E001" in ended.stderr


def test_a_schema_that_is_too_old_is_refused_in_a_sentence(db, monkeypatch):
    monkeypatch.setattr(connections["default"], "close", lambda: None)
    assert [reason.id for reason in reasons_not_to_serve() if reason.id == "portal.E012"] == []
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'partners' AND name LIKE '0002%'")
    (reason,) = (reason for reason in reasons_not_to_serve() if reason.id == "portal.E012")
    assert "1 of its migrations are missing, first partners.0002_ties." in str(reason.msg)
    assert "manage.py migrate" in str(reason.msg)


def checked_as_production(**changes: str) -> subprocess.CompletedProcess[str]:
    return manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION | changes)


def test_production_settings_are_clean(db):
    checked = checked_as_production()
    assert (checked.returncode, checked.stderr) == (0, "")


def test_settings_of_development_are_refused(db):
    development = {"DEBUG": "1", "PORTAL_DEMO": "1", "SECRET_KEY": settings.DEVELOPMENT_KEY}
    checked = checked_as_production(**development, STAFF_MAILBOX=settings.DEVELOPMENT_STAFF_MAILBOX)
    assert checked.returncode == 1
    assert [checked.stderr.count(code) for code in ("portal.E002", "portal.E003", "portal.E004")] == [2, 1, 1]


def test_the_web_server_does_not_start_with_settings_of_development(db):
    development = {"DEBUG": "1", "SECRET_KEY": settings.DEVELOPMENT_KEY, "PORT": "0"}
    ended = run(WEB_SERVER, {**os.environ, **PRODUCTION, **development})
    assert ended.returncode == 1
    assert [ended.stderr.count(code) for code in ("portal.E002", "portal.E003")] == [1, 1]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("DEBUG", True, "portal.E002"),
        ("DEMO", True, "portal.E002"),
        ("MFA_TOTP_INSECURE_BYPASS_CODE", "000000", "portal.E002"),
        ("SECRET_KEY", settings.DEVELOPMENT_KEY, "portal.E003"),
        ("STAFF_MAILBOX", settings.DEVELOPMENT_STAFF_MAILBOX, "portal.E004"),
        ("EMAIL_BACKEND", settings.DEVELOPMENT_EMAIL_BACKEND, "portal.E005"),
    ],
)
def test_each_of_them_by_itself_too(settings, name, value, code):
    production = {
        "SECURE": True,
        "DEBUG": False,
        "DEMO": False,
        "SECRET_KEY": "secret",
        "STAFF_MAILBOX": "a@b.example",
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    }
    for key, given in (production | {name: value}).items():
        setattr(settings, key, given)
    assert [problem.id for problem in check_production()] == [code]
