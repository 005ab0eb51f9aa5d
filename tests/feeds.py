"""Events as they are handed on, in tests whose transaction never commits."""

import pytest

from subscriptions.audit import feed


@pytest.fixture
def committed(monkeypatch) -> None:
    """What the test's own transaction writes is handed on, as if it had ended."""
    monkeypatch.setattr(feed, "OLDEST_RUNNING", "(pg_current_xact_id()::text::bigint + 1)::text::xid8")
