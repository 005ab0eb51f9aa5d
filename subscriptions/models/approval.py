from datetime import timedelta
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from subscriptions.base.constraints import both_or_neither, one_of, one_sender
from subscriptions.models.tenant import Tenant

WAITS_FOR = timedelta(days=7)  # what staff ask each other
MEMBERS_WAIT_FOR = timedelta(days=14)  # what people of an organization do


class ApprovalOutcome(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("approval", "Withdrawn")
    EXPIRED = "expired", _("Not decided in time")


class Approval(models.Model):
    """What one person wants done and another one has to agree to. It is done at the approval, never before.

    `act` names the act, `row` the key of what it acts on, `wanted` what was typed. `tenant` is that of the row. Where
    it is not `of_staff`, a member asks and only people of that organization decide; `proved` is when who asked was
    last proved to be it.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("organization")
    )
    of_staff = models.BooleanField(default=True, editable=False)
    act = models.CharField(_("act"), max_length=60)
    row = models.BigIntegerField()
    subject_name = models.CharField(_("to what"), max_length=200)
    wanted = models.JSONField(_("what is wanted"), default=dict)
    reason = models.CharField(_("reason"), max_length=500)
    outcome = models.CharField(_("outcome"), max_length=10, choices=ApprovalOutcome, default=ApprovalOutcome.WAITING)
    asker = models.ForeignKey("subscriptions.User", on_delete=models.PROTECT, null=True, related_name="+")
    # Instead of a person, of an application of the organization, which may be deleted since
    application = models.UUIDField(null=True, editable=False)
    asked_at = models.DateTimeField(_("asked"), db_default=Now())
    asked_by = models.CharField(_("asked by"), max_length=120)
    proved = models.DateTimeField(null=True, editable=False)
    decider = models.ForeignKey("subscriptions.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.CharField(_("decided by"), max_length=120, blank=True)
    expires_on = models.DateTimeField(_("expires"), db_default=Now() + WAITS_FOR)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            one_of("outcome", ApprovalOutcome, name="approval_outcome_known"),
            both_or_neither("asked_at", "asked_by", name="approval_asked_by_somebody"),
            both_or_neither("decided_at", "decided_by", name="approval_decided_by_somebody"),
            one_sender("asker", name="approval_of_one_asker"),
            models.CheckConstraint(
                name="approval_by_another_person", condition=Q(decider__isnull=True) | ~Q(decider=F("asker"))
            ),
            models.CheckConstraint(
                name="approval_decided_when_over",
                condition=Q(outcome=ApprovalOutcome.WAITING, decided_at__isnull=True)
                | ~Q(outcome=ApprovalOutcome.WAITING) & Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="approval_of_an_organization_or_staff",
                condition=Q(of_staff=True, proved__isnull=True)
                | Q(of_staff=False, tenant__isnull=False, proved__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["act", "row"], condition=Q(outcome=ApprovalOutcome.WAITING), name="approval_one_waits"
            ),
        ]
        indexes = [
            models.Index(fields=["outcome", "-id"], name="approval_of_outcome"),
            models.Index(fields=["tenant", "-id"], condition=Q(of_staff=False), name="approval_newest_first"),
            models.Index(fields=["act", "row"], name="approval_of_row"),
        ]

    def __str__(self) -> str:
        return self.subject_name
