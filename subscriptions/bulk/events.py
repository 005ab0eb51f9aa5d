"""What the events of acts on many keep."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from subscriptions.audit.facts import Facts, fact, kept_by
from subscriptions.base.formats import day as formats_day
from subscriptions.base.formats import join_list, mark, number
from subscriptions.bulk.outcomes import outcome_of
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
    """Its end; or that of one `day`, where it was decided for days to come, and why the others were not changed."""

    subject = "bulk"
    changed: int = fact(_("Changed"))
    not_changed: int = fact(_("Not changed"))
    state: BulkState = fact(_("State"))
    is_undo: bool = fact(_("Undo"), default=False)
    day: date | None = fact(_("Day"), None)
    codes: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        return join_list([str(outcome_of(code).label) for code in self.codes])

    def tell(self, currency: str) -> list[str]:
        return [
            *([formats_day(self.day)] if self.day else []),
            f"{_('Changed')}{mark(': ')}{number(self.changed)}",
            f"{_('Not changed')}{mark(': ')}{number(self.not_changed)}",
        ]
