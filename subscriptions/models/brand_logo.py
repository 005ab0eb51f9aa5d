from django.db import models
from django.utils.translation import gettext_lazy as _

from subscriptions.base.constraints import one_of
from subscriptions.clouds import Cloud


class BrandLogo(models.Model):
    """The operator's logo as staff uploaded it, of one cloud, or of the portal where no cloud is named.

    It goes before that of BRAND_FILE. What is stored is what `read_logo` has written anew, never the file as it came.
    """

    cloud = models.CharField(_("cloud"), max_length=20, choices=Cloud, blank=True, primary_key=True)
    png = models.BinaryField()
    digest = models.CharField(max_length=32)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")
        constraints = [one_of("cloud", Cloud, name="brandlogo_cloud_known", blank=True)]

    def __str__(self) -> str:
        return self.get_cloud_display() or self.digest
