"""Billing > Purchase services: what the cloud sells, plans of a category side by side."""

from collections import defaultdict
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

from django import forms
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat, LPad
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.base.search import find_in
from subscriptions.catalogue import shop
from subscriptions.catalogue.shop import ITEM_COLUMNS, Item
from subscriptions.orders.carts import carts_of
from subscriptions.web import cells
from subscriptions.web.forms import CatalogFilterForm
from subscriptions.web.lists import Empty, List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.tables import Column

MOST_COMPARED = 100  # plans of a category that goes over several pages
SORTS = [("category", _("By category")), ("name", _("By name")), ("price", _("By price"))]


class ServiceList(List[TenantRequest]):
    """Plans instead of rows, those of a category side by side; or as a table, to be compared line by line."""

    title, section = _("Purchase services"), _("Billing")
    subtitle = _("Prices are per user and month; taxes are added on the invoice.")
    template = "subscriptions/purchase_services.html"
    filter_label = _("Filter services")
    is_always_filtered = True
    values = ITEM_COLUMNS
    sorts = {"category": "shelf", "name": "name_key", "price": "monthly"}
    order = "category"
    without_chip = frozenset({"cart", "show"})
    none_matches = Empty(
        _("No service matches these filters."), why=_("Remove a filter above, or clear all of them.")
    )
    nothing_yet = Empty(_("Nothing is sold here yet."), why=_("Services appear here as soon as they have a price."))

    @cached_property
    def families(self) -> dict[str, Any]:
        """By their codes, in the order of the shop."""
        return {family.code: family for family in shop.families(self.request.tenant)}

    def filters(self) -> CatalogFilterForm:
        """By what is sold, and by what an older address still asks for."""
        asked, families = self.request.GET.get("family"), self.families.items()
        offered = [(code, family.name) for code, family in families if family.is_sold or code == asked]
        return CatalogFilterForm(self.request.GET, families=offered)

    def order_field(self) -> forms.ChoiceField:
        return forms.ChoiceField(label=_("Sort"), required=False, choices=SORTS, initial=self.order)

    @property
    def is_table(self) -> bool:
        return self.wanted.get("show") == "table"

    @property
    def rows_template(self) -> str:  # type: ignore[override]
        return "_table.html" if self.is_table else "subscriptions/_plans.html"

    def found(self, wanted: dict) -> QuerySet:
        """`shelf` brings the plans of a category together, in the categories' order, from the cheapest on."""
        place, price = _digits("family__position", 5), _digits("monthly", 14)
        shelf = Concat(place, Value(" "), Cast("family_id", CharField()), Value(" "), price)
        rows = shop.items(self.request.tenant).annotate(shelf=shelf)
        if wanted["q"]:
            rows = rows.filter(find_in(wanted["q"], "search_text", "family__search_text"))
        return rows.filter(family=wanted["family"]) if wanted["family"] else rows

    def described(self, rows: list[dict]) -> list[dict]:
        plans = [self.describe(row) for row in rows]
        if self.sort.column != "shelf":
            for plan in plans:
                _compare([plan])
                plan["plans"] = self.total
            return plans
        for category in self._categories(plans):
            _compare(category)
            for cheaper, plan in pairwise(category):
                plan["more"] = self._more(cheaper["item"], plan["item"])
        return plans

    def _categories(self, plans: list[dict]) -> list[list[dict]]:
        """The plans by category: whole ones, also those that begin or end on another page."""
        beyond = self.found(self.wanted).filter(family__in=self._cut(plans)).order_by("shelf", "pk")
        on_page = {plan["item"].id for plan in plans}
        rows = beyond.values(*ITEM_COLUMNS)[:MOST_COMPARED] if self._cut(plans) else []
        found = defaultdict(list)
        for plan in [*plans, *(self.describe(row) for row in rows if row["id"] not in on_page)]:
            found[plan["group"]].append(plan)
        return [sorted(category, key=_from_the_cheapest) for category in found.values()]

    def _cut(self, plans: list[dict]) -> set[str]:
        """The categories that the page's edges go through, as far as the page can tell."""
        first = {plans[0]["group"]} if self.page.newer_url else set()
        return first | {plans[-1]["group"]} if self.page.older_url else first

    def describe(self, row: dict) -> dict:
        item = Item(**{name: row[name] for name in ITEM_COLUMNS})
        family, is_grouped = self.families.get(item.family), self.sort.column == "shelf"
        return {
            "item": item,
            "group": item.family if is_grouped else "",
            "family": family,
            "description": item.description or (family.sentence if family and not is_grouped else ""),
            "saving": self._money((item.monthly - item.annual) * 12),
            "may_try": shop.may_start_trial(self.request.actor, self.request.tenant, item)
            if item.has_trial
            else None,
        }

    def _more(self, cheaper: Item, item: Item) -> str:
        if item.monthly == cheaper.monthly:
            return gettext("Costs as much as %(product)s") % {"product": cheaper.name}
        difference = formats.signed_money(item.monthly - cheaper.monthly, self.currency)
        return gettext("%(difference)s a month against %(product)s") % {
            "difference": difference,
            "product": cheaper.name,
        }

    def _money(self, amount: Decimal) -> str:
        return formats.money(amount, self.currency)

    @property
    def columns(self) -> list[Column]:
        return [
            Column(gettext("Name"), lambda row: row["item"].name),
            Column(gettext("Billed monthly"), lambda row: self._money(row["item"].monthly), css="num"),
            Column(gettext("Billed annually"), lambda row: self._money(row["item"].annual), css="num"),
            Column(gettext("Saved in a year"), lambda row: row["saving"], css="num"),
            Column(gettext("Free trial"), lambda row: gettext("Yes") if row["item"].has_trial else gettext("No")),
            Column(gettext("You have it"), _had),
            Column(gettext("What it has"), lambda row: cells.lines(row["item"].features)),
            Column(gettext("Difference"), lambda row: row.get("more", formats.DASH)),
        ]

    @property
    def currency(self) -> str:
        return self.request.tenant.cloud_profile.currency

    def context(self) -> dict:
        tenant, wanted = self.request.tenant, self.wanted.get("cart")
        carts = sorted(carts_of(tenant, by=self.request.actor), key=lambda cart: cart.order.uuid != wanted)
        return {
            "may_buy": shop.may_buy(self.request.actor, tenant),
            "profile": tenant.cloud_profile,
            "currency": self.currency,
            "cart": carts[0] if carts else None,
            "other_carts": carts[1:],
        }


def _digits(column: str, length: int) -> LPad:
    return LPad(Cast(column, CharField()), length, Value("0"))


def _from_the_cheapest(plan: dict) -> tuple[Decimal, int]:
    return plan["item"].monthly, plan["item"].id


def _compare(plans: list[dict]) -> None:
    """Gives each plan the features of all, in one order, and which of them it has; and how many they are."""
    every = list(dict.fromkeys(feature for plan in plans for feature in plan["item"].features))
    for plan in plans:
        own = plan["item"].features
        plan["features"] = [(feature, feature in own) for feature in every]
        plan["plans"] = len(plans)


def _had(row: dict) -> str:
    if row["item"].purchased:
        return gettext("Purchased")
    return gettext("In trial") if row["item"].in_trial else formats.DASH


purchase_services = tenant_page(Permission.READ_SHOP)(ServiceList.view)
