"""What the events of a policy keep."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, gettext_lazy

from subscriptions.audit.facts import Facts, Named, fact, kept_by
from subscriptions.base import formats
from subscriptions.models.audit_event import AuditKind


@kept_by(
    AuditKind.POLICY_DEFAULT_SET,
    AuditKind.POLICY_DEFAULT_REMOVED,
    AuditKind.POLICY_PARTNER_APPROVED,
    AuditKind.POLICY_PARTNER_TAKEN_OFF,
)
@dataclass(frozen=True)
class PolicyChanged(Facts):
    """Which partner, and of which products where it is a default."""

    partner: Named = fact(gettext_lazy("Partner"))
    scope: str = fact(gettext_lazy("Of"), "")

    def tell(self, currency: str) -> list[str]:
        return [str(self.partner), *([self.scope] if self.scope else [])]


@kept_by(AuditKind.POLICY_OFF_LIST_SET)
@dataclass(frozen=True)
class OffListSet(Facts):
    """What becomes of a partner that is not on the approved list."""

    asks: bool = fact(gettext_lazy("Partners off the list can be asked for"))

    def tell(self, currency: str) -> list[str]:
        return [gettext("They can be asked for") if self.asks else gettext("They are refused")]


@kept_by(AuditKind.POLICY_EXEMPTED, AuditKind.POLICY_EXEMPTION_ENDED)
@dataclass(frozen=True)
class Exempted(Facts):
    subject = "subscription"
    until: date = fact(gettext_lazy("Until"))

    def tell(self, currency: str) -> list[str]:
        return [formats.day(self.until)]
