"""Partners' people: whom staff let work for a partner, and in which role."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from partners.directory import acts as directory
from partners.models import PartnerPerson
from subscriptions.staff.acts import ask_and_act
from subscriptions.staff.admin import StaffModelAdmin
from subscriptions.staff.form import StaffForm


class PartnerPersonForm(StaffForm):
    explains_new = True


@admin.register(PartnerPerson)
class PartnerPersonAdmin(StaffModelAdmin):
    form = PartnerPersonForm
    fields = ("partner", "user", "role", "since", "reason")
    fixed = ("partner", "user")
    stated = ("since",)
    exact = ("partner__number", "user__email")
    subject = "partner.uuid"
    list_display = ("user", "role", "partner", "since")
    list_filter = ("role",)
    list_select_related = ("user", "partner")
    search_fields = ("partner__search_text__contains",)
    autocomplete_fields = ("partner", "user")
    ordering = ("-id",)
    actions = ("remove_people",)

    def store(self, row, *, form, by, reason) -> None:
        if row._state.adding:
            added = directory.add_person(partner=row.partner, user=row.user, role=row.role, by=by, reason=reason)
            row.pk, row._state.adding = added.pk, False
        else:
            directory.change_role(person=row, role=row.role, by=by, reason=reason)

    @admin.action(description=_("Remove person…"))
    def remove_people(self, request, queryset):
        return ask_and_act(
            self,
            request,
            queryset.select_related("user", "partner"),
            title=_("Remove these people from their partners? They are shut out at once."),
            act=lambda row, wanted, by: directory.remove_person(person=row, by=by, reason=wanted["reason"]),
        )
