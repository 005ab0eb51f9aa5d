"""Workspace > Partner of record: the subscriptions that credit the partner now."""

from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partners.access import PartnerRequest, partner_page
from partners.models.partner_of_record import PartnerOfRecordQuerySet
from partners.overview.credit_values import (
    ListPrices,
    by_product,
    licenses_of,
    list_prices,
    paid_licenses,
    products_of,
)
from partners.overview.credited_subscriptions import (
    COLUMNS,
    credits_listed,
    facts,
    filtered,
    matching,
    without_deleted,
)
from partners.overview.forms import CreditFilterForm
from partners.overview.words import PARTNER_OF_RECORD
from partners.overview.workspace.months import list_months
from partners.overview.workspace.rows import credit_columns
from subscriptions.access import Permission
from subscriptions.models import Tenant
from subscriptions.web.lists import NOTHING, Empty, List
from subscriptions.web.paging import found_first, subscription_count
from subscriptions.web.tables import Column

FILTERS = ("q", "product", "status", "country", "ends")


class CreditList(List[PartnerRequest]):
    title = PARTNER_OF_RECORD
    subtitle = _("The subscriptions that credit your company now.")
    caption = _("Subscriptions that credit your company")
    template = "workspace/partner_of_record.html"
    filter_label = _("Filter subscriptions")
    values = COLUMNS
    page_values = ()
    sorts = {"since": "began", "organization": "tenant__name_key", "ends": "term_ends_on"}
    order = "-since"
    none_matches = Empty(
        _("No subscription matches these filters."), why=_("Remove a filter above, or clear all of them.")
    )
    nothing_yet = Empty(
        NOTHING.sentence,
        why=_("No subscription credits your company now."),
        who=_("Give your partner ID to an organization: its admins name your company on a subscription."),
    )

    def filters(self) -> CreditFilterForm:
        """An organization that is not seen here is an invalid choice."""
        self.customer = None
        if wanted := self.request.GET.get("customer"):
            try:
                self.customer = Tenant.objects.filter(uuid=UUID(wanted)).first()
            except ValueError:
                pass
        self.products, self.licenses = products_of(self.request.partner), licenses_of(self.request.partner)
        credited = {row["product_id"] for row in self.licenses}
        return CreditFilterForm(
            self.request.GET,
            customer=self.customer,
            products=[row for row in self.products if row["id"] in credited],
            countries={row["country"] for row in self.licenses},
        )

    @cached_property
    def prices(self) -> ListPrices:
        return list_prices(self.request.partner, self.products)

    @property
    def columns(self) -> list[Column]:
        return credit_columns(self.request, self.prices)

    def found(self, wanted: dict) -> PartnerOfRecordQuerySet:
        return self._left

    @cached_property
    def _left(self) -> PartnerOfRecordQuerySet:
        """What the filters leave, for the rows and for what they are worth."""
        partner, wanted = self.request.partner, self.wanted
        rows = credits_listed(partner, customer=self.customer)
        if not any(wanted[name] for name in FILTERS):
            return rows
        matched = matching(rows, wanted["q"], partner=partner) if wanted["q"] else rows
        product = next((row["id"] for row in self.products if str(row["uuid"]) == wanted["product"]), None)
        return found_first(rows, filtered(matched, wanted | {"product": product}))

    def described(self, rows: list[dict]) -> list[dict]:
        """The facts of a page are read by its keys."""
        return facts(self.request.partner, [row["id"] for row in rows])

    @cached_property
    def all_found(self) -> QuerySet:
        return without_deleted(self._left)

    def counted(self, total: int) -> str:
        return subscription_count(total)

    def context(self) -> dict:
        """Months are of all credits: they stand below these alone."""
        months = {"has_changes": False} if self.active else list_months(self.request)
        return months | {"value": self._value() if self.rows else ""}

    def _value(self) -> str:
        licenses = paid_licenses(self._left) if self.active else by_product(self.licenses)
        return self.prices.a_month(self.prices.sum(licenses))

    @property
    def file_name(self) -> str:  # type: ignore[override]
        return f"partner-of-record-{self.request.partner.number}"


partner_of_record = partner_page(Permission.READ_WORKSPACE)(CreditList.view)
