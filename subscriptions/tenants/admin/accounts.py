"""People's accounts, which begin with an invitation: nobody but its owner sets a password."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import StaffPermission, staff_actor
from subscriptions.approvals.rules import ALWAYS
from subscriptions.base import formats
from subscriptions.base.typed import read_email, read_uuid
from subscriptions.models import Membership, User
from subscriptions.models.people.membership import Role
from subscriptions.models.people.staff_role import StaffRole
from subscriptions.search.finder import Hit, SearchKind, read_name
from subscriptions.staff.acts import NotDone, ReasonForm, StaffAct
from subscriptions.staff.admin import InvitesInstead
from subscriptions.staff.desk import Group
from subscriptions.staff.found import add_searched, list_of
from subscriptions.staff.people import PLACES, describe_account, places_of
from subscriptions.tenants import accounts
from subscriptions.tenants.admin.personal_data import ErasePerson, ExportPersonalData
from subscriptions.tenants.second_factors import OBJECTION, may_reset_second_factor, reset_second_factor
from subscriptions.tenants.staff_roles import NEW_STAFF, in_order, may_set_roles, set_staff_roles
from subscriptions.verdicts import Verdict
from subscriptions.web.role_words import staff_role_choices


class Activate(StaffAct):
    name = "admin:activate"
    model = User
    staff_permission = StaffPermission.KEEP_ACCOUNTS
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


class ResetSecondFactor(StaffAct):
    """For who has lost the app and every recovery code, and has proved to staff who it is."""

    name = "admin:reset-second-factor"
    model = User
    staff_permission = StaffPermission.KEEP_ACCOUNTS
    second_person = ALWAYS
    wait = OBJECTION
    label = gettext_lazy("Take off second factor…")
    title = gettext_lazy("Take the authenticator app and all recovery codes off this account?")
    button = gettext_lazy("Ask a second person")
    most = 1

    def sentences(self) -> list[str]:
        return [
            _("Be sure who asks: by another way than the mailbox of the account."),
            _("Another one of the staff has to approve it, 24 hours from now at the earliest."),
            _("The person is mailed now, and once more when it is done; the password alone signs in then."),
        ]

    def may(self) -> Verdict:
        return may_reset_second_factor(self.by, self.rows[0])

    def warned(self, row) -> int:
        return row.pk

    def act_on(self, row, wanted) -> None:
        reset_second_factor(user=row, by=self.by, reason=wanted["reason"])


class StaffRolesForm(ReasonForm):
    """What each role allows stands beside it. The person reads the reason."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Who has none is not one of the staff, and sees nothing of the desk."),
    )
    field_order = ("roles", "reason")

    def __init__(self, data: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.fields["roles"].choices = staff_role_choices()  # type: ignore[attr-defined]
        self.fields["reason"].help_text = _("The person reads it. It stands in the audit trail.")


class SetStaffRoles(StaffAct):
    """Of one person at a time, as the roles stand there that this one has."""

    name = "admin:set-staff-roles"
    model = User
    staff_permission = StaffPermission.MAKE_STAFF
    second_person = NEW_STAFF
    label = gettext_lazy("Staff roles…")
    title = gettext_lazy("Say what this person does among the staff")
    form_class = StaffRolesForm
    most = 1

    def may(self) -> Verdict:
        return may_set_roles(self.by, self.rows[0])

    @property
    def version(self) -> str:
        """With the roles, which are no field of the row."""
        return f"{super().version}{','.join(in_order(self.rows[0].staff_roles))}"

    def initial(self) -> dict[str, Any]:
        return {"roles": list(in_order(self.rows[0].staff_roles))}

    def act_on(self, row, wanted) -> None:
        roles = [StaffRole(role) for role in wanted["roles"]]
        if set_staff_roles(user=row, roles=roles, by=self.by, reason=wanted["reason"]) is None:
            raise NotDone(_("No change: the roles stay as they were."))


def describe_person(user: User) -> Hit:
    return Hit(
        user.name,
        reverse("admin:subscriptions_user_change", args=[user.pk]),
        tag="" if user.is_active else _("Not active"),
        facts=formats.join_list(places_of(user)),
        code=user.email,
    )


add_searched(
    "person",
    SearchKind(
        label=gettext_lazy("People"),
        rows=lambda: User.objects.prefetch_related(*PLACES),
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
    view_permission = StaffPermission.READ_PEOPLE
    change_permission = StaffPermission.KEEP_ACCOUNTS
    group = Group.CUSTOMERS
    place = 3
    fields = ("email", "name", "language", "time_zone", "staff", "is_active", "last_login", "identity", "reason")
    stated = ("staff", "is_active", "last_login", "identity")
    exact = ("email", "uuid")
    list_display = ("name", "is_active", "email", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("name_key__contains", "email__startswith")
    ordering = ("-id",)
    acts = (Activate, Deactivate, ResetSecondFactor, SetStaffRoles, ExportPersonalData, ErasePerson)

    @property
    def told_by(self) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(PLACES)

    def describe_choice(self, row: User) -> str:
        return describe_account(row)

    def may_change_row(self, request, obj=None) -> Verdict:
        by = staff_actor(request.user)
        return accounts.may_keep(obj, by) if obj else super().may_change_row(request)

    @admin.display(description=gettext_lazy("staff"))
    def staff(self, user: User) -> str:
        return formats.join_list(role.label for role in in_order(user.staff_roles)) or formats.DASH

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
