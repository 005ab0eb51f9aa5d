from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.partner import Partner
from subscriptions.models import Tenant
from subscriptions.models.constraints import both_or_neither


class RelationshipKind(models.TextChoices):
    RESELLER = "reseller", _("Reseller")
    DELEGATED_ADMIN = "delegated-admin", _("Delegated administrator")
    SUBSCRIPTION_ADVISOR = "subscription-advisor", _("Subscription advisor")


# An advisor relationship is derived from the partners of record; only the others are rows of this table.
STORED_KINDS = (RelationshipKind.RESELLER, RelationshipKind.DELEGATED_ADMIN)


class DelegatedRole(models.TextChoices):
    GLOBAL_ADMINISTRATOR = "global-administrator", _("Global administrator")
    BILLING_ADMINISTRATOR = "billing-administrator", _("Billing administrator")
    LICENSE_ADMINISTRATOR = "license-administrator", _("License administrator")
    HELPDESK_ADMINISTRATOR = "helpdesk-administrator", _("Helpdesk administrator")
    GLOBAL_READER = "global-reader", pgettext_lazy("delegated role", "Global reader")
    SERVICE_SUPPORT_ADMINISTRATOR = "service-support-administrator", _("Service support administrator")


class RelationshipStatus(models.TextChoices):
    """Read from the dates by `with_status()`; not stored."""

    ACTIVE = "active", _("Active")
    EXPIRED = "expired", _("Expired")
    ENDED = "ended", _("Ended")


class PartnerRelationshipQuerySet(models.QuerySet):
    def of_tenant(self, tenant: Tenant):
        return self.filter(tenant=tenant)

    def with_status(self):
        """Adds `status` as of now, by the database's clock."""
        return self.annotate(
            status=Case(
                When(ended_at__isnull=False, then=Value(RelationshipStatus.ENDED.value)),
                When(expires_on__lte=Now(), then=Value(RelationshipStatus.EXPIRED.value)),
                default=Value(RelationshipStatus.ACTIVE.value),
            )
        )


class PartnerRelationship(models.Model):
    """A standing tie between a tenant and a partner: reseller, or delegated admin with its roles."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", verbose_name=_("organization"))
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="relationships", verbose_name=_("partner")
    )
    kind = models.CharField(_("type"), max_length=20, choices=[(kind.value, kind.label) for kind in STORED_KINDS])
    roles = ArrayField(
        models.CharField(max_length=40, choices=DelegatedRole),
        verbose_name=_("roles"),
        blank=True,
        default=list,
    )
    started_at = models.DateTimeField(_("since"), default=timezone.now)
    started_by = models.CharField(_("started by"), max_length=120)
    expires_on = models.DateTimeField(_("ends"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    ended_by = models.CharField(_("ended by"), max_length=120, blank=True, editable=False)
    end_reason = models.CharField(_("reason for the end"), max_length=500, blank=True)

    status: str
    objects = PartnerRelationshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner relationship")
        verbose_name_plural = _("partner relationships")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="relationship_tenant_and_id"),
            models.CheckConstraint(
                name="relationship_kind_stored", condition=Q(kind__in=[kind.value for kind in STORED_KINDS])
            ),
            both_or_neither("ended_at", "ended_by", name="relationship_ended_by_somebody"),
            both_or_neither("started_at", "started_by", name="relationship_started_by_somebody"),
            models.CheckConstraint(
                name="relationship_ends_after_start",
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("started_at")),
            ),
            models.CheckConstraint(
                name="relationship_roles_of_delegated_admin",
                condition=Q(kind=RelationshipKind.RESELLER, roles__len=0)
                | (Q(kind=RelationshipKind.DELEGATED_ADMIN) & ~Q(roles__len=0)),
            ),
            models.UniqueConstraint(
                fields=["tenant", "partner"],
                condition=Q(kind=RelationshipKind.RESELLER, ended_at__isnull=True),
                name="relationship_one_reseller_row",
                violation_error_message=_("This partner is a reseller of the organization already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner.name} · {self.get_kind_display()}"

    def get_roles_display(self) -> list[str]:
        return [str(DelegatedRole(role).label) for role in self.roles]
