from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from subscriptions.base.constraints import one_of
from subscriptions.base.names import NameField, SortKeyField
from subscriptions.base.search import SearchTextField
from subscriptions.clouds import Cloud
from subscriptions.models.catalogue.product_family import ProductFamily


class Product(models.Model):
    """Something a cloud sells. Its name is not translated; its description is, in as many languages as it has one."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    cloud = models.CharField(_("cloud"), max_length=20, choices=Cloud)
    sku = NameField(_("SKU"), max_length=60)
    name = NameField(_("name"))
    name_key = SortKeyField()
    search_text = SearchTextField(sources=("name", "sku"))
    family = models.ForeignKey(
        ProductFamily,
        to_field="code",
        on_delete=models.PROTECT,
        related_name="products",
        verbose_name=_("category"),
    )
    description_en = NameField(_("description, English"), max_length=300, blank=True)
    description_de = NameField(_("description, German"), max_length=300, blank=True)
    description_zh_hans = NameField(_("description, Chinese"), max_length=300, blank=True)
    # What tells it from other plans of its category, where those that have the same stand in one line
    features_en = NameField(_("features, English"), max_length=500, blank=True)
    features_de = NameField(_("features, German"), max_length=500, blank=True)
    features_zh_hans = NameField(_("features, Chinese"), max_length=500, blank=True)
    has_trial = models.BooleanField(_("can be tried"), default=False)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cloud", "sku"], name="product_sku_once_per_cloud"),
            one_of("cloud", Cloud, name="product_cloud_known"),
        ]

    def __str__(self) -> str:
        return self.name
