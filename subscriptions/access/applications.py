"""A program that acts: what its scopes let it do, and why not."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from subscriptions.access.decisions import Decision
from subscriptions.access.permissions import Permission
from subscriptions.access.scopes import APPLICATIONS_NEVER, permissions_of, scopes_with
from subscriptions.base import formats
from subscriptions.models.people.application import ApplicationScope
from subscriptions.verdicts import ALLOWED, Page, Verdict, VerdictCode

# A program proves itself anew with each request, which is enough for a credit and for nothing that gives power
ASKED_OF_PEOPLE: dict[Decision, str] = {
    Decision.ACCEPT_OFFER: "partners:relationship-list",
    Decision.EXTEND_ACCESS: "partners:relationship-list",
    Decision.CHANGE_MEMBERS: "subscriptions:members",
    Decision.CHANGE_PROFILE: "workspace:profile",
    Decision.SWITCH_SECOND_PERSON: "subscriptions:second-person",
}


@dataclass(frozen=True, kw_only=True)
class ActingApplication:
    """Which application acts, with which scopes, and where: in the organization or workspace `place` of its address.

    `key` is that of its row, `role` the one that it was given, and `owner` the name of whose it is.
    """

    key: int
    uuid: UUID
    owner: str
    place: str
    role: str
    scopes: frozenset[ApplicationScope]

    def lets(self, permission: Permission) -> bool:
        return permission in permissions_of(self.scopes)

    def why_not(self, permission: Permission) -> Verdict:
        """Allowed where only the role can be what is missing."""
        if permission in APPLICATIONS_NEVER:
            return self.never(APPLICATIONS_NEVER[permission])
        lacking = scopes_with(permission)
        return self._lacks(lacking) if lacking and not self.lets(permission) else ALLOWED

    def may_decide(self, decision: Decision) -> Verdict:
        """May a program decide this at all?"""
        page = ASKED_OF_PEOPLE.get(decision)
        return self.never(page) if page else ALLOWED

    def may_use(self, scope: ApplicationScope) -> Verdict:
        """Was it given this scope?"""
        return ALLOWED if scope in self.scopes else self._lacks([scope])

    def never(self, page: str) -> Verdict:
        return Verdict(
            code=VerdictCode.APPLICATIONS_NEVER,
            reason=_("An application never does this, whatever its role and scopes are: a person has to decide it."),
            who=_("A person of %(owner)s who may do it, signed in to the portal.") % {"owner": self.owner},
            next_step=_("Open the page and do it there."),
            next_label=_("Open the page"),
            next_page=Page(page, of=(self.place,)),
        )

    def _lacks(self, scopes: list[ApplicationScope]) -> Verdict:
        names = formats.join_choice([scope.value for scope in scopes])
        return Verdict(
            code=VerdictCode.INSUFFICIENT_SCOPE,
            reason=_("This application was not given the scope %(scopes)s.") % {"scopes": names},
            who=_("Who keeps the applications of %(owner)s can make one that has it.") % {"owner": self.owner},
            next_step=_("Ask for an application with the scope that is needed."),
        )
