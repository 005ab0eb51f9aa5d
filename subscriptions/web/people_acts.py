"""Acts on people and on invitations, alike for an organization's members and a partner's people.

An act of a room joins one of these and the room's own base, which says where somebody is found, and who may do it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Decision
from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.invitations import acts as invitations
from subscriptions.invitations.places import Place
from subscriptions.invitations.rules import may_send_again, may_withdraw
from subscriptions.models import Invitation
from subscriptions.models.people.invitation import GOOD_FOR
from subscriptions.verdicts import Verdict
from subscriptions.web.acts import Act, Answer, Facts


class PeopleAct(Act):
    """It gives or takes power, so it asks for a recent sign-in."""

    decision: ClassVar[Decision | None] = Decision.CHANGE_MEMBERS
    short_title: Text = ""

    @property
    def who(self) -> dict[str, str]:
        raise NotImplementedError

    def cards(self, field: forms.BoundField) -> Sequence[Any]:
        """The roles to choose from, each with what it may do."""
        raise NotImplementedError


class OnPerson(PeopleAct):
    """On somebody who is there, as what the page showed."""

    person: Any

    @property
    def version(self) -> str:
        return self.person.role

    @property
    def who(self) -> dict[str, str]:
        return {"name": self.person.user.name}

    @property
    def is_own(self) -> bool:
        return self.person.user_id == self.by.user_id

    def facts(self) -> Facts:
        return [(_("Role"), self.person.get_role_display())]

    def destination(self, outcome: Any) -> str:
        """Who has removed or lowered oneself reads elsewhere."""
        return reverse("home") if self.is_own else self.back_url


class OnInvitation(PeopleAct):
    """On one that waits, or has run out."""

    invitation: Invitation

    @property
    def who(self) -> dict[str, str]:
        return {"name": self.invitation.name}

    def facts(self) -> Facts:
        return [(_("Role"), self.invitation.role_label), (_("Invited by"), self.invitation.invited_by)]


def told_of(invitation: Invitation) -> str:
    facts = {"name": invitation.name, "role": invitation.role_label, "moment": formats.moment(invitation.expires_on)}
    return _("%(name)s is invited as %(role)s. The link is good until %(moment)s.") % facts


class Invite(PeopleAct):
    button = gettext_lazy("Invite")
    leave = gettext_lazy("Cancel")
    template = "subscriptions/member_invite.html"
    problems = (invitations.AlreadyThere,)

    def place(self, role: str) -> Place:
        raise NotImplementedError

    def sentences(self) -> Sequence[str]:
        told = _("They get a mail with a link that works once, for %(days)s days, and set their own password.")
        return [told % {"days": GOOD_FOR.days}]

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        return {"cards": self.cards(form["role"])}

    def do(self, wanted: Mapping[str, Any]) -> Invitation:
        facts = {name: wanted[name] for name in ("email", "name", "language")}
        return invitations.invite(self.place(wanted["role"]), by=self.by, **facts)

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        form.add_error("email", forms.ValidationError(str(problem), code="already_there"))
        return self.again(form)

    def done(self, outcome: Invitation) -> str:
        return told_of(outcome)


class ChangeRole(OnPerson):
    short_title = gettext_lazy("Change role")
    button = gettext_lazy("Change role")
    template = "subscriptions/member_role.html"

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("Change the role of %(name)s?") % self.who

    def initial(self) -> dict[str, Any]:
        return {"role": self.person.role}

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        return {"cards": self.cards(form["role"])}

    def done(self, outcome: Any) -> str:
        return _("%(name)s has another role now.") % self.who


class Remove(OnPerson):
    short_title = gettext_lazy("Remove")
    button = gettext_lazy("Remove")
    dangerous = True

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("Remove %(name)s?") % self.who


class SendAgain(OnInvitation):
    short_title = gettext_lazy("Send again")
    button = gettext_lazy("Send again")

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("Send the invitation of %(name)s again?") % self.who

    def sentences(self) -> Sequence[str]:
        told = _("The older link stops working; the new one works once, for another %(days)s days.")
        return [told % {"days": GOOD_FOR.days}]

    def may(self) -> Verdict:
        return may_send_again(self.invitation)

    def do(self, wanted: Mapping[str, Any]) -> Any:
        return invitations.send_again(invitation=self.invitation, by=self.by)

    def done(self, outcome: Invitation) -> str:
        return told_of(outcome)


class Withdraw(OnInvitation):
    decision = None
    short_title = gettext_lazy("Withdraw")
    button = gettext_lazy("Withdraw")
    dangerous = True

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("Withdraw the invitation of %(name)s?") % self.who

    def sentences(self) -> Sequence[str]:
        return [_("Its link stops working at once, and its email address is erased.")]

    def may(self) -> Verdict:
        return may_withdraw(self.invitation)

    def do(self, wanted: Mapping[str, Any]) -> Any:
        return invitations.withdraw(invitation=self.invitation, by=self.by)

    def done(self, outcome: Any) -> str:
        return _("The invitation of %(name)s is withdrawn.") % self.who
