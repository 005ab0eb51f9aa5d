"""What a cloud sells to an organization today, and who may buy or try it."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.translation import gettext as _

from subscriptions.access import Actor, Permission
from subscriptions.base.days import today_in
from subscriptions.base.languages import columns_of, in_language
from subscriptions.models import Product, ProductFamily, Subscription, Tenant
from subscriptions.models.catalogue.product_price import price_day
from subscriptions.models.state_by_date import becomes_paid, in_state
from subscriptions.models.subscription import BillingFrequency, SubscriptionStatus
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode, unless_closed

# A trial that lapsed without ever being paid for was not bought.
LAPSED_TRIAL = Q(status=SubscriptionStatus.EXPIRED, began_as_trial=True, payment_method="")
SEPARATOR = re.compile("[;\uff1b]")  # of features, as people type it in any of the languages
ITEM_COLUMNS = (
    "id", "uuid", "name", "family", *columns_of("description"), *columns_of("features"), "has_trial",
    "monthly", "annual", "purchased", "in_trial", "tried",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Item:
    """One product at today's price, and what this organization has of it already."""

    id: int
    uuid: UUID
    name: str
    family: str  # its code
    description_en: str
    description_de: str
    description_zh_hans: str
    features_en: str
    features_de: str
    features_zh_hans: str
    has_trial: bool
    monthly: Decimal
    annual: Decimal
    purchased: bool
    in_trial: bool
    tried: bool

    @property
    def description(self) -> str:
        return in_language(vars(self), "description")

    @property
    def features(self) -> list[str]:
        """One after the other, as staff have separated them by semicolons; each once."""
        texts = SEPARATOR.split(in_language(vars(self), "features"))
        return list(dict.fromkeys(text.strip() for text in texts if text.strip()))

    def price(self, frequency: str) -> Decimal:
        return self.annual if frequency == BillingFrequency.ANNUAL else self.monthly


def items(tenant: Tenant) -> QuerySet:
    """The products that have a price today; to be taken as values of ITEM_COLUMNS."""
    rows = Subscription.objects.filter(tenant=tenant, product=OuterRef("pk"))
    today = today_in(tenant.time_zone, timezone.now())
    in_trial = Exists(rows.filter(in_state(SubscriptionStatus.TRIAL, today)))
    return _sold_to(tenant).annotate(
        monthly=F("prices__monthly"),
        annual=F("prices__annual"),
        purchased=_has_one(rows.filter(_owned(today))),
        in_trial=in_trial,
        tried=Exists(rows.filter(Q(status=SubscriptionStatus.TRIAL) | Q(began_as_trial=True))),
    )


def families(tenant: Tenant) -> QuerySet[ProductFamily]:
    """All categories, and of each whether something of it `is_sold` there today."""
    return ProductFamily.objects.annotate(is_sold=Exists(_sold_to(tenant).filter(family=OuterRef("code"))))


def _sold_to(tenant: Tenant) -> QuerySet[Product]:
    return Product.objects.filter(
        cloud=tenant.cloud,
        prices__valid__contains=price_day(),
        prices__currency=tenant.cloud_profile.currency,
    )


def _owned(today: date) -> Q:
    stored = Q(status__in=(SubscriptionStatus.ACTIVE, SubscriptionStatus.EXPIRED)) & ~LAPSED_TRIAL
    return stored & (in_state(SubscriptionStatus.ACTIVE, today) | in_state(SubscriptionStatus.EXPIRED, today))


def can_be_bought(today: date) -> Q:
    """Trials, and trials that ended without ever being paid for; what a reseller manages is bought from it."""
    is_tried = in_state(SubscriptionStatus.TRIAL, today) & ~becomes_paid(today)
    lapsed_today = Q(status=SubscriptionStatus.TRIAL) & in_state(SubscriptionStatus.EXPIRED, today)
    lapsed = LAPSED_TRIAL & in_state(SubscriptionStatus.EXPIRED, today)
    return (is_tried | lapsed_today | lapsed) & Q(reseller_managed=False)


def _has_one(rows: QuerySet) -> IsNull:
    """Like Exists, but looked for in the order of the index `subscription_by_product`.

    Where most of a tenant's rows are owned, a planner hopes to meet one soon and reads the whole table instead, which
    is a long way for a product that the tenant has nothing of.
    """
    return IsNull(Subquery(rows.order_by("status").values("status")[:1]), False)


def find_item(*, tenant: Tenant, uuid: UUID) -> Item | None:
    """None where the organization's cloud does not sell the product today."""
    row = items(tenant).filter(uuid=uuid).values(*ITEM_COLUMNS).first()
    return Item(**row) if row else None


def cloud_sells(tenant: Tenant) -> Verdict:
    """A closing cloud still sells to the organizations that it has; a closed one sells nothing to anybody."""
    return unless_closed(
        tenant.cloud_status,
        reason=_("This cloud is closed: everything can be read, but nothing can be bought or tried any more."),
        next_step=_("What you have can still be reduced or canceled."),
    )


def may_buy(actor: Actor, tenant: Tenant) -> Verdict:
    """May this actor buy anything here?"""
    allowed = actor.may(Permission.BUY)
    return cloud_sells(tenant) if allowed.allowed else allowed


def may_start_trial(actor: Actor, tenant: Tenant, item: Item) -> Verdict:
    """May this actor try the product? Once per product and organization."""
    buying = may_buy(actor, tenant)
    if not buying.allowed:
        return buying
    if not item.has_trial:
        return Verdict(
            code=VerdictCode.NO_TRIAL,
            reason=_("This product has no free trial."),
            next_step=_("You can buy it with a single license first."),
        )
    if item.tried:
        return Verdict(
            code=VerdictCode.TRIAL_USED,
            reason=_("Your organization has used the free trial of this product already."),
            next_step=_("You can buy it at any time; a trial that still runs becomes the paid subscription."),
        )
    return ALLOWED
