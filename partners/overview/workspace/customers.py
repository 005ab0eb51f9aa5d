"""Workspace > Customers: the organizations that a partner works with, and one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partners.access import PartnerRequest, partner_page
from partners.directory import serving
from partners.models import PartnerRelationship, ReleaseRequest
from partners.models.partner_relationship import RelationshipKind, RelationshipStatus
from partners.offers.workspace.list import customer_offers
from partners.overview import customers
from partners.overview.credit_values import list_prices
from partners.overview.credited_subscriptions import credits_listed, facts
from partners.overview.customers import Credit
from partners.overview.forms import CustomerFilterForm
from partners.overview.workspace.rows import CREDITED, credit_columns
from partners.relationships import acts as relationships
from partners.relationships.pages.words import STATUS_TAGS
from partners.relationships.releases.page_parts import RESELLER_READS, state_of
from partners.relationships.workspace import may_leave
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.base.markup import join_markup, markup
from subscriptions.models import Tenant
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.verdicts import Verdict, first_refusal
from subscriptions.web import cells
from subscriptions.web.files.file_rows import day_cell
from subscriptions.web.files.list_file import Filled
from subscriptions.web.lists import NOTHING, Empty, List
from subscriptions.web.paging import Page, Sort, capped, page_fetched, total_of
from subscriptions.web.role_words import ROLE_DESCRIPTIONS
from subscriptions.web.tables import Column, Place, Table

FACTS = ("id", "name_key", "uuid", "name", "slug", "country", "cloud", "state", "state_since", "kept_until")
SHOWN_SUBSCRIPTIONS = 25


@dataclass(frozen=True)
class Customer:
    """An organization with its ties, as one row."""

    tenant: Tenant
    ties: list[PartnerRelationship]
    credit: Credit | None
    url: str
    open_url: str
    may_open: Verdict

    @property
    def held(self) -> str:
        """The state of an organization that is not active."""
        return "" if self.tenant.is_active else self.tenant.get_state_display()

    @property
    def since(self) -> datetime | None:
        """None where the last tie has ended while the page was put together."""
        began = [tie.started_at for tie in self.ties] + ([self.credit.since] if self.credit else [])
        return min(began, default=None)

    @property
    def kinds(self) -> list[str]:
        """What it is to the partner, each once."""
        advises = [str(RelationshipKind.SUBSCRIPTION_ADVISOR.label)] if self.credit else []
        return list(dict.fromkeys([*(tie.get_kind_display() for tie in self.ties), *advises]))

    @property
    def roles(self) -> list[str]:
        return list(dict.fromkeys(role for tie in self.ties for role in tie.get_roles_display()))

    @property
    def next_end(self) -> PartnerRelationship | None:
        """The live relationship that runs out first."""
        ending = [(tie.expires_on, tie.pk, tie) for tie in self.ties if tie.expires_on and not tie.auto_extend]
        return min(ending)[2] if ending else None


def _organization(customer: Customer) -> SafeString:
    tenant = customer.tenant
    where = f" · {tenant.whereabouts}"
    below = cells.below(cells.together(cells.code(tenant.slug), where))
    held = cells.warning(customer.held) if customer.held else ""
    return cells.together(cells.link(customer.url, cells.name(tenant.name)), held, below)


def _relationships(customer: Customer) -> SafeString:
    """The ties, each with its roles, then what is no stored tie."""
    ties = [
        (tie.get_kind_display(), cells.below(formats.join_list(tie.get_roles_display()))) for tie in customer.ties
    ]
    advises = [(_("Subscription advisor"), "")] if customer.credit else []
    return join_markup(markup("<div>{}{}</div>", *tie) for tie in [*ties, *advises])


def _end(customer: Customer) -> object:
    tie: Any = customer.next_end
    if not tie:
        return _("No end date")
    day = markup('<span class="day">{}</span>', formats.day(tie.expires_on))
    return cells.together(day, cells.warning(_("Ends soon")) if tie.ends_soon else "")


class CustomerList(List[PartnerRequest]):
    title = _("Customers")
    subtitle = _("The organizations that have a relationship with your company or credit it on a subscription.")
    caption = _("Customers of your company")
    form_class = CustomerFilterForm
    filter_label = _("Filter customers")
    values = FACTS
    order = "name_key"
    none_matches = Empty(
        _("No customer matches these filters."), why=_("Remove a filter above, or clear all of them.")
    )
    nothing_yet = Empty(
        NOTHING.sentence,
        why=_("No organization has a relationship with your company yet, and no subscription credits it."),
        who=_("Give your partner ID to an organization: its admins name your company on a subscription."),
        icon="building_multiple",
    )
    columns = (
        Column(_("Organization"), _organization),
        Column(_("Relationship"), _relationships, place=Place.LINE),
        Column(_("Since"), lambda customer: formats.day(customer.since) if customer.since else "", css="day"),
        Column(_("Ends"), _end),
        Column(
            _("Credited"),
            lambda customer: formats.number(customer.credit.subscriptions) if customer.credit else "0",
            css="num",
            more=_("subscriptions"),
        ),
        Column(
            _("Action"),
            lambda customer: cells.part("workspace/_open_on_behalf.html", customer=customer),
            place=Place.LINE,
        ),
    )

    file_columns = (
        Column(_("Organization"), value=lambda customer: customer.tenant.name),
        Column(_("The organization's address in the portal"), value=lambda customer: customer.tenant.slug),
        Column(_("Organization ID"), value=lambda customer: str(customer.tenant.uuid)),
        Column(_("Country or region"), value=lambda customer: customer.tenant.country_code),
        Column(_("Cloud"), value=lambda customer: customer.tenant.cloud_profile.label),
        Column(_("Relationship"), value=lambda customer: formats.join_list(customer.kinds)),
        Column(_("Roles"), value=lambda customer: formats.join_list(customer.roles)),
        Column(_("Since"), value=lambda customer: day_cell(customer.since), in_zone=True),
        Column(
            _("Ends"),
            value=lambda customer: customer.next_end.expires_on if customer.next_end else None,
            in_zone=True,
        ),
        Column(
            _("Credited subscriptions"),
            value=lambda customer: customer.credit.subscriptions if customer.credit else 0,
        ),
    )

    @property
    def file_name(self) -> str:  # type: ignore[override]
        return f"customers-{self.request.partner.number}"

    @property
    def filled(self) -> Filled:
        return self.described

    def found(self, wanted: dict) -> QuerySet:
        return customers.customers(self.request.partner, text=wanted["q"], tie=wanted["tie"])

    @cached_property
    def page(self) -> Page:
        """Found by what is kept of this partner alone, with each organization how many there are."""
        return page_fetched(self._fetch, self.sort, self.request.GET) if self.is_valid else Page([], None, None)

    def _fetch(self, direction: Sort, key: list | None) -> list[dict]:
        kept = self.found(self.wanted)
        tenants = Tenant.objects.filter(pk__in=customers.keys_of_page(kept, direction, key))
        counted = tenants.annotate(in_all=total_of(kept.values("tenant_id")))
        return list(direction.apply(counted).values(*FACTS, "in_all"))

    @cached_property
    def all_found(self) -> QuerySet:
        return Tenant.objects.filter(pk__in=self.found(self.wanted).values("tenant_id"))

    def described(self, rows: list[dict]) -> list[Customer]:
        ids, partner = [row["id"] for row in rows], self.request.partner
        ties, credits = customers.ties(partner, ids), customers.credits_of(partner, ids)
        tenants = [Tenant(**{name: row[name] for name in FACTS}) for row in rows]
        return [_customer(self.request, each, ties.get(each.pk, []), credits.get(each.pk)) for each in tenants]

    def counted(self, total: int) -> str:
        return ngettext("%(count)s customer", "%(count)s customers", total) % {"count": capped(total)}


customer_list = partner_page(Permission.READ_WORKSPACE)(CustomerList.view)


def _customer(
    request: PartnerRequest, tenant: Tenant, ties: list[PartnerRelationship], credit: Credit | None
) -> Customer:
    return Customer(
        tenant=tenant,
        ties=ties,
        credit=credit,
        url=reverse("workspace:customer", args=[request.partner.number, tenant.uuid]),
        open_url=reverse("admin-home", args=[tenant.slug]),
        may_open=customers.may_open(request.actor, tenant, ties),
    )


@partner_page(Permission.READ_WORKSPACE)
def customer_detail(request: PartnerRequest, uuid: UUID) -> HttpResponse:
    """Ties that are over stay here, the live ones first."""
    partner = request.partner
    tenant = Tenant.objects.with_cloud_status().filter(uuid=uuid).first()
    if tenant is None:
        raise Http404
    ties = _ties_with(request, tenant)
    credits = customers.credits_of(partner, [tenant.pk])
    if not ties and not credits:
        raise Http404
    asked = {row.relationship_id: row for row in _asked(request, tenant, ties)}
    live = [tie for tie in ties if tie.status == RelationshipStatus.ACTIVE]
    context = {
        "customer": _customer(request, tenant, live, credits.get(tenant.pk)),
        "ties": [_tie(request, tenant, tie) | _release(request, tie, asked.get(tie.pk)) for tie in ties],
        "credited": _credited(request, tenant) if credits else None,
        "offers": customer_offers(request, tenant),
        "all_url": f"{reverse('workspace:partner-of-record', args=[partner.number])}?customer={tenant.uuid}",
        "breadcrumbs": [
            (_("Customers"), reverse("workspace:customers", args=[partner.number])),
            (tenant.name, None),
        ],
    }
    return render(
        request,
        "workspace/customer_detail.html",
        context | _served(request, tenant, is_customer=bool(live or credits)),
    )


def _ties_with(request: PartnerRequest, tenant: Tenant) -> list[PartnerRelationship]:
    """The live ones first, then by when they began."""
    ties = PartnerRelationship.objects.of_partner(request.partner).filter(tenant=tenant).select_related("tenant")
    return sorted(
        ties.with_status().with_ends_soon(),
        key=lambda tie: (tie.status != RelationshipStatus.ACTIVE, tie.started_at),
    )


def _served(request: PartnerRequest, tenant: Tenant, *, is_customer: bool) -> dict[str, Any]:
    return {
        "served_by": serving.names_of(request.partner, tenant, is_customer=is_customer),
        "may_say": first_refusal(
            [request.actor.may(Permission.MANAGE_PEOPLE), serving.may_say_who_serves(is_customer=is_customer)]
        ),
        "say_url": reverse("workspace:customer-people", args=[request.partner.number, tenant.uuid]),
    }


def _credited(request: PartnerRequest, tenant: Tenant) -> Table:
    periods = credits_listed(request.partner, customer=tenant)
    newest = periods.order_by("-began", "-pk").values_list("pk", flat=True)[:SHOWN_SUBSCRIPTIONS]
    rows = facts(request.partner, list(newest))
    return Table(
        _("Subscriptions that credit your company"),
        credit_columns(request, list_prices(request.partner))[CREDITED:],
        rows,
    )


def _tie(request: PartnerRequest, tenant: Tenant, tie: PartnerRelationship) -> dict:
    is_delegated = tie.kind == RelationshipKind.DELEGATED_ADMIN
    return {
        "row": tie,
        "status": RelationshipStatus(tie.status),
        "tag": STATUS_TAGS[RelationshipStatus(tie.status)],
        "is_live": tie.status == RelationshipStatus.ACTIVE,
        "roles": [(DelegatedRole(role).label, ROLE_DESCRIPTIONS[DelegatedRole(role)]) for role in tie.roles],
        "may_give_up": _may_give_up(request, tenant, tie) if is_delegated else None,
        "give_up_url": reverse("workspace:give-up-access", args=[request.partner.number, tie.uuid]),
    }


def _asked(request: PartnerRequest, tenant: Tenant, ties: list[PartnerRelationship]) -> Iterable[ReleaseRequest]:
    """What the organization asked this reseller, the last request at the end."""
    if all(tie.kind != RelationshipKind.RESELLER for tie in ties):
        return []
    return ReleaseRequest.objects.of_partner(request.partner).filter(tenant=tenant).order_by("id")


def _release(request: PartnerRequest, tie: PartnerRelationship, asked: ReleaseRequest | None) -> dict:
    """How a reseller relationship ends: unasked, or by the request that came last."""
    if tie.kind != RelationshipKind.RESELLER:
        return {}
    number, is_live = request.partner.number, tie.status == RelationshipStatus.ACTIVE
    found: dict[str, Any] = {
        "may_leave": may_leave(request, tie) if is_live else None,
        "leave_url": reverse("workspace:leave-customer", args=[number, tie.uuid]),
    }
    if asked:
        found["asked"] = state_of(asked.state, RESELLER_READS, escalated=False, overdue=False)
        found["asked_url"] = reverse("workspace:release-request", args=[number, asked.uuid])
    return found


def _may_give_up(request: PartnerRequest, tenant: Tenant, tie: PartnerRelationship) -> Verdict:
    return relationships.may_end(request.actor, tenant, tie.kind, status=tie.status, partner=tie.partner_id)
