"""Free trials: 25 licenses for one month, once per product and organization."""

from django.db import transaction

from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.catalogue.shop import Item, find_item, may_start_trial
from subscriptions.db.locks import lock_name
from subscriptions.models import Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.subscription import BillingFrequency, SubscriptionStatus
from subscriptions.subscriptions.changes import follow_new
from subscriptions.subscriptions.events import TrialStarted
from subscriptions.subscriptions.lifecycle import months_later, today_of

TRIAL_LICENSES = 25
TRIAL_MONTHS = 1


@transaction.atomic
def start_trial(*, tenant: Tenant, item: Item, by: Actor) -> Subscription:
    """The trial as stored. Raises Refused; of two who start the same trial at once the second is told so."""
    lock_name("trial", tenant.pk, item.id)
    may_start_trial(by, tenant, find_item(tenant=tenant, uuid=item.uuid) or item).require()
    start = today_of(tenant)
    trial = Subscription.objects.create(
        tenant=tenant,
        product_id=item.id,
        name=item.name,
        status=SubscriptionStatus.TRIAL,
        licenses_total=TRIAL_LICENSES,
        billing_frequency=BillingFrequency.MONTHLY,
        cost=0,
        unit_price=0,
        currency=tenant.cloud_profile.currency,
        started_on=start,
        term_ends_on=months_later(start, TRIAL_MONTHS),
        anchor_day=start.day,
        recurring_billing=False,
        began_as_trial=True,
    )
    audit.record(
        AuditKind.TRIAL_STARTED,
        by=by,
        tenant=tenant,
        subject_name=trial.name,
        subject_uuid=trial.uuid,
        facts=TrialStarted(TRIAL_LICENSES, trial.term_ends_on),
    )
    follow_new(tenant=tenant, subscription=trial, by=by)
    return trial
