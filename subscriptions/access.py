"""Who may do what: roles, permissions, verdicts, and the decorators that every page view wears.

The table below is the only place that knows what a role may do. Each decorator finds the actor, enters the tenant's
database scope, runs the view and renders its answer inside that scope.
"""

import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import SimpleTemplateResponse
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.middleware import HtmxDetails

from subscriptions import scopes
from subscriptions.clouds import Capability, Text
from subscriptions.models import Membership, Tenant, User
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from subscriptions.models.tenant import Role


class Permission(Enum):
    # Inside an organisation
    READ = "read"
    READ_SUBSCRIPTIONS = "read-subscriptions"
    READ_ORDERS = "read-orders"
    READ_SHOP = "read-shop"
    READ_RELATIONSHIPS = "read-relationships"
    READ_PEOPLE = "read-people"
    READ_AUDIT_LOG = "read-audit-log"
    BUY = "buy"
    MANAGE_SUBSCRIPTIONS = "manage-subscriptions"
    CHANGE_LICENSES = "change-licenses"
    SET_PARTNER_OF_RECORD = "set-partner-of-record"
    END_RELATIONSHIP = "end-relationship"
    ANSWER_OFFERS = "answer-offers"
    REVIEW_RELATIONSHIPS = "review-relationships"
    RESET_SIGN_IN = "reset-sign-in"
    # In a partner's own workspace
    READ_WORKSPACE = "read-workspace"
    MAKE_OFFERS = "make-offers"
    ANSWER_RELEASE_REQUESTS = "answer-release-requests"
    GIVE_UP_ACCESS = "give-up-access"


Permissions = frozenset[Permission]

IN_THE_WORKSPACE: Permissions = frozenset(
    {
        Permission.READ_WORKSPACE,
        Permission.MAKE_OFFERS,
        Permission.ANSWER_RELEASE_REQUESTS,
        Permission.GIVE_UP_ACCESS,
    }
)
IN_AN_ORGANISATION: Permissions = frozenset(Permission) - IN_THE_WORKSPACE
READS_EVERYTHING: Permissions = frozenset(
    {
        Permission.READ,
        Permission.READ_SUBSCRIPTIONS,
        Permission.READ_ORDERS,
        Permission.READ_SHOP,
        Permission.READ_RELATIONSHIPS,
        Permission.READ_PEOPLE,
        Permission.READ_AUDIT_LOG,
    }
)

ROLE_PERMISSIONS: dict[Role, Permissions] = {
    Role.GLOBAL_ADMIN: IN_AN_ORGANISATION,
    Role.BILLING_ADMIN: READS_EVERYTHING
    | {
        Permission.SET_PARTNER_OF_RECORD,
        Permission.BUY,
        Permission.MANAGE_SUBSCRIPTIONS,
        Permission.CHANGE_LICENSES,
    },
    Role.GLOBAL_READER: READS_EVERYTHING,
}

# Partners' people inside a customer's organisation. Whoever acts sees his own acts in the audit log, no others.
DELEGATED_READER: Permissions = READS_EVERYTHING - {Permission.READ_SHOP}
DELEGATED_PERMISSIONS: dict[DelegatedRole, Permissions] = {
    DelegatedRole.GLOBAL_ADMINISTRATOR: DELEGATED_READER | {Permission.CHANGE_LICENSES, Permission.RESET_SIGN_IN},
    DelegatedRole.BILLING_ADMINISTRATOR: frozenset(
        {Permission.READ, Permission.READ_SUBSCRIPTIONS, Permission.READ_ORDERS, Permission.READ_AUDIT_LOG}
    ),
    DelegatedRole.LICENSE_ADMINISTRATOR: frozenset(
        {Permission.READ, Permission.READ_SUBSCRIPTIONS, Permission.CHANGE_LICENSES, Permission.READ_AUDIT_LOG}
    ),
    DelegatedRole.HELPDESK_ADMINISTRATOR: frozenset(
        {Permission.READ, Permission.READ_PEOPLE, Permission.RESET_SIGN_IN, Permission.READ_AUDIT_LOG}
    ),
    DelegatedRole.GLOBAL_READER: DELEGATED_READER,
    DelegatedRole.SERVICE_SUPPORT_ADMINISTRATOR: DELEGATED_READER,
}
# Whoever is asked for the one is asked for the other
READ_IN_ORDER_TO: dict[Permission, Permission] = {Permission.READ_SHOP: Permission.BUY}
# Which of the roles granted to a partner its people use, by what they do there
AGENT_ROLES: dict[AgentRole, frozenset[DelegatedRole]] = {
    AgentRole.ADMIN_AGENT: frozenset(DelegatedRole),
    AgentRole.HELPDESK_AGENT: frozenset(
        {
            DelegatedRole.HELPDESK_ADMINISTRATOR,
            DelegatedRole.GLOBAL_READER,
            DelegatedRole.SERVICE_SUPPORT_ADMINISTRATOR,
        }
    ),
    AgentRole.SALES_AGENT: frozenset(),
}
AGENT_PERMISSIONS: dict[AgentRole, Permissions] = {
    AgentRole.ADMIN_AGENT: IN_THE_WORKSPACE,
    AgentRole.HELPDESK_AGENT: frozenset({Permission.READ_WORKSPACE}),
    AgentRole.SALES_AGENT: frozenset({Permission.READ_WORKSPACE, Permission.MAKE_OFFERS}),
}

# Whoever acts for the operator; a kind of actor that stands neither here nor above may do nothing.
NOTHING: Permissions = frozenset()
KIND_PERMISSIONS: dict[ActorKind, Permissions] = {
    ActorKind.STAFF: frozenset(Permission),
    ActorKind.SYSTEM: frozenset(Permission),
}


class VerdictCode(Enum):
    """Why an act may be done or not; the number is the answer to a request that tries it all the same."""

    ALLOWED = ("allowed", 200)
    ROLE = ("role", 403)
    NOT_IN_THIS_CLOUD = ("not-in-this-cloud", 404)
    CLOUD_CLOSED = ("cloud-closed", 409)
    SUBSCRIPTION_DISABLED = ("subscription-disabled", 409)
    SUBSCRIPTION_EXPIRED = ("subscription-expired", 409)
    NOT_IN_GRACE = ("not-in-grace", 409)
    RESELLER_MANAGED = ("reseller-managed", 403)
    IS_A_TRIAL = ("is-a-trial", 409)
    NOT_A_TRIAL = ("not-a-trial", 409)
    TRIAL_EXTENDED = ("trial-extended", 409)
    TOO_EARLY = ("too-early", 409)
    NO_PRICE = ("no-price", 409)
    ONLY_PARTNER_CAN_END = ("only-partner-can-end", 403)
    DERIVED_RELATIONSHIP = ("derived-relationship", 409)
    ALREADY_ENDED = ("already-ended", 409)
    NO_ROLES = ("no-roles", 409)
    NO_END_DATE = ("no-end-date", 409)
    NO_EXTENSION_WITH_GLOBAL_ADMINISTRATOR = ("no-extension-with-global-administrator", 409)
    BLOCKED_BY_SUBSCRIPTIONS = ("blocked-by-subscriptions", 409)
    NOTHING_TO_UNDO = ("nothing-to-undo", 409)
    WRONG_STATE = ("wrong-state", 409)
    PARTNER_NOT_USABLE = ("partner-not-usable", 409)
    LAST_GLOBAL_ADMIN = ("last-global-admin", 409)
    NO_TRIAL = ("no-trial", 409)
    TRIAL_USED = ("trial-used", 409)
    ORDER_NOT_DRAFT = ("order-not-draft", 409)
    ORDER_NOT_READY = ("order-not-ready", 409)
    PARTNERS_NEVER = ("partners-never", 403)
    OWN_OFFER = ("own-offer", 403)
    OFFER_DEAD = ("offer-dead", 410)

    def __init__(self, code: str, status: int):
        self.code = code
        self.status = status


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """May this be done now? If not: one sentence why, who can fix it, and one next step (with a link)."""

    code: VerdictCode
    reason: Text = ""
    who: Text = ""
    next_step: Text = ""
    next_label: Text = ""
    next_url: str = ""

    @property
    def allowed(self) -> bool:
        return self.code is VerdictCode.ALLOWED

    def require(self) -> None:
        """Raises Refused unless the act is allowed."""
        if not self.allowed:
            raise Refused(self)


ALLOWED = Verdict(code=VerdictCode.ALLOWED)


class Refused(Exception):
    """An act that its verdict forbids."""

    def __init__(self, verdict: Verdict):
        super().__init__(verdict.code.code)
        self.verdict = verdict


@dataclass(frozen=True, kw_only=True)
class Delegation:
    """A live relationship with an organisation, and the roles that one of the partner's people has by it."""

    relationship: UUID
    roles: tuple[DelegatedRole, ...]
    ends: datetime | None

    def grants(self, permission: Permission) -> bool:
        return any(permission in DELEGATED_PERMISSIONS[role] for role in self.roles)


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: a member of a tenant, a partner's person, the operator's staff, or the portal itself.

    A partner's person has an `agent_role` in the workspace and `delegations` inside a customer's organisation;
    `partner` is the company as the audit trail keeps it, `relationship` the one by which this act is done.
    """

    kind: ActorKind
    name: str
    user_id: int | None = None
    role: Role | None = None
    agent_role: AgentRole | None = None
    partner: str = ""
    partner_id: str = ""
    partner_key: int | None = None
    delegations: tuple[Delegation, ...] = ()
    relationship: UUID | None = None

    @property
    def is_partner(self) -> bool:
        return self.kind is ActorKind.PARTNER

    @property
    def delegated_roles(self) -> list[DelegatedRole]:
        """Each once, in the order of the list of roles."""
        held = {role for delegation in self.delegations for role in delegation.roles}
        return [role for role in DelegatedRole if role in held]

    def can(self, permission: Permission) -> bool:
        if self.kind is ActorKind.MEMBER:
            return self.role is not None and permission in ROLE_PERMISSIONS[self.role]
        if self.kind is ActorKind.PARTNER:
            own = AGENT_PERMISSIONS[self.agent_role] if self.agent_role else NOTHING
            return permission in own or any(delegation.grants(permission) for delegation in self.delegations)
        return permission in KIND_PERMISSIONS.get(self.kind, NOTHING)

    def may(self, permission: Permission) -> Verdict:
        if self.can(permission):
            return ALLOWED
        if self.delegations:
            return self._not_delegated(permission)
        role = self.role or self.agent_role
        return Verdict(
            code=VerdictCode.ROLE,
            reason=_("Your role here is %(role)s, which may read this but not change it.")
            % {"role": role.label if role else ""},
            who=_who_may(permission),
            next_step=_("Ask one of them to do it, or to give you the role."),
        )

    def _not_delegated(self, permission: Permission) -> Verdict:
        if any(permission in permissions for permissions in DELEGATED_PERMISSIONS.values()):
            return Verdict(
                code=VerdictCode.ROLE,
                reason=self._has_other_roles(),
                who=_who_may_there(permission),
                next_step=_("Ask one of them to do it."),
            )
        return self.partners_never(
            permission, reason=_("A partner never does this for an organization, whatever its roles are.")
        )

    def _has_other_roles(self) -> str:
        roles = [str(role.label) for role in self.delegated_roles]
        told = ngettext(
            "You work here for %(partner)s with the role %(roles)s, which does not include this.",
            "You work here for %(partner)s with the roles %(roles)s, which do not include this.",
            len(roles),
        )
        return told % {"partner": self.partner, "roles": ", ".join(roles)}

    @staticmethod
    def partners_never(permission: Permission, *, reason: str) -> Verdict:
        """What stays with the organisation's own people, whatever roles a partner has there."""
        return Verdict(
            code=VerdictCode.PARTNERS_NEVER,
            reason=reason,
            who=_who_may_there(READ_IN_ORDER_TO.get(permission, permission)),
            next_step=_("Ask one of them to do it."),
        )

    def acting_by(self, permission: Permission) -> "Actor":
        """The same person, with the relationship by which an act of this kind is allowed."""
        by = next((delegation for delegation in self.delegations if delegation.grants(permission)), None)
        return replace(self, relationship=by.relationship) if by else self


def _who_may(permission: Permission) -> str:
    if permission in IN_THE_WORKSPACE:
        agents = [role.label for role, permissions in AGENT_PERMISSIONS.items() if permission in permissions]
        return _("In your company, people with this role can do it: %(roles)s.") % {
            "roles": ", ".join(map(str, agents))
        }
    return _("A %(roles)s of your organization can do it.") % {"roles": _members_who_may(permission)}


def _who_may_there(permission: Permission) -> str:
    """The same, told to a partner's person."""
    return _("A %(roles)s of the organization can do it.") % {"roles": _members_who_may(permission)}


def _members_who_may(permission: Permission) -> str:
    roles = [role.label for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]
    return _(" or a ").join(map(str, roles))


def staff_actor(user: User) -> Actor:
    return Actor(kind=ActorKind.STAFF, name=user.name, user_id=user.pk)


def the_portal() -> Actor:
    return Actor(kind=ActorKind.SYSTEM, name="Portal")


class TenantRequest(HttpRequest):
    """What a request is inside a tenant's pages."""

    user: User
    tenant: Tenant
    actor: Actor
    memberships: list[Membership]
    htmx: HtmxDetails


View = Callable[..., HttpResponse]


def tenant_page(permission: Permission, *, capability: Capability | None = None):
    """A page to read."""
    return _tenant_view(permission, capability, {"GET", "HEAD"})


def tenant_form(permission: Permission, *, capability: Capability | None = None):
    """A page with a form that it takes itself."""
    return _tenant_view(permission, capability, {"GET", "HEAD", "POST"})


def tenant_act(permission: Permission, *, capability: Capability | None = None):
    """An act without a page of its own."""
    return _tenant_view(permission, capability, {"POST"})


def person_page(view: View) -> View:
    """A page of a person's own, outside any tenant."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        with scopes.person(request.user.pk):
            request.memberships = list(Membership.objects.of_person(request.user))
            return rendered(view(request, *args, **kwargs))

    inner.access = "person"  # type: ignore[attr-defined]
    return transaction.non_atomic_requests(inner)


def _tenant_view(permission: Permission, capability: Capability | None, methods: set[str]):
    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request, slug, *args, **kwargs):
            with scopes.person(request.user.pk) as scope:
                _resolve_actor(request, slug)
                scope.become_tenant(request.tenant.pk)
                if capability and not request.tenant.cloud_profile.allows(capability):
                    raise Http404
                if request.method == "POST":
                    _hold_delegations(request)
                request.actor.may(permission).require()
                request.actor = request.actor.acting_by(permission)
                if request.method not in methods:
                    return HttpResponseNotAllowed(sorted(methods))
                return rendered(view(request, *args, **kwargs))

        inner.access = permission  # type: ignore[attr-defined]
        return transaction.non_atomic_requests(inner)

    return decorate


def _resolve_actor(request, slug: str) -> None:
    """A member of the organisation, else a partner's person with a live relationship; else it does not exist."""
    request.memberships = list(Membership.objects.of_person(request.user))
    membership = next((m for m in request.memberships if m.tenant.slug == slug), None)
    if membership is not None:
        request.tenant = membership.tenant
        request.actor = Actor(
            kind=ActorKind.MEMBER, name=str(request.user), user_id=request.user.pk, role=Role(membership.role)
        )
    else:
        found = import_string(settings.PARTNERS_PERSON_ON_BEHALF)(request.user, slug)
        if found is None:
            request.refusal_code = "not-a-member"
            raise Http404
        request.tenant, request.actor = found
    tenant = request.tenant
    speak_as(request, language=tenant.cloud_profile.default_language, time_zone=tenant.time_zone)


def _hold_delegations(request) -> None:
    """A partner's person acts only as long as the access lasts: who ends it waits for the act, or comes before it."""
    if not request.actor.delegations:
        return
    actor = import_string(settings.PARTNERS_PERSON_HELD)(request.actor)
    if actor is None:
        request.refusal_code = "access-ended"
        raise Http404
    request.actor = actor


def speak_as(request, *, language: str, time_zone: str) -> None:
    """The account's time zone, else that of the place; the language that was asked for, else that of the place."""
    timezone.activate(zoneinfo.ZoneInfo(request.user.time_zone or time_zone))
    if not request.language_asked:
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()


def rendered(response: HttpResponse) -> HttpResponse:
    """A lazy response reads its rows now, while the scope is in force."""
    return response.render() if isinstance(response, SimpleTemplateResponse) else response
