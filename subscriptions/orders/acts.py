"""An order before it is placed: the draft of the check-out, its products and the prices that it holds.

Every change locks the order, compares the version that the form carried, writes, and counts the version up.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from subscriptions.access import Actor
from subscriptions.audit.changes import derived
from subscriptions.catalogue.costs import todays_price, with_todays_prices
from subscriptions.catalogue.shop import Item, can_be_bought, may_buy
from subscriptions.db.locks import lock_name
from subscriptions.models import Order, OrderLine, Subscription, Tenant
from subscriptions.models.order import OrderState
from subscriptions.models.subscription import BillingFrequency
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.verdicts import ALLOWED, Page, Stale, Verdict, VerdictCode

DRAFT_DAYS = 30


class StaleOrder(Stale):
    """The order has changed since the form was shown."""


@dataclass(frozen=True)
class PriceChange:
    """A line whose price is another one today; `after` is None where the product is not sold any more."""

    line: OrderLine
    after: Decimal | None


class PriceChanged(Exception):
    """Prices differ from those that the order holds; nothing is bought until the new ones are confirmed."""

    def __init__(self, changes: list[PriceChange]):
        super().__init__(len(changes))
        self.changes = changes


def may_continue(actor: Actor, tenant: Tenant, order: Order) -> Verdict:
    """May this actor go on with this order? Only as long as it is a draft."""
    buying = may_buy(actor, tenant)
    if not buying.allowed:
        return buying
    if order.state == OrderState.DRAFT and order.expires_on >= today_of(tenant):
        return ALLOWED
    if order.state in (OrderState.PLACED, OrderState.CANCELED):
        return Verdict(
            code=VerdictCode.ORDER_NOT_DRAFT,
            reason=_("This order was placed already as %(number)s. Nothing was bought twice.")
            % {"number": order.number},
            next_step=_("Look at the order, or start a new one under Purchase services."),
            next_label=order.number,
            next_page=Page("subscriptions:order-detail", (tenant.slug, order.uuid)),
        )
    return Verdict(
        code=VerdictCode.ORDER_NOT_DRAFT,
        reason=_("This order was not placed within %(days)s days, so it was given up.") % {"days": DRAFT_DAYS},
        next_step=_("Start a new order under Purchase services."),
        next_label=_("Purchase services"),
        next_page=Page("subscriptions:purchase-services", (tenant.slug,)),
    )


def open_drafts(*, tenant: Tenant, by: Actor) -> QuerySet[Order]:
    """Of this person."""
    kept = Order.objects.of_tenant(tenant).drafts().filter(expires_on__gte=today_of(tenant))
    return kept.filter(started_by_user_id=by.user_id) if by.user_id else kept.none()


def draft_to_fill(*, tenant: Tenant, by: Actor, wanted: UUID | None = None) -> Order | None:
    """The wanted one of the person's drafts, else the newest that holds something, else the newest; locked."""
    holds = Exists(OrderLine.objects.filter(tenant=tenant, order=OuterRef("pk")))
    drafts = open_drafts(tenant=tenant, by=by).select_for_update().annotate(holds=holds)
    named = drafts.filter(uuid=wanted).first() if wanted else None
    return named or drafts.order_by("-holds", "-id").first()


@transaction.atomic
def add_product(*, tenant: Tenant, item: Item, by: Actor, wanted: UUID | None = None) -> Order:
    """Puts a product into the person's draft, or into a new one; a product that is in it already stays once.

    Of a product in trial the line buys the trial: that subscription goes on and keeps its partner. Raises Refused.
    The draft is locked, so that nothing gets into an order that is being placed.
    """
    may_buy(by, tenant).require()
    lock_name("draft", tenant.pk, by.user_id or by.name)
    order = draft_to_fill(tenant=tenant, by=by, wanted=wanted) or _new_draft(tenant, by)
    if order.lines.filter(product_id=item.id).exists():
        return order
    trial = _trial_to_buy(tenant, item)
    OrderLine.objects.create(
        tenant=tenant,
        order=order,
        product_id=item.id,
        licenses=max(trial.licenses_assigned, 1) if trial else 1,
        billing_frequency=BillingFrequency.MONTHLY,
        unit_price=item.monthly,
        currency=tenant.cloud_profile.currency,
        trial=trial,
    )
    _count_up(order)
    return order


@transaction.atomic
def split_off(*, tenant: Tenant, order: Order, version: int, products: Collection[UUID], by: Actor) -> Order:
    """A draft of their own for these products; the rest stays where it is. Raises StaleOrder and Refused."""
    order = lock_draft(tenant, order, version, by)
    lines = OrderLine.objects.filter(tenant=tenant, order=order)
    moved = lines.filter(product__uuid__in=products)
    if not moved.exists() or not lines.exclude(product__uuid__in=products).exists():
        return order
    fresh = _new_draft(tenant, by)
    moved.update(order=fresh)
    _count_up(order)
    return fresh


def _new_draft(tenant: Tenant, by: Actor) -> Order:
    return Order.objects.create(
        tenant=tenant,
        started_at=timezone.now(),
        started_by=by.name,
        started_by_user_id=by.user_id,
        expires_on=today_of(tenant) + timedelta(days=DRAFT_DAYS),
    )


def _trial_to_buy(tenant: Tenant, item: Item) -> Subscription | None:
    trials = Subscription.objects.of_tenant(tenant).filter(product_id=item.id)
    return trials.filter(can_be_bought(today_of(tenant))).first()


@dataclass(frozen=True)
class Wanted:
    """What the buyer wants of one line."""

    licenses: int
    billing_frequency: str


@transaction.atomic
def change_lines(
    *,
    tenant: Tenant,
    order: Order,
    version: int,
    wanted: Mapping[int, Wanted],
    by: Actor,
    removed: Collection[int] = (),
) -> None:
    """Licenses and billing frequency by the line's key. Raises StaleOrder and Refused.

    Another frequency takes today's price for it; the price of a line that keeps its frequency is held.
    """
    order = lock_draft(tenant, order, version, by)
    for line in lines_of(order, tenant):
        if line.pk in removed:
            line.delete()
        elif line.pk in wanted:
            _change(line, wanted[line.pk])
    _count_up(order)


def _change(line: OrderLine, wanted: Wanted) -> None:
    line.licenses = wanted.licenses
    if line.billing_frequency != wanted.billing_frequency:
        line.billing_frequency = wanted.billing_frequency
        price = todays_price(line, line.billing_frequency)
        line.unit_price = line.unit_price if price is None else price
    line.save(update_fields=["licenses", "billing_frequency", "unit_price"])


@transaction.atomic
def accept_prices(*, tenant: Tenant, order: Order, version: int, by: Actor) -> None:
    """Holds today's prices from now on; lines of products that are not sold any more go."""
    order = lock_draft(tenant, order, version, by)
    for change in price_changes(lines_of(order, tenant)):
        if change.after is None:
            change.line.delete()
        else:
            OrderLine.objects.filter(tenant=tenant, pk=change.line.pk).update(unit_price=change.after)
    _count_up(order)


@transaction.atomic
def keep(*, tenant: Tenant, order: Order, version: int, facts: Mapping[str, str], by: Actor) -> None:
    """Keeps facts of the order itself: the partner that was found, how it is to be paid."""
    order = lock_draft(tenant, order, version, by)
    for name, value in facts.items():
        setattr(order, name, value)
    order.save(update_fields=[*facts, *derived(order, facts)])
    _count_up(order)


def lock_draft(tenant: Tenant, order: Order, version: int, by: Actor) -> Order:
    """Locks the draft until the transaction ends. Raises Refused and StaleOrder."""
    order = Order.objects.of_tenant(tenant).select_for_update().get(pk=order.pk)
    may_continue(by, tenant, order).require()
    if order.version != version:
        raise StaleOrder
    return order


def _count_up(order: Order) -> None:
    Order.objects.filter(tenant_id=order.tenant_id, pk=order.pk).update(version=F("version") + 1)


def lines_of(order: Order, tenant: Tenant) -> list[OrderLine]:
    """The lines with their products, trials and today's prices, in the order in which they were added."""
    return list(_lines(tenant).filter(order=order))


def placed_order(*, tenant: Tenant, uuid: UUID) -> tuple[Order, list[OrderLine]] | None:
    """An order that has a number, and its lines, in one query."""
    lines = list(_lines(tenant).filter(order__uuid=uuid).exclude(order__number="").select_related("order"))
    return (lines[0].order, lines) if lines else None


def _lines(tenant: Tenant) -> QuerySet[OrderLine]:
    rows = OrderLine.objects.filter(tenant=tenant).select_related("product", "trial", "subscription")
    return with_todays_prices(rows).order_by("id")


def price_changes(lines: list[OrderLine]) -> list[PriceChange]:
    """Needs lines of `lines_of`."""
    prices = [(line, todays_price(line, line.billing_frequency)) for line in lines]
    return [PriceChange(line, price) for line, price in prices if price != line.unit_price]


def least_licenses(line: OrderLine) -> int:
    """A trial that is bought keeps the licenses that people have."""
    return max(line.trial.licenses_assigned, 1) if line.trial else 1


def expire_drafts(*, today: date) -> int:
    """Gives up the drafts that were kept long enough; how many. Safe to run again. Needs the worker's scope."""
    return Order.objects.drafts().filter(expires_on__lt=today).update(state=OrderState.EXPIRED)
