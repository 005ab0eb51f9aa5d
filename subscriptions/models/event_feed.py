"""In which order events are handed on to other systems, and which of them a partner is handed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from subscriptions.base.constraints import SameTenant, one_of
from subscriptions.base.transactions import CurrentTransaction, TransactionField
from subscriptions.models.audit_event import AuditEvent, AuditKind, CurrentEpoch
from subscriptions.models.tenant import Tenant


class FeedEpoch(models.Model):
    """One row: how often the database was restored into another cluster, which counts transactions anew."""

    number = models.IntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(name="feedepoch_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self.number)


class TieSide(models.TextChoices):
    """What the partner is in the event."""

    PARTY = "party", _("Party")
    GAINED = "gained", _("Gained")
    LOST = "lost", _("Lost")


class PartnerEvent(models.Model):
    """An event about a tie with a partner, as that partner is handed it: without who acted in the organization, why,
    and which other partner had to do with it. Append-only like the event, whose transaction wrote it.
    """

    event = models.ForeignKey(
        AuditEvent, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    # As they were: the partner may have no tie with it any more, by which it would read more
    organization = models.UUIDField(null=True, editable=False)
    organization_slug = models.CharField(max_length=60, blank=True)
    partner_number = models.CharField(max_length=10)
    side = models.CharField(max_length=10, choices=TieSide, default=TieSide.PARTY)
    epoch = models.IntegerField(db_default=CurrentEpoch(), editable=False)
    tx = TransactionField(db_default=CurrentTransaction(), editable=False)
    message = models.UUIDField(editable=False)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    subject_name = models.CharField(max_length=200)
    subject_uuid = models.UUIDField(null=True)

    class Meta:
        constraints = [
            SameTenant(field="event", name="partnerevent_event_same_tenant"),
            one_of("side", TieSide, name="partnerevent_side_known"),
            models.UniqueConstraint(fields=["event", "partner_number", "side"], name="partnerevent_once"),
        ]
        indexes = [
            models.Index(fields=["partner_number", "epoch", "tx", "event"], name="partnerevent_in_order"),
            models.Index(fields=["message"], name="partnerevent_by_message"),
        ]

    def __str__(self) -> str:
        return f"{AuditKind(self.kind).label}: {self.partner_number}"
