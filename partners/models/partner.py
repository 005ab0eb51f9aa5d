from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from subscriptions.base.constraints import one_of
from subscriptions.base.languages import in_language
from subscriptions.base.names import NameField, SortKeyField
from subscriptions.base.partner_id import FORMAT, normalize_number
from subscriptions.base.search import SearchTextField, find_in
from subscriptions.base.typed import MailboxField
from subscriptions.clouds import Cloud
from subscriptions.models.catalogue.product_family import FamilyCodeField, ProductFamily

NOWHERE = _("None chosen means nowhere: no organization can name the partner, and the directory shows it to nobody.")
FOR_NOTHING = _(
    "Where it is not authorized for all: these categories. None chosen means nothing, so that it can be named on no "
    "subscription."
)


class PartnerKind(models.TextChoices):
    GLOBAL = "global", _("Global ID (the company as a whole)")
    LOCATION = "location", _("Location ID (one of its offices)")


class PartnerState(models.TextChoices):
    PENDING = "pending", _("Pending review")
    ACTIVE = "active", _("Active")
    INACTIVE = "inactive", _("Not active")
    SUSPENDED = "suspended", _("Suspended")


class PartnerQuerySet(models.QuerySet):
    def locations_of(self, partner: "Partner", *, country: str):
        """The active location IDs of a global ID in one country."""
        return self.filter(parent=partner, country=country, state=PartnerState.ACTIVE).order_by("number")

    def findable(self, *, cloud: str, country: str):
        """What the directory shows: the active location IDs of a cloud that are authorized in a country."""
        return self.filter(
            cloud=cloud,
            kind=PartnerKind.LOCATION,
            state=PartnerState.ACTIVE,
            authorized_countries__contains=[country],
        )

    def matching(self, text: str):
        """By name, city or ID; by the ID of a company as a whole its locations."""
        found = find_in(text, "search_text")
        try:
            number = normalize_number(text)
        except ValidationError:
            number = ""
        return self.filter(found | Q(parent__number=number) if number else found)

    def authorized_for(self, family: str):
        """For all products, or for those of the category."""
        return self.filter(Q(authorized_for_all=True) | Q(authorized_families__contains=[family]))


class Partner(models.Model):
    """A company with one partner ID in one cloud: the company as a whole, or one of its locations."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    number = models.CharField(_("partner ID"), max_length=10, unique=True)
    name = NameField(_("name"))
    name_key = SortKeyField()
    search_text = SearchTextField(sources=("name", "city", "number"))
    cloud = models.CharField(_("cloud"), max_length=20, choices=Cloud)
    kind = models.CharField(_("kind of ID"), max_length=10, choices=PartnerKind, default=PartnerKind.LOCATION)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="locations",
        verbose_name=_("global ID"),
    )
    state = models.CharField(_("state"), max_length=10, choices=PartnerState, default=PartnerState.ACTIVE)
    country = CountryField(_("country or region"))
    city = NameField(_("city"), max_length=80)
    street = NameField(_("street"), max_length=120, blank=True)
    phone = NameField(_("phone"), max_length=40, blank=True)
    website = models.URLField(_("website"), blank=True)
    mailbox = MailboxField(_("company mailbox"))
    text_en = NameField(_("directory text, English"), max_length=300, blank=True)
    text_de = NameField(_("directory text, German"), max_length=300, blank=True)
    text_zh_hans = NameField(_("directory text, Chinese"), max_length=300, blank=True)
    language = models.CharField(_("language of its mails"), max_length=10, choices=settings.LANGUAGES, default="en")
    authorized_countries = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("authorized in"),
        blank=True,
        default=list,
        help_text=NOWHERE,
    )
    authorized_for_all = models.BooleanField(_("authorized for all products"), default=True)
    authorized_families = ArrayField(
        FamilyCodeField(),
        verbose_name=_("authorized for"),
        blank=True,
        default=list,
        help_text=FOR_NOTHING,
    )

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name_key", "id"]
        constraints = [
            models.CheckConstraint(name="number_format", condition=Q(number__regex=FORMAT.pattern)),
            one_of("cloud", Cloud, name="partner_cloud_known"),
            one_of("kind", PartnerKind, name="partner_kind_known"),
            one_of("state", PartnerState, name="partner_state_known"),
            models.CheckConstraint(
                name="partner_for_all_or_chosen",
                condition=Q(authorized_for_all=False) | Q(authorized_families=[]),
                violation_error_message=_("Choose categories, or say that it is authorized for all products."),
            ),
            models.CheckConstraint(
                name="partner_global_has_no_parent",
                condition=Q(kind=PartnerKind.LOCATION) | Q(parent__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["cloud", "name_key", "id"],
                condition=Q(kind=PartnerKind.LOCATION, state=PartnerState.ACTIVE),
                name="partner_directory",
            ),
            models.Index(fields=["name_key", "id"], name="partner_by_name"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="partner_by_words"),
            models.Index(fields=["mailbox"], opclasses=["varchar_pattern_ops"], name="partner_by_mailbox"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def text(self) -> str:
        """What it says of itself in the directory; it may be empty."""
        return in_language(vars(self), "text")

    def get_authorized_families_display(self) -> list[str]:
        """The names of the categories, by one statement."""
        names = ProductFamily.objects.labels()
        return [names.get(code, code) for code in self.authorized_families]
