from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class JobFailure(models.Model):
    """A row that a job could not do while it did the others; kept until the job has done it, or for a while."""

    job = models.CharField(_("job"), max_length=60)
    subject_kind = models.CharField(_("kind of row"), max_length=60)
    subject_uuid = models.UUIDField(_("UUID of the row"))
    code = models.CharField(_("error"), max_length=80)
    times = models.PositiveIntegerField(_("times"), default=1)
    since = models.DateTimeField(_("first"), db_default=Now())
    at = models.DateTimeField(_("last"), db_default=Now())

    class Meta:
        verbose_name = _("failure of a job")
        verbose_name_plural = _("failures of jobs")
        constraints = [
            models.UniqueConstraint(fields=["job", "subject_uuid"], name="jobfailure_once_per_row"),
            models.CheckConstraint(name="jobfailure_happened", condition=models.Q(times__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.job}: {self.subject_kind} {self.subject_uuid}"
