"""Why can't I? Staff ask for somebody else what the pages would answer, rule by rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.template.response import TemplateResponse
from django.urls import URLPattern, get_resolver, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_safe

from partners.models import PartnerOffer, PartnerPerson, PartnerRelationship, ReleaseRequest
from portal.desk.admin_page import page_context
from portal.desk.admin_rule_words import STAGES, looked_at, name_of
from portal.desk.admin_tracing import Trace, trace
from subscriptions.access import StaffPermission
from subscriptions.base import formats
from subscriptions.base.typed import plain, read_uuid
from subscriptions.clouds import Text
from subscriptions.models import Membership, Order, Product, Subscription, Tenant, User
from subscriptions.staff.desk import Group, desk_page
from subscriptions.web.tenant_acts import TenantAct

MOST_OFFERED = 200
NOT_FOUND = 404  # a page that tells nothing
# By the noun before the ID in an address: what an act there is about
SUBJECTS: dict[str, type[Model]] = {
    "subscriptions": Subscription,
    "partner-relationships": PartnerRelationship,
    "release-requests": ReleaseRequest,
    "offers": PartnerOffer,
    "check-out": Order,
    "orders": Order,
    "people": Membership,
    "members": Membership,
    "purchase-services": Product,
}


@dataclass(frozen=True)
class Askable:
    """An act inside an organization, and what it is about; None for the organization itself."""

    name: str
    act: type[TenantAct]
    subject: type[Model] | None

    @property
    def label(self) -> Text:
        """Its title where that is the same for all; else its button, else its name."""
        known = (vars_of(self.act, name) for name in ("title", "button"))
        return next((text for text in known if text), self.name)

    @property
    def full_label(self) -> str:
        about = capitalized(self.subject._meta.verbose_name) if self.subject else _("Organization")
        return formats.with_note(str(self.label), about)


def capitalized(text: Any) -> str:
    return str(text)[:1].upper() + str(text)[1:]


def vars_of(act: type[TenantAct], name: str) -> Text:
    value = getattr(act, name)
    return value if isinstance(value, str | Promise) else ""


@cache
def askable() -> dict[str, Askable]:
    """Each act of the registry that a member or a partner's person does in an organization."""
    found = {}
    for name, route, view in _addresses(get_resolver().url_patterns, "", ""):
        act = getattr(view, "act", None)
        if isinstance(act, type) and issubclass(act, TenantAct):
            noun = route.split("/<uuid:uuid>")[0].rpartition("/")[2] if "<uuid:uuid>" in route else ""
            captured = route.count("<") - route.count("<slug:slug>")
            if (not noun and captured == 0) or (noun in SUBJECTS and captured == 1):
                found[name] = Askable(name, act, SUBJECTS[noun] if noun else None)
    return found


def _addresses(patterns: Any, route: str, space: str) -> Iterator[tuple[str, str, Any]]:
    for pattern in patterns:
        path = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", path, pattern.callback
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _addresses(pattern.url_patterns, path, inner)


@dataclass(frozen=True)
class Line:
    """One rule of the answer, as the table shows it."""

    rule: Text
    looked_at: str
    found: str
    outcome: Text
    css: str
    row_css: str = ""


def lines_of(traced: Trace, *, person: User, tenant: Tenant) -> list[Line]:
    """The stages before the act, up to where it stopped, then each rule of the act in the order that it was asked."""
    lines = []
    for stage, label in STAGES.items():
        is_stop = stage == traced.stage
        seen = formats.with_note(tenant.name, tenant.get_cloud_display()) if stage == "cloud" else ""
        seen = str(person) if stage in ("person", "member") else seen or tenant.name
        reason = str(traced.verdict.reason) if is_stop and traced.verdict else ""
        lines.append(Line(label, seen, reason, *(_stopped() if is_stop else _passed())))
        if is_stop:
            return lines
    is_over = False
    for rule in traced.rules:
        is_stop = not is_over and not rule.verdict.allowed
        outcome = _not_reached() if is_over else _stopped() if is_stop else _passed()
        found = "" if is_over else str(rule.verdict.reason)
        lines.append(Line(name_of(rule.name), looked_at(rule.inputs), found, *outcome))
        is_over = is_over or is_stop
    return lines


def _passed() -> tuple[str, str]:
    return _("Passed"), "ok"


def _stopped() -> tuple[str, str, str]:
    return _("Stopped here"), "bad", "stop"


def _not_reached() -> tuple[str, str, str]:
    return _("Not reached"), "neutral", "after"


@desk_page(
    "why/",
    name="why",
    staff_permission=StaffPermission.READ_CUSTOMERS,
    label=gettext_lazy("Why can't I?"),
    group=Group.CUSTOMERS,
)
@require_safe
def why(request) -> TemplateResponse:
    """A form that is sent by GET: what is missing or unknown is said, and nothing is asked then."""
    asked = {name: plain(request.GET.get(name, ""))[:200] for name in ("tenant", "person", "act", "on")}
    tenant = _find_tenant(asked["tenant"])
    key = _uuid(asked["person"])
    person = _people_of(tenant).filter(uuid=key).first() if tenant and key else None
    act = askable().get(asked["act"])
    context = page_context(request, _("Why can't I?")) | {
        "asked": asked,
        "tenant": tenant,
        "people": _people_of(tenant)[:MOST_OFFERED] if tenant else [],
        "acts": sorted(((each.name, each.full_label) for each in askable().values()), key=lambda pair: pair[1]),
        "subjects": [(row.uuid, str(row)) for row in _subjects(act, tenant)[:MOST_OFFERED]] if act and tenant else [],
        "needs_subject": bool(act and act.subject),
        "problem": _problem(asked, tenant, person, act),
        "customer_url": reverse("admin:customer", args=[tenant.uuid]) if tenant else "",
    }
    if tenant and person and act and not context["problem"]:
        context |= _answer(act, person, tenant, asked["on"])
    status = 422 if context["problem"] else 200
    return TemplateResponse(request, "admin/why.html", context, status=status)


def _answer(act: Askable, person: User, tenant: Tenant, on: str) -> dict[str, Any]:
    address = {"uuid": _uuid(on)} if act.subject else {}
    traced = trace(act.act, person=person, tenant=tenant, address=address)
    language = person.language or tenant.cloud_profile.default_language
    verdict = traced.verdict
    with override(language):
        is_told = verdict is not None and verdict.code.status != NOT_FOUND
        said = formats.sentences(verdict.reason, verdict.who, verdict.next_step) if verdict and is_told else ""
    decision = traced.act.decision if traced.act and traced.is_allowed else None
    return {
        "traced": traced,
        "person": person,
        "said": said,
        "language": language,
        "lines": lines_of(traced, person=person, tenant=tenant),
        "minutes": decision.minutes if decision else 0,
    }


def _problem(asked: dict[str, str], tenant: Tenant | None, person: User | None, act: Askable | None) -> str:
    if asked["tenant"] and not tenant:
        return _("There is no organization with this address in the portal or tenant ID.")
    if asked["person"] and tenant and not person:
        return _("This person neither belongs to the organization nor works for a partner of it.")
    if asked["act"] and not act:
        return _("Choose an act from the list.")
    if act and act.subject and person and not _uuid(asked["on"]):
        return _("Say what it is about: choose from the list, or paste the UUID from its page.")
    return ""


def _find_tenant(text: str) -> Tenant | None:
    uuid = _uuid(text)
    found = Tenant.objects.with_cloud_status()
    return found.filter(Q(slug=text.lower()) if uuid is None else Q(uuid=uuid)).first() if text else None


def _people_of(tenant: Tenant | None) -> QuerySet[User]:
    """Members, and people of the partners that have or had a relationship with it."""
    members = Membership.objects.filter(tenant=tenant).values("user")
    partners = PartnerRelationship.objects.filter(tenant=tenant).values("partner")
    agents = PartnerPerson.objects.filter(partner__in=partners).values("user")
    return User.objects.filter(Q(pk__in=members) | Q(pk__in=agents)).order_by("name_key", "id")


def _subjects(act: Askable, tenant: Tenant) -> QuerySet[Any]:
    if act.subject is None:
        return Subscription.objects.none()
    rows: QuerySet[Any] = act.subject._default_manager.order_by("-id")
    if act.subject is Product:
        return rows.filter(cloud=tenant.cloud)
    return rows.filter(tenant=tenant)


def _uuid(text: str) -> UUID | None:
    try:
        return read_uuid(text)
    except ValueError:
        return None
