"""Partner relationships: staff enter them, and end what only the partner or staff can end."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import PartnerRelationship
from partners.models.partner_offer import MOST_DAYS
from partners.models.partner_relationship import STORED_KINDS, RelationshipKind, RelationshipStatus
from partners.relationships.acts import end_relationship
from partners.relationships.resellers import (
    CannotResell,
    add_delegated_admin,
    add_reseller,
    require_addable,
    require_end,
    require_usable,
)
from partners.relationships.roles import remove_roles, set_auto_extend
from subscriptions.access import StaffPermission
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.staff.acts import NotDone, StaffAct, ToldReasonForm
from subscriptions.staff.admin import StaffModelAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.filters import TenantFilter, by_days
from subscriptions.staff.form import StaffForm

KINDS = [(kind.value, kind.label) for kind in STORED_KINDS]


ENTERED = (
    (None, {"fields": ("tenant", "partner", "kind")}),
    (RelationshipKind.RESELLER.label, {"fields": ("expires_on",)}),
    (RelationshipKind.DELEGATED_ADMIN.label, {"fields": ("roles", "days")}),
    (None, {"fields": ("reason",)}),
)
# What the other type does not have
ONLY_OF = {RelationshipKind.RESELLER: ("expires_on",), RelationshipKind.DELEGATED_ADMIN: ("roles", "days")}


class EnteredForm(StaffForm):
    """A reseller with an end or none, or a delegated admin with its roles and days."""

    explains_new = True

    kind = forms.ChoiceField(label=gettext_lazy("Type"), required=False, choices=KINDS)
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        required=False,
        choices=DelegatedRole.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        help_text=gettext_lazy("It ends so many days from now."),
    )
    expires_on = forms.DateTimeField(
        label=gettext_lazy("Ends"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Empty where the relationship has no end."),
    )

    def clean(self):
        super().clean()
        wanted = self.cleaned_data
        administers = wanted.get("kind") == RelationshipKind.DELEGATED_ADMIN
        self._require_facts_of_the_type(RelationshipKind(wanted.get("kind") or RelationshipKind.RESELLER))
        if wanted.get("tenant") and wanted.get("partner"):
            require = require_usable if administers else require_addable
            try:
                require(tenant=wanted["tenant"], partner=wanted["partner"])
            except CannotResell as refusal:
                raise ValidationError({"partner": str(refusal)}) from refusal
        return wanted

    def _require_facts_of_the_type(self, wanted: RelationshipKind) -> None:
        for kind, names in ONLY_OF.items():
            for name in names:
                given = bool(self.cleaned_data.get(name)) or name in self.errors
                if given and kind is not wanted:
                    self.add_error(name, _("The type that you chose does not have this. Leave it empty."))
                elif kind is wanted is RelationshipKind.DELEGATED_ADMIN and not given:
                    self.add_error(name, _("A delegated administrator needs roles and days."))

    def clean_expires_on(self):
        expires_on = self.cleaned_data["expires_on"]
        try:
            require_end(expires_on)
        except CannotResell as refusal:
            raise ValidationError(str(refusal)) from refusal
        return expires_on


class RemoveRolesForm(ToldReasonForm):
    """The roles that any of the chosen relationships has."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles to take away"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("A relationship of which all roles are taken away ends."),
    )
    field_order = ("roles", "reason")

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        held = {role for row in self.rows for role in row.roles}
        self.fields["roles"].choices = [  # type: ignore[attr-defined]
            choice for choice in DelegatedRole.choices if choice[0] in held
        ]


class EndRelationships(StaffAct):
    name = "admin:end-relationships"
    model = PartnerRelationship
    staff_permission = StaffPermission.KEEP_PARTNERS
    label = gettext_lazy("End relationship…")
    title = gettext_lazy("End these relationships now?")
    form_class = ToldReasonForm

    def act_on(self, row, wanted) -> None:
        end_relationship(tenant=row.tenant, relationship=row, by=self.by, reason=wanted["reason"])


class RemoveRoles(StaffAct):
    name = "admin:remove-roles"
    model = PartnerRelationship
    staff_permission = StaffPermission.KEEP_PARTNERS
    label = gettext_lazy("Remove roles…")
    title = gettext_lazy("Remove roles of these partners now?")
    form_class = RemoveRolesForm

    def act_on(self, row, wanted) -> None:
        facts = {"tenant": row.tenant, "relationship": row, "by": self.by, "reason": wanted["reason"]}
        if remove_roles(roles=wanted["roles"], **facts) is None:
            raise NotDone(_("The partner has none of these roles."))


class StopExtending(StaffAct):
    name = "admin:stop-extending"
    model = PartnerRelationship
    staff_permission = StaffPermission.KEEP_PARTNERS
    label = gettext_lazy("Stop extending…")
    title = gettext_lazy("Stop extending these relationships?")

    def act_on(self, row, wanted) -> None:
        facts = {"tenant": row.tenant, "relationship": row, "by": self.by, "reason": wanted["reason"]}
        if set_auto_extend(extend=False, **facts) is None:
            raise NotDone(_("It is not extended automatically."))


@admin.register(PartnerRelationship)
class PartnerRelationshipAdmin(StaffModelAdmin):
    view_permission = StaffPermission.READ_PARTNERS
    change_permission = StaffPermission.KEEP_PARTNERS
    group = Group.PARTNERS
    place = 3
    form = EnteredForm
    may_change = False
    refusals = (CannotResell,)
    fields = (
        "tenant",
        "partner",
        "kind",
        "name",
        "roles",
        "status",
        "started_at",
        "started_by",
        "expires_on",
        "auto_extend",
        "reviewed_at",
        "reviewed_by",
        "ended_at",
        "ended_by",
        "end_reason",
        "identity",
    )
    exact = ("uuid", "tenant__uuid", "tenant__slug", "partner__number")
    list_display = ("partner", "status", "tenant", "kind", "started_at", "expires_on", "auto_extend")
    list_filter = (
        TenantFilter,
        by_days("started_at", gettext_lazy("Started")),
        by_days("expires_on", gettext_lazy("Ends")),
        "kind",
        "auto_extend",
    )
    list_select_related = ("partner", "tenant")
    search_fields = ("partner__search_text__contains", "tenant__search_text__contains")
    autocomplete_fields = ("tenant", "partner")
    ordering = ("-id",)
    acts = (EndRelationships, RemoveRoles, StopExtending)

    def get_queryset(self, request):
        return PartnerRelationship.objects.with_status()

    def get_fieldsets(self, request, obj=None):
        """What only one of the two types has stands under the name of that type."""
        return super().get_fieldsets(request, obj) if obj else ENTERED

    @admin.display(description=gettext_lazy("status"))
    def status(self, relationship: PartnerRelationship):
        return RelationshipStatus(relationship.status).label

    def store(self, row, *, form, by, reason) -> None:
        facts: dict = {"tenant": row.tenant, "partner": row.partner, "by": by, "reason": reason}
        wanted = form.cleaned_data
        if wanted["kind"] == RelationshipKind.DELEGATED_ADMIN:
            added = add_delegated_admin(roles=wanted["roles"], days=wanted["days"], **facts)
        else:
            added = add_reseller(expires_on=row.expires_on, **facts)
        row.pk, row._state.adding = added.pk, False
