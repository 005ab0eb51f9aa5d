"""Writes everything that one organization has into a folder of CSV, for those who may have it."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.management.by_whom import by_whom
from subscriptions.access import Actor, StaffPermission
from subscriptions.db import scopes
from subscriptions.exports.acts import export_tenant
from subscriptions.exports.tables_archive import files_of
from subscriptions.models import Tenant
from subscriptions.models.audit_event import ActorKind


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("slug", help="the organization's address in the portal")
        parser.add_argument("folder", type=Path, help="where the files are written: new, or empty")
        parser.add_argument("--by", metavar="EMAIL", help="the staff person who does it; the portal itself without")
        parser.add_argument("--reason", default="Export", help="stands in the organization's audit log")

    def handle(self, *, slug: str, folder: Path, **options: Any) -> None:
        by = by_whom(options["by"])
        if by.kind is ActorKind.STAFF and not (may := by.may_staff(StaffPermission.HELP_CUSTOMERS)).allowed:
            raise CommandError(f"{may.reason} {may.who}")
        try:
            _make_empty(folder)
            tenant = _record(slug, by, options["reason"])
            for name, chunks in files_of(tenant):
                with open(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.writelines(chunks)
        except OSError as error:
            raise CommandError(f"{error.filename or folder}: {error.strerror}") from None
        self.stdout.write(f"{tenant.name}: everything is in {folder}.")


def _make_empty(folder: Path) -> None:
    """Readable by nobody else. Raises CommandError for a folder with something in it, and OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise CommandError(f"{folder} is not empty: name a new folder.")


def _record(slug: str, by: Actor, reason: str) -> Tenant:
    """Raises CommandError for an address that is none."""
    with scopes.staff():
        tenant = Tenant.objects.filter(slug=slug).first()
        if tenant is None:
            raise CommandError(f"No organization has the address “{slug}”.")
        export_tenant(tenant=tenant, by=by, reason=reason)
        return tenant
