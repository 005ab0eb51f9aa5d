"""What the events of acts on many keep."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from subscriptions.audit.facts import Facts, fact, kept_by
from subscriptions.base.formats import mark, number
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.jobs.bulk_act import BulkState


@kept_by(AuditKind.BULK_BEGUN)
@dataclass(frozen=True)
class BulkBegun(Facts):
    """What a person decided by the preview that had this digest."""

    subject = "bulk"
    planned: int = fact(_("Subscriptions"))
    selection: str = fact(_("Chosen by"), "")
    digest: str = fact(_("SHA-256"), "")
    joint: UUID | None = fact(_("Together with others"), None)  # what it shares with those of other organizations

    def tell(self, currency: str) -> list[str]:
        return [self.selection] if self.selection else []


@kept_by(AuditKind.BULK_ENDED)
@dataclass(frozen=True)
class BulkEnded(Facts):
    subject = "bulk"
    changed: int = fact(_("Changed"))
    not_changed: int = fact(_("Not changed"))
    state: BulkState = fact(_("State"))
    is_undo: bool = fact(_("Undo"), default=False)

    def tell(self, currency: str) -> list[str]:
        return [
            f"{_('Changed')}{mark(': ')}{number(self.changed)}",
            f"{_('Not changed')}{mark(': ')}{number(self.not_changed)}",
        ]
