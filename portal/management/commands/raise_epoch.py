"""Says that the database was restored into another cluster, so that no reader of events misses one."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.database.logins import as_owner
from subscriptions.audit.feed import raise_epoch


class Command(BaseCommand):
    help = (
        "To be run once after a restore into another cluster, before the portal starts: what was restored counts as "
        "committed, and what comes is handed on after it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            number = raise_epoch()
        self.stdout.write(f"Epoch {number} begins. What was there before counts as committed.")
