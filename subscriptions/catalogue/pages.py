"""Billing > Purchase services: what the cloud sells, a card each."""

from django.db.models import QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Permission
from subscriptions.base.search import find_in
from subscriptions.catalogue import shop
from subscriptions.catalogue.shop import ITEM_COLUMNS, Item
from subscriptions.models.product import ProductFamily
from subscriptions.orders.acts import open_drafts
from subscriptions.web.filters import active_filters
from subscriptions.web.forms import CatalogFilterForm
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.paging import Sort, page_by_key

FAMILY_SENTENCES = {
    ProductFamily.OFFICE: gettext_lazy("The Office apps with mail, files and meetings, by plan."),
    ProductFamily.EXCHANGE: gettext_lazy("Business mail, calendars and contacts."),
    ProductFamily.SHAREPOINT: gettext_lazy("Sites and files that teams share."),
    ProductFamily.PROJECT: gettext_lazy("Plans, resources and schedules of projects."),
    ProductFamily.VISIO: gettext_lazy("Diagrams, drawn and shared in the browser."),
    ProductFamily.SKYPE: gettext_lazy("Calls, chat and online meetings."),
    ProductFamily.POWER_BI: gettext_lazy("Reports and dashboards from your data."),
    ProductFamily.DYNAMICS: gettext_lazy("Customers, sales and service in one place."),
    ProductFamily.SECURITY: gettext_lazy("Protects identities, devices and information."),
    ProductFamily.WINDOWS: gettext_lazy("Windows for the devices of your organization."),
}


@tenant_page(Permission.READ_SHOP)
def purchase_services(request: TenantRequest) -> HttpResponse:
    form = CatalogFilterForm(request.GET)
    context = {
        "form": form,
        "active_filters": active_filters(form, request.GET),
        "may_buy": shop.may_buy(request.actor, request.tenant),
        "profile": request.tenant.cloud_profile,
        "breadcrumbs": [(_("Billing"), None), (_("Purchase services"), None)],
    }
    if not form.is_valid():
        return render(request, "subscriptions/purchase_services.html", context, status=422)
    page = page_by_key(_filtered(request, form.cleaned_data), Sort("name_key"), request.GET)
    draft = page.rows[0]["draft"] if page.rows else None
    context |= {
        "page": page,
        "cards": [_card(request, row) for row in page.rows],
        "currency": request.tenant.cloud_profile.currency,
        "draft_url": reverse("checkout:products", args=[request.tenant.slug, draft]) if draft else "",
    }
    return render(request, "subscriptions/purchase_services.html", context)


def _filtered(request: TenantRequest, wanted: dict) -> QuerySet:
    """Values of the items; with each, the person's open draft, which saves a statement of its own."""
    draft = open_drafts(tenant=request.tenant, by=request.actor).filter(lines__isnull=False).values("uuid")[:1]
    rows = shop.items(request.tenant).annotate(draft=Subquery(draft))
    if wanted["q"]:
        rows = rows.filter(find_in(wanted["q"], "search_text"))
    if wanted["family"]:
        rows = rows.filter(family=wanted["family"])
    return rows.values(*ITEM_COLUMNS, "name_key", "draft")


def _card(request: TenantRequest, row: dict) -> dict:
    item = Item(**{name: row[name] for name in ITEM_COLUMNS})
    return {
        "item": item,
        "sentence": FAMILY_SENTENCES[ProductFamily(item.family)],
        "may_try": shop.may_start_trial(request.actor, request.tenant, item) if item.has_trial else None,
    }
