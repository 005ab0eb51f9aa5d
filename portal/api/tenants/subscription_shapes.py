"""A subscription as the API writes it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from partners.models import PartnerOfRecord
from portal.api.formats import Day, Moment, Money, OpenText
from portal.api.paging import Found
from subscriptions.models import Subscription, Tenant

ID_OF_PARTNER = "The ID by which a partner is named, 1 to 10 digits."


class Credited(Schema):
    """The partner of record, and since when."""

    partner_id: str = Field(description=ID_OF_PARTNER, examples=["565380"])
    name: str
    since: Moment


class Product(Schema):
    id: str
    sku: str
    name: str


class Licenses(Schema):
    total: int
    assigned: int


class Why(Schema):
    """Whether an act can be done now, and if not: why, who can do it, and what to do next."""

    allowed: bool
    code: OpenText
    reason: str | None = None
    who: str | None = None
    next_step: str | None = None
    next_url: str | None = None


class SubscriptionOut(Schema):
    id: str
    name: str
    own_name: str
    cost_center: str
    product: Product
    status: OpenText
    licenses: Licenses
    billing_frequency: OpenText
    cost: Money = Field(description="For one billing period.")
    unit_price: Money = Field(description="Per user and month.")
    started_on: Day
    term_ends_on: Day
    recurring_billing: bool
    payment_method: OpenText
    reseller_managed: bool
    partner_of_record: Credited | None
    version: int = Field(description="Its ETag, to be sent in If-Match with a change.")
    actions: dict[str, Why] | None = Field(
        default=None, description="With expand=actions: each act, and whether it can be done."
    )


class SubscriptionPage(Found):
    data: list[SubscriptionOut]


def written(row: Subscription, credited: PartnerOfRecord | None, actions: dict[str, Why] | None) -> SubscriptionOut:
    """Needs the product; `credited` is the period that counts."""
    return SubscriptionOut(
        id=str(row.uuid),
        name=row.name,
        own_name=row.own_name,
        cost_center=row.cost_center,
        product=Product(id=str(row.product.uuid), sku=row.product.sku, name=row.product.name),
        status=row.status,
        licenses=Licenses(total=row.licenses_total, assigned=row.licenses_assigned),
        billing_frequency=row.billing_frequency,
        cost=Money.of(row.cost, row.currency),
        unit_price=Money.of(row.unit_price, row.currency),
        started_on=row.started_on,
        term_ends_on=row.term_ends_on,
        recurring_billing=row.recurring_billing,
        payment_method=row.payment_method,
        reseller_managed=row.reseller_managed,
        partner_of_record=credit(credited),
        version=row.version,
        actions=actions,
    )


def credit(period: Any) -> Credited | None:
    if period is None:
        return None
    return Credited(partner_id=period.partner.number, name=period.partner.name, since=period.valid.lower)


def credited_as_of(
    tenant: Tenant, rows: Iterable[Subscription], moment: datetime | None
) -> dict[int, PartnerOfRecord]:
    """By the subscription, in one statement: who is credited now, or was at that moment."""
    periods: Any = PartnerOfRecord.objects.filter(tenant=tenant, subscription__in=[row.pk for row in rows])
    periods = periods.in_force() if moment is None else periods.as_of(moment)
    return {period.subscription_id: period for period in periods.select_related("partner")}
