"""The acts on a subscription as tests call them: each verb, what it wants, and how it is refused."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from subscriptions.access import Actor
from subscriptions.clouds import CloudStatus
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, CloudState, Subscription, Tenant
from subscriptions.subscriptions import acts as subscription_acts
from subscriptions.subscriptions import ends as subscription_ends
from subscriptions.verdicts import Refused, VerdictCode
from tests.database import as_owner
from tests.subscriptions.lives import put

TODAY = timezone.now().date()  # alpha lives in UTC

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
    return TODAY + timedelta(days=days)


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
