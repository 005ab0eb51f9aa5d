"""Billing > Subscriptions: the tenant's subscriptions, each with its partner of record."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from partners.directory.flags import Flag, flag_of
from subscriptions.access import Permission
from subscriptions.models import Subscription
from subscriptions.models.state_by_date import in_state
from subscriptions.models.subscription import SubscriptionQuerySet
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.subscriptions.pages.rows import RowRenderer
from subscriptions.web.filters import active_filters
from subscriptions.web.forms import SubscriptionFilterForm
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.paging import COUNT_CAP, Column, Sort, first_page, page_by_key, subscription_count

WHOLE_LIST = "?order=name"  # an address without any query opens the only subscription
ORDER_COLUMNS = {"name": "name_key", "ends": "term_ends_on", "cost": "cost"}
COLUMNS = (
    "id", "uuid", "name", "name_key", "product__name", "status", "licenses_assigned", "licenses_total",
    "billing_frequency", "cost", "currency", "term_ends_on", "recurring_billing", "payment_method",
    "reseller_managed", "current__partner__number", "current__partner__name",
    "current__partner__state", "total",
)  # fmt: skip


@tenant_page(Permission.READ_SUBSCRIPTIONS)
def subscription_list(request: TenantRequest) -> HttpResponse:
    form = SubscriptionFilterForm(request.GET)
    if not form.is_valid():
        return render(request, "subscriptions/subscription_list.html", _context(request, form), status=422)
    order = _order(form.cleaned_data["order"] or "name")
    rows = _filtered(request, form.cleaned_data).with_total(COUNT_CAP).values(*COLUMNS)
    page = page_by_key(rows, order, request.GET)
    if not request.GET and len(page.rows) == 1:
        return redirect("subscriptions:detail", request.tenant.slug, page.rows[0]["uuid"])
    context = _context(request, form) | {
        "page": page,
        "rows": RowRenderer(request).rows(page.rows),
        "flags": _flags(page.rows),
        "count": subscription_count(page.rows[0]["total"] if page.rows else 0),
        "columns": _columns(request.GET, form.cleaned_data["order"] or "name"),
    }
    return render(request, "subscriptions/subscription_list.html", context)


def _flags(rows: list[dict]) -> list[Flag]:
    """What is said of partners on this page that are not active, once for each state."""
    states = dict.fromkeys(row["current__partner__state"] for row in rows if row["current__partner__state"])
    return [flag for flag in map(flag_of, states) if flag]


def _filtered(request: TenantRequest, wanted: dict) -> SubscriptionQuerySet:
    rows = Subscription.objects.of_tenant(request.tenant).with_partner()
    if wanted["q"]:
        rows = rows.matching(wanted["q"], tenant=request.tenant)
    if wanted["status"]:
        rows = rows.filter(in_state(wanted["status"], today_of(request.tenant)))
    if wanted["partner"] == "with":
        rows = rows.filter(current__isnull=False)
    if wanted["partner"] == "without":
        rows = rows.without_partner()
    if wanted["partner_id"]:
        rows = rows.filter(current__partner__number=wanted["partner_id"])
    return rows


def _order(name: str) -> Sort:
    return Sort(ORDER_COLUMNS[name.lstrip("-")], descending=name.startswith("-"))


def _context(request: TenantRequest, form: SubscriptionFilterForm) -> dict:
    return {
        "form": form,
        "active_filters": active_filters(form, request.GET, hidden={"order"}, without_any=WHOLE_LIST),
        "clear_url": WHOLE_LIST,
        "profile": request.tenant.cloud_profile,
        "may_read_shop": request.actor.may(Permission.READ_SHOP),
        "breadcrumbs": [(_("Billing"), None), (_("Subscriptions"), None)],
    }


def _columns(query: QueryDict, order: str) -> list[Column]:
    return [
        _sortable(_("Name"), "name", query, order),
        Column(_("Status")),
        Column(_("Licenses"), css="num"),
        Column(_("Billing frequency")),
        _sortable(_("Cost"), "cost", query, order, css="num"),
        _sortable(_("Renews or expires"), "ends", query, order),
        Column(_("Partner of record")),
    ]


def _sortable(label: str, name: str, query: QueryDict, order: str, css: str = "") -> Column:
    current = order.lstrip("-") == name
    descending = current and not order.startswith("-")
    address = first_page(query)
    address["order"] = f"-{name}" if descending else name
    sort = ("descending" if order.startswith("-") else "ascending") if current else ""
    return Column(label, css=css, url=f"?{address.urlencode()}", sort=sort)
