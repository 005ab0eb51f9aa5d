"""Who may do what: roles, permissions, verdicts, and the decorators that every page view wears.

The table below is the only place that knows what a role may do. Each decorator finds the actor, enters the tenant's
database scope, runs the view and renders its answer inside that scope.
"""

import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import SimpleTemplateResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from subscriptions import scopes
from subscriptions.clouds import Capability, Text
from subscriptions.models import Membership, Tenant, User
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.tenant import Role


class Permission(Enum):
    READ = "read"
    SET_PARTNER_OF_RECORD = "set-partner-of-record"
    END_RELATIONSHIP = "end-relationship"
    READ_AUDIT_LOG = "read-audit-log"
    BUY = "buy"
    MANAGE_SUBSCRIPTIONS = "manage-subscriptions"


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.GLOBAL_ADMIN: frozenset(Permission),
    Role.BILLING_ADMIN: frozenset(
        {
            Permission.READ,
            Permission.SET_PARTNER_OF_RECORD,
            Permission.READ_AUDIT_LOG,
            Permission.BUY,
            Permission.MANAGE_SUBSCRIPTIONS,
        }
    ),
    Role.GLOBAL_READER: frozenset({Permission.READ, Permission.READ_AUDIT_LOG}),
}

# Whoever acts for the operator; a kind of actor that stands neither here nor above may do nothing.
NOTHING: frozenset[Permission] = frozenset()
KIND_PERMISSIONS: dict[ActorKind, frozenset[Permission]] = {
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
    NOTHING_TO_UNDO = ("nothing-to-undo", 409)
    WRONG_STATE = ("wrong-state", 409)
    PARTNER_NOT_USABLE = ("partner-not-usable", 409)
    LAST_GLOBAL_ADMIN = ("last-global-admin", 409)
    NO_TRIAL = ("no-trial", 409)
    TRIAL_USED = ("trial-used", 409)
    ORDER_NOT_DRAFT = ("order-not-draft", 409)
    ORDER_NOT_READY = ("order-not-ready", 409)

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
class Actor:
    """Who acts: a member of a tenant, the operator's staff, or the portal itself."""

    kind: ActorKind
    name: str
    user_id: int | None = None
    role: Role | None = None

    def can(self, permission: Permission) -> bool:
        if self.kind is ActorKind.MEMBER:
            return self.role is not None and permission in ROLE_PERMISSIONS[self.role]
        return permission in KIND_PERMISSIONS.get(self.kind, NOTHING)

    def may(self, permission: Permission) -> Verdict:
        if self.can(permission):
            return ALLOWED
        return Verdict(
            code=VerdictCode.ROLE,
            reason=_("Your role here is %(role)s, which may read this but not change it.")
            % {"role": self.role.label if self.role else ""},
            who=_who_may(permission),
            next_step=_("Ask one of them to do it, or to give you the role."),
        )


def _who_may(permission: Permission) -> str:
    roles = [role.label for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]
    return _("A %(roles)s of your organization can do it.") % {"roles": _(" or a ").join(map(str, roles))}


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
            return _rendered(view(request, *args, **kwargs))

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
                request.actor.may(permission).require()
                if request.method not in methods:
                    return HttpResponseNotAllowed(sorted(methods))
                return _rendered(view(request, *args, **kwargs))

        inner.access = permission  # type: ignore[attr-defined]
        return transaction.non_atomic_requests(inner)

    return decorate


def _resolve_actor(request, slug: str) -> None:
    request.memberships = list(Membership.objects.of_person(request.user))
    membership = next((m for m in request.memberships if m.tenant.slug == slug), None)
    if membership is None:
        request.refusal_code = "not-a-member"
        raise Http404
    request.tenant = membership.tenant
    request.actor = Actor(
        kind=ActorKind.MEMBER, name=str(request.user), user_id=request.user.pk, role=Role(membership.role)
    )
    _speak_as(request)


def _speak_as(request) -> None:
    """The account's time zone, else the tenant's; the language that was asked for, else the cloud's."""
    timezone.activate(zoneinfo.ZoneInfo(request.user.time_zone or request.tenant.time_zone))
    if not request.language_asked:
        translation.activate(request.tenant.cloud_profile.default_language)
        request.LANGUAGE_CODE = translation.get_language()


def _rendered(response: HttpResponse) -> HttpResponse:
    """A lazy response reads its rows now, while the scope is in force."""
    return response.render() if isinstance(response, SimpleTemplateResponse) else response
