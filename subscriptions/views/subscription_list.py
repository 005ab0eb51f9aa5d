"""Billing > Subscriptions: the tenant's subscriptions, each with its partner of record."""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from subscriptions import formats
from subscriptions.access import Permission, TenantRequest, tenant_page
from subscriptions.forms import SubscriptionFilterForm
from subscriptions.models import Subscription
from subscriptions.models.subscription import BillingFrequency, SubscriptionQuerySet, SubscriptionStatus
from subscriptions.paging import AFTER, BEFORE, COUNT_CAP, Order, capped, page_by_key, write_key

ORDER_COLUMNS = {"name": "name_key", "ends": "term_ends_on", "cost": "cost"}
STATUS_TAGS = {
    SubscriptionStatus.TRIAL: "info",
    SubscriptionStatus.ACTIVE: "ok",
    SubscriptionStatus.EXPIRED: "warn",
    SubscriptionStatus.DISABLED: "bad",
    SubscriptionStatus.DELETED: "neutral",
}
COLUMNS = (
    "id", "uuid", "name", "name_key", "status", "licenses_assigned", "licenses_total", "billing_frequency",
    "cost", "currency", "term_ends_on", "recurring_billing", "reseller_managed",
    "current__partner__partner_id", "current__partner__name", "total",
)  # fmt: skip


@tenant_page(Permission.READ)
def subscription_list(request: TenantRequest) -> HttpResponse:
    form = SubscriptionFilterForm(request.GET)
    if not form.is_valid():
        return render(request, "subscriptions/subscription_list.html", _context(request, form), status=422)
    order = _order(form.cleaned_data["order"] or "name")
    rows = _filtered(request, form.cleaned_data).with_total(COUNT_CAP).values(*COLUMNS)
    page = page_by_key(rows, order, request.GET, _key_writer(order.column))
    if not request.GET and len(page.rows) == 1:
        return redirect("subscriptions:detail", request.tenant.slug, page.rows[0]["uuid"])
    context = _context(request, form) | {
        "page": page,
        "rows": RowRenderer(request).rows(page.rows),
        "count": _count(page.rows[0]["total"] if page.rows else 0),
        "columns": _columns(request.GET, form.cleaned_data["order"] or "name"),
    }
    return render(request, "subscriptions/subscription_list.html", context)


def _filtered(request: TenantRequest, wanted: dict) -> SubscriptionQuerySet:
    rows = Subscription.objects.of_tenant(request.tenant).with_partner()
    if wanted["q"]:
        rows = rows.matching(wanted["q"], tenant=request.tenant)
    if wanted["status"]:
        rows = rows.filter(status=wanted["status"])
    if wanted["partner"] == "with":
        rows = rows.filter(current__isnull=False)
    if wanted["partner"] == "without":
        rows = rows.without_partner()
    if wanted["partner_id"]:
        rows = rows.filter(current__partner__partner_id=wanted["partner_id"])
    return rows


def _order(name: str) -> Order:
    return Order(ORDER_COLUMNS[name.lstrip("-")], descending=name.startswith("-"))


def _key_writer(column: str):
    return lambda row: write_key(str(row[column]), row["id"])


def _count(total: int) -> str:
    return ngettext("%(count)s subscription", "%(count)s subscriptions", total) % {"count": capped(total)}


def _context(request: TenantRequest, form: SubscriptionFilterForm) -> dict:
    return {
        "form": form,
        "active_filters": active_filters(form, request.GET, hidden={"order"}),
        "profile": request.tenant.cloud_profile,
        "breadcrumbs": [(_("Billing"), None), (_("Subscriptions"), None)],
    }


@dataclass(frozen=True)
class ActiveFilter:
    label: str
    remove_url: str


def active_filters(form, query: QueryDict, *, hidden: Collection[str] = ()) -> list[ActiveFilter]:
    """The filters that are set, each with the address of the page without it."""
    return [
        ActiveFilter(f"{field.label}: {_shown_value(field)}", _without(query, field.name))
        for field in form
        if field.name not in hidden and query.get(field.name)
    ]


def _shown_value(field) -> str:
    choices = dict(getattr(field.field, "choices", []))
    return str(choices.get(field.value(), field.value()))


def _without(query: QueryDict, name: str) -> str:
    rest = query.copy()
    for gone in (name, AFTER, BEFORE):
        rest.pop(gone, None)
    return f"?{rest.urlencode()}"


@dataclass(frozen=True)
class Column:
    label: str
    css: str = ""
    url: str = ""
    sort: str = ""


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
    address = query.copy()
    for gone in (AFTER, BEFORE):
        address.pop(gone, None)
    address["order"] = f"-{name}" if descending else name
    sort = ("descending" if order.startswith("-") else "ascending") if current else ""
    return Column(label, css=css, url=f"?{address.urlencode()}", sort=sort)


class RowRenderer:
    """Writes dense rows: one escaping call a row, every label looked up once."""

    ROW = (
        '<tr><th scope="row" data-label="{name_label}"><a href="{url}">{name}</a>{managed}</th>'
        '<td data-label="{status_label}"><span class="tag {tag}">{status}</span></td>'
        '<td class="num" data-label="{licenses_label}">{assigned} / {total}</td>'
        '<td data-label="{frequency_label}">{frequency}</td>'
        '<td class="num" data-label="{cost_label}">{cost}</td>'
        '<td data-label="{ends_label}">{ends}</td>'
        '<td data-label="{partner_label}">{partner}</td></tr>'
    )

    def __init__(self, request: TenantRequest):
        self.prefix = reverse("subscriptions:list", args=[request.tenant.slug])
        query = request.GET.urlencode()
        self.suffix = f"?{urlencode({'list': query})}" if query else ""
        self.labels = {
            "name_label": _("Name"),
            "status_label": _("Status"),
            "licenses_label": _("Licenses"),
            "frequency_label": _("Billing frequency"),
            "cost_label": _("Cost"),
            "ends_label": _("Renews or expires"),
            "partner_label": _("Partner of record"),
        }
        self.statuses = {status: (STATUS_TAGS[status], str(status.label)) for status in SubscriptionStatus}
        self.frequencies = {frequency: str(frequency.label) for frequency in BillingFrequency}
        self.managed = format_html('<br><span class="muted small">{}</span>', _("managed by your reseller"))
        self.none = format_html('<span class="muted">{}</span>', _("None"))
        self.renews, self.expires = _("Renews %(day)s"), _("Expires %(day)s")

    def rows(self, rows: list[dict]) -> list[SafeString]:
        return [self.row(row) for row in rows]

    def row(self, row: dict) -> SafeString:
        tag, status = self.statuses[row["status"]]
        renews = row["recurring_billing"] and row["status"] == SubscriptionStatus.ACTIVE
        return format_html(
            self.ROW,
            url=f"{self.prefix}{row['uuid']}/{self.suffix}",
            name=row["name"],
            managed=self.managed if row["reseller_managed"] else "",
            tag=tag,
            status=status,
            assigned=formats.number(row["licenses_assigned"]),
            total=formats.number(row["licenses_total"]),
            frequency=self.frequencies[row["billing_frequency"]],
            cost=formats.money(row["cost"], row["currency"]),
            ends=(self.renews if renews else self.expires) % {"day": formats.day(row["term_ends_on"])},
            partner=self._partner(row),
            **self.labels,
        )

    def _partner(self, row: dict) -> SafeString:
        if row["current__partner__partner_id"] is None:
            return self.none
        return format_html(
            '<span class="mono">{}</span> <bdi>{}</bdi>',
            row["current__partner__partner_id"],
            row["current__partner__name"],
        )
