"""What staff can ask for somebody else: which acts of an organization or of a workspace, and about what."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.urls import URLPattern, get_resolver, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from partners.models import Partner, PartnerOffer, PartnerPerson, PartnerRelationship, ReleaseRequest
from partners.workspace_act import WorkspaceAct
from subscriptions.base import formats
from subscriptions.base.typed import read_uuid
from subscriptions.clouds import Text
from subscriptions.models import Invitation, Membership, Order, Product, Subscription, Tenant, User
from subscriptions.web.tenant_acts import TenantAct

AnyAct = type[TenantAct] | type[WorkspaceAct]
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
SUBJECTS_OF_A_WORKSPACE: dict[str, type[Model]] = {
    "customers": Tenant,
    "relationships": PartnerRelationship,
    "release-requests": ReleaseRequest,
    "offers": PartnerOffer,
    "people": PartnerPerson,
    "invitations": Invitation,
}


@dataclass(frozen=True)
class Askable:
    """An act, and what it is about; None for the organization, or the partner, itself."""

    name: str
    act: AnyAct
    subject: type[Model] | None

    @property
    def is_workspaces(self) -> bool:
        return issubclass(self.act, WorkspaceAct)

    @property
    def label(self) -> Text:
        """What it is called among others; else its title where that is the same for all, else its button."""
        known = (vars_of(self.act, name) for name in ("called", "title", "button"))
        return next((text for text in known if text), self.name)

    @property
    def full_label(self) -> str:
        itself = _("Partner") if self.is_workspaces else _("Organization")
        about = capitalized(self.subject._meta.verbose_name) if self.subject else itself
        return formats.with_note(str(self.label), about)


@dataclass(frozen=True)
class Place:
    """Where somebody wants to do something: in an organization, or in the workspace of a partner."""

    owner: Tenant | Partner

    @property
    def is_workspace(self) -> bool:
        return isinstance(self.owner, Partner)

    @property
    def name(self) -> str:
        return self.owner.name

    @property
    def cloud(self) -> str:
        return formats.with_note(self.owner.name, self.owner.get_cloud_display())

    @property
    def language(self) -> str:
        """In which a page there speaks to who has chosen none."""
        if isinstance(self.owner, Partner):
            return self.owner.language
        return self.owner.cloud_profile.default_language

    @property
    def url(self) -> str:
        return reverse("admin:partner" if self.is_workspace else "admin:customer", args=[self.owner.uuid])

    @property
    def tenant(self) -> Tenant | None:
        """In whose log the question stands."""
        return self.owner if isinstance(self.owner, Tenant) else None

    def people(self) -> QuerySet[User]:
        """Members, and people of the partners that have or had a relationship with it; of a partner its own."""
        if self.is_workspace:
            found = Q(pk__in=PartnerPerson.objects.filter(partner=self.owner.pk).values("user"))
        else:
            members = Membership.objects.filter(tenant=self.owner.pk).values("user")
            partners = PartnerRelationship.objects.filter(tenant=self.owner.pk).values("partner")
            agents = PartnerPerson.objects.filter(partner__in=partners).values("user")
            found = Q(pk__in=members) | Q(pk__in=agents)
        return User.objects.filter(found).order_by("name_key", "id")

    def acts(self) -> list[Askable]:
        return [each for each in askable().values() if each.is_workspaces == self.is_workspace]

    def subjects(self, act: Askable) -> QuerySet[Any]:
        if act.subject is None:
            return Subscription.objects.none()
        rows: QuerySet[Any] = act.subject._default_manager.order_by("-id")
        if act.subject is Product:
            return rows.filter(cloud=self.owner.cloud)
        if act.subject is Tenant:
            tied = PartnerRelationship.objects.filter(partner=self.owner.pk).values("tenant")
            return rows.filter(pk__in=tied)
        return rows.filter(**{"partner" if self.is_workspace else "tenant": self.owner})


def find_place(text: str) -> Place | None:
    """By the address in the portal or the tenant ID of an organization, or by a partner's ID."""
    uuid = uuid_in(text)
    tenants = Tenant.objects.with_cloud_status().filter(Q(slug=text.lower()) if uuid is None else Q(uuid=uuid))
    partners = Partner.objects.filter(Q(number=text) if uuid is None else Q(uuid=uuid))
    found = (tenants.first() or partners.first()) if text else None
    return Place(found) if found else None


def uuid_in(text: str) -> UUID | None:
    try:
        return read_uuid(text)
    except ValueError:
        return None


def capitalized(text: Any) -> str:
    return str(text)[:1].upper() + str(text)[1:]


def vars_of(act: AnyAct, name: str) -> Text:
    value = getattr(act, name)
    return value if isinstance(value, str | Promise) else ""


@cache
def askable() -> dict[str, Askable]:
    """Each act of the registry that a member or a partner's person does in an organization or in a workspace."""
    found = {}
    for name, route, view in _addresses(get_resolver().url_patterns, "", ""):
        act = getattr(view, "act", None)
        if not isinstance(act, type) or not issubclass(act, TenantAct | WorkspaceAct):
            continue
        subjects = SUBJECTS_OF_A_WORKSPACE if issubclass(act, WorkspaceAct) else SUBJECTS
        noun = route.split("/<uuid:uuid>")[0].rpartition("/")[2] if "<uuid:uuid>" in route else ""
        captured = route.count("<") - route.count("<slug:")
        if (not noun and captured == 0) or (noun in subjects and captured == 1):
            found[name] = Askable(name, act, subjects[noun] if noun else None)
    return found


def _addresses(patterns: Any, route: str, space: str) -> Iterator[tuple[str, str, Any]]:
    for pattern in patterns:
        path = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", path, pattern.callback
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _addresses(pattern.url_patterns, path, inner)
