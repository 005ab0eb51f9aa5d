"""Billing > Subscriptions: the tenant's subscriptions, each with its partner of record."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from partners.directory.rules import Flag, flag_of
from subscriptions.access import Permission
from subscriptions.models import Subscription
from subscriptions.models.state_by_date import in_state
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.subscriptions.pages.rows import VALUES, subscription_columns
from subscriptions.web.forms import SubscriptionFilterForm
from subscriptions.web.lists import Empty, List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.paging import found_first, subscription_count
from subscriptions.web.tables import Column


class SubscriptionList(List[TenantRequest]):
    title, section = _("Subscriptions"), _("Billing")
    caption = _("Subscriptions of your organization")
    template = "subscriptions/subscription_list.html"
    form_class = SubscriptionFilterForm
    filter_label = _("Filter subscriptions")
    is_always_filtered = True
    clear_url = "?order=name"  # an address without any query opens the only subscription
    values = VALUES
    sorts = {"name": "name_key", "ends": "term_ends_on", "cost": "cost_per_month"}
    order = "name"
    none_matches = Empty(
        _("No subscription matches these filters."), why=_("Remove a filter above, or clear all of them.")
    )
    nothing_yet = Empty(
        _("We didn't find anything to show here."), why=_("Your organization has no subscriptions yet.")
    )

    @property
    def columns(self) -> list[Column]:
        return subscription_columns(self.request)

    def found(self, wanted: dict) -> QuerySet:
        tenant = self.request.tenant
        rows = Subscription.objects.of_tenant(tenant).with_partner()
        if wanted["status"]:
            rows = rows.filter(in_state(wanted["status"], today_of(tenant)))
        if wanted["partner"] == "with":
            rows = rows.filter(current__isnull=False)
        if wanted["partner"] == "without":
            rows = rows.without_partner()
        if wanted["partner_id"]:
            rows = rows.filter(current__partner__number=wanted["partner_id"])
        return found_first(rows, rows.matching(wanted["q"], tenant=tenant)) if wanted["q"] else rows

    def counted(self, total: int) -> str:
        return subscription_count(total)

    def context(self) -> dict:
        return {
            "flags": _flags(self.page.rows),
            "profile": self.request.tenant.cloud_profile,
            "may_read_shop": self.request.actor.may(Permission.READ_SHOP),
        }


@tenant_page(Permission.READ_SUBSCRIPTIONS)
def subscription_list(request: TenantRequest) -> HttpResponse:
    listed = SubscriptionList(request)
    if not request.GET and len(listed.rows) == 1:
        return redirect("subscriptions:detail", request.tenant.slug, listed.rows[0]["uuid"])
    return listed.answer()


def _flags(rows: list[dict]) -> list[Flag]:
    """What is said of partners on this page that are not active, once for each state."""
    states = dict.fromkeys(row["current__partner__state"] for row in rows if row["current__partner__state"])
    return [flag for flag in map(flag_of, states) if flag]
