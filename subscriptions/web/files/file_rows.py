"""The rows of a list as plain values, for a file of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from django.utils import timezone, translation

from subscriptions.web.tables import Column


def moment_cell(moment: datetime | None) -> datetime | None:
    """In the zone of now, which the column names."""
    return timezone.localtime(moment).replace(microsecond=0) if moment else None


def day_cell(moment: datetime | None) -> date | None:
    """The day that it was in the zone of now."""
    return timezone.localtime(moment).date() if moment else None


@dataclass(frozen=True)
class FileRows:
    """What the columns with a value say of each row."""

    columns: Sequence[Column]

    def header(self) -> list[str]:
        zone = timezone.get_current_timezone_name()
        return [f"{column.label} ({zone})" if column.in_zone else str(column.label) for column in self.columns]

    def plain(self, rows: Iterable[dict]) -> Iterator[list[object]]:
        """In the language and time zone of now: the request may be over when the rows are read."""
        return self._plain(rows, translation.get_language(), timezone.get_current_timezone())

    def _plain(self, rows: Iterable[dict], language: str | None, zone: tzinfo) -> Iterator[list[object]]:
        """Nothing that is chosen for a thread is left chosen between two rows, and no row is read ahead."""
        for row in rows:
            with translation.override(language), timezone.override(zone):
                written = [column.plain(row) for column in self.columns]
            yield written
