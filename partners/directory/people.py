"""Who works for a partner, and who of them may be let go: a partner keeps somebody who may manage its people."""

from collections.abc import Collection
from dataclasses import replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from partners.models import Partner, PartnerPerson
from subscriptions.access import Actor, Permission
from subscriptions.db import scopes
from subscriptions.models import User
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.delegated_role import AgentRole
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode


def may_lose_role(person: PartnerPerson, by: Actor) -> Verdict:
    """May the person go, or get another role? The last Admin agent not by the partner's own people; staff may."""
    if not by.is_partner or person.role != AgentRole.ADMIN_AGENT:
        return ALLOWED
    return may_go(person.role, has_others=_managers(person.partner_id).exclude(pk=person.pk).exists())


def may_go(role: str, *, has_others: bool) -> Verdict:
    if role != AgentRole.ADMIN_AGENT or has_others:
        return ALLOWED
    return Verdict(
        code=VerdictCode.LAST_ADMIN_AGENT,
        reason=_("This is the only Admin agent of your company."),
        next_step=_("Make somebody else Admin agent first."),
    )


def only_manager_of(partner: Partner) -> int | None:
    """Key of the one Admin agent who can sign in; None where there are more, or none."""
    keys = list(_managers(partner.pk).values_list("pk", flat=True)[:2])
    return keys[0] if len(keys) == 1 else None


def _managers(partner_id: int) -> QuerySet[PartnerPerson]:
    return PartnerPerson.objects.filter(partner_id=partner_id, role=AgentRole.ADMIN_AGENT, user__is_active=True)


def still_manages(partner_id: int, by: Actor) -> Verdict:
    return still_may(partner_id, by, Permission.MANAGE_PEOPLE)


def still_may(partner_id: int, by: Actor, permission: Permission) -> Verdict:
    """May one of the partner's people who was let in still do it? Asked under the lock."""
    if by.kind is not ActorKind.PARTNER or by.user_id is None:
        return ALLOWED
    now = PartnerPerson.objects.filter(partner_id=partner_id, user_id=by.user_id).first()
    return replace(by, agent_role=AgentRole(now.role) if now else None).may(permission)


def addresses_of(actor: Actor, partner: Partner, people: Collection[int]) -> dict[int, str]:
    """Mail addresses of the partner's own people, in a scope of their own; raises Refused."""
    actor.may(Permission.MANAGE_PEOPLE).require()
    with scopes.people_of_partner(partner.pk):
        rows = User.objects.filter(works_for__partner=partner, pk__in=people)
        return dict(rows.values_list("pk", "email"))
