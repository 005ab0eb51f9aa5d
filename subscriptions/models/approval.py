from datetime import timedelta
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from subscriptions.base.constraints import both_or_neither, one_of
from subscriptions.models.tenant import Tenant

WAITS_FOR = timedelta(days=7)


class ApprovalOutcome(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class Approval(models.Model):
    """What one person wants done and another one has to agree to. It is done at the approval, never before.

    `act` names the act, `row` the key of what it acts on, `wanted` what was typed. `tenant` is that of the row; where
    it is a member who asks, only people of that organization decide.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("organization")
    )
    act = models.CharField(_("act"), max_length=60)
    row = models.BigIntegerField()
    subject_name = models.CharField(_("to what"), max_length=200)
    wanted = models.JSONField(_("what is wanted"), default=dict)
    reason = models.CharField(_("reason"), max_length=500)
    outcome = models.CharField(_("outcome"), max_length=10, choices=ApprovalOutcome, default=ApprovalOutcome.WAITING)
    asker = models.ForeignKey("subscriptions.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"), db_default=Now())
    asked_by = models.CharField(_("asked by"), max_length=120)
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
            models.CheckConstraint(
                name="approval_by_another_person", condition=Q(decider__isnull=True) | ~Q(decider=F("asker"))
            ),
            models.CheckConstraint(
                name="approval_decided_when_over",
                condition=Q(outcome=ApprovalOutcome.WAITING, decided_at__isnull=True)
                | ~Q(outcome=ApprovalOutcome.WAITING) & Q(decided_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["act", "row"], condition=Q(outcome=ApprovalOutcome.WAITING), name="approval_one_waits"
            ),
        ]
        indexes = [models.Index(fields=["outcome", "-id"], name="approval_of_outcome")]

    def __str__(self) -> str:
        return self.subject_name
