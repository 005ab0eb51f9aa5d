"""Workspace > Partner of record: the subscriptions that credit the partner now."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.access import PartnerRequest, partner_page
from partners.overview.credited_subscriptions import facts, matching
from partners.overview.forms import CreditFilterForm
from partners.overview.words import PARTNER_OF_RECORD
from partners.overview.workspace.months import list_months
from partners.overview.workspace.rows import credit_rows
from subscriptions.access import Permission
from subscriptions.models import Tenant
from subscriptions.web.filters import active_filters
from subscriptions.web.paging import Column, Sort, first_page, page_by_key, subscription_count, total_of

ORDER_COLUMNS = {"since": "began", "organization": "tenant__name_key"}
NEWEST = "-since"


@partner_page(Permission.READ_WORKSPACE)
def partner_of_record(request: PartnerRequest) -> HttpResponse:
    form, customer = credit_filter(request)
    context = {
        "form": form,
        "active_filters": active_filters(form, request.GET, hidden={"order"}),
        "breadcrumbs": [(PARTNER_OF_RECORD, None)],
        **list_months(request),
    }
    if not form.is_valid():
        return render(request, "workspace/partner_of_record.html", context, status=422)
    periods = matching(request.partner, text=form.cleaned_data["q"], customer=customer)
    order = form.cleaned_data["order"] or NEWEST
    column = ORDER_COLUMNS[order.lstrip("-")]
    rows = periods.annotate(total=total_of(periods.values("pk"))).values("id", column, "total")
    page = page_by_key(rows, Sort(column, descending=order.startswith("-")), request.GET)
    context |= {
        "page": page,
        "rows": credit_rows(request, facts(periods, [row["id"] for row in page.rows])),
        "count": subscription_count(page.rows[0]["total"] if page.rows else 0),
        "columns": _columns(request.GET, order),
        "csv_url": _csv_url(request),
    }
    return render(request, "workspace/partner_of_record.html", context)


def credit_filter(request: PartnerRequest) -> tuple[CreditFilterForm, Tenant | None]:
    """The form, and the organization that it is filtered to; one that is not seen here is an invalid choice."""
    customer = None
    if wanted := request.GET.get("customer"):
        try:
            customer = Tenant.objects.filter(uuid=UUID(wanted)).first()
        except ValueError:
            pass
    return CreditFilterForm(request.GET, customer=customer), customer


def _columns(query: QueryDict, order: str) -> list[Column]:
    return [
        _sortable(_("Organization"), "organization", query, order),
        Column(_("Subscription")),
        Column(_("Licenses"), css="num"),
        _sortable(_("Credited since"), NEWEST, query, order, css="day"),
        Column(_("Status")),
    ]


def _sortable(label: str, first: str, query: QueryDict, order: str, css: str = "") -> Column:
    """A second click turns the order round; `first` is what the first one asks for."""
    name = first.lstrip("-")
    turned = name if order == f"-{name}" else f"-{name}"
    current = order.lstrip("-") == name
    address = first_page(query)
    address["order"] = turned if current else first
    sort = ("descending" if order.startswith("-") else "ascending") if current else ""
    return Column(label, css=css, url=f"?{address.urlencode()}", sort=sort)


def _csv_url(request: PartnerRequest) -> str:
    """The filters without the place in the pages and without the order."""
    filters = {name: request.GET[name] for name in ("q", "customer") if request.GET.get(name)}
    url = reverse("workspace:partner-of-record-csv", args=[request.partner.number])
    return f"{url}?{urlencode(filters)}" if filters else url
