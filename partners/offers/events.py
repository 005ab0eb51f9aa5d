"""What the events of offers keep: what was asked as it was sent, and what an answer granted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models.partner_offer import CreditWanted, OfferedPurchase, OfferKind
from subscriptions.audit.facts import Called, Facts, Named, Stored, fact, kept_by
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.models.event_feed import TieSide
from subscriptions.models.subscription import BillingFrequency


class NotCredited(models.TextChoices):
    """Why a subscription that the offer names did not get its partner of record."""

    STATE = "state", _("it is disabled or deleted")
    PARTNER = "partner", _("the partner is not authorized for it")


@dataclass(frozen=True)
class OfferedThen(Stored):
    name: str = fact(_("Name"))
    licenses: int = fact(_("Licenses"))
    billing_frequency: BillingFrequency = fact(_("Billing frequency"))
    unit_price: Decimal | None = fact(_("Per user and month"), None)
    cost: Decimal | None = fact(_("Cost"), None)


@dataclass(frozen=True)
class TermsThen(Stored):
    number: int = fact(_("Number"))
    digest: str = fact(_("Hash (SHA-256)"))
    summary: str = fact(_("Beginning"))
    text: str = fact(_("Whole text"), "")


@dataclass(frozen=True)
class LeftOut(Stored):
    name: str = fact(_("Name"))
    uuid: UUID = fact(_("UUID"))
    why: NotCredited = fact(_("Why"))


@dataclass(frozen=True)
class GrantedThen(Stored):
    roles: tuple[DelegatedRole, ...] = fact(_("Roles"))
    left_out: tuple[DelegatedRole, ...] = fact(_("Roles that were not granted"))
    days: int | None = fact(_("Days"))
    relationship: UUID | None = fact(_("Relationship"))
    ends: datetime | None = fact(_("Ends"))
    credited: tuple[Called, ...] = fact(_("Partner of record of"))
    skipped: tuple[LeftOut, ...] = fact(_("Left out"))


@kept_by(
    AuditKind.OFFER_DRAFTED,
    AuditKind.OFFER_DISCARDED,
    AuditKind.OFFER_SENT,
    AuditKind.OFFER_SENT_AGAIN,
    AuditKind.OFFER_CHANGED,
    AuditKind.OFFER_WITHDRAWN,
    AuditKind.OFFER_ACCEPTED,
    AuditKind.OFFER_DECLINED,
    AuditKind.OFFER_EXPIRED,
)
@dataclass(frozen=True)
class OfferThen(Facts):
    """`generation` is the sending whose link a mail about this event has; `organization` is that of a draft, which
    stands in no organization's log.
    """

    subject = "offer"
    partner: Named = fact(_("Partner"))
    offer: UUID = fact(_("Offer"))
    kind: OfferKind = fact(_("Kind"))
    generation: int = fact(_("Number of the sending"))
    expires_on: datetime | None = fact(_("Can be answered until"))
    roles: tuple[DelegatedRole, ...] = fact(_("Roles"))
    days: int | None = fact(_("Days"))
    credit: CreditWanted = fact(_("Partner of record"))
    subscriptions: tuple[str, ...] = fact(_("Subscriptions"))
    purchase: OfferedPurchase = fact(_("To buy or try"))
    products: tuple[OfferedThen, ...] = fact(_("Products"))
    terms: TermsThen = fact(_("Terms"))
    total: Decimal | None = fact(_("Total"), None)
    currency: str = ""
    organization: Called | None = fact(_("Organization"), None)
    granted: GrantedThen | None = fact(_("Granted"), None)

    def tell(self, currency: str) -> list[str]:
        return [str(self.partner)]

    def parties(self) -> Iterable[tuple[Named, TieSide]]:
        return [(self.partner, TieSide.PARTY)]
