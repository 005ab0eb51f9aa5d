"""What a role may do, in sentences, read from the one table of roles: each sentence stands for permissions."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from subscriptions.access import (
    AGENT_PERMISSIONS,
    AGENT_ROLES,
    NOTHING,
    READS_EVERYTHING,
    ROLE_PERMISSIONS,
    Permission,
    Permissions,
)
from subscriptions.clouds import Text
from subscriptions.models import Invitation
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from subscriptions.models.people.invitation import InvitationKind
from subscriptions.models.people.membership import Role

IN_AN_ORGANIZATION: Mapping[Text, Permissions] = {
    gettext_lazy("Read everything: subscriptions, orders, people, relationships and the audit log"): READS_EVERYTHING,
    gettext_lazy("Buy, start trials, and change subscriptions, licenses and billing"): frozenset(
        {Permission.BUY, Permission.MANAGE_SUBSCRIPTIONS, Permission.CHANGE_LICENSES}
    ),
    gettext_lazy("Add, change and delete the partner of record"): frozenset({Permission.SET_PARTNER_OF_RECORD}),
    gettext_lazy("Keep the partner policy: default partners, the approved list and exemptions"): frozenset(
        {Permission.KEEP_POLICY}
    ),
    gettext_lazy("Read members' email addresses"): frozenset({Permission.READ_ADDRESSES}),
    gettext_lazy("Answer partners' offers, and give a partner administration of the organization"): frozenset(
        {Permission.ANSWER_OFFERS}
    ),
    gettext_lazy("Review and end relationships with partners"): frozenset(
        {Permission.REVIEW_RELATIONSHIPS, Permission.END_RELATIONSHIP}
    ),
    gettext_lazy("Invite and remove members, change their roles and reset their sign-in"): frozenset(
        {Permission.MANAGE_MEMBERS, Permission.RESET_SIGN_IN}
    ),
    gettext_lazy("Allow or forbid the operator's staff to look at the organization as one of its members"): frozenset(
        {Permission.LET_STAFF_VIEW}
    ),
    gettext_lazy("Make and delete applications of the organization, and set up its webhooks"): frozenset(
        {Permission.KEEP_APPLICATIONS, Permission.KEEP_WEBHOOKS}
    ),
}
IN_THE_WORKSPACE: Mapping[Text, Permissions] = {
    gettext_lazy("Read the workspace: customers, credits, offers and requests"): frozenset(
        {Permission.READ_WORKSPACE}
    ),
    gettext_lazy("Make offers and send them"): frozenset({Permission.MAKE_OFFERS}),
    gettext_lazy("Answer release requests"): frozenset({Permission.ANSWER_RELEASE_REQUESTS}),
    gettext_lazy("Give up access to customers, and leave them as their reseller"): frozenset(
        {Permission.GIVE_UP_ACCESS}
    ),
    gettext_lazy("Invite and remove colleagues, change their roles, and say whom they serve"): frozenset(
        {Permission.MANAGE_PEOPLE}
    ),
    gettext_lazy("Keep the company's profile: mailbox, directory text and countries"): frozenset(
        {Permission.KEEP_PROFILE}
    ),
    gettext_lazy("Make and delete applications of the company, and set up its webhooks"): frozenset(
        {Permission.KEEP_PARTNERS_APPLICATIONS, Permission.KEEP_PARTNERS_WEBHOOKS}
    ),
}
WITH_ALL_ROLES = gettext_lazy("Work inside customers with every role that they have granted")
WITH_SOME_ROLES = gettext_lazy("Work inside customers with the roles of the helpdesk and of readers")


@dataclass(frozen=True)
class MayWords:
    """Of one role: what it may do, and what it may not."""

    may: tuple[str, ...]
    may_not: tuple[str, ...]


def words_of_role(role: Role) -> MayWords:
    return _words(IN_AN_ORGANIZATION, ROLE_PERMISSIONS[role])


def words_of_agent(role: AgentRole) -> MayWords:
    """In the workspace, and what its roles are inside customers."""
    words, used = _words(IN_THE_WORKSPACE, AGENT_PERMISSIONS[role]), AGENT_ROLES[role]
    if used == frozenset(DelegatedRole):
        return MayWords((*words.may, str(WITH_ALL_ROLES)), words.may_not)
    if used:
        return MayWords((*words.may, str(WITH_SOME_ROLES)), words.may_not)
    return MayWords(words.may, (*words.may_not, str(WITH_ALL_ROLES)))


def _words(sentences: Mapping[Text, Permissions], held: Permissions) -> MayWords:
    """A sentence holds where all of its permissions are held; half of one is a mistake of the table."""
    may = tuple(str(sentence) for sentence, needed in sentences.items() if needed <= held)
    may_not = tuple(str(sentence) for sentence, needed in sentences.items() if needed & held == NOTHING)
    return MayWords(may, may_not)


def words_of_invitation(invitation: Invitation) -> MayWords:
    """Those of the role that it gives; of staff none, whose roles are groups that have words of their own."""
    match invitation.kind:
        case InvitationKind.MEMBER:
            return words_of_role(Role(invitation.role))
        case InvitationKind.PARTNER_PERSON:
            return words_of_agent(AgentRole(invitation.role))
    return MayWords((), ())
