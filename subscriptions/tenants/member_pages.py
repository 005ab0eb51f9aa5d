"""What a Global admin does with members and invitations, each act on a page of its own."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Decision, Permission
from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.db.limits import limits_of
from subscriptions.invitations import acts as invitations
from subscriptions.invitations.places import InOrganization
from subscriptions.invitations.rules import may_send_again, may_withdraw
from subscriptions.models import Invitation, Membership
from subscriptions.models.people.invitation import InvitationKind
from subscriptions.tenants import members
from subscriptions.tenants.forms import InviteMemberForm, RoleForm, VersionForm
from subscriptions.verdicts import Verdict
from subscriptions.web.acts import Answer
from subscriptions.web.role_words import cards_of_roles
from subscriptions.web.tenant_acts import TenantAct


class MembersAct(TenantAct):
    """An act of those who say who belongs to the organization; it gives power, so it asks for a recent sign-in."""

    permission = Permission.MANAGE_MEMBERS
    decision: ClassVar[Decision | None] = Decision.CHANGE_MEMBERS
    short_title: Text = ""

    @property
    def back_url(self) -> str:
        return self.url_of("subscriptions:members", slug=self.tenant.slug)

    def breadcrumbs(self):
        return [(_("Settings"), None), (_("Members"), self.back_url), (self.short_title or self.title, None)]


class InviteMember(MembersAct):
    name = "subscriptions:member-invite"
    title = gettext_lazy("Invite a person")
    button = gettext_lazy("Invite")
    leave = gettext_lazy("Cancel")
    template = "subscriptions/member_invite.html"
    form_class = InviteMemberForm
    problems = (invitations.AlreadyThere,)

    def sentences(self):
        return [_("They get a mail with a link that works once, for 7 days, and set their own password.")]

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        return {"cards": cards_of_roles(form["role"])}

    def limits(self):
        return limits_of("invite-member", person=self.by.user_id, tenant=self.tenant.pk)

    def do(self, wanted):
        place = InOrganization(self.tenant, wanted["role"])
        facts = {name: wanted[name] for name in ("email", "name", "language")}
        return invitations.invite(place, by=self.by, **facts)

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        form.add_error("email", forms.ValidationError(str(problem), code="already_there"))
        return self.again(form)

    def done(self, outcome):
        return told_of(outcome)


def told_of(invitation: Invitation) -> str:
    facts = {"name": invitation.name, "role": invitation.role_label, "moment": formats.moment(invitation.expires_on)}
    return _("%(name)s is invited as %(role)s. The link is good until %(moment)s.") % facts


class MemberAct(MembersAct):
    """On one of the members, as what the page showed."""

    form_class: ClassVar[type[forms.Form]] = VersionForm
    membership: Membership

    def find(self) -> None:
        rows = Membership.objects.with_person()
        self.membership = get_object_or_404(rows, tenant=self.tenant, uuid=self.address["uuid"])

    @property
    def version(self) -> str:
        return self.membership.role

    @property
    def person(self) -> dict[str, str]:
        return {"name": self.membership.user.name}

    @property
    def is_own(self) -> bool:
        return self.membership.user_id == self.by.user_id

    def facts(self):
        return [(_("Role"), self.membership.get_role_display())]

    def may(self) -> Verdict:
        return members.may_lose_role(self.membership)

    def destination(self, outcome):
        """Who has removed or lowered oneself reads elsewhere."""
        return reverse("home") if self.is_own else self.back_url


class ChangeRole(MemberAct):
    name = "subscriptions:member-role"
    short_title = gettext_lazy("Change role")
    button = gettext_lazy("Change role")
    template = "subscriptions/member_role.html"
    form_class = RoleForm

    @property
    def title(self):  # type: ignore[override]
        return _("Change the role of %(name)s?") % self.person

    def initial(self):
        return {"role": self.membership.role}

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        return {"cards": cards_of_roles(form["role"])}

    def sentences(self):
        return [_("It holds from the next page on. The person and the Global admins are mailed.")]

    def do(self, wanted):
        return members.change_role(membership=self.membership, role=wanted["role"], by=self.by)

    def done(self, outcome):
        return _("%(name)s has another role now.") % self.person


class RemoveMember(MemberAct):
    name = "subscriptions:member-remove"
    short_title = gettext_lazy("Remove")
    button = gettext_lazy("Remove")
    dangerous = True

    @property
    def title(self):  # type: ignore[override]
        return _("Remove %(name)s?") % self.person

    def sentences(self):
        told = [
            _("%(name)s is shut out with the next page, and keeps the account for other places.") % self.person,
            _("What was done with it stays in the audit log. The person and the Global admins are mailed."),
        ]
        return [_("This is you: you leave the organization."), *told] if self.is_own else told

    def do(self, wanted):
        return members.remove_member(membership=self.membership, by=self.by)

    def done(self, outcome):
        return _("%(name)s does not belong to the organization any more.") % self.person


class InvitationAct(MembersAct):
    """On one that waits, or has run out."""

    invitation: Invitation

    def find(self) -> None:
        rows = Invitation.objects.with_lateness().filter(kind=InvitationKind.MEMBER, tenant=self.tenant)
        self.invitation = get_object_or_404(rows, uuid=self.address["uuid"])

    @property
    def person(self) -> dict[str, str]:
        return {"name": self.invitation.name}

    def facts(self):
        return [(_("Role"), self.invitation.role_label), (_("Invited by"), self.invitation.invited_by)]


class SendAgain(InvitationAct):
    name = "subscriptions:invitation-send-again"
    short_title = gettext_lazy("Send again")
    button = gettext_lazy("Send again")

    @property
    def title(self):  # type: ignore[override]
        return _("Send the invitation of %(name)s again?") % self.person

    def sentences(self):
        return [_("The older link stops working; the new one works once, for another 7 days.")]

    def may(self) -> Verdict:
        return may_send_again(self.invitation)

    def limits(self):
        return limits_of("invite-member", person=self.by.user_id, tenant=self.tenant.pk)

    def do(self, wanted):
        return invitations.send_again(invitation=self.invitation, by=self.by)

    def done(self, outcome):
        return told_of(outcome)


class Withdraw(InvitationAct):
    name = "subscriptions:invitation-withdraw"
    decision = None
    short_title = gettext_lazy("Withdraw")
    button = gettext_lazy("Withdraw")
    dangerous = True

    @property
    def title(self):  # type: ignore[override]
        return _("Withdraw the invitation of %(name)s?") % self.person

    def sentences(self):
        return [_("Its link stops working at once, and its email address is erased.")]

    def may(self) -> Verdict:
        return may_withdraw(self.invitation)

    def do(self, wanted):
        return invitations.withdraw(invitation=self.invitation, by=self.by)

    def done(self, outcome):
        return _("The invitation of %(name)s is withdrawn.") % self.person
