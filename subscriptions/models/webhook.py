from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from subscriptions.base.constraints import both_or_neither, one_of
from subscriptions.base.names import NameField
from subscriptions.base.transactions import TransactionField
from subscriptions.models.audit_event import AuditEvent
from subscriptions.models.tenant import Tenant, TenantState

LONGEST_URL, LONGEST_LABEL = 500, 60
ACTIVE = TenantState.ACTIVE.value  # a partner that is active is so too


class EndpointState(models.TextChoices):
    ON = "on", _("On")
    OFF = "off", _("Off")


class WhyOff(models.TextChoices):
    BY_PERSON = "by-person", _("Turned off")
    GONE = "gone", _("Turned off: the receiver answered that it is gone (410)")
    SILENT = "silent", _("Turned off: it took nothing for days")


class WebhookEndpoint(models.Model):
    """Where an organization's or a partner's events are sent, signed with a secret.

    `epoch`, `tx` and `last_event` are the place in the feed behind which events are still to be taken up. Secrets are
    encrypted; the one before is good beside the new one until `old_secret_until`. Only one worker at a time sends to
    it, which says so by `busy_until`. `failing_since` is the first try that failed after the last success.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, null=True, related_name="webhooks")
    partner = models.ForeignKey("partners.Partner", on_delete=models.CASCADE, null=True, related_name="webhooks")
    label = NameField(_("name"), max_length=LONGEST_LABEL)
    url = models.CharField(_("address"), max_length=LONGEST_URL)
    kinds = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    secret = models.CharField(max_length=300)
    old_secret = models.CharField(max_length=300, blank=True)
    old_secret_until = models.DateTimeField(null=True)
    state = models.CharField(_("state"), max_length=10, choices=EndpointState, default=EndpointState.ON)
    why_off = models.CharField(max_length=10, choices=WhyOff, blank=True)
    off_since = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    is_slow = models.BooleanField(default=False)
    held_until = models.DateTimeField(null=True)
    busy_until = models.DateTimeField(null=True)
    epoch = models.IntegerField(default=0)
    tx = TransactionField(default=0)
    last_event = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="webhookendpoint_tenant_and_id"),
            one_of("state", EndpointState, name="webhookendpoint_state_known"),
            one_of("why_off", WhyOff, name="webhookendpoint_why_off_known", blank=True),
            both_or_neither("added_at", "added_by", name="webhookendpoint_who_and_when"),
            models.CheckConstraint(
                name="webhookendpoint_one_owner", condition=Q(tenant__isnull=True) ^ Q(partner__isnull=True)
            ),
            models.CheckConstraint(
                name="webhookendpoint_why_it_is_off",
                condition=Q(state=EndpointState.ON, why_off="", off_since__isnull=True)
                | (Q(state=EndpointState.OFF, off_since__isnull=False) & ~Q(why_off="")),
            ),
            models.CheckConstraint(
                name="webhookendpoint_old_secret_ends",
                condition=Q(old_secret="", old_secret_until__isnull=True)
                | (~Q(old_secret="") & Q(old_secret_until__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_on(self) -> bool:
        return self.state == EndpointState.ON

    @property
    def owner_is_active(self) -> bool:
        """Nobody else is told of anything. Needs the organization or the partner."""
        owner = self.tenant or self.partner
        return owner is not None and owner.state == ACTIVE


class Cause(models.TextChoices):
    EVENT = "event", _("Event")
    REDELIVERY = "redelivery", _("Sent again")
    TEST = "test", _("Test")


class Outcome(models.TextChoices):
    """What came of a try, in words for the person whose receiver it is."""

    DELIVERED = "delivered", _("Delivered")
    REFUSED = "refused", _("The receiver answered with an error")
    REDIRECTED = "redirected", _("The receiver leads elsewhere, which is not followed")
    TIMED_OUT = "timed-out", _("No answer in time")
    UNKNOWN_HOST = "unknown-host", _("The name of the receiver is not known")
    UNREACHABLE = "unreachable", _("No connection to the receiver")
    NOT_ALLOWED = "not-allowed", _("The address leads into a private network, which is not allowed")
    INSECURE = "insecure", _("The receiver's certificate is not valid")
    BROKEN = "broken", _("The answer was not HTTP")


class WebhookDelivery(models.Model):
    """One try to hand one event to one receiver; one that waits is `tried` at `due` or later.

    Of the answer only its number is kept. A try that fails has the next one as a row of its own.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, db_index=False, related_name="deliveries")
    event = models.ForeignKey(
        AuditEvent, on_delete=models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    message = models.UUIDField()
    kind = models.CharField(max_length=40)
    cause = models.CharField(max_length=12, choices=Cause, default=Cause.EVENT)
    attempt = models.PositiveSmallIntegerField(default=1)
    due = models.DateTimeField(db_default=Now())
    tried = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=15, choices=Outcome, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    milliseconds = models.PositiveIntegerField(default=0)
    next_due = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("cause", Cause, name="webhookdelivery_cause_known"),
            one_of("outcome", Outcome, name="webhookdelivery_outcome_known", blank=True),
            models.CheckConstraint(
                name="webhookdelivery_outcome_once_tried",
                condition=Q(tried__isnull=True, outcome="") | (Q(tried__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="webhookdelivery_of_an_event_or_a_test",
                condition=Q(cause=Cause.TEST, event__isnull=True) | (~Q(cause=Cause.TEST) & Q(event__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["endpoint", "event"],
                condition=Q(tried__isnull=True, event__isnull=False),
                name="webhookdelivery_waits_once",
            ),
        ]
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="webhookdelivery_newest_first"),
            models.Index(
                fields=["endpoint", "due", "id"], condition=Q(tried__isnull=True), name="webhookdelivery_waiting"
            ),
            models.Index(fields=["due"], name="webhookdelivery_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.outcome}"
