"""Settings > Partner Relationships: the list, one relationship, and its end."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partners.domain import relationships, release_verdicts
from partners.domain.partner_flags import flag_of
from partners.domain.relationship_list import PartnerGroup, RelationshipRow, advisor_row, by_partner, row_of
from partners.domain.relationship_list import relationships as relationship_rows
from partners.forms import EndRelationshipForm, RelationshipFilterForm, new_key, read_key
from partners.models import Partner, PartnerOfRecord, PartnerRelationship
from partners.models.partner_relationship import RelationshipKind, RelationshipStatus
from partners.views.offer_banner import offer_banner
from subscriptions import formats
from subscriptions.access import Permission, TenantRequest, Verdict, tenant_form, tenant_page
from subscriptions.clouds import Capability
from subscriptions.domain import idempotency
from subscriptions.domain.idempotency import Sending
from subscriptions.filters import active_filters
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.responses import see_other

SEES = {
    RelationshipKind.RESELLER: gettext_lazy("Sells to you, and manages the subscriptions that it sold."),
    RelationshipKind.DELEGATED_ADMIN: gettext_lazy("Works in your organization with the roles listed here."),
    RelationshipKind.SUBSCRIPTION_ADVISOR: gettext_lazy(
        "Gets credit for the subscriptions that name it, and sees their usage. Gets no access."
    ),
}
ROLE_DESCRIPTIONS = {
    DelegatedRole.GLOBAL_ADMINISTRATOR: gettext_lazy("Everything that partners can do here: the highest risk."),
    DelegatedRole.BILLING_ADMINISTRATOR: gettext_lazy("Reads subscriptions and orders."),
    DelegatedRole.LICENSE_ADMINISTRATOR: gettext_lazy("Changes how many licenses there are."),
    DelegatedRole.HELPDESK_ADMINISTRATOR: gettext_lazy(
        "Reads people, and resets the sign-in of those who are no admins."
    ),
    DelegatedRole.GLOBAL_READER: gettext_lazy("Reads everything and changes nothing."),
    DelegatedRole.SERVICE_SUPPORT_ADMINISTRATOR: gettext_lazy("Reads everything, and raises support requests."),
}
STATUS_TAGS = {
    RelationshipStatus.ACTIVE: "ok",
    RelationshipStatus.EXPIRED: "warn",
    RelationshipStatus.ENDED: "neutral",
}
MAY_VIEW = Capability.VIEW_PARTNER_RELATIONSHIPS


@dataclass(frozen=True)
class Shown:
    """A relationship with what the page says about it."""

    row: RelationshipRow
    sees: str
    status_tag: str
    url: str
    end_url: str
    may_end: Verdict
    may_ask: Verdict
    release_url: str


def _shown(request: TenantRequest, row: RelationshipRow) -> Shown:
    slug = request.tenant.slug
    if row.is_advisor:
        url, end_url, release_url = reverse("partners:advisor-detail", args=[slug, row.partner_uuid]), "", ""
    else:
        url = reverse("partners:relationship-detail", args=[slug, row.uuid])
        end_url = reverse("partners:relationship-end", args=[slug, row.uuid])
        release_url = reverse("partners:release-request", args=[slug, row.uuid])
    return Shown(
        row=row,
        sees=str(SEES[row.kind]),
        status_tag=STATUS_TAGS[row.status],
        url=url,
        end_url=end_url,
        may_end=relationships.may_end(request.actor, request.tenant, row.kind, status=row.status),
        may_ask=release_verdicts.may_request(request.actor, status=row.status, is_open=False),
        release_url=release_url if row.kind is RelationshipKind.RESELLER else "",
    )


@tenant_page(Permission.READ_RELATIONSHIPS, capability=MAY_VIEW)
def relationship_list(request: TenantRequest) -> HttpResponse:
    form = RelationshipFilterForm(request.GET)
    valid = form.is_valid()
    rows = (
        relationship_rows(request.tenant, text=form.cleaned_data["q"], status=form.cleaned_data["status"])
        if valid
        else []
    )
    context = {
        "form": form,
        "active_filters": active_filters(form, request.GET),
        "groups": [_group(request, group) for group in by_partner(rows)],
        "count": ngettext("%(count)s relationship", "%(count)s relationships", len(rows))
        % {"count": formats.number(len(rows))},
        "has_others": not rows and bool(form.data) and bool(relationship_rows(request.tenant)),
        "profile": request.tenant.cloud_profile,
        "offer_banner": offer_banner(request),
        "breadcrumbs": [(_("Settings"), None), (_("Partner Relationships"), None)],
    }
    return render(request, "partners/relationship_list.html", context, status=200 if valid else 422)


def _group(request: TenantRequest, group: PartnerGroup) -> dict:
    return {
        "name": group.name,
        "partner_id": group.partner_id,
        "flag": flag_of(group.rows[0].partner_state),
        "shown": [_shown(request, row) for row in group.rows],
    }


def _breadcrumbs(request: TenantRequest) -> list[tuple[str, str | None]]:
    url = reverse("partners:relationship-list", args=[request.tenant.slug])
    return [(_("Settings"), None), (_("Partner Relationships"), url)]


@tenant_page(Permission.READ_RELATIONSHIPS, capability=MAY_VIEW)
def relationship_detail(request: TenantRequest, uuid: UUID) -> HttpResponse:
    relationship = _relationship(request, uuid)
    return _detail_page(request, relationship.partner, row_of(relationship), was_asked=relationship.was_asked)


@tenant_page(Permission.READ_RELATIONSHIPS, capability=MAY_VIEW)
def advisor_detail(request: TenantRequest, uuid: UUID) -> HttpResponse:
    """A derived relationship: the subscriptions that credit this partner."""
    credited = list(
        PartnerOfRecord.objects.in_force()
        .of_existing_subscriptions()
        .filter(tenant=request.tenant, partner__uuid=uuid)
        .select_related("partner", "subscription")
        .order_by("subscription__name_key", "pk")
    )
    if not credited:
        raise Http404
    return _detail_page(request, credited[0].partner, advisor_row(credited), credited=credited)


def _detail_page(
    request: TenantRequest, partner: Partner, row: RelationshipRow, *, credited=(), was_asked: bool = False
) -> HttpResponse:
    context = {
        "partner": partner,
        "flag": flag_of(partner.state),
        "shown": _shown(request, row),
        "roles": [(role.label, ROLE_DESCRIPTIONS[role]) for role in row.roles],
        "credited": credited,
        "was_asked": was_asked,
        "profile": request.tenant.cloud_profile,
        "breadcrumbs": [*_breadcrumbs(request), (partner.name, None)],
    }
    return render(request, "partners/relationship_detail.html", context)


@tenant_form(Permission.END_RELATIONSHIP, capability=MAY_VIEW)
def relationship_end(request: TenantRequest, uuid: UUID) -> HttpResponse:
    relationship = _relationship(request, uuid)
    if request.method == "POST":
        return _take_end(request, relationship)
    _may_end(request, relationship).require()
    return _end_page(request, relationship, EndRelationshipForm(initial={"key": new_key()}))


def _may_end(request: TenantRequest, relationship: PartnerRelationship) -> Verdict:
    return relationships.may_end(request.actor, request.tenant, relationship.kind, status=relationship.status)


def _end_page(request: TenantRequest, relationship: PartnerRelationship, form: EndRelationshipForm) -> HttpResponse:
    context = {
        "form": form,
        "partner": relationship.partner,
        "roles": relationship.get_roles_display(),
        "detail_url": reverse("partners:relationship-detail", args=[request.tenant.slug, relationship.uuid]),
        "breadcrumbs": [*_breadcrumbs(request), (relationship.partner.name, None)],
    }
    return render(request, "partners/relationship_end.html", context, status=422 if form.errors else 200)


def _take_end(request: TenantRequest, relationship: PartnerRelationship) -> HttpResponse:
    """The reason is no part of the content: ended is ended, whatever a second send gives as reason."""
    sending = Sending(
        tenant=request.tenant,
        user_id=request.user.pk,
        key=read_key(request.POST.get("key", "")),
        content={"path": request.path},
    )
    done = idempotency.earlier_answer(sending)
    if done:
        return see_other(done)
    _may_end(request, relationship).require()
    form = EndRelationshipForm(request.POST)
    if not form.is_valid():
        return _end_page(request, relationship, form)

    def end() -> str:
        relationships.end_relationship(
            tenant=request.tenant,
            relationship=relationship,
            by=request.actor,
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, _ended(relationship))
        return reverse("partners:relationship-list", args=[request.tenant.slug])

    return see_other(idempotency.once(sending, end))


def _ended(relationship: PartnerRelationship) -> str:
    return _("The relationship with %(partner)s has ended. Its roles ended with it.") % {
        "partner": relationship.partner.name
    }


def _relationship(request: TenantRequest, uuid: UUID) -> PartnerRelationship:
    rows = PartnerRelationship.objects.of_tenant(request.tenant).with_status().with_asked()
    return get_object_or_404(rows.select_related("partner"), uuid=uuid)
