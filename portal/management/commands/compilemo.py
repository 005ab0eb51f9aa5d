"""Compiles the translations, with Babel: gettext's own tools need not be installed."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile locale/*/LC_MESSAGES/*.po to .mo where the .po is newer."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                if is_newer(source, source.with_suffix(".mo")):
                    compile_catalog(source)
                    if options["verbosity"]:
                        self.stdout.write(f"Compiled {source.parent.parent.name}.")


def is_newer(source: Path, target: Path) -> bool:
    return not target.exists() or source.stat().st_mtime_ns > target.stat().st_mtime_ns


def compile_catalog(source: Path) -> None:
    """Writes beside the target and renames, so that nobody reads half a file."""
    with source.open("rb") as texts:
        catalog = read_po(texts)
    unfinished = source.with_suffix(".mo.part")
    with unfinished.open("wb") as target:
        write_mo(target, catalog)
    unfinished.replace(source.with_suffix(".mo"))
