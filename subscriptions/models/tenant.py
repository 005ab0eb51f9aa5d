from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from django_countries.fields import CountryField

from subscriptions.base.constraints import one_of
from subscriptions.base.names import NameField, SortKeyField
from subscriptions.base.search import SearchTextField
from subscriptions.clouds import Cloud, CloudProfile, CloudStatus, profile_of
from subscriptions.models.cloud_state import CloudState
from subscriptions.models.user import validate_time_zone


class Role(models.TextChoices):
    GLOBAL_ADMIN = "global-admin", _("Global admin")
    BILLING_ADMIN = "billing-admin", _("Billing admin")
    GLOBAL_READER = "global-reader", _("Global reader")


class TenantState(models.TextChoices):
    """Of a suspended one its people read and change nothing; a closed one does not open; a deleted one is history."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    CLOSED = "closed", _("Closed")
    DELETED = "deleted", _("Deleted")


OVER = (TenantState.CLOSED, TenantState.DELETED)


ADMINS = frozenset({Role.GLOBAL_ADMIN, Role.BILLING_ADMIN})  # of either kind


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


NEWS_CAP = 100  # nobody reads more in a number


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of_person(self, user) -> Iterator["Membership"]:
        """The person's memberships with their tenants and cloud status, and their news, by the tenant's name."""
        memberships = (
            self.filter(user=user)
            .select_related("tenant")
            .annotate(stored_cloud_status=stored_cloud_status("tenant__cloud"), news=self._news())
            .order_by("tenant__name_key", "tenant_id")
        )
        for membership in memberships:
            membership.tenant.stored_cloud_status = membership.stored_cloud_status
            yield membership

    def _news(self) -> models.Func:
        """How many events of others there are since the person last looked, up to NEWS_CAP.

        Events follow the tenants among the models, so they are reached by the relation's name.
        """
        events: Any = Tenant._meta.get_field("audit_events").related_model
        unseen = events.objects.of_others(OuterRef("user")).filter(tenant=OuterRef("tenant"), at__gt=OuterRef("seen"))
        ids = ArraySubquery(unseen.order_by().values("pk")[:NEWS_CAP])
        return models.Func(ids, function="cardinality", output_field=models.IntegerField())

    def active(self):
        """Those of people who can sign in."""
        return self.filter(user__is_active=True)

    def with_person(self):
        """With what an organization may read of its people's accounts: whose it is and whether it is active."""
        return self.select_related("user").only("uuid", "tenant_id", "role", "user__name", "user__is_active")


class Membership(models.Model):
    """A person in a tenant, in one role. One person may be in several."""

    uuid = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("organization")
    )
    user = models.ForeignKey(
        "subscriptions.User", on_delete=models.PROTECT, related_name="memberships", verbose_name=_("account")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    # Until when the person has seen what happened there
    seen = models.DateTimeField(db_default=Now(), editable=False)

    stored_cloud_status: str | None
    news: int
    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user"], name="membership_once_per_tenant"),
            one_of("role", Role, name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
