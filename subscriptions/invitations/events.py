"""What the events of invitations keep: whom the mail reached is not among it, as addresses live in accounts alone."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from subscriptions.audit.facts import Facts, fact, kept_by
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.delegated_role import AgentRole
from subscriptions.models.people.membership import Role
from subscriptions.models.people.staff_role import StaffRole


@kept_by(AuditKind.INVITATION_SENT, AuditKind.INVITATION_SENT_AGAIN, AuditKind.INVITATION_WITHDRAWN)
@dataclass(frozen=True)
class Invited(Facts):
    role: Role | None = fact(_("Role"), None)
    agent_role: AgentRole | None = fact(_("Role"), None)
    groups: tuple[StaffRole, ...] = fact(_("Staff roles"), ())
    place: str = fact(_("To what"), "")
    until: datetime | None = fact(_("Good until"), None)

    def tell(self, currency: str) -> list[str]:
        return [str(self.role.label)] if self.role else []
