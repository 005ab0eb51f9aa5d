"""What the database writes of one cell is what Python writes of it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F
from django.utils import timezone

from subscriptions.base.local_time import LocalClock, LocalDay, distances
from subscriptions.models import Tenant
from subscriptions.web.files.copied_rows import copied_chunks, marked
from subscriptions.web.files.csv_rows import csv_lines
from subscriptions.web.files.file_rows import day_cell, moment_cell
from tests.database import as_owner

CHARACTERS = [chr(code) for code in range(1, 66_000) if not 0xD800 <= code < 0xE000]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["{}=1", "Name {} and more"])
def test_each_character_is_written_as_by_the_one_rule_of_python(text):
    """At the beginning of a cell, and inside; more code points are letters and signs alone."""
    before, after = text.split("{}")
    query = f"""
        COPY (SELECT {marked("t.text")}, n FROM (
            SELECT n, '{before}' || chr(n) || '{after}' AS text
              FROM generate_series(1, 65999) n WHERE n NOT BETWEEN 55296 AND 57343) t ORDER BY n
        ) TO STDOUT (FORMAT csv)
    """
    written = csv_lines((text.format(character), ord(character)) for character in CHARACTERS)
    assert b"".join(copied_chunks(query)) == b"".join(written)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Shanghai", "Europe/Berlin", "Asia/Kathmandu", "UTC"])
def test_a_moment_is_the_same_day_and_time_in_each_zone(alpha, zone):
    """Around each of its changes to and from summer time, some of them."""
    changes = [
        moment + timedelta(seconds=more) for moment, _distance in distances(ZoneInfo(zone)) for more in (-1, 0)
    ]
    here = Tenant.objects.filter(pk=alpha.pk)
    written = {
        "clock": LocalClock(F("state_since"), ZoneInfo(zone)),
        "day": LocalDay(F("state_since"), ZoneInfo(zone)),
    }
    with as_owner(), timezone.override(ZoneInfo(zone)):
        for moment in (
            *changes[:: len(changes) // 12 or 1],
            *changes[-2:],
            datetime(2026, 12, 1, 23, 59, 59, 9, UTC),
        ):
            here.update(state_since=moment)
            row = here.values(**written).get()
            assert (row["clock"], row["day"]) == (moment_cell(moment).isoformat(), day_cell(moment))
