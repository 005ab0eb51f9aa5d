"""Partner relationships: staff enter them, and end what only the partner or staff can end."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
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
    require_usable,
)
from partners.relationships.roles import remove_roles, set_auto_extend
from subscriptions.access import Actor
from subscriptions.base.days import LAST
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.staff.acts import NotDone, ToldReasonForm, ask_and_act
from subscriptions.staff.admin import StaffModelAdmin
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
        if expires_on and expires_on <= timezone.now():
            raise ValidationError(_("Choose a moment in the future."), code="past")
        if expires_on and expires_on.date() > LAST:
            raise ValidationError(_("Choose a day between 2000 and 2200."), code="day")
        return expires_on


class RemoveRolesForm(ToldReasonForm):
    """The roles that any of the chosen relationships has."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles to take away"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("A relationship of which all roles are taken away ends."),
    )
    field_order = ("roles", "reason")

    def __init__(self, data=None, *, rows: list):
        super().__init__(data, rows=rows)
        held = {role for row in rows for role in row.roles}
        self.fields["roles"].choices = [  # type: ignore[attr-defined]
            choice for choice in DelegatedRole.choices if choice[0] in held
        ]


@admin.register(PartnerRelationship)
class PartnerRelationshipAdmin(StaffModelAdmin):
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
    list_filter = ("kind", "auto_extend")
    list_select_related = ("partner", "tenant")
    search_fields = ("partner__search_text__contains", "tenant__search_text__contains")
    autocomplete_fields = ("tenant", "partner")
    ordering = ("-id",)
    actions = ("end_relationships", "remove_roles", "stop_extending")

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

    @admin.action(description=gettext_lazy("End relationship…"))
    def end_relationships(self, request, queryset):
        return ask_and_act(
            self,
            request,
            queryset.select_related("tenant", "partner"),
            title=_("End these relationships now?"),
            act=lambda row, wanted, by: end_relationship(
                tenant=row.tenant, relationship=row, by=by, reason=wanted["reason"]
            ),
            form_class=ToldReasonForm,
        )

    @admin.action(description=gettext_lazy("Remove roles…"))
    def remove_roles(self, request, queryset):
        return ask_and_act(
            self,
            request,
            queryset.select_related("tenant", "partner"),
            title=_("Remove roles of these partners now?"),
            act=_remove_roles,
            form_class=RemoveRolesForm,
        )

    @admin.action(description=gettext_lazy("Stop extending…"))
    def stop_extending(self, request, queryset):
        return ask_and_act(
            self,
            request,
            queryset.select_related("tenant", "partner"),
            title=_("Stop extending these relationships?"),
            act=_stop_extending,
        )


def _remove_roles(row: PartnerRelationship, wanted: dict, by: Actor) -> None:
    """Raises Refused and NotDone."""
    done = remove_roles(tenant=row.tenant, relationship=row, roles=wanted["roles"], by=by, reason=wanted["reason"])
    if done is None:
        raise NotDone(_("The partner has none of these roles."))


def _stop_extending(row: PartnerRelationship, wanted: dict, by: Actor) -> None:
    """Raises Refused and NotDone."""
    done = set_auto_extend(tenant=row.tenant, relationship=row, extend=False, by=by, reason=wanted["reason"])
    if done is None:
        raise NotDone(_("It is not extended automatically."))
