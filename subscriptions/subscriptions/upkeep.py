"""Brings subscriptions up to date with the calendar: renewals, conversions of trials, and the states after the end.

Safe to run twice and after any downtime: a step is due or not by the dates alone, each step is written together with
its audit event, and rows that somebody else holds are left for the next run.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from subscriptions.access import the_portal
from subscriptions.catalogue import costs
from subscriptions.catalogue.shop import cloud_sells
from subscriptions.db.batches import Batch, next_batch
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, Subscription
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.mail import MailKind
from subscriptions.models.state_by_date import DAYS_AFTER_END, FOLLOWS, first_day
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.models.tenant import stored_cloud_status
from subscriptions.subscriptions.changes import own_name_of, record, write
from subscriptions.subscriptions.events import SubscriptionEnds
from subscriptions.subscriptions.lifecycle import TRIAL_REMINDER, following, life_of, today_of

JOB = "subscriptions.bring_up_to_date"

MAILS = {
    SubscriptionStatus.EXPIRED: MailKind.SUBSCRIPTION_EXPIRED,
    SubscriptionStatus.DISABLED: MailKind.SUBSCRIPTION_DISABLED,
}


def bring_batch_up_to_date(*, after: int = 0, today: date | None = None) -> Batch:
    """Does the next few. Needs the worker's scope.

    `today` is each organization's own day unless it is given.
    """
    latest = today or (timezone.now() + timedelta(days=1)).date()
    due = (
        Subscription.objects.filter(_may_be_due(latest))
        .select_related("product", "tenant")
        .annotate(cloud_status=stored_cloud_status("tenant__cloud"))
    )

    def act(row: Any) -> None:
        row.tenant.stored_cloud_status = row.cloud_status
        _bring_up_to_date(row, today or today_of(row.tenant))

    return next_batch(due, act, job=JOB, after=after)


def _may_be_due(latest: date) -> Q:
    """Rows for which something could be due anywhere on earth by that day."""
    reminder = Q(status=SubscriptionStatus.TRIAL, term_ends_on__lte=latest + TRIAL_REMINDER)
    due = reminder & ~Q(reminded_of_end=F("term_ends_on"))
    for status, follows in FOLLOWS.items():
        due |= Q(status=status, term_ends_on__lte=latest - timedelta(days=DAYS_AFTER_END[follows]))
    return due


def _bring_up_to_date(row: Subscription, today: date) -> None:
    """Every step that is due; the mail is about the last one, as an earlier one is no longer true."""
    last = None
    while step := _next_step(row, today):
        last = step
    if last is not None and (kind := MAILS.get(SubscriptionStatus(row.status))):
        tell(last, only=[kind])
    if row.status == SubscriptionStatus.TRIAL:
        _remind_of_end(row, today)


def _next_step(row: Subscription, today: date) -> AuditEvent | None:
    life = life_of(row)
    if following(life, today) is None:
        return None
    price = _price_of_conversion(row)
    after = following(replace(life, goes_on=life.goes_on or price is not None), today)
    assert after is not None  # noqa: S101 - the price only decides which step it is
    facts: dict[str, Any] = {"status": after.status, "term_ends_on": after.term_ends_on}
    if life.status is SubscriptionStatus.ACTIVE and after.status is SubscriptionStatus.ACTIVE:
        return write(row, AuditKind.SUBSCRIPTION_RENEWED, by=the_portal(), **facts)
    if after.status is SubscriptionStatus.ACTIVE and price is not None:
        cost = costs.cost_of(price, row.licenses_total, row.billing_frequency)
        facts |= {"unit_price": price, "cost": cost, "recurring_billing": True}
    return write(row, AuditKind.SUBSCRIPTION_STATE_CHANGED, by=the_portal(), ends=ends_of(row), **facts)


def _price_of_conversion(row: Subscription) -> Decimal | None:
    """The price of the day on which the trial ends; None where it lapses: a closed cloud sells nothing,
    and nobody more than a cost can say."""
    if not row.converts or not cloud_sells(row.tenant).allowed:
        return None
    price = costs.price_on(
        row.term_ends_on, product=row.product, currency=row.currency, frequency=row.billing_frequency
    )
    sold = price is not None and costs.is_sold(price, row.licenses_total, row.billing_frequency)
    return price if sold else None


def _remind_of_end(row: Subscription, today: date) -> None:
    if row.reminded_of_end == row.term_ends_on or today < row.term_ends_on - TRIAL_REMINDER:
        return
    price = _price_of_conversion(row)
    cost = None if price is None else costs.cost_of(price, row.licenses_total, row.billing_frequency)
    facts = SubscriptionEnds(**ends_of(row), cost=cost, currency=row.currency)
    row.reminded_of_end = row.term_ends_on
    row.save(update_fields=["reminded_of_end"])
    event = record(row, AuditKind.TRIAL_ENDS_SOON, by=the_portal(), facts=facts)
    tell(event)


def ends_of(row: Subscription) -> dict[str, Any]:
    """The days of the states after the end, as mails and history keep them, and whose business it is."""
    end = row.term_ends_on
    return {
        "ends_on": end,
        "disabled_on": first_day(SubscriptionStatus.DISABLED, end),
        "deleted_on": first_day(SubscriptionStatus.DELETED, end),
        "reseller_managed": row.reseller_managed,
        **own_name_of(row),
    }
