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

from portal.database.encryption import encryption
from portal.database.role_names import LIMITS, LOGIN
from subscriptions.db.standby import ALIAS as STANDBY

LOGIN_LIMITS = " ".join(f"-c {name}={value}" for name, value in LIMITS.items())
# A migration gives way to the traffic before that runs out of patience behind it, and tries again
OWNER_LIMITS = "-c lock_timeout=1s"
CREDENTIALS = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS", "OWNER")
OWNERS_OWN = ("user", "password", "passfile", "sslcert", "sslkey", "sslpassword")
PLACE = ("host", "port", "database")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
NOWHERE = "postgresql:///portal?host=/DATABASE_URL-is-not-set"  # the error of a use names the cause


def login_settings(env: Any) -> dict[str, dict[str, Any]]:
    """DATABASES: two aliases of one database for the web login, of which `counters` commits by itself.

    A third one is that of a standby, where the settings name one.
    """
    login = connection_settings(env.str("DATABASE_URL", default="") or NOWHERE, LOGIN_LIMITS)
    if not env.str("DATABASE_URL", default="") and (owner := env.str("DATABASE_OWNER_URL", default="")):
        login["NAME"] = connection_settings(owner, "")["NAME"]  # where the owner works
    login |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": True}
    counters = login | {"ATOMIC_REQUESTS": False, "TEST": {"MIRROR": "default"}}
    return {"default": login, "counters": counters} | _standby_settings(env, str(login["NAME"]))


def _standby_settings(env: Any, name: str) -> dict[str, dict[str, Any]]:
    """Where there is one, the alias from which pages may be read. Nobody waits for it for long."""
    if not (url := env.str("STANDBY_URL", default="")):
        return {}
    standby = connection_settings(url, LOGIN_LIMITS)
    if standby["NAME"] != name:
        raise ImproperlyConfigured(
            f"STANDBY_URL says database “{standby['NAME']}” and DATABASE_URL “{name}”: a standby has the same ones."
        )
    standby["OPTIONS"] = {"connect_timeout": 2, **standby["OPTIONS"]}
    return {STANDBY: standby | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": False, "TEST": {"MIRROR": "default"}}}


def owner_settings(env: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The owner's credentials; with one login for everything, that one."""
    url = env.get("DATABASE_OWNER_URL") or env.get("DATABASE_URL") or NOWHERE
    return connection_settings(url, OWNER_LIMITS) | {"OWNER": True}


def require_one_place(env: Mapping[str, str] = os.environ) -> None:
    """Raises ImproperlyConfigured where both addresses are given and lead to two databases."""
    login, owner = (env.get(name) for name in ("DATABASE_URL", "DATABASE_OWNER_URL"))
    if not (login and owner):
        return
    places = [_place(connection_settings(url, "")) for url in (login, owner)]
    for name, of_login, of_owner in zip(PLACE, *places, strict=True):
        if of_login != of_owner:
            raise ImproperlyConfigured(
                f"DATABASE_URL says {name} “{of_login}” and DATABASE_OWNER_URL {name} “{of_owner}”: both must lead "
                "to one and the same database. Nothing was done."
            )


def _place(address: Mapping[str, Any]) -> tuple[str, str, str]:
    host = address["HOST"].lower()
    return "localhost" if host in LOOPBACK else host, address["PORT"] or "5432", address["NAME"]


def connection_settings(url: str, limits: str) -> dict[str, Any]:
    """Django's settings for a libpq address, whose own options come last and so win."""
    try:
        parts: dict[str, Any] = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise ImproperlyConfigured(
            "DATABASE_URL, DATABASE_OWNER_URL and STANDBY_URL look like postgresql://user:password@host:5432/database."
            " In a user or a password a space is written %20, an @ %40, a / %2F, a : %3A and a % %25."
        ) from None
    parts = encryption(os.environ) | parts
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


def login_url(owner_url: str, password: str) -> str:
    """The web login's address as people write it, beside the owner's and with this password."""
    parts = conninfo_to_dict(owner_url)
    host, port = str(parts.pop("host", "")), parts.pop("port", None)
    if host.startswith("/"):  # the folder of a socket has no place before the database's name
        parts, host = parts | {"host": host}, ""
    name = parts.pop("dbname", "portal")
    others = {key: value for key, value in parts.items() if key not in OWNERS_OWN}
    place = f"[{host}]" if ":" in host else host
    query = f"?{urlencode(others, quote_via=quote)}" if others else ""
    secret = quote(password, safe="")
    return f"postgresql://{LOGIN}:{secret}@{place}{f':{port}' if port else ''}/{quote(str(name))}{query}"


def derived_password(env: Mapping[str, str] = os.environ) -> str | None:
    """The password to give to a derived login; None for one whose password is not ours to set."""
    owner, login = env.get("DATABASE_OWNER_URL"), env.get("DATABASE_URL")
    if owner and login and login == derive_login(owner):
        return connection_settings(login, "")["PASSWORD"] or None
    return None


@contextmanager
def as_owner() -> Iterator[None]:
    """Work on `default` as the owner; for commands only, as every other thread would be the owner too.

    Raises ImproperlyConfigured for two addresses that lead to two databases.
    """
    require_one_place()
    with _signed_in_by(owner_settings()):
        yield


@contextmanager
def as_login(url: str) -> Iterator[None]:
    """Work on `default` as the web process will, by an address that the environment does not name yet."""
    with _signed_in_by(connection_settings(url, LOGIN_LIMITS)):
        yield


@contextmanager
def _signed_in_by(address: Mapping[str, Any]) -> Iterator[None]:
    connection = connections["default"]
    before = {name: connection.settings_dict.get(name) for name in CREDENTIALS}
    connection.close()
    connection.settings_dict.update({name: address.get(name) for name in CREDENTIALS})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
