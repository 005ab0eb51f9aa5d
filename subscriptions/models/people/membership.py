from allauth.mfa.models import Authenticator
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from subscriptions.base.constraints import one_of
from subscriptions.base.known_queries import Argument, KnownQuery
from subscriptions.models.audit_event import AuditEvent
from subscriptions.models.tenant import Tenant, stored_cloud_status


class Role(models.TextChoices):
    GLOBAL_ADMIN = "global-admin", _("Global admin")
    BILLING_ADMIN = "billing-admin", _("Billing admin")
    GLOBAL_READER = "global-reader", _("Global reader")


ADMINS = frozenset({Role.GLOBAL_ADMIN, Role.BILLING_ADMIN})  # of either kind


NEWS_CAP = 100  # nobody reads more in a number
# Recovery codes alone are none
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self):
        """Those of people who can sign in."""
        return self.filter(user__is_active=True)

    def role_of(self, user_id: int | None, tenant: Tenant) -> Role | None:
        """The role that a person who can sign in has there now, or none."""
        role = self.active().filter(tenant=tenant, user=user_id).values_list("role", flat=True).first()
        return Role(role) if role else None

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
    has_second_factor: bool
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


def _news() -> models.Func:
    """How many events of others there are since the person last looked, up to NEWS_CAP."""
    events = AuditEvent.objects.of_others(OuterRef("user"))
    unseen = events.filter(tenant=OuterRef("tenant"), at__gt=OuterRef("seen"))
    newest = unseen.order_by("-at", "-pk")  # as an index has them; in any order, the planner hopes for a short scan
    ids = ArraySubquery(newest.values("pk")[:NEWS_CAP])
    return models.Func(ids, function="cardinality", output_field=models.IntegerField())


def _of_person() -> MembershipQuerySet:
    person = Argument("user", models.BigIntegerField())
    memberships = Membership.objects.filter(user=person).select_related("tenant")
    status = stored_cloud_status("tenant__cloud")
    factors = Authenticator.objects.filter(user=person, type__in=SECOND_FACTORS)
    known = {"stored_cloud_status": status, "news": _news(), "has_second_factor": Exists(factors)}
    return memberships.annotate(**known).order_by("tenant__name_key", "tenant_id")


OF_PERSON = KnownQuery(_of_person)


def memberships_of(user_id: int) -> list[Membership]:
    """A person's memberships with their tenants and cloud status, and the person's news, by the tenant's name.

    Each also says whether the person has a second factor, which only the person's own scope knows.
    """
    memberships = OF_PERSON.rows(user=user_id)
    for membership in memberships:
        membership.tenant.stored_cloud_status = membership.stored_cloud_status
    return memberships
