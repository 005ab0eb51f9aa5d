"""What the events of products, categories, prices and clouds keep."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from subscriptions.audit.events import Changed
from subscriptions.audit.facts import Stored, fact, kept_by
from subscriptions.models import CloudState, Product, ProductFamily, ProductPrice
from subscriptions.models.audit_event import AuditKind


@dataclass(frozen=True)
class Price(Stored):
    """As it was."""

    currency: str
    from_: date | None = fact(_("From"))
    until: date | None = fact(_("Until"))
    monthly: Decimal | None = fact(_("Per user and month, billed monthly"))
    annual: Decimal | None = fact(_("Per user and month, billed annually"))


@kept_by(AuditKind.CATALOG_CHANGED)
@dataclass(frozen=True)
class CatalogChanged(Changed):
    """A product, category or cloud as it is now, a price that begins, one that ends, or those that were withdrawn."""

    changed_model = Product
    from_day: date | None = fact(_("From"), None)
    currency: str = ""
    price_from: date | None = fact(_("Price from"), None)
    last_day: tuple[date | None, ...] = fact(_("Last day"), ())
    withdrawn: tuple[Price, ...] = fact(_("Withdrawn"), ())

    def model_of(self, name: str) -> type[models.Model]:
        return next((model for model in OF_CATALOG if name in _columns_of(model)), Product)


OF_CATALOG = (Product, ProductFamily, ProductPrice, CloudState)


def _columns_of(model: type[models.Model]) -> set[str]:
    return {column.attname for column in model._meta.concrete_fields}
