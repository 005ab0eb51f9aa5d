from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.partner import Partner
from subscriptions.base.constraints import both_or_neither
from subscriptions.base.names import NameField
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.delegated_role import DelegatedRole


class RelationshipKind(models.TextChoices):
    RESELLER = "reseller", _("Reseller")
    DELEGATED_ADMIN = "delegated-admin", _("Delegated administrator")
    SUBSCRIPTION_ADVISOR = "subscription-advisor", _("Subscription advisor")


NAME_LENGTH = 50
ENDS_SOON = timedelta(days=30)
UNUSED_AFTER = timedelta(days=90)


def ends_soon_now() -> Q:
    """In force, but not for long, by the database's clock."""
    end = Q(expires_on__gt=Now(), expires_on__lte=Now() + ENDS_SOON)
    return Q(ended_at__isnull=True, auto_extend=False) & end


def not_told_of_end() -> Q:
    """No mail has said that it is over; an extension starts anew. Also the condition of the index of ends."""
    return Q(reminded_days__isnull=True) | ~Q(reminded_days=0)


# An advisor relationship is derived from the partners of record; only the others are rows of this table.
STORED_KINDS = (RelationshipKind.RESELLER, RelationshipKind.DELEGATED_ADMIN)


class RelationshipStatus(models.TextChoices):
    """Read from the dates by `with_status()`; not stored."""

    ACTIVE = "active", _("Active")
    EXPIRED = "expired", _("Expired")
    ENDED = "ended", _("Ended")


class PartnerRelationshipQuerySet(models.QuerySet):
    def of_tenant(self, tenant: Tenant):
        return self.filter(tenant=tenant)

    def of_partner(self, partner: Partner):
        return self.filter(partner=partner)

    def live(self):
        """Those in force now, by the database's clock; one that is extended by itself never runs out."""
        return self.filter(_is_live())

    def with_status(self):
        """Adds `status` as of now, by the database's clock, and whether the end `has_passed`, extended or not."""
        return self.annotate(
            has_passed=_whether(Q(expires_on__lte=Now())),
            status=Case(
                When(ended_at__isnull=False, then=Value(RelationshipStatus.ENDED.value)),
                When(_has_run_out(), then=Value(RelationshipStatus.EXPIRED.value)),
                default=Value(RelationshipStatus.ACTIVE.value),
            ),
        )

    def delegated_admins(self):
        return self.filter(kind=RelationshipKind.DELEGATED_ADMIN)

    def with_ends_soon(self):
        return self.annotate(ends_soon=_whether(ends_soon_now()))

    def with_use(self):
        """Adds `last_act` of the partner's people by it, and of a live one whether it `ends_soon` or is `unused`."""
        acts = AuditEvent.objects.filter(tenant=OuterRef("tenant"), actor_relationship=OuterRef("uuid"))
        idle = Q(kind=RelationshipKind.DELEGATED_ADMIN, used__lte=Now() - UNUSED_AFTER)
        return self.annotate(
            last_act=Subquery(acts.order_by("-at").values("at")[:1]),
            used=Coalesce("last_act", "started_at"),
            ends_soon=_whether(ends_soon_now()),
            unused=_whether(_is_live() & idle),
        )

    def with_asked(self):
        """Adds `was_asked` and `is_asked`: the reseller was ever asked to end it, and has not answered yet."""
        requests: Any = self.model._meta.get_field("release_requests").related_model
        own = requests.objects.filter(relationship=OuterRef("pk"))
        return self.annotate(was_asked=Exists(own), is_asked=Exists(own.open()))


def _has_run_out() -> Q:
    return Q(expires_on__lte=Now(), auto_extend=False)


def _is_live() -> Q:
    return Q(ended_at__isnull=True) & ~_has_run_out()


def _whether(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False))


class PartnerRelationship(models.Model):
    """A standing tie between a tenant and a partner: reseller, or delegated admin with its roles."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", verbose_name=_("organization"))
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="relationships", verbose_name=_("partner")
    )
    kind = models.CharField(_("type"), max_length=20, choices=[(kind.value, kind.label) for kind in STORED_KINDS])
    name = NameField(_("name of the relationship"), max_length=NAME_LENGTH, blank=True)
    roles = ArrayField(
        models.CharField(max_length=40, choices=DelegatedRole),
        verbose_name=_("roles"),
        blank=True,
        default=list,
    )
    started_at = models.DateTimeField(_("since"), default=timezone.now)
    started_by = models.CharField(_("started by"), max_length=120)
    expires_on = models.DateTimeField(_("ends"), null=True, blank=True)
    auto_extend = models.BooleanField(_("extended by itself"), default=False)
    # Days before the end of which both sides were told; 0 once they were told that it is over.
    reminded_days = models.PositiveSmallIntegerField(null=True, editable=False)
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, editable=False)
    reviewed_by = models.CharField(_("reviewed by"), max_length=120, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    ended_by = models.CharField(_("ended by"), max_length=120, blank=True, editable=False)
    end_reason = models.CharField(_("reason for the end"), max_length=500, blank=True)

    status: str
    has_passed: bool
    unused: bool
    was_asked: bool
    is_asked: bool
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
            both_or_neither("reviewed_at", "reviewed_by", name="relationship_reviewed_by_somebody"),
            models.CheckConstraint(
                name="relationship_no_extension_of_global_administrator",
                condition=Q(auto_extend=False)
                | (
                    Q(kind=RelationshipKind.DELEGATED_ADMIN, expires_on__isnull=False)
                    & ~Q(roles__contains=[DelegatedRole.GLOBAL_ADMINISTRATOR.value])
                ),
            ),
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
        indexes = [
            models.Index(
                fields=["partner", "tenant"],
                condition=Q(ended_at__isnull=True),
                name="relationship_of_partner",
            ),
            models.Index(
                fields=["expires_on"],
                condition=Q(ended_at__isnull=True, expires_on__isnull=False) & not_told_of_end(),
                name="relationship_by_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner.name} · {self.get_kind_display()}"

    def get_roles_display(self) -> list[str]:
        return [str(DelegatedRole(role).label) for role in self.roles]
