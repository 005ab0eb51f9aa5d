from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from subscriptions.base.languages import columns_of, in_language
from subscriptions.base.names import NameField
from subscriptions.base.search import SearchTextField


class ProductFamilyQuerySet(models.QuerySet["ProductFamily"]):
    def offered(self):
        """Those that can be chosen for what is new."""
        return self.filter(is_retired=False)

    def labels(self) -> dict[str, str]:
        """The name of each by its code, in the reader's language and in the order of the shop."""
        return {family.code: family.name for family in self}

    def label_of(self, code: str) -> str:
        """The code itself where no family has it any more."""
        return self.filter(code=code).labels().get(code, code)


class FamilyCodeField(models.CharField):
    """A category's code where no foreign key can stand, as in an array."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs | {"max_length": 20})


class ProductFamily(models.Model):
    """A category of products, as the shop shows them together and as partners are authorized for them.

    Its texts are the operator's, in one language at least. Its code stands in addresses and files, so it is for good.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=20, unique=True)
    name_en = NameField(_("name, English"), max_length=60, blank=True)
    name_de = NameField(_("name, German"), max_length=60, blank=True)
    name_zh_hans = NameField(_("name, Chinese"), max_length=60, blank=True)
    search_text = SearchTextField(sources=columns_of("name"))
    sentence_en = NameField(_("sentence, English"), max_length=200, blank=True)
    sentence_de = NameField(_("sentence, German"), max_length=200, blank=True)
    sentence_zh_hans = NameField(_("sentence, Chinese"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("place in the shop"), default=0)
    is_retired = models.BooleanField(_("retired"), default=False)

    objects = ProductFamilyQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                name="productfamily_named",
                condition=~Q(name_en="", name_de="", name_zh_hans=""),
                violation_error_message=_("Give the category a name in one language at least."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(vars(self), "name")

    @property
    def sentence(self) -> str:
        """What the category is about; it may be empty."""
        return in_language(vars(self), "sentence")
