"""A subscription's life as tests know it: what its acts want, how they are refused, and what is read afterwards."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from subscriptions.access import Actor
from subscriptions.clouds import CloudStatus
from subscriptions.db import batches, scopes
from subscriptions.models import AuditEvent, CloudState, Mail, Subscription, Tenant
from subscriptions.subscriptions import acts as subscription_acts
from subscriptions.subscriptions import ends as subscription_ends
from subscriptions.subscriptions import upkeep
from subscriptions.verdicts import Refused, VerdictCode
from tests.database import as_owner


def bring_up_to_date(today: date | None = None) -> None:
    """The hourly job, as the worker runs it."""
    after: int | None = 0
    failed: list[int] = []
    while after is not None:
        with scopes.worker():
            after, not_done = upkeep.bring_batch_up_to_date(after=after, today=today)
        failed += not_done
    if failed:
        raise batches.NotUpToDate(failed)


def now(subscription: Subscription) -> Subscription:
    with as_owner():
        return Subscription.objects.select_related("product", "tenant").get(pk=subscription.pk)


def put(subscription: Subscription, **facts) -> Subscription:
    """Straight into the table; the billing day follows an end that it does not fit."""
    with as_owner():
        row = Subscription.objects.get(pk=subscription.pk)
        for name, value in facts.items():
            setattr(row, name, value)
        row.save()
    return now(subscription)


def events(subscription: Subscription) -> list[tuple[str, str]]:
    """Kind and who, oldest first."""
    with as_owner():
        rows = AuditEvent.objects.filter(subject_uuid=subscription.uuid).order_by("id")
        return [(row.kind.removeprefix("subscription."), row.actor_name) for row in rows]


def mails() -> list[tuple[str, str]]:
    """Kind and receiver of each mail, oldest first."""
    with as_owner():
        return list(Mail.objects.order_by("id").values_list("kind", "to_user__email"))


def today() -> date:
    """Alpha's, which lives in UTC; asked anew, as a run of the suite may begin on the day before."""
    return timezone.now().date()


LICENSES = subscription_acts.change_licenses
FREQUENCY = subscription_acts.change_frequency
RECURRING = subscription_acts.set_recurring_billing
NAME = subscription_acts.name_subscription
CANCEL = subscription_ends.cancel
REACTIVATE = subscription_ends.reactivate
EXTEND = subscription_ends.extend_trial
PAY = subscription_ends.set_payment_method
CALLS = {
    LICENSES: {"total": 30},
    FREQUENCY: {"frequency": "annual", "unit_price": 9},
    RECURRING: {"recurring": False},
    NAME: {"own_name": "Berlin office", "cost_center": "4711"},
    CANCEL: {"when": "now", "reason": "R"},
    REACTIVATE: {"payment_method": "invoice", "unit_price": 12},
    EXTEND: {},
    PAY: {"method": "invoice"},
}
STATE_OF = {REACTIVATE: "expired", EXTEND: "trial", PAY: "trial"}


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def act(verb, subscription: Subscription, by: Actor, **wanted):
    """As a view does it, with the version that the person saw."""
    with scopes.tenant(subscription.tenant_id):
        tenant = Tenant.objects.with_cloud_status().get()
        return verb(tenant=tenant, subscription=subscription, version=subscription.version, by=by, **wanted)


def refused(verb, subscription: Subscription, by: Actor, **wanted) -> VerdictCode:
    """The code of the refusal, which changed nothing."""
    before = Subscription.objects.filter(pk=subscription.pk).values()
    with as_owner():
        before = list(before)
    with pytest.raises(Refused) as refusal:
        act(verb, subscription, by, **wanted)
    with as_owner():
        assert list(Subscription.objects.filter(pk=subscription.pk).values()) == before
        assert not AuditEvent.objects.exists()
    return refusal.value.verdict.code


def close_the_cloud(tenant: Tenant) -> None:
    with as_owner():
        CloudState.objects.update_or_create(cloud=tenant.cloud, defaults={"status": CloudStatus.CLOSED})


def ready_for(verb, subscription: Subscription) -> Subscription:
    facts = {"payment_method": ""} if verb is PAY else {}
    return put(subscription, status=STATE_OF.get(verb, "active"), term_ends_on=in_days(5), **facts)
