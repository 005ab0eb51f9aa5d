"""Workspace > People: who works for the partner and who is invited, and what its Admin agents do with them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from partners.access import PartnerRequest, partner_page
from partners.directory import acts as directory
from partners.directory import people, serving
from partners.directory.invitations import AtPartner
from partners.models import PartnerPerson
from partners.workspace_act import WorkspaceAct
from subscriptions.access import Decision, Permission
from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.db.limits import limits_of
from subscriptions.invitations import acts as invitations
from subscriptions.invitations.rules import may_send_again, may_withdraw
from subscriptions.models import Invitation, User
from subscriptions.models.delegated_role import AgentRole
from subscriptions.models.people.invitation import InvitationKind
from subscriptions.tenants.forms import NO_MORE_THAN_NEEDED, InviteForm, VersionForm
from subscriptions.tenants.waiting_tables import waiting_table
from subscriptions.verdicts import Verdict
from subscriptions.web import cells
from subscriptions.web.acts import Answer
from subscriptions.web.lists import List
from subscriptions.web.role_words import cards_of_agents
from subscriptions.web.tables import Column, Place


class ColleagueForm(InviteForm):
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        widget=forms.RadioSelect,
        choices=AgentRole.choices,
        help_text=NO_MORE_THAN_NEEDED,
    )


class AgentRoleForm(VersionForm):
    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect, choices=AgentRole.choices)


class ColleagueList(List[PartnerRequest]):
    title = gettext_lazy("People")
    subtitle = gettext_lazy("Who works for your company in the portal, in which role, and who is invited.")
    caption = gettext_lazy("People of your company")
    template = "workspace/people.html"
    values = ("uuid", "role", "since", "user_id", "user__name", "user__is_active")
    order = "user__name_key"

    def found(self, wanted: dict) -> QuerySet:
        return PartnerPerson.objects.filter(partner=self.request.partner)

    @cached_property
    def may_manage(self) -> Verdict:
        return self.request.actor.may(Permission.MANAGE_PEOPLE)

    @cached_property
    def only_manager(self) -> int | None:
        return people.only_manager_of(self.request.partner)

    def described(self, rows: list[dict]) -> list[dict]:
        serves = serving.count_customers(row["id"] for row in rows)
        rows = [row | {"customers": serves.get(row["id"], 0)} for row in rows]
        if not self.may_manage.allowed:
            return rows
        found = people.addresses_of(self.request.actor, self.request.partner, [row["user_id"] for row in rows])
        return [row | {"address": found[row["user_id"]]} for row in rows if row["user_id"] in found]

    @property
    def columns(self) -> list[Column]:
        states = {True: cells.tag("ok", pgettext("person", "Active")), False: cells.tag("neutral", _("Not active"))}
        acts = [Column(_("Action"), self._acts, place=Place.LINE)] if self.may_manage.allowed else []
        return [
            Column(pgettext("person", "Name"), self._whom),
            Column(_("Role"), lambda row: AgentRole(row["role"]).label, place=Place.WHOM),
            Column(_("Serves"), lambda row: formats.number(row["customers"]), css="num", more=_("customers")),
            Column(_("Since"), lambda row: formats.day(row["since"].date()), css="day", place=Place.DAY),
            Column(_("Status"), lambda row: states[row["user__is_active"]], place=Place.STATE),
            *acts,
        ]

    def _whom(self, row: dict) -> SafeString:
        return cells.together(cells.name(row["user__name"]), cells.below(row.get("address", "")))

    def _acts(self, row: dict) -> SafeString:
        here = [self.request.partner.number, row["uuid"]]
        return cells.part(
            "_manage_person.html",
            person=row,
            role_url=reverse("workspace:person-role", args=here),
            remove_url=reverse("workspace:person-remove", args=here),
            may_lose=people.may_go(row["role"], has_others=row["id"] != self.only_manager),
        )

    def _waiting(self, row: Invitation) -> dict[str, str]:
        here = [self.request.partner.number, row.uuid]
        return {
            "send_again_url": reverse("workspace:invitation-send-again", args=here),
            "withdraw_url": reverse("workspace:invitation-withdraw", args=here),
        }

    def context(self) -> dict:
        partner = self.request.partner
        waiting = waiting_table(AtPartner(partner, ""), self._waiting) if self.may_manage.allowed else None
        return {
            "may_manage": self.may_manage,
            "invite_url": reverse("workspace:person-invite", args=[partner.number]),
            "waiting": waiting,
        }


people_list = partner_page(Permission.READ_WORKSPACE)(ColleagueList.view)


class PeopleAct(WorkspaceAct):
    """An act of those who say who works for the partner; it concerns no organization."""

    permission = Permission.MANAGE_PEOPLE
    decision: ClassVar[Decision | None] = Decision.CHANGE_MEMBERS
    knows_home = True  # the partner's own: the key is kept in no organization
    short_title: Text = ""

    @property
    def back_url(self) -> str:
        return self.url_of("workspace:people", number=self.partner.number)

    def breadcrumbs(self):
        return [(_("People"), self.back_url), (self.short_title or self.title, None)]


def told_of(invitation: Invitation) -> str:
    facts = {"name": invitation.name, "role": invitation.role_label, "moment": formats.moment(invitation.expires_on)}
    return _("%(name)s is invited as %(role)s. The link is good until %(moment)s.") % facts


class InviteColleague(PeopleAct):
    name = "workspace:person-invite"
    title = gettext_lazy("Invite a colleague")
    button = gettext_lazy("Invite")
    leave = gettext_lazy("Cancel")
    template = "subscriptions/member_invite.html"
    form_class = ColleagueForm
    problems = (invitations.AlreadyThere,)

    def sentences(self):
        return [_("They get a mail with a link that works once, for 7 days, and set their own password.")]

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        return {"cards": cards_of_agents(form["role"])}

    def limits(self):
        return limits_of("invite-to-partner", person=self.by.user_id, partner=self.partner.pk)

    def do(self, wanted):
        facts = {name: wanted[name] for name in ("email", "name", "language")}
        return invitations.invite(AtPartner(self.partner, wanted["role"]), by=self.by, **facts)

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        form.add_error("email", forms.ValidationError(str(problem), code="already_there"))
        return self.again(form)

    def done(self, outcome):
        return told_of(outcome)


class PersonAct(PeopleAct):
    form_class: ClassVar[type[forms.Form]] = VersionForm
    person: PartnerPerson

    def find(self) -> None:
        rows = PartnerPerson.objects.filter(partner=self.partner)
        self.person = get_object_or_404(rows, uuid=self.address["uuid"])
        self.person.user = User.objects.only("name").get(pk=self.person.user_id)

    @property
    def version(self) -> str:
        return self.person.role

    @property
    def who(self) -> dict[str, str]:
        return {"name": self.person.user.name}

    @property
    def is_own(self) -> bool:
        return self.person.user_id == self.by.user_id

    def facts(self):
        return [(_("Role"), self.person.get_role_display())]

    def may(self) -> Verdict:
        return people.may_lose_role(self.person, self.by)

    def destination(self, outcome):
        return reverse("home") if self.is_own else self.back_url


class ChangeAgentRole(PersonAct):
    name = "workspace:person-role"
    short_title = gettext_lazy("Change role")
    button = gettext_lazy("Change role")
    template = "subscriptions/member_role.html"
    form_class = AgentRoleForm

    @property
    def title(self):  # type: ignore[override]
        return _("Change the role of %(name)s?") % self.who

    def initial(self):
        return {"role": self.person.role}

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        return {"cards": cards_of_agents(form["role"])}

    def sentences(self):
        return [_("It holds from the next page on. The person and your company's mailbox are mailed.")]

    def do(self, wanted):
        return directory.change_role(person=self.person, role=wanted["role"], by=self.by)

    def done(self, outcome):
        return _("%(name)s has another role now.") % self.who


class RemoveColleague(PersonAct):
    name = "workspace:person-remove"
    short_title = gettext_lazy("Remove")
    button = gettext_lazy("Remove")
    dangerous = True

    @property
    def title(self):  # type: ignore[override]
        return _("Remove %(name)s?") % self.who

    def sentences(self):
        told = [
            _("%(name)s is shut out of the workspace and of all customers with the next page.") % self.who,
            _("The person and your company's mailbox are mailed."),
        ]
        return [_("This is you: you leave the workspace."), *told] if self.is_own else told

    def do(self, wanted):
        return directory.remove_person(person=self.person, by=self.by)

    def done(self, outcome):
        return _("%(name)s does not work for your company in the portal any more.") % self.who


class ColleagueInvitationAct(PeopleAct):
    invitation: Invitation

    def find(self) -> None:
        rows = Invitation.objects.with_lateness().filter(kind=InvitationKind.PARTNER_PERSON, partner=self.partner)
        self.invitation = get_object_or_404(rows, uuid=self.address["uuid"])

    @property
    def who(self) -> dict[str, str]:
        return {"name": self.invitation.name}

    def facts(self):
        return [(_("Role"), self.invitation.role_label), (_("Invited by"), self.invitation.invited_by)]


class SendAgain(ColleagueInvitationAct):
    name = "workspace:invitation-send-again"
    short_title = gettext_lazy("Send again")
    button = gettext_lazy("Send again")

    @property
    def title(self):  # type: ignore[override]
        return _("Send the invitation of %(name)s again?") % self.who

    def sentences(self):
        return [_("The older link stops working; the new one works once, for another 7 days.")]

    def may(self) -> Verdict:
        return may_send_again(self.invitation)

    def limits(self):
        return limits_of("invite-to-partner", person=self.by.user_id, partner=self.partner.pk)

    def do(self, wanted):
        return invitations.send_again(invitation=self.invitation, by=self.by)

    def done(self, outcome):
        return told_of(outcome)


class Withdraw(ColleagueInvitationAct):
    name = "workspace:invitation-withdraw"
    decision = None
    short_title = gettext_lazy("Withdraw")
    button = gettext_lazy("Withdraw")
    dangerous = True

    @property
    def title(self):  # type: ignore[override]
        return _("Withdraw the invitation of %(name)s?") % self.who

    def sentences(self):
        return [_("Its link stops working at once, and its email address is erased.")]

    def may(self) -> Verdict:
        return may_withdraw(self.invitation)

    def do(self, wanted):
        return invitations.withdraw(invitation=self.invitation, by=self.by)

    def done(self, outcome):
        return _("The invitation of %(name)s is withdrawn.") % self.who
