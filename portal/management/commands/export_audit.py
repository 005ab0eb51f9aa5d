"""Writes the audit trail of some days with their digests as lines of JSON, so that it can be verified elsewhere."""

import json
import os
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from portal.management.commands.verify_audit import day_of
from subscriptions.audit.day_digests import BEFORE_THE_FIRST, lines_of
from subscriptions.db import scopes
from subscriptions.models import AuditDigest


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path, help="a new file")
        parser.add_argument(
            "--from", dest="start", metavar="DAY", help="the first day of UTC; without, the first there is"
        )
        parser.add_argument(
            "--to", dest="end", metavar="DAY", help="the last day of UTC; without, the last with a digest"
        )

    def handle(self, *, file: Path, start: str | None, end: str | None, **options: Any) -> None:
        """Raises CommandError for a file that is there, or cannot be written."""
        wanted = {"day__gte": start and day_of(start), "day__lte": end and day_of(end)}
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(handle, "w", encoding="utf-8") as out, scopes.worker():
                days = _write(out, {name: day for name, day in wanted.items() if day})
        except OSError as error:
            raise CommandError(f"{error.filename or file}: {error.strerror}") from None
        self.stdout.write(f"{days} days of the audit trail are in {file}.")


def _write(out: TextIO, wanted: dict[str, Any]) -> int:
    """A head for each day, and its rows below."""
    digests = AuditDigest.objects.order_by("day").defer("fingerprints")
    days = list(digests.filter(**wanted))
    earlier = digests.filter(day__lt=days[0].day).last() if days else None
    before = earlier.digest if earlier else BEFORE_THE_FIRST
    for each in days:
        head = {"day": each.day.isoformat(), "rows": each.rows, "before": before, "digest": each.digest}
        out.write(json.dumps(head) + "\n")
        out.writelines(f"{line}\n" for line in lines_of(each.day))
        before = each.digest
    return len(days)
