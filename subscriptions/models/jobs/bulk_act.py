from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from subscriptions.base.constraints import SameTenant, both_or_neither, one_of, one_sender
from subscriptions.models.audit_event import AuditEvent
from subscriptions.models.subscription import Subscription
from subscriptions.models.tenant import Tenant

WORDS_LENGTH = 500


class BulkState(models.TextChoices):
    CHOSEN = "chosen", _("Chosen")
    PREVIEWED = "previewed", _("Previewed")
    ASKED = "asked", _("Waits for approval")
    QUEUED = "queued", _("Waiting to begin")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    DONE = "done", _("Done")
    CANCELED = "canceled", _("Stopped")


UNDECIDED = (BulkState.CHOSEN, BulkState.PREVIEWED)
GOES_ON = (BulkState.QUEUED, BulkState.RUNNING)
OPEN = (*GOES_ON, BulkState.PAUSED)
OVER = (BulkState.DONE, BulkState.CANCELED)


class BulkAct(models.Model):
    """One act on many subscriptions: chosen and previewed by a person, decided once, then done by jobs row by row.

    `uuid` also stands in each audit event of it. `kind` names what is done, `wanted` what was typed for it, as the
    kind keeps it. `digest` changes whenever the preview does: only what was seen can be decided. `proved` is when the
    person who decided was last proved to be it. Of the rows `planned` were to change; each of these is counted as
    `changed` or as `not_changed` once it has its outcome. `undo_of` is the act that this one takes back. `file` is
    how the file was read that the rows came from, and how many of its lines were right; empty where there was none.
    `joint` is shared by the acts that a person decided together in several organizations (JointAct).
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, db_index=False, related_name="bulk_acts", verbose_name=_("organization")
    )
    kind = models.CharField(_("kind"), max_length=30)
    wanted = models.JSONField(default=dict)
    file = models.JSONField(default=dict)
    joint = models.UUIDField(null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    selection = models.CharField(_("chosen by"), max_length=WORDS_LENGTH, blank=True)
    undo_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="undone_by"
    )
    state = models.CharField(_("state"), max_length=10, choices=BulkState, default=BulkState.CHOSEN)
    digest = models.CharField(max_length=64, blank=True)
    user = models.ForeignKey(
        "subscriptions.User", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    # Instead of a person, of an application of the organization, which may be deleted since
    application = models.UUIDField(null=True, editable=False)
    begun = models.DateTimeField(_("chosen"), db_default=Now())
    previewed = models.DateTimeField(_("previewed"), null=True)
    proved = models.DateTimeField(_("proved"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.CharField(_("decided by"), max_length=120, blank=True)
    ended = models.DateTimeField(_("ended"), null=True)
    chosen = models.PositiveIntegerField(default=0)
    planned = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    not_changed = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("change on many")
        verbose_name_plural = _("changes on many")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="bulkact_tenant_and_id"),
            SameTenant(field="undo_of", name="bulkact_undo_same_tenant"),
            one_of("state", BulkState, name="bulkact_state_known"),
            both_or_neither("decided_at", "decided_by", name="bulkact_decided_by_somebody"),
            one_sender("user", name="bulkact_of_one_decider"),
            models.CheckConstraint(
                name="bulkact_decided_before_it_is_done",
                condition=Q(state__in=UNDECIDED, decided_at__isnull=True)
                | (~Q(state__in=UNDECIDED) & Q(decided_at__isnull=False, proved__isnull=False) & ~Q(digest="")),
            ),
            models.CheckConstraint(
                name="bulkact_ended_when_over",
                condition=Q(state__in=OVER, ended__isnull=False) | (~Q(state__in=OVER) & Q(ended__isnull=True)),
            ),
            models.CheckConstraint(
                name="bulkact_each_row_counts_once",
                condition=Q(planned__lte=F("chosen"), planned__gte=F("changed") + F("not_changed")),
            ),
            # What is decided is undone at most once; a preview of that, and one that was never begun, stand in
            # nobody's way
            models.UniqueConstraint(
                fields=["undo_of"],
                condition=~Q(state__in=UNDECIDED) & ~Q(state=BulkState.CANCELED, changed=0),
                name="bulkact_undone_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-id"], condition=~Q(state__in=UNDECIDED), name="bulkact_newest_first"),
            models.Index(fields=["begun"], condition=Q(state__in=UNDECIDED), name="bulkact_undecided"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.uuid}"

    @property
    def waiting(self) -> int:
        """How many rows have no outcome yet."""
        return self.planned - self.changed - self.not_changed


class BulkRow(models.Model):
    """A subscription in an act on many. `version` is the one that the preview saw; a row that moved on is left alone.

    `wanted` is what is wanted of this row alone; empty where the act wants the same of all.
    `outcome` is empty while the row is waiting, and the code of what came of it afterwards; a row that the preview
    has found to stay has its outcome from the start and is not `planned`. `takes_back` is the event that an undo
    takes back.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False, related_name="+")
    act = models.ForeignKey(
        BulkAct, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="rows"
    )
    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, db_constraint=False, related_name="bulk_rows"
    )
    version = models.PositiveIntegerField()
    wanted = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    planned = models.BooleanField(default=False)
    outcome = models.CharField(_("outcome"), max_length=40, blank=True)
    event = models.ForeignKey(
        AuditEvent, on_delete=models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    takes_back = models.ForeignKey(
        AuditEvent, on_delete=models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        verbose_name = _("row of a change on many")
        verbose_name_plural = _("rows of changes on many")
        constraints = [
            SameTenant(field="act", name="bulkrow_act_same_tenant"),
            SameTenant(field="subscription", name="bulkrow_subscription_same_tenant"),
            SameTenant(field="event", name="bulkrow_event_same_tenant"),
            SameTenant(field="takes_back", name="bulkrow_takes_back_same_tenant"),
            models.UniqueConstraint(fields=["act", "subscription"], name="bulkrow_once_per_act"),
            models.CheckConstraint(
                name="bulkrow_event_of_a_change",
                condition=(Q(event__isnull=True) & ~Q(outcome="changed"))
                | Q(event__isnull=False, outcome="changed", planned=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["act", "subscription"], condition=Q(planned=True, outcome=""), name="bulkrow_waiting"
            ),
            models.Index(fields=["act", "outcome", "id"], name="bulkrow_by_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} · {self.outcome}"


class BulkLine(models.Model):
    """A line of the file that an act on many came from, as it stands there, but for lines that change nothing.

    `problems` are all that is wrong with it, each by column, value, code and facts; a line without is the row of the
    act that is of `subscription`.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False, related_name="+")
    act = models.ForeignKey(
        BulkAct, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="lines"
    )
    number = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        verbose_name = _("line of a file of changes")
        verbose_name_plural = _("lines of files of changes")
        constraints = [
            SameTenant(field="act", name="bulkline_act_same_tenant"),
            SameTenant(field="subscription", name="bulkline_subscription_same_tenant"),
            models.UniqueConstraint(fields=["act", "number"], name="bulkline_once_per_file"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
