"""What the events of match requests keep."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from subscriptions.audit.facts import CountryCode, Facts, FamilyCode, Named, fact, kept_by
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.event_feed import TieSide


@kept_by(AuditKind.MATCH_REQUESTED)
@dataclass(frozen=True)
class MatchRequested(Facts):
    subject = "match-request"
    wish: str = fact(_("What help is needed"))
    country: CountryCode = fact(_("Country or region"))
    service: FamilyCode | None = fact(_("Service"))
    language: str = fact(_("Language"))
    partners: tuple[Named, ...] = fact(_("Partners"))
    request: int | None = None

    def parties(self) -> Iterable[tuple[Named, TieSide]]:
        return [(partner, TieSide.PARTY) for partner in self.partners]


@kept_by(AuditKind.MATCH_ANSWERED, AuditKind.MATCH_CLOSED)
@dataclass(frozen=True)
class MatchStep(Facts):
    """What became of it; the request says the rest."""
