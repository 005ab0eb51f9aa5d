"""One partner: for what it is credited, what its people may do, and each tie with its acts and reasons."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.directory import serving
from partners.directory.rules import flag_of
from partners.models import Partner, PartnerRelationship
from partners.models.partner_relationship import RelationshipKind, RelationshipStatus
from partners.overview.pages import waiting_rows
from partners.partner_of_record.reads import credits_of, partners_with_credits
from partners.relationships.pages.words import (
    MAY_VIEW,
    acts_on_access,
    breadcrumbs,
    describe_relationship,
    told_events,
)
from partners.relationships.reads import relationships_with
from partners.relationships.rows import advisor_row, row_of
from subscriptions.access import Permission, delegated_permissions
from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.models.state_by_date import DATED, status_in
from subscriptions.models.subscription import SubscriptionStatus, full_name
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.subscriptions.status_tags import STATUS_TAGS
from subscriptions.web import cells
from subscriptions.web.lists import List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.paging import subscription_count
from subscriptions.web.tables import Column, Place

# What an organization asks itself of a partner's access, in this order
ACCESS = {
    Permission.READ_SUBSCRIPTIONS: gettext_lazy("See your subscriptions"),
    Permission.READ_PEOPLE: gettext_lazy("See your people"),
    Permission.CHANGE_LICENSES: gettext_lazy("Lower the number of licenses, never add any"),
    Permission.RESET_SIGN_IN: gettext_lazy("Reset the sign-in of people who are no admins"),
    Permission.SET_PARTNER_OF_RECORD: gettext_lazy("Name a partner of record, or change it"),
    Permission.BUY: gettext_lazy("Buy, or change how you pay"),
    Permission.END_RELATIONSHIP: gettext_lazy("End partner relationships"),
}


class PartnerCredits(List[TenantRequest]):
    """The subscriptions that credit it, the newest credit first."""

    title = gettext_lazy("Subscriptions that credit this partner")
    values = tuple(f"subscription__{name}" for name in ("uuid", "name", "own_name", *DATED))
    order = "-began"

    def __init__(self, request: TenantRequest, partner: Partner):
        super().__init__(request)
        self.partner = partner

    def found(self, wanted: dict) -> QuerySet:
        return credits_of(self.request.tenant, self.partner)

    def described(self, rows: list[dict]) -> list[dict]:
        """By their date; what is deleted by it is not listed, while the hourly job has not written it."""
        today, shown = today_of(self.request.tenant), []
        for row in rows:
            status = status_in(row, today, "subscription__")
            if status != SubscriptionStatus.DELETED:
                shown.append(row | {"status": status})
        return shown

    @property
    def columns(self) -> list[Column]:
        prefix = reverse("subscriptions:list", args=[self.request.tenant.slug])

        def name(row: dict) -> object:
            named = full_name(row["subscription__name"], row["subscription__own_name"])
            return cells.link(f"{prefix}{row['subscription__uuid']}/", cells.name(named))

        def state(row: dict) -> object:
            return cells.tag(STATUS_TAGS[row["status"]], row["status"].label)

        return [
            Column(_("Name"), name),
            Column(_("Status"), state, place=Place.STATE),
            Column(_("Credited since"), lambda row: formats.day(row["began"]), css="day", place=Place.DAY),
        ]


@tenant_page(Permission.READ_RELATIONSHIPS, capability=MAY_VIEW)
def partner_detail(request: TenantRequest, uuid: UUID) -> HttpResponse:
    """Of a partner that has or had anything to do with the organization; any other is not found."""
    partner: Any = get_object_or_404(partners_with_credits(request.tenant), uuid=uuid)
    relationships = relationships_with(request.tenant, partner)
    if not (relationships or partner.since):
        raise Http404
    ties = [_tie(request, relationship) for relationship in relationships]
    if partner.since:
        ties.insert(0, {"shown": describe_relationship(request, advisor_row(partner))})
    flag = flag_of(partner.state)
    live = any(relationship.status == RelationshipStatus.ACTIVE for relationship in relationships)
    is_customer = live or partner.since is not None
    context = {
        "partner": partner,
        "flag": flag,
        "profile": request.tenant.cloud_profile,
        "breadcrumbs": [*breadcrumbs(request), (partner.name, None)],
        "ties": ties,
        "waiting": waiting_rows(request, partner),
        "served_by": serving.names_of(partner, request.tenant, is_customer=is_customer) if not flag else [],
        "access": _access(relationships) if not flag else [],
        "events": told_events(request, relationships) if relationships else [],
    }
    return render(request, "partners/partner_detail.html", context | _credited(request, partner))


def _tie(request: TenantRequest, relationship: PartnerRelationship) -> dict:
    """With what can be done about it."""
    acts = acts_on_access(request, relationship) if _gives_access(relationship) else {}
    return {"shown": describe_relationship(request, row_of(relationship)), "key": str(relationship.uuid), **acts}


def _gives_access(relationship: PartnerRelationship) -> bool:
    is_active = relationship.status == RelationshipStatus.ACTIVE
    return is_active and relationship.kind == RelationshipKind.DELEGATED_ADMIN


def _access(relationships: list[PartnerRelationship]) -> list[tuple[Text, bool]]:
    """Each thing with whether the roles of all relationships in force allow it; empty where there are none."""
    granted = delegated_permissions(role for row in relationships if _gives_access(row) for role in row.roles)
    return [(told, permission in granted) for permission, told in ACCESS.items()] if granted else []


def _credited(request: TenantRequest, partner: Any) -> dict:
    if not partner.since:
        return {}
    credits = PartnerCredits(request, partner)
    return {
        "credits": credits.table,
        "page": credits.page,
        "count": subscription_count(partner.subscriptions),
        "credits_url": f"{reverse('subscriptions:list', args=[request.tenant.slug])}?partner_id={partner.number}",
    }
