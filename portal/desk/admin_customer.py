"""The page of a customer: everything about one organization."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from partners.models import MatchRequest, PartnerOffer, PartnerRelationship, ReleaseRequest
from partners.models.partner_relationship import RelationshipStatus
from portal.desk.admin_owner_tabs import audit_tab, mails_tab, offers_tab, orders_tab, people_tab, releases_tab
from portal.desk.admin_tabs import OwnerPage, Tab, fact, link_to, moment, named, running, state
from subscriptions.access import StaffPermission
from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.models import AuditEvent, HelpRequest, Invitation, Mail, Membership, Order, Subscription, Tenant
from subscriptions.models.people.membership import Role
from subscriptions.staff.desk import desk_page
from subscriptions.web import cells
from subscriptions.web.tables import Column

MOST_PEOPLE = 6

PEOPLE = people_tab(
    lambda tenant: Membership.objects.filter(tenant=tenant),
    last=Column(
        _("Last sign-in"), lambda row: formats.moment(row.user.last_login) if row.user.last_login else formats.DASH
    ),
    added_with="tenant",
)
SUBSCRIPTIONS = Tab(
    name="subscriptions",
    label=_("Subscriptions"),
    rows=lambda tenant: Subscription.objects.filter(tenant=tenant),
    shown=lambda rows: rows.with_partner().select_related("current__partner"),
    order="name_key",
    columns=[
        named(_("Subscription"), lambda row: row.full_name),
        state(_("Status"), "status"),
        Column(_("Licenses"), lambda row: formats.number(row.licenses_total), css="num"),
        Column(_("Cost"), lambda row: formats.money(row.cost, row.currency), css="num"),
        Column(_("Partner of record"), lambda row: _credited(row)),
        Column(_("Term ends"), lambda row: formats.day(row.term_ends_on)),
    ],
    added_with="tenant",
)
RELATIONSHIPS = Tab(
    name="relationships",
    label=_("Relationships"),
    rows=lambda tenant: PartnerRelationship.objects.filter(tenant=tenant),
    shown=lambda rows: rows.with_status().select_related("partner"),
    columns=[
        Column(_("Partner"), lambda row: link_to(row, cells.name(row.partner.name))),
        fact(_("Kind"), lambda row: row.get_kind_display()),
        fact(_("Partner ID"), lambda row: cells.code(row.partner.number)),
        running("status", RelationshipStatus, RelationshipStatus.ACTIVE),
        moment(_("Since"), "started_at"),
        moment(_("Until"), "expires_on"),
    ],
    added_with="tenant",
)
OFFERS = offers_tab(
    lambda tenant: PartnerOffer.objects.filter(tenant=tenant),
    shown=lambda rows: rows.with_state().select_related("partner"),
    other=fact(_("Partner"), lambda row: cells.name(row.partner.name)),
    added_with="tenant",
)
ORDERS = orders_tab(
    lambda tenant: Order.objects.filter(tenant=tenant),
    other=fact(_("Partner"), lambda row: cells.name(row.partner_name) if row.partner_name else ""),
)
RELEASES = releases_tab(
    lambda tenant: ReleaseRequest.objects.filter(tenant=tenant),
    shown=lambda rows: rows.select_related("partner"),
    other=Column(_("Reseller"), lambda row: link_to(row, cells.name(row.partner.name))),
)
MATCHES = Tab(
    name="matches",
    label=_("Matches"),
    rows=lambda tenant: MatchRequest.objects.filter(tenant=tenant),
    columns=[
        named(_("What help is needed")),
        state(),
        moment(_("Requested"), "requested_at"),
        fact(_("Requested by"), lambda row: cells.name(row.requested_by)),
    ],
)
HELP = Tab(
    name="help",
    label=_("Help"),
    rows=lambda tenant: HelpRequest.objects.filter(tenant=tenant),
    columns=[
        named(_("What is needed")),
        state(),
        moment(_("Requested"), "requested_at"),
        fact(_("Requested by"), lambda row: cells.name(row.requested_by)),
    ],
)


MAILS = mails_tab(lambda tenant: Mail.objects.filter(tenant=tenant))
AUDIT = audit_tab(lambda tenant: AuditEvent.objects.filter(tenant=tenant), "-at")


def _credited(row: Any) -> object:
    period = getattr(row, "current", None)
    return cells.partner(period.partner.number, period.partner.name) if period else formats.DASH


def _subtitle(tenant: Tenant) -> str:
    return formats.join_facts(tenant.slug, tenant.country_name, tenant.city)


def _facts(tenant: Tenant) -> Sequence[tuple[Text, Any]]:
    return [
        (_("Tenant ID"), tenant.uuid),
        (_("Address in the portal"), tenant.slug),
        (_("Cloud"), tenant.get_cloud_display()),
        (_("Country or region"), tenant.country_name),
        (_("City"), tenant.city or formats.DASH),
        (_("Time zone"), tenant.time_zone),
        *_held_facts(tenant),
    ]


def _held_facts(tenant: Tenant) -> list[tuple[Text, Any]]:
    if tenant.is_active or tenant.state_since is None:
        return []
    facts: list[tuple[Text, Any]] = [(tenant.get_state_display(), formats.moment(tenant.state_since))]
    return [*facts, (_("Kept until"), formats.day(tenant.kept_until))] if tenant.kept_until else facts


def _tags(tenant: Tenant) -> list[tuple[str, Text]]:
    held = [] if tenant.is_active else [("warn", tenant.get_state_display())]
    return [("info", tenant.get_cloud_display()), *held]


def _who_runs_it(_request: Any, tenant: Tenant) -> dict[str, Any]:
    """Its Global admins, and how many of these can sign in."""
    rows = Membership.objects.filter(tenant=tenant, role=Role.GLOBAL_ADMIN).select_related("user").order_by("id")
    admins = list(rows[:MOST_PEOPLE])
    number = sum(each.user.is_active for each in admins)
    why_url = f"{reverse('admin:why')}?{urlencode({'tenant': tenant.slug})}"
    return {
        "why_url": why_url,
        "admins": admins,
        "number_of_admins": number,
        "invited": None if number else _invited(tenant),
        "people_url": CUSTOMER.url_of(tenant, "people"),
    }


def _invited(tenant: Tenant) -> str | None:
    """Who could run it, where the link still works."""
    rows = Invitation.objects.live().filter(tenant=tenant, role=Role.GLOBAL_ADMIN)
    return rows.order_by("-id").values_list("name", flat=True).first()


CUSTOMER = OwnerPage(
    name="customer",
    model=Tenant,
    field="tenant",
    tabs=[PEOPLE, SUBSCRIPTIONS, RELATIONSHIPS, OFFERS, ORDERS, RELEASES, MATCHES, HELP, MAILS, AUDIT],
    subtitle=_subtitle,
    tags=_tags,
    facts=_facts,
    list_filter=lambda tenant: f"tenant={tenant.pk}",
    more=_who_runs_it,
)


@desk_page("customers/<uuid:uuid>/", name="customer", staff_permission=StaffPermission.READ_CUSTOMERS)
@require_safe
def customer(request, uuid) -> HttpResponse:
    return CUSTOMER.answer(request, uuid)


@desk_page("customers/<uuid:uuid>/<slug:tab>/", name="customer-tab", staff_permission=StaffPermission.READ_CUSTOMERS)
@require_safe
def customer_tab(request, uuid, tab) -> HttpResponse:
    return CUSTOMER.answer(request, uuid, tab)
