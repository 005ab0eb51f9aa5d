from uuid import uuid4

from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from partners.models.partner import Partner
from partners.models.partner_relationship import PartnerRelationship
from subscriptions.base.constraints import SameTenant, both_or_neither, one_of
from subscriptions.base.days import today_by_zone
from subscriptions.models import Tenant


class ReleaseState(models.TextChoices):
    SENT = "sent", _("Sent")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    RELEASED = "released", _("Released")
    DECLINED = "declined", _("Declined")
    TAKEN_BACK = "taken-back", _("Taken back")


OPEN_RELEASES = (ReleaseState.SENT, ReleaseState.ACKNOWLEDGED)


class ReleaseStepKind(models.TextChoices):
    """What happened to a request, as both sides read it."""

    SENT = "sent", _("Sent to the reseller")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged by the reseller")
    REMINDED = "reminded", _("The reseller was reminded")
    ESCALATED = "escalated", _("Handed to the operator's staff")
    DECLINED = "declined", _("Declined by the reseller")
    RELEASED = "released", _("Released: the relationship has ended")
    TAKEN_BACK = "taken-back", _("Taken back by the organization")


class ReleaseRequestQuerySet(models.QuerySet):
    def of_tenant(self, tenant: Tenant):
        return self.filter(tenant=tenant)

    def of_partner(self, partner: Partner):
        return self.filter(partner=partner)

    def open(self):
        return self.filter(state__in=OPEN_RELEASES)

    def with_overdue(self):
        """Adds `today` where the organization is, and `overdue`: still open after the day that it was due."""
        late = Q(state__in=OPEN_RELEASES) & Q(due_on__lt=F("today"))
        return self.annotate(today=today_by_zone("tenant__time_zone")).annotate(
            overdue=ExpressionWrapper(late, output_field=BooleanField())
        )


class ReleaseRequest(models.Model):
    """An organization's request to its reseller to end their relationship. What happened stands in its steps."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", verbose_name=_("organization"))
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+", verbose_name=_("reseller"))
    relationship = models.ForeignKey(
        PartnerRelationship,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="release_requests",
        verbose_name=_("relationship"),
    )
    state = models.CharField(_("state"), max_length=12, choices=ReleaseState, default=ReleaseState.SENT)
    reason = models.CharField(_("reason"), max_length=500)
    due_on = models.DateField(_("due"))
    sent_at = models.DateTimeField(_("sent"), db_default=Now())
    sent_by = models.CharField(_("sent by"), max_length=120)
    escalated_on = models.DateTimeField(_("handed to staff"), null=True, editable=False)
    reminded_on = models.DateField(null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.CharField(_("closed by"), max_length=120, blank=True)
    decline_reason = models.CharField(_("why it was declined"), max_length=500, blank=True)

    objects = ReleaseRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("release request")
        verbose_name_plural = _("release requests")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="release_tenant_and_id"),
            SameTenant(field="relationship", name="release_relationship_same_tenant"),
            one_of("state", ReleaseState, name="release_state_known"),
            both_or_neither("sent_at", "sent_by", name="release_sent_by_somebody"),
            both_or_neither("closed_at", "closed_by", name="release_closed_by_somebody"),
            models.CheckConstraint(name="release_reason_said", condition=~Q(reason="")),
            models.CheckConstraint(
                name="release_closed_is_a_state",
                condition=Q(state__in=["sent", "acknowledged"], closed_at__isnull=True)
                | (~Q(state__in=["sent", "acknowledged"]) & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="release_declined_with_reason",
                condition=(Q(state="declined") & ~Q(decline_reason=""))
                | (~Q(state="declined") & Q(decline_reason="")),
            ),
            models.UniqueConstraint(
                fields=["relationship"],
                condition=Q(state__in=["sent", "acknowledged"]),
                name="release_one_open",
                violation_error_message=_("The reseller was asked already."),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-id"], name="release_of_tenant"),
            models.Index(fields=["partner", "-id"], name="release_of_partner"),
            models.Index(
                fields=["due_on"], condition=Q(state__in=["sent", "acknowledged"]), name="release_open_by_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant} · {self.partner}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_RELEASES


class ReleaseStep(models.Model):
    """One line of a request's timeline, which both sides read; never changed."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(ReleaseRequest, on_delete=models.PROTECT, db_constraint=False, related_name="steps")
    kind = models.CharField(_("what"), max_length=12, choices=ReleaseStepKind)
    at = models.DateTimeField(_("when"), db_default=Now())
    by = models.CharField(_("who"), max_length=120)
    by_staff = models.BooleanField(_("by staff on the reseller's behalf"), default=False)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["id"]
        constraints = [
            SameTenant(field="request", name="releasestep_request_same_tenant"),
            one_of("kind", ReleaseStepKind, name="releasestep_kind_known"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
