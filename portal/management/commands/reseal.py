"""Encrypts anew what the database keeps under an earlier SECRET_KEY."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.installation.reseal import reseal


class Command(BaseCommand):
    help = (
        "After SECRET_KEY was replaced, and its forerunner stands in SECRET_KEY_FALLBACKS: encrypt secrets of "
        "authenticator apps and webhooks under the new one, as the owner. Then the old one can go."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError where something is under a key that is not named."""
        told = reseal()
        self.stdout.write(f"Under today's SECRET_KEY: {told.rows} secrets.")
        if told.unreadable:
            raise CommandError(f"{told.unreadable} are under a key that is named nowhere: add it to the fallbacks.")
