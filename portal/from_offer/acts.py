"""What came with a partner's offer becomes a trial or an order, after Yes as well as after No.

After a Yes that
credits the partner on what is created, the new subscription gets it as partner of record; after a No nobody does.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from partners.directory.reads import PartnerUnusable
from partners.directory.rules import mailbox_of
from partners.models import OfferedProduct, Partner, PartnerOffer
from partners.models.partner_offer import CreditWanted, OfferedPurchase, OfferState
from partners.offers import answers as offer_answers
from partners.offers.answer_rules import may_create
from partners.partner_of_record import acts as partner_of_record
from subscriptions.access import Actor
from subscriptions.catalogue import shop
from subscriptions.clouds import Capability
from subscriptions.mails.receivers import Receiver, tell
from subscriptions.models import Order, OrderLine, Subscription, Tenant
from subscriptions.orders import acts as orders
from subscriptions.orders.acts import Wanted
from subscriptions.subscriptions.trial_start import start_trial
from subscriptions.verdicts import Page, Refused, Verdict, VerdictCode


@dataclass(frozen=True)
class Created:
    """A trial of the offer. `credited` is None where the answer credits no partner, else whether it was possible."""

    trial: Subscription
    credited: bool | None


@transaction.atomic
def create_trial(*, tenant: Tenant, offer: PartnerOffer, offered: OfferedProduct, by: Actor) -> Created:
    """Starts the offered trial. Raises Refused: before an answer, and for a second trial of the product."""
    offer = _answered(tenant, offer, OfferedPurchase.TRIAL)
    product = shop.find_item(tenant=tenant, uuid=offered.product.uuid)
    if product is None:
        raise Refused(_not_sold(offered))
    trial = start_trial(tenant=tenant, item=product, by=by)
    OfferedProduct.objects.filter(tenant=tenant, pk=offered.pk).update(created=trial)
    if not _credits(offer):
        return Created(trial, credited=None)
    change = _credit(tenant, trial, offer.partner, by=by)
    if change and change.event:
        tell(change.event, only=[Receiver.PARTNER], partner=mailbox_of(offer.partner))
    return Created(trial, credited=change is not None)


@transaction.atomic
def put_into_order(*, tenant: Tenant, offer: PartnerOffer, by: Actor) -> Order:
    """The person's draft with the offered products in it; what is in it already stays as it is.

    Raises Refused: before an answer, where nothing of it is sold any more, and where the draft holds what another
    partner offered, as an order credits one partner.
    """
    offer = _answered(tenant, offer, OfferedPurchase.PURCHASE)
    order: Order | None = None
    draft = orders.draft_to_fill(tenant=tenant, by=by)
    before = {line.product_id for line in draft.lines.all()} if draft else set()
    wanted = list(offer.products.to_create().select_related("product").order_by("pk"))
    for offered in wanted:
        product = shop.find_item(tenant=tenant, uuid=offered.product.uuid)
        if product:
            order = orders.add_product(tenant=tenant, item=product, by=by, wanted=draft.uuid if draft else None)
    if order is None:
        raise Refused(_nothing_left(wanted))
    _require_no_other_partner(tenant, order, offer)
    _as_offered(tenant, order, [offered for offered in wanted if offered.product_id not in before], by=by)
    lines = {line.product_id: line for line in orders.lines_of(order, tenant)}
    for offered in wanted:
        OfferedProduct.objects.filter(tenant=tenant, pk=offered.pk).update(line=lines.get(offered.product_id))
    return order


def credit_order(
    *, tenant: Tenant, order: Order, lines: list[OrderLine], by: Actor
) -> tuple[Partner | None, list[OrderLine]]:
    """Of an order that is being placed: the partner whose offer it was made from, and the lines that credit it.

    A trial that is bought keeps the partner of record that it has.
    """
    partner, credited = None, []
    offered = _offered_in(tenant, order)
    for line in lines:
        row = offered.get(line.pk)
        if row is None or line.subscription is None or _has_partner(tenant, line.subscription):
            continue
        OfferedProduct.objects.filter(tenant=tenant, pk=row.pk).update(created=line.subscription)
        if _credits(row.offer) and _credit(tenant, line.subscription, row.offer.partner, by=by):
            partner = row.offer.partner
            credited.append(line)
    return partner, credited


def credit_to_come(*, tenant: Tenant, order: Order, lines: list[OrderLine]) -> tuple[Partner | None, list[str]]:
    """Whom the draft credits when it is placed, and on which products, for the buyer to read before."""
    if not tenant.cloud_profile.allows(Capability.RECEIVE_PARTNER_OFFERS):
        return None, []
    offered = {pk: row for pk, row in _offered_in(tenant, order).items() if _credits(row.offer)}
    credited = Subscription.objects.filter(tenant=tenant, pk__in=[line.trial_id for line in lines if line.trial_id])
    kept = set(credited.exclude(pk__in=credited.without_partner()).values_list("pk", flat=True))
    lines = [line for line in lines if line.pk in offered and line.trial_id not in kept]
    if not lines:
        return None, []
    return offered[lines[0].pk].offer.partner, [line.product.name for line in lines]


def _offered_in(tenant: Tenant, order: Order) -> dict[int, OfferedProduct]:
    """What offers brought into the order, by line: a line that was removed took it along."""
    rows = OfferedProduct.objects.filter(tenant=tenant, line__order=order, created=None)
    return {row.line_id: row for row in rows.select_related("offer__partner").order_by("pk") if row.line_id}


def _has_partner(tenant: Tenant, subscription: Subscription) -> bool:
    return not Subscription.objects.filter(tenant=tenant, pk=subscription.pk).without_partner().exists()


def _answered(tenant: Tenant, offer: PartnerOffer, purchase: OfferedPurchase) -> PartnerOffer:
    offer = offer_answers.lock_for_answer(tenant, offer)
    may_create(offer).require()
    if offer.purchase != purchase:
        raise Refused(_nothing_left([]))
    return offer


def _credits(offer: PartnerOffer) -> bool:
    return offer.state == OfferState.ACCEPTED and offer.credit == CreditWanted.BOUGHT


def _credit(
    tenant: Tenant, subscription: Subscription, partner: Partner, *, by: Actor
) -> partner_of_record.Change | None:
    """None where the partner cannot be credited any more: what was bought is the organization's all the same."""
    try:
        return partner_of_record.credit_by_offer(tenant=tenant, subscription=subscription, partner=partner, by=by)
    except (Refused, PartnerUnusable):
        return None


def _as_offered(tenant: Tenant, order: Order, added: list[OfferedProduct], *, by: Actor) -> None:
    """Licenses and billing frequency as the partner proposed them, for the buyer to change."""
    proposed = {offered.product_id: offered for offered in added}
    order.refresh_from_db(fields=["version"])
    wanted = {
        line.pk: Wanted(
            max(proposed[line.product_id].licenses, orders.least_licenses(line)),
            proposed[line.product_id].billing_frequency,
        )
        for line in orders.lines_of(order, tenant)
        if line.product_id in proposed
    }
    if wanted:
        orders.change_lines(tenant=tenant, order=order, version=order.version, wanted=wanted, by=by)


def _require_no_other_partner(tenant: Tenant, order: Order, offer: PartnerOffer) -> None:
    others = OfferedProduct.objects.filter(tenant=tenant, line__order=order, created=None)
    if others.exclude(offer__partner_id=offer.partner_id).exists():
        raise Refused(
            Verdict(
                code=VerdictCode.WRONG_STATE,
                reason=_("Your open order holds what another partner offered, and an order credits one partner."),
                next_step=_("Place that order first, or remove its products; then come back to this offer."),
                next_label=_("Your open order"),
                next_page=Page("checkout:products", (tenant.slug, order.uuid)),
            )
        )


def _not_sold(offered: OfferedProduct) -> Verdict:
    return Verdict(
        code=VerdictCode.NO_TRIAL,
        reason=_("%(product)s is not sold in this cloud any more.") % {"product": offered.product.name},
        next_step=_("Ask your partner for a new offer."),
    )


def _nothing_left(wanted: list[OfferedProduct]) -> Verdict:
    if wanted:
        reason = _("Nothing of this offer is sold in this cloud any more.")
    else:
        reason = _("There is nothing in this offer that is still to be created here.")
    return Verdict(code=VerdictCode.WRONG_STATE, reason=reason, next_step=_("Ask your partner for a new offer."))
