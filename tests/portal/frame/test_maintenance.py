"""The operator announces work on the portal by a file; each page tells it until it is over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.frame import maintenance

SENTENCE = "nothing can be changed, or pages do not answer."


@pytest.fixture
def announce(settings, tmp_path, monkeypatch):
    """Writes the file; what was read before is forgotten, as after ten seconds."""
    path = tmp_path / "maintenance.toml"
    settings.MAINTENANCE_FILE = str(path)

    def write(text: str) -> None:
        path.write_text(text)
        monkeypatch.setattr(maintenance, "_kept", (0.0, None))

    write("")
    return write


def from_to(start: timedelta, end: timedelta, more: str = "") -> str:
    now = timezone.now()
    return f"starts = {(now + start).isoformat()}\nends = {(now + end).isoformat()}\n{more}"


AHEAD = from_to(timedelta(hours=1), timedelta(hours=2), 'en = "Orders go on."\n')


def test_every_page_tells_it_signed_in_or_not_and_that_of_staff(announce, sign_in, anonymous, reader, staff):
    pages = [(sign_in(reader), "/t/alpha/"), (anonymous, "/accounts/sign-in/"), (sign_in(staff), "/staff/")]
    for client, path in pages:
        assert SENTENCE not in client.get(path).content.decode()
    announce(AHEAD)
    for client, path in pages:
        text = client.get(path).content.decode()
        assert SENTENCE in text, path
        assert "Orders go on." in text, path


def test_what_is_over_is_told_no_more(announce):
    announce(from_to(timedelta(hours=-2), timedelta(hours=-1)))
    assert maintenance.announced() is None
    announce(from_to(timedelta(hours=-2), timedelta(minutes=1)))
    assert maintenance.announced() is not None


@pytest.mark.parametrize(
    "wrong",
    ["starts = 1", "no toml", "starts = 2026-12-01T10:00:00\nends = 2099-12-01T11:00:00\n", AHEAD + "de = 5\n"],
)
def test_a_file_that_is_wrong_keeps_nobody_from_a_page_and_stands_in_the_log(announce, wrong, caplog):
    announce(wrong)
    assert maintenance.announced() is None
    assert "maintenance_file_wrong" in str([record.msg for record in caplog.records])
