"""The page of a partner: everything about one partner ID."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django_countries import countries

from partners.models import (
    MatchRequest,
    Partner,
    PartnerOffer,
    PartnerOfRecord,
    PartnerPerson,
    PartnerRelationship,
    ReleaseRequest,
)
from partners.models.partner import PartnerState
from partners.models.partner_relationship import RelationshipStatus
from portal.desk.admin_owner_tabs import audit_tab, mails_tab, offers_tab, orders_tab, people_tab, releases_tab
from portal.desk.admin_tabs import OwnerPage, Tab, fact, link_to, moment, named, running, state
from subscriptions.access import StaffPermission
from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.models import AuditEvent, Mail, Order
from subscriptions.staff.columns import format_fact
from subscriptions.staff.desk import desk_page
from subscriptions.web import cells
from subscriptions.web.tables import Column

ORGANIZATION = fact(_("Organization"), lambda row: cells.name(row.tenant.name))

PEOPLE = people_tab(
    lambda partner: PartnerPerson.objects.filter(partner=partner),
    last=moment(_("Since"), "since"),
    added_with="partner",
)
CREDITS = Tab(
    name="subscriptions",
    label=_("Subscriptions"),
    rows=lambda partner: PartnerOfRecord.objects.filter(partner=partner).in_force(),
    shown=lambda rows: rows.select_related("subscription", "tenant"),
    columns=[
        Column(_("Subscription"), lambda row: link_to(row.subscription, cells.name(row.subscription.full_name))),
        ORGANIZATION,
        Column(_("Status"), lambda row: cells.tag("neutral", row.subscription.get_status_display())),
        Column(_("Licenses"), lambda row: formats.number(row.subscription.licenses_total), css="num"),
        Column(_("Since"), lambda row: link_to(row, formats.moment(row.valid.lower))),
    ],
)
RELATIONSHIPS = Tab(
    name="relationships",
    label=_("Relationships"),
    rows=lambda partner: PartnerRelationship.objects.filter(partner=partner),
    shown=lambda rows: rows.with_status().select_related("tenant"),
    columns=[
        Column(_("Organization"), lambda row: link_to(row, cells.name(row.tenant.name))),
        fact(_("Kind"), lambda row: row.get_kind_display()),
        running("status", RelationshipStatus, RelationshipStatus.ACTIVE),
        moment(_("Since"), "started_at"),
        moment(_("Until"), "expires_on"),
    ],
    added_with="partner",
)
OFFERS = offers_tab(
    lambda partner: PartnerOffer.objects.filter(partner=partner),
    shown=lambda rows: rows.select_related("tenant"),
    other=ORGANIZATION,
    added_with="partner",
)
ORDERS = orders_tab(
    lambda partner: Order.objects.filter(partner_number=partner.number if partner else ""),
    shown=lambda rows: rows.select_related("tenant"),
    other=ORGANIZATION,
)
RELEASES = releases_tab(
    lambda partner: ReleaseRequest.objects.filter(partner=partner),
    shown=lambda rows: rows.select_related("tenant"),
    other=Column(_("Organization"), lambda row: link_to(row, cells.name(row.tenant.name))),
)
MATCHES = Tab(
    name="matches",
    label=_("Matches"),
    rows=lambda partner: MatchRequest.objects.filter(asked__partner=partner),
    shown=lambda rows: rows.select_related("tenant"),
    columns=[named(_("What help is needed")), state(), ORGANIZATION, moment(_("Requested"), "requested_at")],
)
MAILS = mails_tab(lambda partner: Mail.objects.filter(to_company_number=partner.number if partner else ""))
AUDIT = audit_tab(lambda partner: AuditEvent.objects.filter(subject_uuid=partner.uuid if partner else None), "-id")


def _facts(partner: Partner) -> Sequence[tuple[Text, Any]]:
    families = format_fact(partner.authorized_families, partner, "authorized_families")
    return [
        (_("Partner ID"), partner.number),
        (_("Kind of ID"), partner.get_kind_display()),
        (_("Company mailbox"), partner.mailbox),
        (_("Language of its mails"), partner.get_language_display()),
        (_("Authorized in"), formats.join_list(map(countries.name, partner.authorized_countries)) or formats.DASH),
        (_("Authorized for"), _("All services") if partner.authorized_for_all else families),
        (_("Country or region"), countries.name(str(partner.country))),
        (_("City"), partner.city),
        (_("Phone"), partner.phone or formats.DASH),
        (_("Website"), partner.website or formats.DASH),
        (_("UUID"), partner.uuid),
    ]


PARTNER = OwnerPage(
    name="partner",
    model=Partner,
    field="partner",
    tabs=[PEOPLE, CREDITS, RELATIONSHIPS, OFFERS, ORDERS, RELEASES, MATCHES, MAILS, AUDIT],
    subtitle=lambda partner: formats.join_facts(partner.number, partner.get_kind_display(), partner.city),
    tags=lambda partner: [
        ("ok" if partner.state == PartnerState.ACTIVE else "warn", partner.get_state_display()),
        ("info", partner.get_cloud_display()),
    ],
    facts=_facts,
    list_filter=lambda partner: f"partner={partner.pk}",
    more=lambda _request, partner: {"why_url": f"{reverse('admin:why')}?{urlencode({'tenant': partner.number})}"},
)


@desk_page("partners/<uuid:uuid>/", name="partner", staff_permission=StaffPermission.READ_PARTNERS)
@require_safe
def partner(request, uuid) -> HttpResponse:
    return PARTNER.answer(request, uuid)


@desk_page("partners/<uuid:uuid>/<slug:tab>/", name="partner-tab", staff_permission=StaffPermission.READ_PARTNERS)
@require_safe
def partner_tab(request, uuid, tab) -> HttpResponse:
    return PARTNER.answer(request, uuid, tab)
