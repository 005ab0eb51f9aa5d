"""What the events of applications keep: never a token, but how it begins and ends."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from subscriptions.audit.facts import Facts, fact, kept_by
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.people.application import ApplicationScope


@kept_by(AuditKind.APPLICATION_MADE, AuditKind.APPLICATION_DELETED)
@dataclass(frozen=True)
class ApplicationFacts(Facts):
    role: str = fact(_("Role"), "")
    scopes: tuple[ApplicationScope, ...] = fact(_("Scopes"), ())
    partner: str = fact(_("Partner"), "")

    def tell(self, currency: str) -> list[str]:
        return [str(scope.label) for scope in self.scopes]


@kept_by(AuditKind.APPLICATION_TOKEN_MADE, AuditKind.APPLICATION_TOKEN_REVOKED)
@dataclass(frozen=True)
class TokenFacts(Facts):
    token: str = fact(_("Token"), "")
    until: datetime | None = fact(_("Good until"), None)
    partner: str = fact(_("Partner"), "")

    def tell(self, currency: str) -> list[str]:
        return [self.token]
