"""People's accounts, which begin with an invitation: nobody but its owner sets a password."""

from typing import ClassVar

from django.contrib import admin, messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.base import formats
from subscriptions.base.typed import read_email, read_uuid
from subscriptions.models import Membership, User
from subscriptions.models.invitation import InvitationKind
from subscriptions.models.tenant import Role
from subscriptions.search.finder import Hit, SearchKind, read_name
from subscriptions.staff.acts import StaffAct
from subscriptions.staff.admin import InvitesInstead
from subscriptions.staff.desk import Group
from subscriptions.staff.found import add_searched, list_of
from subscriptions.tenants import accounts


class Activate(StaffAct):
    name = "admin:activate"
    model = User
    label = gettext_lazy("Activate…")
    title = gettext_lazy("Let these people sign in again?")
    refusals = (accounts.OwnAccount,)
    active: ClassVar[bool] = True

    def act_on(self, row, wanted) -> None:
        accounts.set_active(user=row, active=self.active, by=self.by, reason=wanted["reason"])


class Deactivate(Activate):
    name = "admin:deactivate"
    label = gettext_lazy("Deactivate…")
    title = gettext_lazy("Keep these people from signing in?")
    active = False

    def act_on(self, row, wanted) -> None:
        super().act_on(row, wanted)
        _warn_of_lonely_tenants(self.request, row)


def describe_person(user: User) -> Hit:
    places = [f"{each.get_role_display()}, {each.tenant}" for each in user.memberships.all()]
    if user.is_staff:
        places.append(_("Staff"))
    return Hit(
        user.name,
        reverse("admin:subscriptions_user_change", args=[user.pk]),
        tag="" if user.is_active else _("Not active"),
        facts=formats.join_list(places),
        code=user.email,
    )


add_searched(
    "person",
    SearchKind(
        label=gettext_lazy("People"),
        rows=lambda: User.objects.prefetch_related("memberships__tenant"),
        describe=describe_person,
        exact={"uuid": read_uuid, "email": read_email},
        beginnings={"name_key": read_name, "email": read_email},
        words="name_key",
        all_url=lambda text: list_of("subscriptions_user", text),
    ),
    place=2,
)


@admin.register(User)
class AccountAdmin(InvitesInstead):
    group = Group.CUSTOMERS
    place = 3
    fields = ("email", "name", "language", "time_zone", "is_staff", "is_active", "last_login", "identity", "reason")
    stated = ("is_active", "last_login", "identity")
    exact = ("email", "uuid")
    list_display = ("name", "is_active", "email", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("name_key__contains", "email__startswith")
    ordering = ("-id",)
    acts = (Activate, Deactivate)
    invites = InvitationKind.STAFF

    def get_readonly_fields(self, request, obj=None):
        """Staff cannot close the staff's door to themselves."""
        own = ("is_staff",) if obj == request.user else ()
        return (*super().get_readonly_fields(request, obj), *own)

    def store(self, row, *, form, by, reason) -> None:
        accounts.save_account(user=row, by=by, reason=reason)


def _warn_of_lonely_tenants(request, user: User) -> None:
    """Staff may have to close the account of a last Global admin; they should know that it was one."""
    active = Membership.objects.active().filter(role=Role.GLOBAL_ADMIN)
    for membership in user.memberships.filter(role=Role.GLOBAL_ADMIN).select_related("tenant"):
        if not active.filter(tenant=membership.tenant).exists():
            messages.warning(
                request, _("%(tenant)s has no Global admin who can sign in now.") % {"tenant": membership.tenant}
            )
