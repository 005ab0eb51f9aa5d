"""What a Global admin does with members and invitations, each act on a page of its own."""

from collections.abc import Sequence
from typing import ClassVar

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Permission
from subscriptions.db.limits import limits_of
from subscriptions.invitations.places import InOrganization
from subscriptions.models import Invitation, Membership
from subscriptions.models.people.invitation import InvitationKind
from subscriptions.tenants import members
from subscriptions.tenants.forms import InviteMemberForm, RoleForm, VersionForm
from subscriptions.verdicts import Verdict
from subscriptions.web import people_acts
from subscriptions.web.role_words import cards_of_roles
from subscriptions.web.tenant_acts import TenantAct


class MembersAct(people_acts.PeopleAct, TenantAct):
    """An act of those who say who belongs to the organization."""

    permission = Permission.MANAGE_MEMBERS

    @property
    def back_url(self) -> str:
        return self.url_of("subscriptions:members", slug=self.tenant.slug)

    def breadcrumbs(self):
        return [(_("Settings"), None), (_("Members"), self.back_url), (self.short_title or self.title, None)]

    def cards(self, field: forms.BoundField):
        return cards_of_roles(field)


class InviteMember(people_acts.Invite, MembersAct):
    name = "subscriptions:member-invite"
    title = gettext_lazy("Invite a person")
    form_class = InviteMemberForm

    def limits(self):
        return limits_of("invite-member", person=self.by.counted_as, tenant=self.tenant.pk)

    def place(self, role: str) -> InOrganization:
        return InOrganization(self.tenant, role)


class MemberAct(people_acts.OnPerson, MembersAct):
    form_class: ClassVar[type[forms.Form]] = VersionForm

    def find(self) -> None:
        rows = Membership.objects.with_person()
        self.person = get_object_or_404(rows, tenant=self.tenant, uuid=self.address["uuid"])

    def may(self) -> Verdict:
        return members.may_lose_role(self.person)


class ChangeRole(people_acts.ChangeRole, MemberAct):
    name = "subscriptions:member-role"
    form_class = RoleForm

    def sentences(self) -> Sequence[str]:
        return [_("It holds from the next page on. The person and the Global admins are mailed.")]

    def do(self, wanted):
        return members.change_role(membership=self.person, role=wanted["role"], by=self.by)


class RemoveMember(people_acts.Remove, MemberAct):
    name = "subscriptions:member-remove"

    def sentences(self) -> Sequence[str]:
        told = [
            _("%(name)s is shut out with the next page, and keeps the account for other places.") % self.who,
            _("What was done with it stays in the audit log. The person and the Global admins are mailed."),
        ]
        return [_("This is you: you leave the organization."), *told] if self.is_own else told

    def do(self, wanted):
        return members.remove_member(membership=self.person, by=self.by)

    def done(self, outcome):
        return _("%(name)s does not belong to the organization any more.") % self.who


class InvitationAct(people_acts.OnInvitation, MembersAct):
    def find(self) -> None:
        rows = Invitation.objects.with_lateness().filter(kind=InvitationKind.MEMBER, tenant=self.tenant)
        self.invitation = get_object_or_404(rows, uuid=self.address["uuid"])


class SendAgain(people_acts.SendAgain, InvitationAct):
    name = "subscriptions:invitation-send-again"

    def limits(self):
        return limits_of("invite-member", person=self.by.counted_as, tenant=self.tenant.pk)


class Withdraw(people_acts.Withdraw, InvitationAct):
    name = "subscriptions:invitation-withdraw"
