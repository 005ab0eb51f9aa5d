"""Staff cancel an order. Its subscriptions are left as they are: each is canceled by itself, with its own dates."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.models import AuditEvent, Order
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.order import OrderState
from subscriptions.orders.events import OrderCanceled
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode


def may_cancel(order: Order) -> Verdict:
    """May staff cancel it? Only what was placed, and once."""
    if order.state == OrderState.PLACED:
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("Only a placed order can be canceled; this one is in the state %(state)s.")
        % {"state": order.get_state_display()},
        next_step=_("A draft ends by itself; a canceled order stays here."),
    )


@transaction.atomic
def cancel_order(*, order: Order, by: Actor, reason: str) -> AuditEvent:
    """Marks it canceled and touches no subscription. Raises Refused; locks the order."""
    order = Order.objects.select_for_update(of=("self",)).select_related("tenant").get(pk=order.pk)
    may_cancel(order).require()
    Order.objects.filter(tenant=order.tenant, pk=order.pk).update(
        state=OrderState.CANCELED,
        canceled_at=Now(),
        canceled_by=by.name,
        cancel_reason=reason,
        version=F("version") + 1,
    )
    return audit.record(
        AuditKind.ORDER_CANCELED,
        by=by,
        tenant=order.tenant,
        subject_name=order.number,
        subject_uuid=order.uuid,
        reason=reason,
        facts=OrderCanceled(order.number),
    )
