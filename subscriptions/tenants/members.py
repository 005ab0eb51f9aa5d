"""Who belongs to an organization, in which role. An organization that has a Global admin keeps one."""

from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from subscriptions.access import Actor, Decision, Permission
from subscriptions.audit import acts as audit
from subscriptions.audit.events import MemberChanged
from subscriptions.base.search import Word, find_in, find_words, word_in
from subscriptions.base.typed import read_email
from subscriptions.db import scopes
from subscriptions.db.locks import lock_name
from subscriptions.db.scopes import Scope
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, Membership, Tenant, User
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.people.membership import SECOND_FACTORS, Role
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode, first_refusal


def may_lose_role(membership: Membership) -> Verdict:
    """May this membership end, or its role change? Not that of the last Global admin who can sign in.

    A closed organization needs none.
    """
    if membership.role != Role.GLOBAL_ADMIN:
        return ALLOWED
    others = _admins(membership.tenant_id).exclude(pk=membership.pk)
    return may_go(membership.role, has_other_admins=others.exists() or membership.tenant.is_over)


def may_go(role: str, *, has_other_admins: bool) -> Verdict:
    if role != Role.GLOBAL_ADMIN or has_other_admins:
        return ALLOWED
    return Verdict(
        code=VerdictCode.LAST_GLOBAL_ADMIN,
        reason=_("This is the only Global admin of the organization."),
        next_step=_("Make somebody else Global admin first."),
    )


def only_admin_of(tenant: Tenant) -> int | None:
    """Key of the membership of the one Global admin who can sign in; None where there are more, or none."""
    admins = list(_admins(tenant.pk).values_list("pk", flat=True)[:2])
    return admins[0] if len(admins) == 1 else None


def _admins(tenant_id: int) -> QuerySet[Membership]:
    return Membership.objects.active().filter(tenant_id=tenant_id, role=Role.GLOBAL_ADMIN)


def still_manages(tenant_id: int, by: Actor) -> Verdict:
    """May a member who was let in still do it? Somebody may have taken the role since; asked under the lock."""
    if by.kind is not ActorKind.MEMBER or by.user_id is None:
        return ALLOWED
    now = Membership.objects.filter(tenant_id=tenant_id, user_id=by.user_id).first()
    return replace(by, role=Role(now.role) if now else None).may(Permission.MANAGE_MEMBERS)


def reading_addresses(actor: Actor, tenant: Tenant) -> AbstractContextManager[Scope]:
    """The scope in which the organization's own people have addresses and last sign-ins; raises Refused."""
    actor.may(Permission.READ_ADDRESSES).require()
    return scopes.people(tenant.pk)


def with_second_factor(rows: QuerySet[Membership]) -> QuerySet[Any]:
    """And whether each has one, as `has_factor`; in the same scope."""
    factors = Authenticator.objects.filter(user=OuterRef("user"), type__in=SECOND_FACTORS)
    return rows.annotate(has_factor=Exists(factors))


def named(text: str) -> Q:
    """Members with each word of the text in their name."""
    return find_in(text, "user__name_key")


def named_or_addressed(text: str) -> Q:
    """Or with it at the beginning of the address, or with the text as their address; where addresses are read."""
    return find_words(text, partial(_names_or_begins, whole=Q(user__email=read_email(text))))


def _names_or_begins(word: Word, *, whole: Q) -> Q:
    begins = Q(user__email__startswith=word.key) if word.key else Q()
    return word_in(word, "user__name_key") | whole | begins


@transaction.atomic
def add_member(*, tenant: Tenant, user: User, role: str, by: Actor, reason: str = "") -> Membership:
    """Who comes by an invitation is added in the scope of that, which neither audits nor mails."""
    membership = Membership.objects.create(tenant=tenant, user=user, role=role)
    with scopes.tenant(tenant.pk):
        tell(_record(AuditKind.MEMBER_ADDED, membership, [None, role], by=by, reason=reason))
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: Actor, reason: str = "") -> AuditEvent | None:
    """None where the person has the role already. Raises Refused for the last Global admin, and SignInTooOld."""
    by.require_proof(Decision.CHANGE_MEMBERS)
    membership = _lock_membership(membership)
    before = membership.role
    if before == role:
        return None
    first_refusal([may_lose_role(membership), still_manages(membership.tenant_id, by)]).require()
    membership.role = role
    membership.save(update_fields=["role"])
    event = _record(AuditKind.MEMBER_CHANGED, membership, [before, role], by=by, reason=reason)
    tell(event, person=membership.user_id)
    return event


@transaction.atomic
def remove_member(*, membership: Membership, by: Actor, reason: str = "") -> AuditEvent:
    """The account stays, and is out on the next request. Raises Refused for a last Global admin, and SignInTooOld."""
    by.require_proof(Decision.CHANGE_MEMBERS)
    membership = _lock_membership(membership)
    first_refusal([may_lose_role(membership), still_manages(membership.tenant_id, by)]).require()
    event = _record(AuditKind.MEMBER_REMOVED, membership, [membership.role, None], by=by, reason=reason)
    membership.delete()
    tell(event, person=membership.user_id)
    return event


def _lock_membership(membership: Membership) -> Membership:
    """One act on an organization's members at a time, so that two last Global admins cannot end each other."""
    lock_name("members", membership.tenant_id)
    return Membership.objects.with_person().get(pk=membership.pk)


def _record(kind: AuditKind, membership: Membership, roles: list, *, by: Actor, reason: str) -> AuditEvent:
    return audit.record(
        kind,
        by=by,
        tenant=membership.tenant,
        subject_name=membership.user.name,
        subject_uuid=membership.uuid,
        reason=reason,
        facts=MemberChanged({"role": roles}),
    )
