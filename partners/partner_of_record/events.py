"""What the events of partners of record keep."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models.partner_of_record import Source
from subscriptions.audit.facts import Facts, Named, fact, kept_by
from subscriptions.clouds import Text
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.event_feed import TieSide


@dataclass(frozen=True)
class PartnerExchanged(Facts):
    """Which partner had something to do with a subscription, and which one has now."""

    subject = "subscription"
    said_as: ClassVar[Text]
    before: Named | None
    after: Named | None

    def say(self, currency: str) -> Iterator[tuple[str, str]]:
        yield str(self.said_as), self.change
        yield from super().say(currency)

    def tell(self, currency: str) -> list[str]:
        return [self.change]

    def exchanged(self) -> list[tuple[Named, TieSide]]:
        """Who lost it and who gained it; neither is told of the other."""
        sides = [(self.before, TieSide.LOST), (self.after, TieSide.GAINED)]
        return [(partner, side) for partner, side in sides if partner]

    @property
    def change(self) -> str:
        return f"{self.before or _('None')} → {self.after or _('None')}"


@kept_by(AuditKind.PARTNER_OF_RECORD_ADDED, AuditKind.PARTNER_OF_RECORD_CHANGED, AuditKind.PARTNER_OF_RECORD_REMOVED)
@dataclass(frozen=True)
class PartnerOfRecordChanged(PartnerExchanged):
    said_as = gettext_lazy("Partner of record")
    source: Source | None = fact(gettext_lazy("Began with"), None)
    own_name: str = fact(gettext_lazy("Own name"), "")  # for the organization alone
    # Where an import brought in what was before
    since: date | None = fact(gettext_lazy("Since"), None)
    until: date | None = fact(gettext_lazy("Until"), None)

    def tell(self, currency: str) -> list[str]:
        """From whom to whom, and where it did not come about in the usual way."""
        how = [] if self.source in (None, Source.TENANT) else [str(Source(self.source).label)]
        return [self.change, *how]

    def parties(self) -> Iterable[tuple[Named, TieSide]]:
        return self.exchanged()


@kept_by(AuditKind.BULK_TOLD)
@dataclass(frozen=True)
class CreditsChanged(Facts):
    """What one partner gained and lost by one act on many: how many subscriptions, and the first of them by name."""

    subject = "bulk"
    partner: Named = fact(gettext_lazy("Partner"))
    gained: int = fact(gettext_lazy("Gained"), 0)
    lost: int = fact(gettext_lazy("Lost"), 0)
    names_gained: tuple[str, ...] = fact(gettext_lazy("Subscriptions gained, the first of them"), ())
    names_lost: tuple[str, ...] = fact(gettext_lazy("Subscriptions lost, the first of them"), ())

    @property
    def more_gained(self) -> int:
        """How many are not listed."""
        return self.gained - len(self.names_gained)

    @property
    def more_lost(self) -> int:
        return self.lost - len(self.names_lost)
