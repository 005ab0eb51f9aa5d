from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from subscriptions.base.constraints import one_of
from subscriptions.base.names import NameField, SortKeyField
from subscriptions.base.search import SearchTextField
from subscriptions.clouds import Cloud


class ProductFamily(models.TextChoices):
    OFFICE = "office", _("Office")
    EXCHANGE = "exchange", _("Exchange")
    SHAREPOINT = "sharepoint", _("SharePoint")
    PROJECT = "project", _("Project")
    VISIO = "visio", _("Visio")
    SKYPE = "skype", _("Skype for Business")
    POWER_BI = "power-bi", _("Power BI")
    DYNAMICS = "dynamics", _("Dynamics 365")
    SECURITY = "security", _("Security and device management")
    WINDOWS = "windows", _("Windows")


class Product(models.Model):
    """Something a cloud sells. Its name is a product name and is not translated."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    cloud = models.CharField(_("cloud"), max_length=20, choices=Cloud)
    sku = NameField(_("SKU"), max_length=60)
    name = NameField(_("name"))
    name_key = SortKeyField()
    search_text = SearchTextField(sources=("name", "sku"))
    family = models.CharField(_("family"), max_length=20, choices=ProductFamily)
    has_trial = models.BooleanField(_("can be tried"), default=False)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cloud", "sku"], name="product_sku_once_per_cloud"),
            one_of("cloud", Cloud, name="product_cloud_known"),
            one_of("family", ProductFamily, name="product_family_known"),
        ]

    def __str__(self) -> str:
        return self.name
