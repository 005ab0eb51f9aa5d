"""Workspace > People: what a partner's Admin agents do with its people and with invitations."""

from collections.abc import Sequence
from typing import ClassVar

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.directory import acts as directory
from partners.directory import people
from partners.directory.invitations import AtPartner
from partners.models import PartnerPerson
from partners.workspace_act import WorkspaceAct
from subscriptions.access import Permission
from subscriptions.db.limits import limits_of
from subscriptions.models import Invitation, User
from subscriptions.models.delegated_role import AgentRole
from subscriptions.models.people.invitation import InvitationKind
from subscriptions.tenants.forms import NO_MORE_THAN_NEEDED, InviteForm, VersionForm
from subscriptions.verdicts import Verdict
from subscriptions.web import people_acts
from subscriptions.web.role_words import cards_of_agents


class ColleagueForm(InviteForm):
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        widget=forms.RadioSelect,
        choices=AgentRole.choices,
        help_text=NO_MORE_THAN_NEEDED,
    )


class AgentRoleForm(VersionForm):
    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect, choices=AgentRole.choices)


class ColleaguesAct(people_acts.PeopleAct, WorkspaceAct):
    """An act of those who say who works for the partner; it concerns no organization."""

    permission = Permission.MANAGE_PEOPLE
    knows_home = True  # the partner's own: the key is kept in no organization

    @property
    def back_url(self) -> str:
        return self.url_of("workspace:people", number=self.partner.number)

    def breadcrumbs(self):
        return [(_("People"), self.back_url), (self.short_title or self.title, None)]

    def cards(self, field: forms.BoundField):
        return cards_of_agents(field)


class InviteColleague(people_acts.Invite, ColleaguesAct):
    name = "workspace:person-invite"
    title = gettext_lazy("Invite a colleague")
    form_class = ColleagueForm

    def limits(self):
        return limits_of("invite-to-partner", person=self.by.counted_as, partner=self.partner.pk)

    def place(self, role: str) -> AtPartner:
        return AtPartner(self.partner, role)


class ColleagueAct(people_acts.OnPerson, ColleaguesAct):
    form_class: ClassVar[type[forms.Form]] = VersionForm

    def find(self) -> None:
        rows = PartnerPerson.objects.filter(partner=self.partner)
        self.person = get_object_or_404(rows, uuid=self.address["uuid"])
        self.person.user = User.objects.only("name").get(pk=self.person.user_id)

    def may(self) -> Verdict:
        return people.may_lose_role(self.person, self.by)


class ChangeAgentRole(people_acts.ChangeRole, ColleagueAct):
    name = "workspace:person-role"
    form_class = AgentRoleForm

    def sentences(self) -> Sequence[str]:
        return [_("It holds from the next page on. The person and your company's mailbox are mailed.")]

    def do(self, wanted):
        return directory.change_role(person=self.person, role=wanted["role"], by=self.by)


class RemoveColleague(people_acts.Remove, ColleagueAct):
    name = "workspace:person-remove"

    def sentences(self) -> Sequence[str]:
        told = [
            _("%(name)s is shut out of the workspace and of all customers with the next page.") % self.who,
            _("The person and your company's mailbox are mailed."),
        ]
        return [_("This is you: you leave the workspace."), *told] if self.is_own else told

    def do(self, wanted):
        return directory.remove_person(person=self.person, by=self.by)

    def done(self, outcome):
        return _("%(name)s does not work for your company in the portal any more.") % self.who


class ColleagueInvitationAct(people_acts.OnInvitation, ColleaguesAct):
    def find(self) -> None:
        rows = Invitation.objects.with_lateness().filter(kind=InvitationKind.PARTNER_PERSON, partner=self.partner)
        self.invitation = get_object_or_404(rows, uuid=self.address["uuid"])


class SendAgain(people_acts.SendAgain, ColleagueInvitationAct):
    name = "workspace:invitation-send-again"

    def limits(self):
        return limits_of("invite-to-partner", person=self.by.counted_as, partner=self.partner.pk)


class Withdraw(people_acts.Withdraw, ColleagueInvitationAct):
    name = "workspace:invitation-withdraw"
