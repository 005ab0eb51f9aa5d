"""Looks whether the audit trail is what it was when its digests were made; names each day and row that differs."""

import re
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from subscriptions.audit.verification import verify
from subscriptions.db import scopes

ANCHOR = re.compile(r"(\d{4}-\d{2}-\d{2})=([0-9a-f]{64})")


def day_of(text: str) -> date:
    """Raises CommandError for what is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}” is no day: write it as in 2026-12-31.") from None


def anchor_of(text: str) -> tuple[date, str]:
    """Raises CommandError for what is not as it stands in the mail."""
    if found := ANCHOR.fullmatch(text):
        return day_of(found[1]), found[2]
    raise CommandError(f"“{text}” is no digest of a day: copy it from the mail, as in 2026-12-31=0123abcd…")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--from", dest="start", metavar="DAY", help="trust what was before this day of UTC")
        parser.add_argument(
            "--anchor",
            action="append",
            default=[],
            metavar="DAY=DIGEST",
            help="a digest as it was mailed; may repeat",
        )

    def handle(self, *, start: str | None, anchor: list[str], **options: Any) -> None:
        """Raises CommandError where something differs, so that the exit code says it too."""
        anchors = dict(map(anchor_of, anchor))
        with scopes.worker():
            today = datetime.now(tz=UTC).date()
            found = list(verify(before=today, start=day_of(start) if start else None, anchors=anchors))
        for each in found:
            self.stdout.write(str(each))
        if found:
            raise CommandError(f"The audit trail is not what it was. The first day that differs: {found[0].day}")
        self.stdout.write("The audit trail is what it was.")
