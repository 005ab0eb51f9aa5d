"""What the events of subscriptions keep."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from subscriptions.audit.events import ChangedHere
from subscriptions.audit.facts import Facts, fact, kept_by
from subscriptions.models import Subscription
from subscriptions.models.audit_event import AuditKind


@kept_by(
    AuditKind.SUBSCRIPTION_ADDED,
    AuditKind.SUBSCRIPTION_CHANGED,
    AuditKind.SUBSCRIPTION_NAMED,
    AuditKind.LICENSES_CHANGED,
    AuditKind.FREQUENCY_CHANGED,
    AuditKind.RECURRING_BILLING_CHANGED,
    AuditKind.SUBSCRIPTION_CANCELED,
    AuditKind.SUBSCRIPTION_REACTIVATED,
    AuditKind.SUBSCRIPTION_RENEWED,
    AuditKind.TRIAL_EXTENDED,
)
@dataclass(frozen=True)
class SubscriptionChanged(ChangedHere):
    changed_model = Subscription
    subject = "subscription"
    own_name: str = fact(_("Own name"), "")  # for the organization alone
    undo: UUID | None = fact(_("Undo"), None)  # the event that this one takes back


@kept_by(AuditKind.SUBSCRIPTION_STATE_CHANGED, AuditKind.TRIAL_ENDS_SOON)
@dataclass(frozen=True)
class SubscriptionEnds(SubscriptionChanged):
    """With the days of the states after the end, whose business it is, and what a trial will cost."""

    ends_on: date | None = fact(_("Ends"), None)
    disabled_on: date | None = fact(_("Disabled"), None)
    deleted_on: date | None = fact(_("Deleted"), None)
    reseller_managed: bool | None = fact(_("Managed by a reseller"), None)
    cost: Decimal | None = fact(_("Cost"), None)
    currency: str = ""


@kept_by(AuditKind.TRIAL_STARTED)
@dataclass(frozen=True)
class TrialStarted(Facts):
    subject = "subscription"
    licenses: int = fact(_("Licenses"))
    ends: date | None = fact(_("Ends"))
