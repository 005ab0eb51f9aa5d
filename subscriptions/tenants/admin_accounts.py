"""People's accounts. A password is set once, here; afterwards only its owner changes it."""

from typing import ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.forms import SetPasswordMixin
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.base import formats
from subscriptions.base.typed import read_email, read_uuid
from subscriptions.models import Membership, User
from subscriptions.models.tenant import Role
from subscriptions.search.finder import Hit, SearchKind, read_name
from subscriptions.staff.acts import StaffAct
from subscriptions.staff.admin import StaffModelAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.form import StaffForm
from subscriptions.staff.found import add_searched, list_of
from subscriptions.staff.people import PLACES, describe_account, places_of
from subscriptions.tenants import accounts


class AccountForm(StaffForm):
    explains_new = True


class AccountAddForm(SetPasswordMixin, AccountForm):
    password1, password2 = SetPasswordMixin.create_password_fields()

    def clean(self):
        self.validate_passwords()
        return super().clean()

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        self.validate_password_for_user(self.instance)

    def save(self, commit: bool = True) -> User:
        self.instance.set_password(self.cleaned_data["password1"])
        return super().save(commit=commit)


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
class AccountAdmin(StaffModelAdmin):
    group = Group.CUSTOMERS
    place = 3
    form = AccountForm
    fields = ("email", "name", "language", "time_zone", "is_staff", "is_active", "last_login", "identity", "reason")
    stated = ("is_active", "last_login", "identity")
    exact = ("email", "uuid")
    list_display = ("name", "is_active", "email", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("name_key__contains", "email__startswith")
    ordering = ("-id",)
    acts = (Activate, Deactivate)

    @property
    def told_by(self) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(PLACES)

    def describe_choice(self, row: User) -> str:
        return describe_account(row)

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return fields if obj else [*fields[:2], "password1", "password2", *fields[2:]]

    def get_form(self, request, obj=None, change=False, **kwargs) -> type[forms.ModelForm]:
        if obj is None:
            kwargs["form"] = AccountAddForm
        return super().get_form(request, obj, change=change, **kwargs)

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
