from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class RefusalRecord(models.Model):
    """A request that was refused for want of authorization, written after its transaction was rolled back."""

    at = models.DateTimeField(_("when"), db_default=Now())
    user = models.ForeignKey(
        "subscriptions.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("account")
    )
    method = models.CharField(_("method"), max_length=10)
    path = models.CharField(_("address"), max_length=300)
    status = models.PositiveSmallIntegerField(_("answer"))
    code = models.CharField(_("reason"), max_length=40)

    class Meta:
        verbose_name = _("refused request")
        verbose_name_plural = _("refused requests")
        indexes = [
            models.Index(fields=["path"], opclasses=["varchar_pattern_ops"], name="refusal_by_path"),
            models.Index(fields=["code"], opclasses=["varchar_pattern_ops"], name="refusal_by_code"),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.method} {self.path}"
