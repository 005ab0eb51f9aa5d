"""Groups of organizations: staff name them, say which organizations belong together, and delete them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Actor, StaffPermission
from subscriptions.base import formats
from subscriptions.groups.kept import MOST_ORGANIZATIONS, delete_group, save_group
from subscriptions.models import OrganizationGroup, Tenant
from subscriptions.staff.acts import StaffAct
from subscriptions.staff.admin import StaffModelAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.form import StaffForm


class DeleteGroups(StaffAct):
    name = "admin:delete-groups"
    model = OrganizationGroup
    staff_permission = StaffPermission.HELP_CUSTOMERS
    label = gettext_lazy("Delete…")
    title = gettext_lazy("Delete these groups of organizations?")

    def sentences(self) -> list[str]:
        return [_("The organizations stay as they are, and so does what each person may do in them.")]

    def act_on(self, row: OrganizationGroup, wanted: Any) -> None:
        delete_group(group=row, by=self.by, reason=wanted["reason"])


class GroupForm(StaffForm):
    addresses = forms.CharField(
        label=gettext_lazy("Organizations"),
        widget=forms.Textarea(attrs={"rows": 10, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "The address of each, as in contoso, one in a line. People see those alone that they are members of."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "addresses" not in self.fields:
            return
        self.fields["addresses"].initial = self._stored()
        self.fields["addresses"].show_hidden_initial = not self.instance._state.adding

    def _stored(self) -> str:
        if self.instance._state.adding:
            return ""
        return "\n".join(self.instance.organizations.order_by("slug").values_list("slug", flat=True))

    def clean_addresses(self) -> list[Tenant]:
        """Another one's change of the list, since the page was shown, is not written over."""
        self._require_the_same_list()
        slugs = sorted({slug.lower() for slug in self.cleaned_data["addresses"].split()})
        found = list(Tenant.objects.filter(slug__in=slugs).order_by("slug"))
        if unknown := formats.join_list(sorted(set(slugs) - {tenant.slug for tenant in found})):
            raise ValidationError(_("No organization has this address: %(unknown)s.") % {"unknown": unknown})
        if len(found) > MOST_ORGANIZATIONS:
            most = formats.number(MOST_ORGANIZATIONS)
            raise ValidationError(_("A group has at most %(most)s organizations.") % {"most": most})
        return found

    def _require_the_same_list(self) -> None:
        shown = self.data.get(self["addresses"].html_initial_name)
        if shown is None or shown.split() == self._stored().split():
            return
        self.is_stale = True
        now = formats.join_list(self._stored().split())
        raise ValidationError(
            _("Somebody changed this while the page was open: it is “%(value)s” now. Compare, and save again.")
            % {"value": now}
        )


@admin.register(OrganizationGroup)
class OrganizationGroupAdmin(StaffModelAdmin):
    view_permission = StaffPermission.READ_CUSTOMERS
    change_permission = StaffPermission.HELP_CUSTOMERS
    group = Group.CUSTOMERS
    place = 4
    form = GroupForm
    fields = ("name", "addresses", "reason")
    list_display = ("name", "identity")
    ordering = ("name_key", "id")
    sortable_by = ()
    acts = (DeleteGroups,)

    def store(self, row: OrganizationGroup, *, form: forms.ModelForm, by: Actor, reason: str) -> None:
        save_group(group=row, organizations=form.cleaned_data["addresses"], by=by, reason=reason)
