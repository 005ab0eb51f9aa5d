"""Programs that act in the place of an organization, a partner or the operator, and the tokens that prove them."""

from datetime import timedelta
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from subscriptions.base.constraints import both_or_neither
from subscriptions.base.names import NameField
from subscriptions.models.delegated_role import AgentRole
from subscriptions.models.people.membership import Role
from subscriptions.models.people.staff_role import StaffRole
from subscriptions.models.tenant import Tenant

LONGEST_APPLICATION_NAME = 60
LONGEST_TOKEN = timedelta(days=366)
# Never that of a Global admin: what such a one alone does stays with people
TENANTS_ROLES = (Role.BILLING_ADMIN.value, Role.GLOBAL_READER.value)


class ApplicationScope(models.TextChoices):
    """What an application asks for; what each allows stands in `access/scopes.py`."""

    SUBSCRIPTIONS_READ = "subscriptions.read", _("Read subscriptions and their partners of record")
    SUBSCRIPTIONS_WRITE = "subscriptions.write", _("Change subscriptions: licenses, names, billing, cancellation")
    PARTNER_OF_RECORD_WRITE = "partner-of-record.write", _("Name, change and delete partners of record")
    ORDERS_READ = "orders.read", _("Read orders")
    ORDERS_WRITE = "orders.write", _("Buy, and cancel orders")
    RELATIONSHIPS_READ = "relationships.read", _("Read partner relationships")
    RELATIONSHIPS_WRITE = "relationships.write", _("Leave customers, and answer release requests")
    OFFERS_READ = "offers.read", _("Read offers")
    OFFERS_WRITE = "offers.write", _("Draft, send and withdraw offers")
    WORKSPACE_READ = "workspace.read", _("Read customers and credits")
    MEMBERS_READ = "members.read", _("Read who belongs to the organization")
    EVENTS_READ = "events.read", _("Read the audit log")
    WEBHOOKS_WRITE = "webhooks.write", _("Set up webhooks")


class Application(models.Model):
    """A program of an organization, of a partner or, where it names neither, of the operator.

    It does what its role may there and its scopes name, and it survives who made it. Deleted, it is gone with its
    tokens; the audit trail keeps its name and its UUID.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(
        Tenant,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        db_index=False,
        related_name="applications",
        verbose_name=_("organization"),
    )
    partner = models.ForeignKey(
        "partners.Partner",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("partner"),
    )
    name = NameField(_("name"), max_length=LONGEST_APPLICATION_NAME)
    role = models.CharField(_("role"), max_length=20)
    scopes = ArrayField(models.CharField(max_length=30, choices=ApplicationScope), verbose_name=_("scopes"))
    made_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)
    made_by = models.CharField(_("made by"), max_length=120, editable=False)
    maker = models.ForeignKey(
        "subscriptions.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("account of who made it"),
    )

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "partner", "name"], nulls_distinct=False, name="application_name_once"
            ),
            both_or_neither("made_at", "made_by", name="application_who_and_when"),
            models.CheckConstraint(
                name="application_of_one_owner",
                condition=Q(tenant__isnull=False, partner__isnull=True, role__in=TENANTS_ROLES)
                | Q(tenant__isnull=True, partner__isnull=False, role__in=AgentRole.values)
                | Q(tenant__isnull=True, partner__isnull=True, role=StaffRole.READS_EVERYTHING.value),
            ),
            models.CheckConstraint(
                name="application_scopes_known",
                condition=Q(scopes__contained_by=ApplicationScope.values) & ~Q(scopes=[]),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def role_label(self) -> str:
        if self.tenant_id:
            return str(Role(self.role).label)
        return str(AgentRole(self.role).label if self.partner_id else StaffRole(self.role).label)


class ApplicationTokenQuerySet(models.QuerySet["ApplicationToken"]):
    def live(self):
        """Those that still open something, by the database's clock."""
        return self.filter(expires_on__gt=Now())


class ApplicationToken(models.Model):
    """What an application shows to be it: told once, kept as a hash. One that is revoked is deleted."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="tokens", verbose_name=_("application")
    )
    hash = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(_("token"), max_length=20, editable=False)  # how it begins and ends
    made_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)
    made_by = models.CharField(_("made by"), max_length=120, editable=False)
    expires_on = models.DateTimeField(_("good until"))
    reminded = models.PositiveSmallIntegerField(_("reminded"), null=True, editable=False)  # so many days before
    last_used = models.DateTimeField(_("last used"), null=True, editable=False)
    last_address = models.GenericIPAddressField(_("from"), null=True, editable=False)

    objects = ApplicationTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token of an application")
        verbose_name_plural = _("tokens of applications")
        constraints = [
            both_or_neither("made_at", "made_by", name="applicationtoken_who_and_when"),
            models.CheckConstraint(
                name="applicationtoken_ends", condition=Q(expires_on__lte=models.F("made_at") + LONGEST_TOKEN)
            ),
        ]
        indexes = [models.Index(fields=["expires_on"], name="applicationtoken_by_end")]

    def __str__(self) -> str:
        return self.hint
