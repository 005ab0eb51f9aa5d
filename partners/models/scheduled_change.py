from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.partner import Partner
from subscriptions.base.constraints import SameTenant, both_or_neither, one_of, one_sender
from subscriptions.models import AuditEvent, BulkAct, Subscription, Tenant


class ScheduleState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("scheduled change", "Scheduled")
    APPLIED = "applied", pgettext_lazy("scheduled change", "Applied")
    NOT_APPLIED = "not-applied", pgettext_lazy("scheduled change", "Not applied")
    CANCELED = "canceled", pgettext_lazy("scheduled change", "Canceled")
    DISMISSED = "dismissed", pgettext_lazy("scheduled change", "Dismissed")


class ScheduledChange(models.Model):
    """A change of a subscription's partner of record on a day to come; without `partner` it is a deletion.

    `day` is a day where the organization is: when it begins is found out on that day. With `at_renewal` it is the
    day on which the term that ran at the decision ends. `outcome` is the code of why it was not applied; `event` is
    the change that it became. `proved` is when the person who decided was last proved to be it.

    `many` is the act on many that it is one of; such a change is `agreed` where a second person has approved all of
    them. Nobody is mailed of it alone: it is not `is_told` from its end until everybody is told of all of its day.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("organization")
    )
    subscription = models.ForeignKey(
        Subscription,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="scheduled_changes",
        verbose_name=_("subscription"),
    )
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("partner")
    )
    day = models.DateField(_("day"))
    at_renewal = models.BooleanField(_("at the renewal"), default=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=ScheduleState, default=ScheduleState.WAITING)
    user = models.ForeignKey(
        "subscriptions.User", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    # Instead of a person, of an application of the organization, which may be deleted since
    application = models.UUIDField(null=True, editable=False)
    scheduled_at = models.DateTimeField(_("scheduled"), db_default=Now())
    scheduled_by = models.CharField(_("scheduled by"), max_length=120)
    proved = models.DateTimeField(_("proved"))
    outcome = models.CharField(_("outcome"), max_length=40, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.CharField(_("ended by"), max_length=120, blank=True)
    event = models.OneToOneField(
        AuditEvent, on_delete=models.PROTECT, null=True, db_constraint=False, related_name="+"
    )

    many = models.ForeignKey(
        BulkAct, on_delete=models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="scheduled"
    )
    agreed = models.BooleanField(default=False)
    is_told = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("scheduled change")
        verbose_name_plural = _("scheduled changes")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="scheduledchange_tenant_and_id"),
            SameTenant(field="subscription", name="scheduledchange_subscription_same_tenant"),
            SameTenant(field="event", name="scheduledchange_event_same_tenant"),
            SameTenant(field="many", name="scheduledchange_many_same_tenant"),
            one_of("state", ScheduleState, name="scheduledchange_state_known"),
            both_or_neither("scheduled_at", "scheduled_by", name="scheduledchange_scheduled_by_somebody"),
            both_or_neither("ended_at", "ended_by", name="scheduledchange_ended_by_somebody"),
            one_sender("user", name="scheduledchange_of_one_decider"),
            models.UniqueConstraint(
                fields=["subscription"], condition=Q(state=ScheduleState.WAITING), name="scheduledchange_one_waits"
            ),
            models.CheckConstraint(
                name="scheduledchange_ended_unless_it_waits",
                condition=Q(state=ScheduleState.WAITING, ended_at__isnull=True, event__isnull=True)
                | ~Q(state=ScheduleState.WAITING) & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="scheduledchange_event_of_a_change",
                condition=Q(event__isnull=True) | Q(state=ScheduleState.APPLIED),
            ),
            models.CheckConstraint(
                name="scheduledchange_told_together_of_many",
                condition=Q(many__isnull=False) | Q(is_told=True, agreed=False),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "day", "id"], name="scheduledchange_by_day"),
            # What the job looks for, and what waits for a person
            models.Index(
                fields=["day", "id"], condition=Q(state=ScheduleState.WAITING), name="scheduledchange_waiting"
            ),
            models.Index(
                fields=["many", "day", "id"], condition=Q(many__isnull=False), name="scheduledchange_of_many"
            ),
            models.Index(fields=["id"], condition=Q(is_told=False), name="scheduledchange_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} · {self.day}"
