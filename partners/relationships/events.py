"""What the events of partner relationships keep."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models.partner_relationship import RelationshipKind
from partners.partner_of_record.events import PartnerExchanged
from subscriptions.audit.facts import Facts, Named, fact, kept_by
from subscriptions.base import formats
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.models.event_feed import TieSide


@kept_by(AuditKind.SUBSCRIPTION_RESELLER_CHANGED)
@dataclass(frozen=True)
class ResellerChanged(PartnerExchanged):
    said_as = gettext_lazy("Reseller")

    def parties(self) -> Iterable[tuple[Named, TieSide]]:
        return self.exchanged()


@kept_by(AuditKind.RELATIONSHIP_ENDED, AuditKind.RELATIONSHIP_REVIEWED)
@dataclass(frozen=True)
class RelationshipFacts(Facts):
    """What each event about a relationship keeps of it."""

    subject = "relationship"
    partner: Named = fact(gettext_lazy("Partner"))
    relationship: RelationshipKind = fact(gettext_lazy("Relationship"))
    roles: tuple[DelegatedRole, ...] = fact(gettext_lazy("Roles"))

    def tell(self, currency: str) -> list[str]:
        return [str(self.partner), *self.changes()]

    def parties(self) -> Iterable[tuple[Named, TieSide]]:
        return [(self.partner, TieSide.PARTY)]

    def changes(self) -> list[str]:
        """The roles granted or taken away, whether it is extended now, the new end."""
        return []


@dataclass(frozen=True)
class RelationshipEnd(RelationshipFacts):
    ends_on: date | None = fact(gettext_lazy("Ends"), None)

    def end(self) -> list[str]:
        return [_("ends on %(day)s") % {"day": formats.day(self.ends_on)}] if self.ends_on else []


@kept_by(AuditKind.RELATIONSHIP_ADDED)
@dataclass(frozen=True)
class RelationshipAdded(RelationshipEnd):
    def changes(self) -> list[str]:
        return [*_labels(self.roles), *self.end()]


@kept_by(AuditKind.RELATIONSHIP_EXTENDED)
@dataclass(frozen=True)
class RelationshipExtended(RelationshipEnd):
    def changes(self) -> list[str]:
        return self.end()


@kept_by(AuditKind.RELATIONSHIP_ENDS_SOON, AuditKind.RELATIONSHIP_EXPIRED)
@dataclass(frozen=True)
class RelationshipMilestone(RelationshipEnd):
    days: int | None = fact(gettext_lazy("Days"), None)


@kept_by(AuditKind.ROLES_REMOVED)
@dataclass(frozen=True)
class RolesRemoved(RelationshipFacts):
    removed: tuple[DelegatedRole, ...] = fact(gettext_lazy("Roles taken away"))

    def changes(self) -> list[str]:
        return _labels(self.removed)


@kept_by(AuditKind.RELATIONSHIP_AUTO_EXTEND)
@dataclass(frozen=True)
class AutoExtendSwitched(RelationshipFacts):
    auto_extend: bool = fact(gettext_lazy("Extended by itself"))

    def changes(self) -> list[str]:
        return [_("On") if self.auto_extend else _("Off")]


def _labels(roles: tuple[DelegatedRole, ...]) -> list[str]:
    return [formats.join_list(map(DelegatedRole, roles))] if roles else []
