"""What the events of scheduled changes keep."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy

from partners.partner_of_record.events import PartnerExchanged
from subscriptions.audit.facts import fact, kept_by
from subscriptions.base import formats
from subscriptions.bulk.outcomes import Outcome, outcome_of
from subscriptions.models.audit_event import AuditKind


@kept_by(
    AuditKind.CHANGE_SCHEDULED,
    AuditKind.SCHEDULE_CANCELED,
    AuditKind.SCHEDULE_NOT_APPLIED,
    AuditKind.SCHEDULE_DISMISSED,
)
@dataclass(frozen=True)
class ChangeScheduled(PartnerExchanged):
    """From whom to whom, on which day of the organization; `code` is why it was not applied."""

    said_as = gettext_lazy("Partner of record")
    day: date | None = fact(gettext_lazy("Day"), None)
    at_renewal: bool = fact(gettext_lazy("At the renewal"), default=False)
    own_name: str = fact(gettext_lazy("Own name"), "")  # for the organization alone
    code: str = ""
    said_by_itself = frozenset({"code"})

    def say(self, currency: str) -> Iterator[tuple[str, str]]:
        yield from super().say(currency)
        if self.code:
            yield str(gettext_lazy("Why")), str(self.why.label)

    def tell(self, currency: str) -> list[str]:
        day = [formats.day(self.day)] if self.day else []
        return [self.change, *day, *([str(self.why.label)] if self.code else [])]

    @property
    def why(self) -> Outcome:
        return outcome_of(self.code)
