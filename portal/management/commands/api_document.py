"""`manage.py api_document` writes docs/openapi.json anew, after an operation was added."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.api.compared import removals
from portal.api.pages import text_of_document


class Command(BaseCommand):
    help = "Write docs/openapi.json, the document of the API; refuses to take anything away from it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--breaking", action="store_true", help="Before the first release alone.")

    def handle(self, *args: Any, **options: Any) -> None:
        path, text = settings.BASE_DIR / "docs" / "openapi.json", text_of_document()
        gone = removals(json.loads(path.read_text()), json.loads(text)) if path.exists() else []
        if gone and not options["breaking"]:
            raise CommandError("A client may need: " + "; ".join(gone))
        path.write_text(text)
