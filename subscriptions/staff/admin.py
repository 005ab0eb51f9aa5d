"""What all of the operator's admin pages have in common, in place of Django admin's default power.

Which permission a page needs is a property of its class and no row: the table of the staff's roles stands in
`subscriptions/access`. No row is deleted by hand here, and every correction needs a reason. Their lists stand in
admin_lists.py.
"""

from functools import partial
from operator import attrgetter
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.utils import unquote
from django.db import IntegrityError
from django.db.models import QuerySet
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from subscriptions.access import Actor, StaffPermission, staff_actor
from subscriptions.clouds import Text
from subscriptions.db.idempotency import KeyReused
from subscriptions.models.people.invitation import InvitationKind
from subscriptions.staff.acts import menu_entry
from subscriptions.staff.admin_lists import StaffList
from subscriptions.staff.choices import SearchedSelect
from subscriptions.staff.columns import find_column
from subscriptions.staff.desk import Group
from subscriptions.staff.form import KEY_USED_UP, RowSelect, StaffForm
from subscriptions.staff.sending import KEY, added_once
from subscriptions.verdicts import ALLOWED, Refused, Verdict
from subscriptions.web.forms import new_key, read_key

NO_SUCH_ROW = _("Choose one that is there, or type its ID or address exactly.")
FORESTALLED: tuple[type[Exception], ...] = (IntegrityError, Refused)


class StaffModelAdmin(StaffList):
    """Rows that staff with the `view_permission` may look up and, where `may_add` and `may_change` say so, those with
    the `change_permission` enter and correct.

    `fixed` are fields that are entered once, `stated` those that only an action changes. `exact` are fields in which
    a pasted ID is looked for before anything else, `subject` leads to the UUID under which the audit trail has a row.
    `store` calls the domain function that saves and audits; its `refusals` are what the form looks for too, and says.
    `acts` are offered in the list and on a row's page; `group` and `place` say where the navigation has it. Where the
    row is chosen on another page, `describe_choice` tells it from its namesakes.
    """

    view_permission: ClassVar[StaffPermission]
    change_permission: ClassVar[StaffPermission]  # where there is something to add or change

    form: type[forms.ModelForm] = StaffForm
    may_add = True
    may_change = True
    fixed: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()
    subject = "uuid"
    refusals: tuple[type[Exception], ...] = ()
    group = Group.RUNNING
    place = 9
    narrows = False  # whether `get_queryset` leaves out what only some of the staff see
    told_by: tuple[str, ...] = ()  # what `describe_choice` reads beside the row

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        self.actions = tuple(menu_entry(act) for act in self.acts)

    @admin.display(description=_("UUID"))
    def identity(self, row) -> str:
        return str(row.uuid)

    def store(self, row: Any, *, form: forms.ModelForm, by: Actor, reason: str) -> None:
        raise NotImplementedError

    def save_model(self, request, obj, form, change) -> None:
        self.store(obj, form=form, by=staff_actor(request.user), reason=form.cleaned_data["reason"])

    def may_change_row(self, request, obj=None) -> Verdict:
        """May this person enter a row, or change this one?"""
        return staff_actor(request.user).may_staff(self.change_permission)

    def has_module_permission(self, request) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None) -> bool:
        return staff_actor(request.user).may_staff(self.view_permission).allowed

    def has_add_permission(self, request) -> bool:
        return self.may_add and self.may_change_row(request).allowed

    def has_change_permission(self, request, obj=None) -> bool:
        return self.may_change and self.may_change_row(request, obj).allowed

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def get_fields(self, request, obj=None):
        fields = list(self.fields or super().get_fields(request, obj))
        if obj is None:
            return [name for name in fields if name not in self.stated]
        return fields

    def describe_choice(self, row: Any) -> str:
        return str(row)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        is_found = db_field.name in self.autocomplete_fields
        if is_found:
            kwargs.setdefault("widget", RowSelect(db_field, self.admin_site))
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if is_found:
            page: Any = self.admin_site.get_model_admin(db_field.remote_field.model)
            field.label_from_instance = page.describe_choice
            field.error_messages["invalid_choice"] = NO_SUCH_ROW
        return field

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Countries and time zones are chosen from lists that can be searched."""
        if isinstance(db_field, CountryField):
            kwargs["widget"] = SearchedSelect
        elif db_field.name == "time_zone":
            facts = {"required": not db_field.blank, "initial": db_field.get_default()}
            return forms.ChoiceField(label=capfirst(db_field.verbose_name), widget=SearchedSelect, **facts)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        return (*self.readonly_fields, *self.stated, *(self.fixed if obj else ()))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Tries again where another request was faster after the form had looked: the form then says so. Also where
        another row is typed into a form that has added one already.
        """
        self._require_form(request, object_id)
        view = once_more = partial(super().changeform_view, request, object_id, form_url, extra_context)
        if request.method == "POST" and object_id is None:
            view = partial(added_once, request, view, usually=reverse(f"{self.admin_site.name}:index"))
        try:
            return view()
        except KeyReused:
            request.POST = request.POST.copy()
            request.POST[KEY], request.POST[KEY_USED_UP] = str(new_key()), "yes"
            return once_more()
        except FORESTALLED + self.refusals:
            return view()

    def _require_form(self, request, object_id: str | None) -> None:
        """Who may not add sees no empty form, and what is sent without permission is refused with its reason."""
        if self.may_add if object_id is None else self.may_change and request.method == "POST":
            row = self.get_object(request, unquote(object_id)) if object_id is not None else None
            self.may_change_row(request, row).require()

    def render_change_form(self, request, context, *args, **kwargs):
        """An invalid form is a 422 and a stale one a 409, here as everywhere."""
        if context["original"] is None:
            context[KEY] = read_key(request.POST.get(KEY, ""))
        else:
            context |= self._what_may_be_done(request, context["original"])
        self._say_facts(context["adminform"])
        response = super().render_change_form(request, context, *args, **kwargs)
        if context.get("errors"):
            response.status_code = 409 if context["adminform"].form.is_stale else 422
        return response

    def acts_on(self, request, row: Any) -> list[tuple[Text, str, Verdict]]:
        """Each act on a row: its name, its address, and whether this person may do it."""
        may = staff_actor(request.user).may_staff
        return [(act.label, act.url_for([row.pk]), may(act.staff_permission)) for act in self.acts]

    def _what_may_be_done(self, request, row: Any) -> dict:
        """Each act with its address, or with who can do it; and why the form cannot be filled in."""
        return {
            "own_page": reverse(self.page_name, args=[row.uuid]) if self.page_name else "",
            "acts": self.acts_on(request, row),
            "may_correct": self.may_change_row(request, row) if self.may_change else ALLOWED,
        }

    def _say_facts(self, page: AdminForm) -> None:
        facts = {name: find_column(name, self) for name in page.readonly_fields}
        page.readonly_fields = list(facts.values())
        page.fieldsets = [
            (title, {**options, "fields": [facts.get(name, name) for name in options["fields"]]})
            for title, options in page.fieldsets
        ]

    def history_view(self, request, object_id, extra_context=None):
        """The history of a row is its audit trail, which tells of changes by its own people too."""
        row = self.get_object(request, object_id)
        if row is None or not self.subject:
            return super().history_view(request, object_id, extra_context)
        url = reverse(f"{self.admin_site.name}:subscriptions_auditevent_changelist")
        return redirect(f"{url}?{urlencode({'subject_uuid': attrgetter(self.subject)(row)})}")


class OfTheOperatorOrACustomer(StaffModelAdmin):
    """Rows of the operator's own and of organizations: these for those alone who read of customers."""

    narrows = True

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        sees = staff_actor(request.user).may_staff(StaffPermission.READ_CUSTOMERS).allowed
        return rows if sees else rows.filter(tenant__isnull=True)


def narrowed_for(request) -> dict[str, QuerySet]:
    """Of lists that show some of their rows to some of the staff: the rows that this person sees, by the list."""
    pages = ((page, page.opts) for page in admin.site._registry.values() if getattr(page, "narrows", False))
    return {f"admin:{of.app_label}_{of.model_name}_changelist": page.get_queryset(request) for page, of in pages}


def lists_for(request) -> list[str]:
    """The names of the lists that this person may open."""
    pages = (page for page in admin.site._registry.values() if page.has_view_permission(request))
    return [f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist" for page in pages]


class InvitesInstead(StaffModelAdmin):
    """People, whom nobody adds: the way to add one is to invite somebody, where `invites` says."""

    invites: InvitationKind | None = None

    def add_view(self, request, form_url="", extra_context=None):
        self.may_change_row(request).require()
        asked = {"kind": self.invites} if self.invites else {}
        url = reverse(f"{self.admin_site.name}:subscriptions_invitation_add")
        return redirect(f"{url}?{urlencode({**asked, **request.GET.dict()})}".rstrip("?"))


class ReadOnlyAdmin(StaffModelAdmin):
    """What happened: history, audit, mails, refusals. To be read, newest first."""

    form = forms.ModelForm
    may_add = False
    may_change = False
    ordering: ClassVar[tuple[str, ...]] = ("-id",)
