from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from subscriptions.base.constraints import both_or_neither, one_of

FILE_NAME_LENGTH = 120


class ImportState(models.TextChoices):
    WAITING = "waiting", _("Waiting for the dry run")
    CHECKING = "checking", _("Dry run")
    CHECKED = "checked", _("Checked")
    UNREADABLE = "unreadable", _("Not readable")
    APPLYING = "applying", _("Being applied")
    STOPPED = "stopped", _("Stopped")
    DONE = "done", _("Done")


class ImportRun(models.Model):
    """A file that was brought in, what a dry run found in it, and how far its lines were done.

    `uuid` also stands in each audit event that it leaves. `turn` changes with every start, so that of two workers
    only the later one goes on. `cursor` is the last line that was done; it moves in the transaction of its batch.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20)
    file_name = models.CharField(_("file"), max_length=FILE_NAME_LENGTH)
    size = models.PositiveBigIntegerField(_("bytes"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    language = models.CharField(max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.WAITING)
    turn = models.PositiveIntegerField(default=1)
    uploaded_at = models.DateTimeField(_("uploaded"), db_default=Now())
    uploaded_by = models.CharField(_("uploaded by"), max_length=120)
    applied_at = models.DateTimeField(_("applied"), null=True)
    applied_by = models.CharField(_("applied by"), max_length=120, blank=True)
    applier = models.ForeignKey(
        "subscriptions.User", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    is_open = models.BooleanField(_("waits for staff"), default=True)
    ended = models.DateTimeField(_("ended"), null=True)
    fault = models.CharField(_("why it cannot be read"), max_length=40, blank=True)
    fault_facts = models.JSONField(default=dict)
    encoding = models.CharField(_("encoding"), max_length=40, blank=True)
    separator = models.CharField(_("separator"), max_length=1, blank=True)
    taken = ArrayField(models.TextField(), verbose_name=_("columns taken"), default=list)
    not_taken = ArrayField(models.TextField(), verbose_name=_("columns not taken"), default=list)
    lines = models.PositiveIntegerField(_("lines"), default=0)
    fresh = models.PositiveIntegerField(_("to be made"), default=0)
    there = models.PositiveIntegerField(_("there already"), default=0)
    wrong = models.PositiveIntegerField(_("lines with errors"), default=0)
    done = models.PositiveIntegerField(_("made"), default=0)
    cursor = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [
            models.Index(fields=["uploaded_at"], condition=Q(is_open=True), name="importrun_open"),
        ]
        constraints = [
            one_of("state", ImportState, name="importrun_state_known"),
            both_or_neither("uploaded_at", "uploaded_by", name="importrun_uploaded_by_somebody"),
            both_or_neither("applied_at", "applied_by", name="importrun_applied_by_somebody"),
            models.CheckConstraint(
                name="importrun_each_line_counts_once", condition=Q(lines__gte=F("fresh") + F("there") + F("wrong"))
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportChunk(models.Model):
    """A piece of a file that was brought in; it goes some weeks later, as people's addresses stand in it."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="chunks", db_index=False)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        verbose_name = _("part of a file")
        verbose_name_plural = _("parts of files")
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="importchunk_in_order")]

    def __str__(self) -> str:
        return f"{self.run_id} · {self.number}"


class ImportProblem(models.Model):
    """What is wrong with a line of a file, or a cell of it; by a code and the facts of the case."""

    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="problems", db_index=False, verbose_name=_("import")
    )
    line = models.PositiveIntegerField(_("line"))
    column = models.CharField(_("column"), max_length=60, blank=True)
    value = models.CharField(_("value"), max_length=200, blank=True)
    code = models.CharField(_("kind of error"), max_length=40)
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("error of an import")
        verbose_name_plural = _("errors of imports")
        indexes = [
            models.Index(fields=["run", "line", "id"], name="importproblem_by_line"),
            models.Index(fields=["run", "code", "id"], name="importproblem_by_code"),
        ]

    def __str__(self) -> str:
        return f"{self.line} · {self.code}"
