"""What the events of partners and of their people keep."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from partners.models import Partner, PartnerPerson
from subscriptions.audit.events import Changed, RoleChanged
from subscriptions.audit.facts import Facts, fact, kept_by
from subscriptions.models.audit_event import AuditKind


@kept_by(AuditKind.PARTNER_ADDED, AuditKind.PARTNER_CHANGED)
@dataclass(frozen=True)
class PartnerChanged(Changed):
    changed_model = Partner

    @property
    def mailbox_before(self) -> str:
        return self._mailbox(0)

    @property
    def mailbox_after(self) -> str:
        return self._mailbox(1)

    def _mailbox(self, which: int) -> str:
        return self.changes.get("mailbox", ["", ""])[which] or ""


@kept_by(AuditKind.PARTNER_PERSON_ADDED, AuditKind.PARTNER_PERSON_CHANGED, AuditKind.PARTNER_PERSON_REMOVED)
@dataclass(frozen=True)
class PartnerPersonChanged(RoleChanged):
    changed_model = PartnerPerson
    person: str = fact(_("Person"), "")
    place: str = fact(_("Company"), "")  # for the mail to the person


@kept_by(AuditKind.SERVING_CHANGED)
@dataclass(frozen=True)
class ServingChanged(Facts):
    customer: str = fact(_("Customer"))
    before: tuple[str, ...] = fact(_("Before"), ())
    after: tuple[str, ...] = fact(_("Now"), ())
