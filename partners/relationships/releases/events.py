"""What the events of release requests keep."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from subscriptions.audit.facts import Facts, Named, fact, kept_by
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.event_feed import TieSide


@kept_by(AuditKind.RELEASE_REQUESTED)
@dataclass(frozen=True)
class ReleaseRequested(Facts):
    """`relationship` is the one that is asked to end, whose page the organization reads; `request` is for staff."""

    subject = "release-request"
    partner: Named = fact(_("Partner"))
    relationship: UUID = fact(_("Relationship"))
    wish: str = fact(_("Reason of the request"))
    due_on: date | None = fact(_("Answer until"))
    request: int | None = None
    overdue: bool | None = fact(_("Overdue"), None)
    blocking: int | None = None

    def page_uuid(self, subject_uuid: UUID | None) -> UUID | None:
        return self.relationship

    def tell(self, currency: str) -> list[str]:
        return [str(self.partner)]

    def parties(self) -> Iterable[tuple[Named, TieSide]]:
        return [(self.partner, TieSide.PARTY)]


@kept_by(
    AuditKind.RELEASE_ACKNOWLEDGED,
    AuditKind.RELEASE_REMINDED,
    AuditKind.RELEASE_ESCALATED,
    AuditKind.RELEASE_DECLINED,
    AuditKind.RELEASE_GRANTED,
    AuditKind.RELEASE_TAKEN_BACK,
)
@dataclass(frozen=True)
class ReleaseFollowed(ReleaseRequested):
    def tell(self, currency: str) -> list[str]:
        """Why the reseller was asked, which is not the reason of the event itself."""
        asked_for = [gettext("Reason of the request: %(reason)s") % {"reason": self.wish}] if self.wish else []
        return [*super().tell(currency), *asked_for]
