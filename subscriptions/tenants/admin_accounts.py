"""People's accounts. A password is set once, here; afterwards only its owner changes it."""

from typing import ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.forms import SetPasswordMixin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.models import Membership, User
from subscriptions.models.tenant import Role
from subscriptions.staff.acts import StaffAct
from subscriptions.staff.admin import StaffModelAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.form import StaffForm
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
