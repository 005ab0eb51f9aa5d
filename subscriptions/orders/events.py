"""What the events of orders keep."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from subscriptions.audit.facts import Facts, Named, Stored, fact, kept_by
from subscriptions.clouds import PaymentMethod
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.subscription import BillingFrequency


@dataclass(frozen=True)
class Line(Stored):
    """One product of an order, as it was bought."""

    product: str = fact(_("Product"))
    subscription: str = fact(_("Subscription"))
    licenses: int = fact(_("Licenses"))
    billing_frequency: BillingFrequency = fact(_("Billing frequency"))
    unit_price: Decimal | None = fact(_("Per user and month"))
    cost: Decimal | None = fact(_("Cost"))


@kept_by(AuditKind.ORDER_PLACED)
@dataclass(frozen=True)
class OrderPlaced(Facts):
    subject = "order"
    currency: str
    payment_method: PaymentMethod = fact(_("Payment method"))
    lines: tuple[Line, ...] = fact(_("Products"))
    total: Decimal | None = fact(_("Total"))
    partner: Named | None = fact(_("Partner"), None)
    credited: tuple[str, ...] = fact(_("Partner of record of"), ())

    def tell(self, currency: str) -> list[str]:
        return [str(self.partner)] if self.partner else []


@kept_by(AuditKind.ORDER_CANCELED)
@dataclass(frozen=True)
class OrderCanceled(Facts):
    order: str = fact(_("Order"))
