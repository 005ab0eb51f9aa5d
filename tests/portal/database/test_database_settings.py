"""Addresses of databases, read without connecting to any."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.database.grants import LOGIN
from portal.database.logins import connection_settings, derive_login, owner_settings


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
