"""What the events of imports keep."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from subscriptions.audit.facts import Facts, fact, kept_by
from subscriptions.models.audit_event import AuditKind


@kept_by(AuditKind.IMPORT_UPLOADED)
@dataclass(frozen=True)
class ImportUploaded(Facts):
    kind: str = fact(_("Kind"))
    digest: str = fact(_("SHA-256"))


@kept_by(AuditKind.IMPORT_APPLIED)
@dataclass(frozen=True)
class ImportApplied(Facts):
    """The file as it was, by its digest, and what the dry run found in it."""

    kind: str = fact(_("Kind"))
    digest: str = fact(_("SHA-256"))
    lines: int = fact(_("Lines"))
    fresh: int = fact(_("To be made"))
    there: int = fact(_("There already"))
    wrong: int = fact(_("Lines with errors"))


@kept_by(AuditKind.IMPORT_STOPPED, AuditKind.IMPORT_SET_ASIDE, AuditKind.IMPORT_ENDED)
@dataclass(frozen=True)
class ImportEnded(Facts):
    kind: str = fact(_("Kind"))
    done: int = fact(_("Made"))
    there: int = fact(_("There already"))
    wrong: int = fact(_("Lines with errors"))
