from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from subscriptions.base import formats
from subscriptions.base.constraints import both_or_neither, one_of
from subscriptions.base.names import NameField
from subscriptions.base.typed import MailboxField
from subscriptions.models.delegated_role import AgentRole
from subscriptions.models.people.membership import Role
from subscriptions.models.people.staff_role import StaffRole
from subscriptions.models.tenant import Tenant

GOOD_FOR = timedelta(days=7)


class InvitationKind(models.TextChoices):
    MEMBER = "member", _("Member of an organization")
    PARTNER_PERSON = "partner-person", _("Partner's person")
    STAFF = "staff", _("Operator's staff")


class InvitationState(models.TextChoices):
    PENDING = "pending", _("Invited")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REPLACED = "replaced", _("Replaced by a newer one")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self):
        """Neither accepted nor withdrawn nor replaced, whether their time has run out or not."""
        return self.filter(state=InvitationState.PENDING)

    def live(self):
        """Those whose link works."""
        return self.waiting().filter(expires_on__gt=Now())

    def with_lateness(self):
        """With `is_late`, by the database's clock."""
        late = Invitation.objects.filter(pk=OuterRef("pk"), expires_on__lte=Now())
        return self.annotate(is_late=Exists(late))


class Invitation(models.Model):
    """One link by which one person comes to one place in one role: an organization, a partner, or the staff.

    Sending it again makes another row, and ends this one. The mail address is kept only as long as the link works;
    of the link itself there is a hash.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=InvitationKind)
    tenant = models.ForeignKey(
        Tenant,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="invitations",
        verbose_name=_("organization"),
    )
    partner = models.ForeignKey(
        "partners.Partner",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("partner"),
    )
    role = models.CharField(_("role"), max_length=20, blank=True)
    groups = ArrayField(
        models.CharField(max_length=20, choices=StaffRole), verbose_name=_("staff roles"), blank=True, default=list
    )
    place = models.CharField(_("to what"), max_length=140)  # its name when it was sent
    name = NameField(pgettext_lazy("person", "name"))
    email = MailboxField(_("email address"), blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True, choices=settings.LANGUAGES)
    state = models.CharField(
        _("state"), max_length=10, choices=InvitationState, default=InvitationState.PENDING, editable=False
    )
    invited_at = models.DateTimeField(_("invited"), db_default=Now(), editable=False)
    invited_by = models.CharField(_("by whom"), max_length=120, editable=False)
    expires_on = models.DateTimeField(_("good until"), db_default=Now() + GOOD_FOR, editable=False)
    ended = models.DateTimeField(_("ended"), null=True, editable=False)

    is_late: bool
    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="invitation_tenant_and_id"),
            one_of("kind", InvitationKind, name="invitation_kind_known"),
            one_of("state", InvitationState, name="invitation_state_known"),
            both_or_neither("invited_at", "invited_by", name="invitation_who_and_when"),
            models.CheckConstraint(
                name="invitation_to_one_place",
                condition=Q(
                    kind=InvitationKind.MEMBER, tenant__isnull=False, partner__isnull=True, role__in=Role.values
                )
                | Q(
                    kind=InvitationKind.PARTNER_PERSON,
                    tenant__isnull=True,
                    partner__isnull=False,
                    role__in=AgentRole.values,
                )
                | Q(kind=InvitationKind.STAFF, tenant__isnull=True, partner__isnull=True, role=""),
            ),
            models.CheckConstraint(
                name="invitation_groups_of_staff", condition=Q(kind=InvitationKind.STAFF) ^ Q(groups=[])
            ),
            models.CheckConstraint(
                name="invitation_address_while_it_waits",
                condition=Q(state=InvitationState.PENDING, ended__isnull=True)
                | (~Q(state=InvitationState.PENDING) & Q(email="", ended__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["kind", "tenant", "partner", "email"],
                condition=Q(state=InvitationState.PENDING) & ~Q(email=""),
                nulls_distinct=False,
                name="invitation_once_per_address",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-id"], name="invitation_of_tenant"),
            models.Index(
                fields=["expires_on"],
                condition=Q(state=InvitationState.PENDING) & ~Q(email=""),
                name="invitation_by_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.place}"

    @property
    def place_name(self) -> str:
        """The staff has no name of its own, but one in each language."""
        return str(_("the operator's staff")) if self.kind == InvitationKind.STAFF else self.place

    @property
    def role_label(self) -> str:
        match self.kind:
            case InvitationKind.MEMBER:
                return str(Role(self.role).label)
            case InvitationKind.PARTNER_PERSON:
                return str(AgentRole(self.role).label)
        return formats.join_list(StaffRole(role).label for role in self.groups)
