"""Who logs in to the database: the web login, which owns nothing, and the owner, who migrates and seeds.

DATABASE_URL is the web login and DATABASE_OWNER_URL the owner. The demo and the tests, given only an owner,
derive the login from it. Reading the settings never connects and never starts anything.
"""

import hashlib
import hmac
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from psycopg.conninfo import conninfo_to_dict

from portal.database.grants import LOGIN

LOGIN_LIMITS = "-c statement_timeout=5s -c lock_timeout=2s -c idle_in_transaction_session_timeout=15s"
OWNER_LIMITS = "-c lock_timeout=5s"  # a migration gives way to the traffic, but may take its time
CREDENTIALS = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS", "OWNER")
NOWHERE = "postgresql:///portal?host=/DATABASE_URL-is-not-set"  # the error of a use names the cause


def login_settings(env: Any) -> dict[str, dict[str, Any]]:
    """DATABASES: two aliases of one database for the web login, of which `counters` commits by itself."""
    login = connection_settings(env.str("DATABASE_URL", default="") or NOWHERE, LOGIN_LIMITS)
    login |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": True}
    counters = login | {"ATOMIC_REQUESTS": False, "TEST": {"MIRROR": "default"}}
    return {"default": login, "counters": counters}


def owner_settings(env: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The owner's credentials; with one login for everything, that one."""
    url = env.get("DATABASE_OWNER_URL") or env.get("DATABASE_URL") or NOWHERE
    return connection_settings(url, OWNER_LIMITS) | {"OWNER": True}


def connection_settings(url: str, limits: str) -> dict[str, Any]:
    """Django's settings for a libpq address, whose own options come last and so win."""
    try:
        parts: dict[str, Any] = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise ImproperlyConfigured(
            "DATABASE_URL and DATABASE_OWNER_URL look like postgresql://user:password@host:5432/database."
        ) from None
    return {
        "ENGINE": "portal.database.backend",
        "NAME": parts.pop("dbname", "portal"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": {**parts, "options": f"{limits} {parts.get('options', '')}".strip()},
    }


def derive_login(owner_url: str) -> str:
    """The web login's address beside the owner's; its password, if the owner has one, follows from that."""
    parts = conninfo_to_dict(owner_url) | {"user": LOGIN}
    if password := parts.get("password"):
        parts["password"] = hmac.new(str(password).encode(), LOGIN.encode(), hashlib.sha256).hexdigest()
    return f"postgresql:///?{urlencode(parts, quote_via=quote)}"


def derived_password(env: Mapping[str, str] = os.environ) -> str | None:
    """The password to give to a derived login; None for one whose password is not ours to set."""
    owner, login = env.get("DATABASE_OWNER_URL"), env.get("DATABASE_URL")
    if owner and login and login == derive_login(owner):
        return connection_settings(login, "")["PASSWORD"] or None
    return None


@contextmanager
def as_owner() -> Iterator[None]:
    """Work on `default` as the owner; for commands only, as every other thread would be the owner too."""
    connection = connections["default"]
    before = {name: connection.settings_dict.get(name) for name in CREDENTIALS}
    owner = owner_settings()
    connection.close()
    connection.settings_dict.update({name: owner[name] for name in CREDENTIALS})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
