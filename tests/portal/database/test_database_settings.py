"""Addresses of databases, read without connecting to any."""

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.postgresql import base as postgresql
from environ import Env
from psycopg.conninfo import conninfo_to_dict

from portal.database.logins import (
    connection_settings,
    derive_login,
    login_settings,
    login_url,
    owner_settings,
    require_one_place,
)
from portal.database.role_names import LOGIN


def test_the_derived_login_keeps_the_place_and_has_its_own_password():
    login = connection_settings(derive_login("postgresql://boss:secret@db.example:6543/shop?sslmode=require"), "")
    assert (login["USER"], login["HOST"], login["PORT"], login["NAME"]) == (
        LOGIN,
        "db.example",
        "6543",
        "shop",
    )
    assert login["OPTIONS"]["sslmode"] == "require"
    assert len(login["PASSWORD"]) == 64


def test_a_login_by_socket_has_no_password():
    login = connection_settings(derive_login("postgresql://boss@/shop?host=%2Frun%2Fpg"), "")
    assert (login["USER"], login["HOST"], login["PASSWORD"]) == (LOGIN, "/run/pg", "")


def test_an_address_that_is_none_gives_one_sentence_without_it():
    with pytest.raises(ImproperlyConfigured) as refusal:
        connection_settings("my:secret@place", "")
    assert "secret" not in str(refusal.value)


def test_one_login_for_everything_is_its_own_owner():
    assert owner_settings({"DATABASE_URL": "postgresql://only@/shop"})["USER"] == "only"


def test_the_owners_address_alone_names_the_database():
    env = Env()
    env.ENVIRON = {"DATABASE_OWNER_URL": "postgresql://boss@db.example/shop"}
    assert login_settings(env)["default"]["NAME"] == "shop"


PLACE = "postgresql://portal_app@db.example/shop"


@pytest.mark.parametrize(
    ("owner", "named"),
    [
        ("postgresql://boss@other.example/shop", "host “db.example” and DATABASE_OWNER_URL host “other.example”"),
        ("postgresql://boss@db.example:6543/shop", "port “5432” and DATABASE_OWNER_URL port “6543”"),
        ("postgresql://boss@db.example/store", "database “shop” and DATABASE_OWNER_URL database “store”"),
    ],
)
def test_two_addresses_that_disagree_are_refused_by_name(owner, named):
    with pytest.raises(ImproperlyConfigured, match=named):
        require_one_place({"DATABASE_URL": PLACE, "DATABASE_OWNER_URL": owner})


@pytest.mark.parametrize("owner", ["", "postgresql://boss:word@DB.example:5432/shop?sslmode=require"])
def test_two_addresses_of_one_place_agree(owner):
    require_one_place({"DATABASE_URL": PLACE, "DATABASE_OWNER_URL": owner})


@pytest.mark.parametrize(
    "owner",
    [
        "postgresql://boss:secret@db.example:6543/shop?sslmode=require&sslkey=owners.key",
        "postgresql://boss:secret@/shop?host=%2Frun%2Fpg",
        "postgresql://boss:secret@[::1]/shop",
    ],
)
def test_the_logins_address_is_the_owners_with_its_own_name_and_password(owner):
    password = "p@ss/w:rd %1"
    made, given = (conninfo_to_dict(url) for url in (login_url(owner, password), owner))
    secrets = ("user", "password", "sslkey")
    assert (made["user"], made["password"]) == (LOGIN, password)
    assert {key: value for key, value in made.items() if key not in secrets} == {
        key: value for key, value in given.items() if key not in secrets
    }


def test_while_the_password_is_replaced_the_old_and_the_new_one_are_good(monkeypatch):
    """Whichever the server knows; who gives no other one is refused as ever, and the owner has no second one."""
    asked: list[str] = []

    def connect(_self, parameters):
        asked.append(parameters["password"])
        if parameters["password"] != "new":
            raise psycopg.OperationalError("password authentication failed")
        return "connected"

    monkeypatch.setattr(postgresql.DatabaseWrapper, "get_new_connection", connect)
    wrapper = connections["default"].copy()
    monkeypatch.setitem(wrapper.settings_dict, "OWNER", None)
    with pytest.raises(psycopg.OperationalError):
        wrapper.get_new_connection({"password": "old"})
    monkeypatch.setenv("DATABASE_OTHER_PASSWORD", "new")
    assert wrapper.get_new_connection({"password": "old"}) == "connected"
    assert asked == ["old", "old", "new"]
    monkeypatch.setitem(wrapper.settings_dict, "OWNER", True)
    with pytest.raises(psycopg.OperationalError):
        wrapper.get_new_connection({"password": "old"})
