"""The partner of a draft; and Place order: subscriptions, partner of record, order, audit and mails in one
transaction, or nothing of it.
"""

from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.directory import reads as directory
from partners.directory.rules import mailbox_of
from partners.models import Partner
from partners.partner_of_record.acts import credit_at_purchase
from partners.partner_of_record.policy.acts import credit_default
from partners.partner_of_record.policy.rules import may_name
from partners.partner_of_record.rules import may_name_at_purchase
from portal.from_offer.acts import credit_order
from subscriptions.access import Actor, Decision
from subscriptions.audit import acts as audit
from subscriptions.audit.facts import Named
from subscriptions.catalogue import costs
from subscriptions.catalogue.shop import can_be_bought
from subscriptions.clouds import Capability, PaymentMethod
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, Order, OrderLine, Product, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.order import OrderState
from subscriptions.models.subscription import BillingFrequency, SubscriptionStatus
from subscriptions.orders import acts as orders
from subscriptions.orders.acts import PriceChanged
from subscriptions.orders.events import Line, OrderPlaced
from subscriptions.subscriptions import payments
from subscriptions.subscriptions.acts import NOT_CANCELED
from subscriptions.subscriptions.lifecycle import first_term_end, today_of
from subscriptions.verdicts import Refused, Verdict, VerdictCode


@transaction.atomic
def name_partner(*, tenant: Tenant, order: Order, version: int, partner: Partner | None, by: Actor) -> None:
    """Keeps the partner with the draft, None for no partner; credit and mail wait until the order is placed."""
    may_name_at_purchase(by, tenant).require()
    may_name(tenant, partner).require()
    facts = {
        "partner_number": partner.number if partner else "",
        "partner_name": partner.name if partner else "",
    }
    orders.keep(tenant=tenant, order=order, version=version, facts=facts, by=by)


def partner_of(order: Order, *, tenant: Tenant, products: list[Product]) -> Partner | None:
    """The draft's partner, looked up again; raises directory.PartnerUnusable where it cannot be named any more."""
    if not order.partner_number or not products:
        return None
    return directory.find_partner_for_all(order.partner_number, tenant=tenant, products=products)


@transaction.atomic
def place_order(*, tenant: Tenant, order: Order, version: int, payment: dict[str, str], by: Actor) -> Order:
    """The order as placed. Raises SignInTooOld where it names a partner, Refused, StaleOrder, PriceChanged and
    directory.PartnerUnusable; then nothing of it has happened and the draft is what it was.

    A partner that is credited for nothing, as every line had one already, is not the order's: no mail told it.
    """
    order = orders.lock_draft(tenant, order, version, by)
    if order.partner_number:
        by.require_proof(Decision.CREDIT_PARTNER)
    lines = orders.lines_of(order, tenant)
    _require_ready(tenant, lines)
    changes = orders.price_changes(lines)
    if changes:
        raise PriceChanged(changes)
    partner = partner_of(order, tenant=tenant, products=[line.product for line in lines])
    for name, value in payments.accept(payment["payment_method"], payment, profile=tenant.cloud_profile).items():
        setattr(order, name, value)
    for line in lines:
        _fulfill(line, order, tenant)
    credited = [line for line in lines if partner and _credit(line, partner, tenant, by)]
    if tenant.cloud_profile.allows(Capability.RECEIVE_PARTNER_OFFERS):
        partner, credited = credit_order(tenant=tenant, order=order, lines=lines, by=by)
    _credit_defaults([line for line in lines if line not in credited], tenant, by)
    _keep_partner(order, partner if credited else None)
    _mark_placed(order, by)
    event = _record(tenant, order, lines, credited, by=by)
    tell(event, partner=mailbox_of(partner) if partner and credited else None)
    return order


def _require_ready(tenant: Tenant, lines: list[OrderLine]) -> None:
    """Raises Refused for an empty order, and for a trial that cannot be bought as the line says.

    A trial that began after the line was added is bought too: nobody pays for a product beside its trial.
    """
    if not lines:
        raise _not_ready(_("There is no product in this order."), _("Add one under Purchase services."))
    trials = _locked_trials(tenant, lines)
    for line in lines:
        wanted = line.trial_id
        line.trial = next((trial for trial in trials if _is_bought_by(line, trial)), None)
        if wanted and line.trial is None:
            raise _not_ready(
                _("The trial of %(product)s was bought or deleted in the meantime.") % {"product": line.product.name},
                _("Remove the product from the order, then add it again."),
            )
        costs.may_cost(
            line.unit_price, product=line.product, licenses=line.licenses, frequency=line.billing_frequency
        ).require()
        if line.licenses < orders.least_licenses(line):
            raise _not_ready(
                _("More licenses of %(product)s are assigned than you are about to buy.")
                % {"product": line.product.name},
                _("Buy at least as many as are assigned, or take licenses from people first."),
            )


def _locked_trials(tenant: Tenant, lines: list[OrderLine]) -> list[Subscription]:
    """All at once and in the order of their keys, so that two orders never wait for each other."""
    named = Q(pk__in=[line.trial_id for line in lines if line.trial_id])
    begun_since = Q(product_id__in=[line.product_id for line in lines if not line.trial_id])
    rows = Subscription.objects.select_for_update().filter(named | begun_since, tenant=tenant)
    return list(rows.filter(can_be_bought(today_of(tenant))).order_by("pk"))


def _is_bought_by(line: OrderLine, trial: Subscription) -> bool:
    return trial.pk == line.trial_id if line.trial_id else trial.product_id == line.product_id


def _not_ready(reason: str, next_step: str) -> Refused:
    return Refused(Verdict(code=VerdictCode.ORDER_NOT_READY, reason=reason, next_step=next_step))


def _fulfill(line: OrderLine, order: Order, tenant: Tenant) -> None:
    """Makes the subscription of a line; a trial goes on as the same subscription, with its partner of record."""
    start = today_of(tenant)
    facts = {
        "status": SubscriptionStatus.ACTIVE,
        "licenses_total": line.licenses,
        "billing_frequency": line.billing_frequency,
        "unit_price": line.unit_price,
        "cost": line.cost,
        "currency": line.currency,
        "term_ends_on": first_term_end(start, line.billing_frequency),
        "anchor_day": start.day,
        "recurring_billing": True,
        "payment_method": order.payment_method,
        **{name: getattr(order, name) for name in payments.DETAILS},
    }
    if line.trial:
        rows = Subscription.objects.filter(tenant=tenant, pk=line.trial.pk)
        rows.update(version=F("version") + 1, **facts, **NOT_CANCELED)
        line.subscription = rows.get()
    else:
        line.subscription = Subscription.objects.create(
            tenant=tenant, product=line.product, name=line.product.name, started_on=start, **facts
        )
    OrderLine.objects.filter(tenant=tenant, pk=line.pk).update(trial=line.trial, subscription=line.subscription)


def _credit(line: OrderLine, partner: Partner, tenant: Tenant, by: Actor) -> bool:
    """Whether the partner is credited on the line's subscription now; one that a trial had before stays."""
    subscription = line.subscription
    assert subscription is not None  # noqa: S101 - made just before
    if not Subscription.objects.filter(tenant=tenant, pk=subscription.pk).without_partner().exists():
        return False
    credit_at_purchase(tenant=tenant, subscription=subscription, partner=partner, version=subscription.version, by=by)
    return True


def _credit_defaults(lines: list[OrderLine], tenant: Tenant, by: Actor) -> None:
    """What is new and names no partner gets the one of the organization's policy, if it has one."""
    for line in lines:
        if line.trial is None and line.subscription:
            credit_default(tenant=tenant, subscription=line.subscription, by=by)


def _keep_partner(order: Order, partner: Partner | None) -> None:
    order.partner_number = partner.number if partner else ""
    order.partner_name = partner.name if partner else ""


def _mark_placed(order: Order, by: Actor) -> None:
    order.state = OrderState.PLACED
    order.placed_at, order.placed_by = timezone.now(), by.name
    order.number = f"{order.placed_at:%Y}-{order.pk:06}"
    order.version += 1
    order.save()


def _record(
    tenant: Tenant, order: Order, lines: list[OrderLine], credited: list[OrderLine], *, by: Actor
) -> AuditEvent:
    """The order as it was, for its confirmation and for the partner's mail."""
    facts = OrderPlaced(
        payment_method=PaymentMethod(order.payment_method),
        lines=tuple(map(_as_it_was, lines)),
        total=sum((line.cost for line in lines), Decimal()),
        currency=lines[0].currency,
        partner=Named(order.partner_number, order.partner_name) if credited else None,
        credited=tuple(line.product.name for line in credited),
    )
    return audit.record(
        AuditKind.ORDER_PLACED,
        by=by,
        tenant=tenant,
        subject_name=order.number,
        subject_uuid=order.uuid,
        facts=facts,
    )


def _as_it_was(line: OrderLine) -> Line:
    return Line(
        product=line.product.name,
        subscription=str(line.subscription.uuid) if line.subscription else "",
        licenses=line.licenses,
        billing_frequency=BillingFrequency(line.billing_frequency),
        unit_price=line.unit_price,
        cost=line.cost,
    )
