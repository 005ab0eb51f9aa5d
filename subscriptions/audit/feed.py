"""Events in the order in which they were committed, so that whoever comes back for more misses none.

Ids are given before a commit: a reader that goes on behind the highest id never sees what commits later with a
smaller one. Each event knows the transaction that wrote it. Handed on is only what was written by transactions older
than any that still runs; they have all ended, so nothing can come in between any more. A transaction that stays open
delays the feed for as long, and loses nothing.

After a restore into another cluster, which counts transactions anew, `raise_epoch` says so: what was there before
counts as committed and stays before all that comes.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.core import signing
from django.db import connection, transaction
from django.db.models import F, Model

from subscriptions.base.transactions import OLDEST_RUNNING
from subscriptions.models import AuditEvent, FeedEpoch, PartnerEvent

SALT = "events"
MOST_EVENTS = 200


class InvalidCursor(Exception):
    """It was not made here, or for another feed."""


class Position(NamedTuple):
    """Behind which event of a feed."""

    epoch: int
    tx: int
    id: int


START = Position(0, 0, 0)


@dataclass(frozen=True)
class Feed:
    """An organization's events, or what a partner is handed of those about its own ties."""

    tenant_id: int | None = None
    partner_number: str = ""

    @property
    def model(self) -> type[Model]:
        return PartnerEvent if self.partner_number else AuditEvent

    @property
    def key(self) -> str:
        """Of the column that says whose an event is, and of the one that is an event's id."""
        return "partner_number" if self.partner_number else "tenant_id"

    @property
    def id_column(self) -> str:
        return "event_id" if self.partner_number else "id"

    @property
    def owner(self) -> str | int | None:
        return self.partner_number or self.tenant_id

    def events(self, ids: Collection[int]) -> Iterable[Any]:
        """Those of the feed among these."""
        named = {f"{self.id_column}__in": list(ids), self.key: self.owner}
        return self.model._default_manager.filter(**named)


# All columns stand in an index: the next page begins where the last one ended
READ = """
    SELECT feed.* FROM {table} feed
     WHERE feed.{key} = %(owner)s AND (feed.epoch, feed.tx, feed.{id}) > (%(epoch)s, %(tx)s::text::xid8, %(after)s)
       AND (feed.epoch < (SELECT portal_epoch()) OR feed.tx < (SELECT {oldest}))
       AND (%(kinds)s::text[] IS NULL OR feed.kind = ANY(%(kinds)s))
     ORDER BY feed.epoch, feed.tx, feed.{id} LIMIT %(limit)s
"""
FROM_MOMENT = """
    SELECT feed.epoch, feed.tx, feed.{id} FROM {table} feed
     WHERE feed.{key} = %(owner)s AND feed.at >= %(at)s ORDER BY feed.epoch, feed.tx, feed.{id} LIMIT 1
"""


def read_feed(feed: Feed, *, after: Position = START, limit: int = MOST_EVENTS, kinds: Collection[str] = ()) -> list:
    """The next events behind that position, as rows of the feed's model; of these kinds alone, or of any."""
    named = {"owner": feed.owner, "kinds": list(kinds) or None, "limit": limit}
    place = {"epoch": after.epoch, "tx": str(after.tx), "after": after.id}
    return list(feed.model._default_manager.raw(_written(READ, feed), {**named, **place}))


def find_event(feed: Feed, uuid: UUID) -> Any:
    """None for one that is not of the feed."""
    name = "message" if feed.partner_number else "uuid"
    return feed.model._default_manager.filter(**{feed.key: feed.owner, name: uuid}).first()


def raise_epoch() -> int:
    """The number of the epoch that begins, as the owner of the database. Waits until no event is being written."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {AuditEvent._meta.db_table}, {PartnerEvent._meta.db_table} IN EXCLUSIVE MODE")
        FeedEpoch.objects.update(number=F("number") + 1)
        return FeedEpoch.objects.get().number


def position_of(event: Any) -> Position:
    return Position(event.epoch, event.tx, event.event_id if isinstance(event, PartnerEvent) else event.pk)


def message_of(event: Any) -> UUID:
    """The id under which it is known wherever it is handed on."""
    return event.message if isinstance(event, PartnerEvent) else event.uuid


def position_now() -> Position:
    """Behind all that is handed on by now: what still runs comes after it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT portal_epoch(), {OLDEST_RUNNING}::text::bigint")
        epoch, tx = cursor.fetchone()
    return Position(epoch, tx, 0)


def position_before(feed: Feed, moment: datetime) -> Position:
    """So that the first event at or after that moment comes next, and all behind it; what comes from now on where
    there is none.
    """
    with connection.cursor() as cursor:
        cursor.execute(_written(FROM_MOMENT, feed), {"owner": feed.owner, "at": moment})
        found = cursor.fetchone()
    return Position(found[0], int(found[1]), found[2] - 1) if found else position_now()


def _written(sql: str, feed: Feed) -> str:
    table = feed.model._meta.db_table
    return sql.format(table=table, key=feed.key, id=feed.id_column, oldest=OLDEST_RUNNING)


def write_cursor(feed: Feed, position: Position) -> str:
    """For whoever reads on later; it says nothing, and is good for this feed alone."""
    return signing.dumps(list(position), salt=f"{SALT}:{feed.key}:{feed.owner}")


def read_cursor(feed: Feed, cursor: str) -> Position:
    """Raises InvalidCursor."""
    try:
        return Position(*signing.loads(cursor, salt=f"{SALT}:{feed.key}:{feed.owner}"))
    except (signing.BadSignature, ValueError, TypeError):
        raise InvalidCursor from None
