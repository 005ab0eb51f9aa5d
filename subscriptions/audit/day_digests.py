"""One digest a day over the audit trail, each chained to the one before: whoever alters a row alters all that follow.

Who owns the database could make the whole chain anew. So each digest also leaves it, by log and mail.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection, transaction

from subscriptions.models import AuditDigest, AuditEvent

ONE_DAY = timedelta(days=1)
ID_BYTES, HASH_BYTES = 8, 16
ROW_BYTES = ID_BYTES + HASH_BYTES
BEFORE_THE_FIRST = "0" * 64

# A row as it is hashed and exported: its values in this order, as JSON. A column that comes later stands at the end
# of a line that has it and in no other one, or no older row would be what it was.
ROW = """
    (jsonb_build_array(id, uuid, to_char(timezone('UTC', at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), kind, tenant_id,
                       actor_kind, actor_id, actor_name, actor_partner, actor_relationship, subject_name,
                       subject_uuid, reason, detail, correlation)
     || CASE WHEN actor_application IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(actor_application) END)::text
"""
# Constants alone are put together
ROWS = f"SELECT id, {ROW} AS line FROM subscriptions_auditevent WHERE at >= %s AND at < %s"  # noqa: S608
FINGERPRINTS = f"""
    SELECT string_agg(int8send(id) || substr(sha256(convert_to(line, 'UTF8')), 1, {HASH_BYTES}), NULL ORDER BY id)
      FROM ({ROWS}) AS of_the_day
"""  # noqa: S608


@dataclass(frozen=True)
class Day:
    """What a day's rows are now."""

    day: date
    fingerprints: bytes

    @property
    def rows(self) -> int:
        return len(self.fingerprints) // ROW_BYTES

    def digest(self, before: str) -> str:
        head = f"{before}\n{self.day.isoformat()}\n{self.rows}\n".encode()
        return hashlib.sha256(head + self.fingerprints).hexdigest()


def day_now(day: date) -> Day:
    """A million rows take some seconds, which is longer than a page may."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        cursor.execute(FINGERPRINTS, bounds(day))
        (fingerprints,) = cursor.fetchone()
    return Day(day, bytes(fingerprints or b""))


def lines_of(day: date) -> Iterator[str]:
    """Each row as it was hashed, in the order of IDs."""
    with connection.cursor() as cursor:
        cursor.execute(f"{ROWS} ORDER BY id", bounds(day))
        while rows := cursor.fetchmany(1000):
            yield from (line for _id, line in rows)


def bounds(day: date) -> list[datetime]:
    """Its first moment, and that of the next day, of UTC."""
    return [datetime.combine(each, time(), tzinfo=UTC) for each in (day, day + ONE_DAY)]


def make_digests(*, before: date) -> Iterator[AuditDigest]:
    """Those that are missing of the days before this one, each in its own transaction. Needs the worker's scope."""
    last = AuditDigest.objects.order_by("-day").defer("fingerprints").first()
    day, chain = (last.day + ONE_DAY, last.digest) if last else (first_day(), BEFORE_THE_FIRST)
    while day and day < before:
        with transaction.atomic():
            now = day_now(day)
            made = AuditDigest.objects.create(
                day=day, rows=now.rows, fingerprints=now.fingerprints, digest=now.digest(chain)
            )
        yield made
        day, chain = day + ONE_DAY, made.digest


def first_day() -> date | None:
    """Of the oldest row."""
    oldest = AuditEvent.objects.order_by("at").values_list("at", flat=True).first()
    return oldest.astimezone(UTC).date() if oldest else None
