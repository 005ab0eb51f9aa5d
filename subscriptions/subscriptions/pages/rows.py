"""Subscriptions as table rows."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partners.directory.flags import Flag, flag_of
from partners.models.partner import PartnerState
from subscriptions.base import formats
from subscriptions.models.state_by_date import status_by_date
from subscriptions.models.subscription import BillingFrequency, EndOfTerm, SubscriptionStatus, end_of_term
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.subscriptions.status_tags import STATUS_TAGS
from subscriptions.web.page_access import TenantRequest


class RowRenderer:
    """Writes dense rows: one escaping call a row, every label looked up once."""

    ROW = (
        '<tr><th scope="row" data-label="{name_label}"><a href="{url}">{name}</a>{product}{managed}</th>'
        '<td data-label="{status_label}"><span class="tag {tag}">{status}</span></td>'
        '<td class="num" data-label="{licenses_label}">{assigned} / {total}</td>'
        '<td data-label="{frequency_label}">{frequency}</td>'
        '<td class="num" data-label="{cost_label}">{cost}</td>'
        '<td data-label="{ends_label}">{ends}</td>'
        '<td data-label="{partner_label}">{partner}</td></tr>'
    )

    def __init__(self, request: TenantRequest):
        self.prefix = reverse("subscriptions:list", args=[request.tenant.slug])
        self.today = today_of(request.tenant)
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
        managed = _("managed by a reseller") if request.actor.is_partner else _("managed by your reseller")
        self.managed = format_html('<br><span class="muted small">{}</span>', managed)
        self.flags = {state: self._flag(flag_of(state)) for state in PartnerState}
        self.none = format_html('<span class="muted">{}</span>', _("None"))
        self.ends = {end: str(end.in_a_row) for end in EndOfTerm}

    def rows(self, rows: list[dict]) -> list[SafeString]:
        return [self.row(row) for row in rows]

    def row(self, row: dict) -> SafeString:
        by_date = {name: row[name] for name in ("status", "term_ends_on", "payment_method")}
        state = status_by_date(**by_date, today=self.today)
        tag, status = self.statuses[state]
        end = end_of_term(
            status=state, recurring_billing=row["recurring_billing"], payment_method=row["payment_method"]
        )
        return format_html(
            self.ROW,
            url=f"{self.prefix}{row['uuid']}/{self.suffix}",
            name=row["name"],
            product=self._product(row),
            managed=self.managed if row["reseller_managed"] else "",
            tag=tag,
            status=status,
            assigned=formats.number(row["licenses_assigned"]),
            total=formats.number(row["licenses_total"]),
            frequency=self.frequencies[row["billing_frequency"]],
            cost=formats.money(row["cost"], row["currency"]),
            ends=self.ends[end] % {"day": formats.day(row["term_ends_on"])},
            partner=self._partner(row),
            **self.labels,
        )

    def _product(self, row: dict) -> SafeString | str:
        """A subscription that was given a name of its own also tells its product."""
        if row["product__name"] == row["name"]:
            return ""
        return format_html('<br><span class="muted small">{}</span>', row["product__name"])

    @staticmethod
    def _flag(flag: Flag | None) -> SafeString | str:
        return format_html(' <span class="tag warn">{}</span>', flag.label) if flag else ""

    def _partner(self, row: dict) -> SafeString:
        if row["current__partner__number"] is None:
            return self.none
        return format_html(
            '<span class="mono">{}</span> <bdi>{}</bdi>{}',
            row["current__partner__number"],
            row["current__partner__name"],
            self.flags[row["current__partner__state"]],
        )
