"""What the pages of acts on a partner relationship have in common."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from partners.models import PartnerRelationship
from partners.relationships.pages.words import breadcrumbs
from subscriptions.db.idempotency import Sending
from subscriptions.web.forms import read_key
from subscriptions.web.page_access import TenantRequest


def sending_of(request: TenantRequest, content: dict[str, str]) -> Sending:
    return Sending(
        tenant=request.tenant,
        user_id=request.user.pk,
        key=read_key(request.POST.get("key", "")),
        content={"path": request.path, **content},
    )


def act_page(request, relationship: PartnerRelationship, template: str, form, context: dict) -> HttpResponse:
    name, url = relationship.partner.name, detail_url(request, relationship)
    context |= {
        "form": form,
        "partner": relationship.partner,
        "detail_url": url,
        "breadcrumbs": [*breadcrumbs(request), (name, url), (context["act"], None)],
    }
    return render(request, template, context, status=422 if form.errors else 200)


def list_url(request: TenantRequest) -> str:
    return reverse("partners:relationship-list", args=[request.tenant.slug])


def detail_url(request: TenantRequest, relationship: PartnerRelationship) -> str:
    return reverse("partners:relationship-detail", args=[request.tenant.slug, relationship.uuid])
