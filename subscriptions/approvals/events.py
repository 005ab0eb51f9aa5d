"""What the events of requests for approval keep."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from subscriptions.audit.facts import Facts, Named, fact, kept_by
from subscriptions.base.formats import day, number
from subscriptions.models.audit_event import AuditKind


@kept_by(
    AuditKind.CHANGE_ASKED,
    AuditKind.CHANGE_APPROVED,
    AuditKind.CHANGE_REFUSED,
    AuditKind.CHANGE_WITHDRAWN,
    AuditKind.CHANGE_NOT_DECIDED,
)
@dataclass(frozen=True)
class ChangeWanted(Facts):
    """What a member wants of whom a subscription credits, or how many subscriptions are to change."""

    subject = "approval"
    asked_by: str = fact(_("Asked by"), "")
    before: Named | None = None
    after: Named | None = None
    day: date | None = fact(_("Day"), None)
    many: int | None = fact(_("Subscriptions"), None)
    own_name: str = fact(_("Own name"), "")  # for the organization alone

    def say(self, currency: str) -> Iterator[tuple[str, str]]:
        if self.many is None:
            yield str(_("Partner of record")), self.change
        yield from super().say(currency)

    def tell(self, currency: str) -> list[str]:
        return [self.change, *([day(self.day)] if self.day else [])] if self.many is None else [number(self.many)]

    @property
    def change(self) -> str:
        return f"{self.before or gettext('None')} → {self.after or gettext('None')}"


@kept_by(AuditKind.SECOND_PERSON_SWITCHED)
@dataclass(frozen=True)
class SecondPersonSwitched(Facts):
    """Whether it is on now, and how many requests wait for a decision."""

    is_on: bool = fact(_("Second person needed"))
    waiting: int = fact(_("Requests that wait"), 0)

    def tell(self, currency: str) -> list[str]:
        return [gettext("On") if self.is_on else gettext("Off")]
