"""Billing > Purchase services: what the cloud sells, a card each."""

from django.db.models import QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from subscriptions.access import Permission
from subscriptions.base.search import find_in
from subscriptions.catalogue import shop
from subscriptions.catalogue.shop import ITEM_COLUMNS, Item
from subscriptions.models.product import ProductFamily
from subscriptions.orders.acts import open_drafts
from subscriptions.web.forms import CatalogFilterForm
from subscriptions.web.lists import Empty, List
from subscriptions.web.page_access import TenantRequest, tenant_page

FAMILY_SENTENCES = {
    ProductFamily.OFFICE: _("The Office apps with mail, files and meetings, by plan."),
    ProductFamily.EXCHANGE: _("Business mail, calendars and contacts."),
    ProductFamily.SHAREPOINT: _("Sites and files that teams share."),
    ProductFamily.PROJECT: _("Plans, resources and schedules of projects."),
    ProductFamily.VISIO: _("Diagrams, drawn and shared in the browser."),
    ProductFamily.SKYPE: _("Calls, chat and online meetings."),
    ProductFamily.POWER_BI: _("Reports and dashboards from your data."),
    ProductFamily.DYNAMICS: _("Customers, sales and service in one place."),
    ProductFamily.SECURITY: _("Protects identities, devices and information."),
    ProductFamily.WINDOWS: _("Windows for the devices of your organization."),
}


class ServiceList(List[TenantRequest]):
    """Cards instead of a table. With each row the person's open draft, which saves a statement of its own."""

    title, section = _("Purchase services"), _("Billing")
    subtitle = _("Prices are per user and month; taxes are added on the invoice.")
    template = "subscriptions/purchase_services.html"
    rows_template = "subscriptions/_product_cards.html"
    form_class = CatalogFilterForm
    filter_label = _("Filter services")
    is_always_filtered = True
    values = (*ITEM_COLUMNS, "draft")
    order = "name_key"
    none_matches = Empty(
        _("No service matches these filters."), why=_("Remove a filter above, or clear all of them.")
    )
    nothing_yet = Empty(_("Nothing is sold here yet."), why=_("Services appear here as soon as they have a price."))

    def found(self, wanted: dict) -> QuerySet:
        tenant = self.request.tenant
        draft = open_drafts(tenant=tenant, by=self.request.actor).filter(lines__isnull=False).values("uuid")[:1]
        rows = shop.items(tenant).annotate(draft=Subquery(draft))
        if wanted["q"]:
            rows = rows.filter(find_in(wanted["q"], "search_text"))
        return rows.filter(family=wanted["family"]) if wanted["family"] else rows

    def describe(self, row: dict) -> dict:
        item = Item(**{name: row[name] for name in ITEM_COLUMNS})
        return {
            "item": item,
            "sentence": FAMILY_SENTENCES[ProductFamily(item.family)],
            "may_try": shop.may_start_trial(self.request.actor, self.request.tenant, item)
            if item.has_trial
            else None,
        }

    def context(self) -> dict:
        tenant = self.request.tenant
        draft = self.page.rows[0]["draft"] if self.page.rows else None
        return {
            "may_buy": shop.may_buy(self.request.actor, tenant),
            "profile": tenant.cloud_profile,
            "currency": tenant.cloud_profile.currency,
            "draft_url": reverse("checkout:products", args=[tenant.slug, draft]) if draft else "",
        }


purchase_services = tenant_page(Permission.READ_SHOP)(ServiceList.view)
