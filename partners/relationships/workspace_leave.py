"""Workspace > Customers > Release the organization: a reseller ends its relationship unasked."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.access import PartnerRequest, partner_form
from partners.models import PartnerRelationship
from partners.models.partner_relationship import RelationshipKind
from partners.overview.forms import GiveUpAccessForm
from partners.relationships.releases import acts as release_requests
from partners.relationships.releases import rules as release_verdicts
from partners.relationships.releases.page_parts import sending_of
from subscriptions.access import Permission
from subscriptions.db import idempotency, scopes
from subscriptions.verdicts import Verdict
from subscriptions.web.forms import new_key
from subscriptions.web.responses import see_other


@partner_form(Permission.ANSWER_RELEASE_REQUESTS)
def leave_customer(request: PartnerRequest, uuid: UUID) -> HttpResponse:
    relationship = get_object_or_404(
        PartnerRelationship.objects.of_partner(request.partner)
        .filter(kind=RelationshipKind.RESELLER)
        .with_status()
        .select_related("tenant"),
        uuid=uuid,
    )
    if request.method == "POST":
        with scopes.tenant(relationship.tenant_id):
            return _take(request, relationship)
    may_leave(request, relationship).require()
    return _page(request, relationship, GiveUpAccessForm(initial={"key": new_key()}))


def may_leave(request: PartnerRequest, relationship: Any) -> Verdict:
    """What blocks it only the organization's own scope can count, so that is asked last."""
    verdict = release_verdicts.may_leave(request.actor, status=relationship.status, blocking=0)
    if not verdict.allowed:
        return verdict
    with scopes.tenant(relationship.tenant_id):
        blocking = release_requests.count_blocking(relationship.tenant)
    return release_verdicts.may_leave(request.actor, status=relationship.status, blocking=blocking)


def _page(request: PartnerRequest, relationship: PartnerRelationship, form: GiveUpAccessForm) -> HttpResponse:
    tenant, detail_url = relationship.tenant, _detail_url(request, relationship)
    context = {
        "form": form,
        "tenant": tenant,
        "detail_url": detail_url,
        "breadcrumbs": [
            (_("Customers"), reverse("workspace:customers", args=[request.partner.number])),
            (tenant.name, detail_url),
            (_("Release the organization"), None),
        ],
    }
    return render(request, "workspace/release_request_release.html", context, status=422 if form.errors else 200)


def _take(request: PartnerRequest, relationship: PartnerRelationship) -> HttpResponse:
    """In the scope of the organization, whose log keeps it."""
    tenant, sending = relationship.tenant, sending_of(request, relationship.tenant)
    done = idempotency.earlier_answer(sending)
    if done:
        return see_other(done)
    form = GiveUpAccessForm(request.POST)
    if not form.is_valid():
        return _page(request, relationship, form)

    def leave() -> str:
        release_requests.leave(
            tenant=tenant, relationship=relationship, by=request.actor, reason=form.cleaned_data["reason"]
        )
        messages.success(
            request,
            _("%(organization)s is released: the relationship has ended.") % {"organization": tenant.name},
        )
        return _detail_url(request, relationship)

    return see_other(idempotency.once(sending, leave))


def _detail_url(request: PartnerRequest, relationship: PartnerRelationship) -> str:
    return reverse("workspace:customer", args=[request.partner.number, relationship.tenant.uuid])
