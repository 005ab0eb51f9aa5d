from django.db import models
from django.utils.translation import gettext_lazy as _

from subscriptions.base import formats
from subscriptions.base.constraints import one_of
from subscriptions.clouds import Cloud, CloudStatus


class CloudState(models.Model):
    """Where a cloud is in its life; a cloud without a row is in the default state of its profile."""

    cloud = models.CharField(_("cloud"), max_length=20, choices=Cloud, primary_key=True)
    status = models.CharField(_("status"), max_length=10, choices=CloudStatus)

    class Meta:
        verbose_name = _("cloud status")
        verbose_name_plural = _("cloud statuses")
        constraints = [
            one_of("cloud", Cloud, name="cloudstate_cloud_known"),
            one_of("status", CloudStatus, name="cloudstate_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_cloud_display()}{formats.mark(': ')}{self.get_status_display()}"
