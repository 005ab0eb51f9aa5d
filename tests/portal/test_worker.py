"""A worker that ends by itself says so to what starts it; one that is told to end does so in peace."""

import asyncio
import os
import signal

import pytest
from django.core.management import CommandError, call_command
from procrastinate import cli

from portal.database import schema_age
from portal.management.commands import procrastinate


def working(monkeypatch, *, seconds: float, kill: bool = False) -> list[dict]:
    """The worker itself does nothing, for so long; what it was asked."""
    asked: list[dict] = []

    async def work(parsed: dict) -> None:
        asked.append(parsed)
        if kill:
            os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(seconds)

    monkeypatch.setattr(cli, "execute_command", work)
    monkeypatch.setattr(procrastinate, "too_old", lambda: None)
    return asked


def test_a_worker_that_ends_by_itself_is_an_error(monkeypatch):
    asked = working(monkeypatch, seconds=0)
    with pytest.raises(CommandError, match="ended by itself"):
        call_command("procrastinate", "worker", "--queues", "default")
    assert asked[0]["queues"] == ["default"]


def test_a_worker_that_is_told_to_end_is_none(monkeypatch):
    working(monkeypatch, seconds=60, kill=True)
    call_command("procrastinate", "worker")


def test_a_worker_that_only_does_what_waits_may_end(monkeypatch):
    working(monkeypatch, seconds=0)
    call_command("procrastinate", "worker", "--one-shot")


def test_a_worker_does_not_start_on_an_older_schema(monkeypatch):
    asked = working(monkeypatch, seconds=0)
    missing = schema_age.SchemaAge(known=99, missing=["subscriptions.0017_new"], unknown=[])
    monkeypatch.setattr(schema_age, "schema_age", lambda: missing)
    monkeypatch.setattr(procrastinate, "too_old", schema_age.too_old)
    with pytest.raises(CommandError, match=r"1 of its migrations are missing, first subscriptions\.0017_new"):
        call_command("procrastinate", "worker")
    assert asked == []
