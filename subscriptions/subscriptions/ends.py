"""How a subscription ends and comes back: cancel, reactivate, and what happens at the end of a trial.

Like the acts beside it: lock, version, verdict, write, one audit event; None where nothing had to be changed.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from subscriptions.access import Actor
from subscriptions.catalogue import costs
from subscriptions.models import AuditEvent, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.subscription import BillingFrequency, SubscriptionStatus
from subscriptions.subscriptions import payments
from subscriptions.subscriptions.acts import NOT_CANCELED
from subscriptions.subscriptions.changes import lock_subscription, write
from subscriptions.subscriptions.lifecycle import TRIAL_EXTENSION, life_of, months_later, term_after, today_of
from subscriptions.subscriptions.rules import (
    may_cancel,
    may_extend_trial,
    may_reactivate,
    may_set_payment_method,
)

Details = Mapping[str, str]
NONE: Details = {}
RUNNING = (SubscriptionStatus.TRIAL, SubscriptionStatus.ACTIVE)


class CancelWhen(models.TextChoices):
    END_OF_TERM = "end-of-term", _("At the end of the term")
    NOW = "now", _("Now")


class Return(NamedTuple):
    """What a reactivated subscription would be."""

    unit_price: Decimal
    cost: Decimal
    term_ends_on: date
    anchor_day: int


@transaction.atomic
def cancel(
    *, tenant: Tenant, subscription: Subscription, version: int, by: Actor, when: str, reason: str
) -> AuditEvent:
    """Now: it expires today. At the end of the term: it goes on until then and does not renew or convert."""
    row = lock_subscription(tenant, subscription, version)
    may_cancel(by, tenant, row).require()
    return _cancel(row, when=when, by=by, reason=reason)


def end_all(tenant: Tenant, by: Actor, reason: str) -> None:
    """Whatever runs in an organization that is closed ends today, also what a reseller manages."""
    for subscription in Subscription.objects.filter(tenant=tenant, status__in=RUNNING).order_by("pk"):
        row = lock_subscription(tenant, subscription, None)
        if row.status in RUNNING:
            _cancel(row, when=CancelWhen.NOW, by=by, reason=reason)


def _cancel(row: Subscription, *, when: str, by: Actor, reason: str) -> AuditEvent:
    facts: dict[str, Any] = {
        "recurring_billing": False,
        "canceled_at": timezone.now(),
        "canceled_by": by.name,
        "cancel_reason": reason,
        "paid_until": None,
    }
    is_trial = row.status == SubscriptionStatus.TRIAL
    if is_trial:
        facts["payment_method"] = ""
    if when == CancelWhen.NOW:
        end = min(row.term_ends_on, max(today_of(row.tenant), row.started_on))
        facts |= {"status": SubscriptionStatus.EXPIRED, "term_ends_on": end}
        facts |= {"anchor_day": end.day} if is_trial else {"paid_until": row.term_ends_on}
    return write(row, AuditKind.SUBSCRIPTION_CANCELED, by=by, reason=reason, **facts)


@transaction.atomic
def reactivate(
    *,
    tenant: Tenant,
    subscription: Subscription,
    version: int,
    by: Actor,
    unit_price: Decimal,
    payment_method: str,
    details: Details = NONE,
) -> AuditEvent:
    """Paid by this method from now on, and renewing. `unit_price` is the price that the person saw.

    Raises costs.PriceNotAsShown, and what `payments.accept` raises.
    """
    row = lock_subscription(tenant, subscription, version)
    may_reactivate(by, tenant, row).require()
    then = as_reactivated(tenant, row)
    costs.require_as_shown(unit_price, then.unit_price)
    facts: dict[str, Any] = NOT_CANCELED | then._asdict()
    facts |= {"status": SubscriptionStatus.ACTIVE, "recurring_billing": True}
    facts |= payments.accept(payment_method, details, profile=tenant.cloud_profile)
    return write(row, AuditKind.SUBSCRIPTION_REACTIVATED, by=by, **facts)


def as_reactivated(tenant: Tenant, subscription: Subscription) -> Return:
    """As long as it is paid for the billing date stays; else the term is counted on from the old end or, of a
    disabled one, from today.

    Needs a row that may be reactivated.
    """
    today, frequency = today_of(tenant), BillingFrequency(subscription.billing_frequency)
    price = costs.price_of_return(subscription)
    assert price is not None  # noqa: S101 - the verdict refuses it
    paid, anchor = paid_until(subscription), subscription.anchor_day
    if paid <= today and subscription.status == SubscriptionStatus.DISABLED:
        end, anchor = months_later(today, frequency.months), today.day
    else:
        end = term_after(replace(life_of(subscription), term_ends_on=paid), today)
    return Return(price, costs.cost_of(price, subscription.licenses_total, frequency), end, anchor)


def paid_until(subscription: Subscription) -> date:
    """The end of what was billed: that of the term, unless it was canceled before."""
    end = subscription.term_ends_on
    return max(end, subscription.paid_until or end)


@transaction.atomic
def extend_trial(*, tenant: Tenant, subscription: Subscription, version: int, by: Actor) -> AuditEvent:
    row = lock_subscription(tenant, subscription, version)
    may_extend_trial(by, tenant, row).require()
    end = row.term_ends_on + TRIAL_EXTENSION
    facts: dict[str, Any] = {"trial_extended": True, "term_ends_on": end, "anchor_day": end.day}
    return write(row, AuditKind.TRIAL_EXTENDED, by=by, **facts)


@transaction.atomic
def set_payment_method(
    *, tenant: Tenant, subscription: Subscription, version: int, by: Actor, method: str, details: Details = NONE
) -> AuditEvent | None:
    """With a method the trial becomes paid when it ends; without one (empty) it lapses.

    Raises as `payments.accept` does.
    """
    row = lock_subscription(tenant, subscription, version)
    may_set_payment_method(by, tenant, row).require()
    facts: dict[str, Any] = {"payment_method": ""}
    if method:
        facts |= payments.accept(method, details, profile=tenant.cloud_profile)
    if all(getattr(row, name) == value for name, value in facts.items()):
        return None
    if method and row.canceled_at:
        facts |= NOT_CANCELED
    return write(row, AuditKind.SUBSCRIPTION_CHANGED, by=by, **facts)
