from uuid import uuid4

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from django_countries.fields import CountryField

from subscriptions.base.constraints import one_of
from subscriptions.base.names import NameField, SortKeyField
from subscriptions.base.search import SearchTextField
from subscriptions.clouds import Cloud, CloudProfile, CloudStatus, profile_of
from subscriptions.models.cloud_state import CloudState
from subscriptions.models.user import validate_time_zone


class TenantState(models.TextChoices):
    """Of a suspended one its people read and change nothing; a closed one does not open; a deleted one is history."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    CLOSED = "closed", _("Closed")
    DELETED = "deleted", _("Deleted")


OVER = (TenantState.CLOSED, TenantState.DELETED)


def stored_cloud_status(cloud: str) -> models.Subquery:
    return models.Subquery(CloudState.objects.filter(cloud=models.OuterRef(cloud)).values("status"))


class TenantQuerySet(models.QuerySet):
    def with_cloud_status(self):
        return self.annotate(stored_cloud_status=stored_cloud_status("cloud"))


class Tenant(models.Model):
    """A customer organization, in one cloud."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    slug = models.SlugField(_("address in the portal"), max_length=60, unique=True)
    name = NameField(_("name"))
    name_key = SortKeyField()
    search_text = SearchTextField(sources=("name", "slug", "uuid"))
    cloud = models.CharField(_("cloud"), max_length=20, choices=Cloud)
    country = CountryField(_("country or region"))
    city = NameField(_("city"), max_length=80, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC", validators=[validate_time_zone])

    staff_may_view = models.BooleanField(_("staff may look at its pages"), default=True)
    asks_off_list = models.BooleanField(_("partners off the approved list can be asked for"), default=False)
    second_person = models.BooleanField(_("changes of a partner of record need a second person"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=TenantState, default=TenantState.ACTIVE)
    state_since = models.DateTimeField(null=True, editable=False)
    kept_until = models.DateField(_("kept until"), null=True, editable=False)  # of a closed one, the last day

    stored_cloud_status: str | None
    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name_key", "id"]
        constraints = [
            one_of("cloud", Cloud, name="tenant_cloud_known"),
            one_of("state", TenantState, name="tenant_state_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=OVER, kept_until__isnull=False)
                | models.Q(~models.Q(state__in=OVER), kept_until__isnull=True),
                name="tenant_kept_once_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["name_key", "id"], name="tenant_by_name"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="tenant_by_words"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def country_code(self) -> str:
        return str(self.country)

    @property
    def country_name(self) -> str:
        return countries.name(self.country_code)

    @property
    def whereabouts(self) -> str:
        """Country and cloud, which some clouds have in their name."""
        return " · ".join(dict.fromkeys([self.country_name, str(self.cloud_profile.label)]))

    @property
    def is_active(self) -> bool:
        return self.state == TenantState.ACTIVE

    @property
    def is_over(self) -> bool:
        """Closed or deleted: nobody comes in."""
        return self.kept_until is not None

    @property
    def cloud_profile(self) -> CloudProfile:
        return profile_of(self.cloud)

    @property
    def cloud_status(self) -> CloudStatus:
        """The cloud's default where nothing else is stored; `with_cloud_status()` saves the query."""
        if not hasattr(self, "stored_cloud_status"):
            state = CloudState.objects.filter(cloud=self.cloud).first()
            self.stored_cloud_status = state.status if state else None
        return CloudStatus(self.stored_cloud_status or self.cloud_profile.default_status)
