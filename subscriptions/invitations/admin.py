"""Invitations as staff send them: to an organization, a partner or the staff. Nobody types a password for another."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Actor, StaffPermission, staff_actor
from subscriptions.base import formats
from subscriptions.db.limits import TooManyRequests, count_request, limits_of
from subscriptions.invitations import acts as invitations
from subscriptions.invitations.places import place_of
from subscriptions.models import Invitation
from subscriptions.models.delegated_role import AgentRole
from subscriptions.models.people.invitation import InvitationKind, InvitationState
from subscriptions.models.people.membership import Role
from subscriptions.staff.acts import StaffAct
from subscriptions.staff.admin import StaffModelAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.form import StaffForm
from subscriptions.verdicts import Verdict
from subscriptions.web.responses import too_many_requests
from subscriptions.web.role_words import staff_role_choices

NONE = ("", formats.DASH)
ROLES = {InvitationKind.MEMBER: Role, InvitationKind.PARTNER_PERSON: AgentRole}
NEEDED = {
    InvitationKind.MEMBER: StaffPermission.HELP_CUSTOMERS,
    InvitationKind.PARTNER_PERSON: StaffPermission.KEEP_PARTNERS,
    InvitationKind.STAFF: StaffPermission.MAKE_STAFF,
}
WHERE = {InvitationKind.MEMBER: "tenant", InvitationKind.PARTNER_PERSON: "partner"}


def may_invite(by: Actor, kind: str) -> Verdict:
    """Each kind of place has staff of its own who let people in there."""
    return by.may_staff(NEEDED[InvitationKind(kind)])


class InvitationForm(StaffForm):
    """Kind, place and role have to go together; what does not belong to the kind has to stay empty."""

    explains_new = True

    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        required=False,
        choices=[
            NONE,
            (InvitationKind.MEMBER.label, Role.choices),
            (InvitationKind.PARTNER_PERSON.label, AgentRole.choices),
        ],
        help_text=gettext_lazy("In the organization, or at the partner."),
    )
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("Staff roles"),
        required=False,
        choices=staff_role_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Of one of the staff alone."),
    )
    email = Invitation._meta.get_field("email").formfield(
        required=True, help_text=gettext_lazy("The invitation works for this address alone.")
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        kind = self.cleaned_data.get("kind")
        if kind and not self.errors:
            self._require_one_place(kind)
            self._require_role(kind)
        if kind and not self.errors:
            self._require_new(kind)
        return self.cleaned_data

    def _require_one_place(self, kind: str) -> None:
        for one, name in WHERE.items():
            chosen = self.cleaned_data.get(name)
            if one == kind and not chosen:
                self.add_error(name, ValidationError(_("Choose where the person is invited to."), code="no_place"))
            elif one != kind and chosen:
                self.add_error(name, ValidationError(_("Leave this empty for this kind."), code="other_place"))

    def _require_role(self, kind: str) -> None:
        role, allowed = self.cleaned_data.get("role"), ROLES.get(InvitationKind(kind))
        if allowed and role not in allowed.values:
            self.add_error("role", ValidationError(_("Choose a role of this kind."), code="no_role"))
        if not allowed and role:
            self.add_error("role", ValidationError(_("Leave this empty for this kind."), code="other_role"))
        has_groups, is_staff = bool(self.cleaned_data.get("groups")), kind == InvitationKind.STAFF
        if has_groups and not is_staff:
            self.add_error("groups", ValidationError(_("Leave this empty for this kind."), code="other_role"))
        if is_staff and not has_groups:
            self.add_error("groups", ValidationError(_("Choose a role of this kind."), code="no_role"))

    def _require_new(self, kind: str) -> None:
        facts = {name: self.cleaned_data.get(name) for name in WHERE.values()}
        role, groups = self.cleaned_data["role"], self.cleaned_data["groups"]
        place = place_of(Invitation(kind=kind, role=role, groups=groups, **facts))
        if place.has(self.cleaned_data["email"]):
            said = _("Somebody with this address is here already.")
            self.add_error("email", ValidationError(said, code="already_there"))


class SendInvitationsAgain(StaffAct):
    name = "admin:send-invitations-again"
    staff_permission = StaffPermission.KEEP_ACCOUNTS
    model = Invitation
    label = gettext_lazy("Send again…")
    title = gettext_lazy("Send these invitations again? Their older links stop working.")

    def act_on(self, row, wanted) -> None:
        may_invite(self.by, row.kind).require()
        count_request(*limits_of("invite-by-staff", person=self.request.user.pk))
        invitations.send_again(invitation=row, by=self.by, reason=wanted["reason"])


class WithdrawInvitations(StaffAct):
    name = "admin:withdraw-invitations"
    staff_permission = StaffPermission.KEEP_ACCOUNTS
    model = Invitation
    label = gettext_lazy("Withdraw…")
    title = gettext_lazy("Withdraw these invitations? Their links stop working.")

    def act_on(self, row, wanted) -> None:
        may_invite(self.by, row.kind).require()
        invitations.withdraw(invitation=row, by=self.by, reason=wanted["reason"])


@admin.register(Invitation)
class InvitationAdmin(StaffModelAdmin):
    view_permission = StaffPermission.READ_PEOPLE
    change_permission = StaffPermission.KEEP_ACCOUNTS
    group = Group.CUSTOMERS
    place = 4
    form = InvitationForm
    fields = (
        "kind",
        "tenant",
        "partner",
        "role",
        "groups",
        "name",
        "email",
        "language",
        "state_now",
        "invited_at",
        "invited_by",
        "expires_on",
        "ended",
        "identity",
        "reason",
    )
    stated = ("role_in_words", "state_now", "invited_at", "invited_by", "expires_on", "ended", "identity")
    may_change = False
    exact = ("uuid", "email", "tenant__uuid", "tenant__slug")
    list_display = ("name", "place", "role_in_words", "state_now", "invited_at", "invited_by", "expires_on")
    list_filter = ("state", "kind")
    search_fields = ("name__startswith",)
    autocomplete_fields = ("tenant", "partner")
    ordering = ("-id",)
    acts = (SendInvitationsAgain, WithdrawInvitations)
    refusals = (invitations.AlreadyThere,)

    def get_fields(self, request, obj=None):
        """One that was sent is told in words, and without the box for the next one's reason."""
        fields = super().get_fields(request, obj)
        if obj is None:
            return fields
        return ["role_in_words" if name == "role" else name for name in fields if name != "reason"]

    def get_queryset(self, request):
        return Invitation.objects.with_lateness()

    @admin.display(description=gettext_lazy("state"))
    def state_now(self, row: Invitation) -> str:
        return _("Run out") if row.state == InvitationState.PENDING and row.is_late else row.get_state_display()

    @admin.display(description=gettext_lazy("role"))
    def role_in_words(self, row: Invitation) -> str:
        return row.role_label

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        """Nobody is offered the kinds that others invite."""
        if db_field.name == "kind":
            by = staff_actor(request.user)
            offered = [each for each in InvitationKind.choices if may_invite(by, each[0]).allowed]
            kwargs["choices"] = [NONE, *offered]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change) -> None:
        count_request(*limits_of("invite-by-staff", person=request.user.pk))
        super().save_model(request, obj, form, change)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except TooManyRequests as refusal:
            return too_many_requests(request, refusal)

    def store(self, row, *, form, by, reason) -> None:
        sent = invitations.invite(
            place_of(row), email=row.email, name=row.name, language=row.language, by=by, reason=reason
        )
        row.pk, row.place, row._state.adding = sent.pk, sent.place, False
