"""Billing > Subscriptions: the tenant's subscriptions, each with its partner of record."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.directory.rules import Flag, flag_of
from partners.partner_of_record.schedule.reads import with_changes
from subscriptions.access import Permission
from subscriptions.bulk.rules import SEES_MANY
from subscriptions.clouds import Text
from subscriptions.models import Tenant
from subscriptions.saved_views.lists import SUBSCRIPTIONS
from subscriptions.subscriptions.pages.file_columns import FILE_VALUES, OF_CHANGES, file_columns
from subscriptions.subscriptions.pages.picking import many_of, pick_column
from subscriptions.subscriptions.pages.rows import VALUES, subscription_columns
from subscriptions.subscriptions.pages.searching import listed_subscriptions
from subscriptions.subscriptions.reads import filter_subscriptions
from subscriptions.web.files.other_files import OTHER_FILES
from subscriptions.web.forms import SubscriptionFilterForm
from subscriptions.web.lists import FILE, Empty, List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.paging import subscription_count
from subscriptions.web.tables import Column

NO_FILTER = dict.fromkeys(SubscriptionFilterForm.base_fields, "")


class SubscriptionList(List[TenantRequest]):
    title, section = _("Subscriptions"), _("Billing")
    caption = _("Subscriptions of your organization")
    template = "subscriptions/subscription_list.html"
    form_class = SubscriptionFilterForm
    filter_label = _("Filter subscriptions")
    is_always_filtered = True
    clear_url = "?order=name"  # an address without any query opens the only subscription
    views_of = SUBSCRIPTIONS
    values = (*VALUES, "changes_on")
    sorts = {"name": "name_key", "ends": "term_ends_on", "cost": "cost_per_month"}
    order = "name"
    file_name = pgettext_lazy("file", "subscriptions")
    none_matches = Empty(
        _("No subscription matches these filters."), why=_("Remove a filter above, or clear all of them.")
    )
    nothing_yet = Empty(
        _("We didn't find anything to show here."), why=_("Your organization has no subscriptions yet.")
    )

    @property
    def columns(self) -> list[Column]:
        columns = subscription_columns(self.request)
        return [pick_column(self.is_all, self.rows), *columns] if self.may_pick else columns

    @staticmethod
    def plain(tenant: Tenant) -> QuerySet:
        return listed_rows(tenant, NO_FILTER)

    def found(self, wanted: dict) -> QuerySet:
        return listed_rows(self.request.tenant, wanted)

    def elsewhere(self) -> HttpResponseBase | None:
        """Also to the only subscription, where nothing is asked for."""
        if own := super().elsewhere():
            return own
        if not self.request.GET and len(self.rows) == 1:
            return redirect("subscriptions:detail", self.request.tenant.slug, self.rows[0]["uuid"])
        return None

    def answer(self) -> HttpResponseBase:
        other = OTHER_FILES.get(self.request.GET.get(FILE, ""))
        if self.is_valid and other:
            return other.answer(self.request, self.found(self.wanted))
        return super().answer()

    @property
    def file_links(self) -> list[tuple[Text, str]]:
        if not self.rows:
            return []
        others = [(other.label, self.file_url(what)) for what, other in OTHER_FILES.items()]
        return [(_("Subscriptions"), self.file_url()), *others]

    @property
    def is_collected(self) -> bool:  # type: ignore[override]
        return self.wanted["partner"] == "without"

    @property
    def says_changes(self) -> bool:
        return not self.request.actor.is_partner

    @property
    def file_values(self) -> tuple[str, ...]:  # type: ignore[override]
        return (*FILE_VALUES, *(OF_CHANGES if self.says_changes else ()))

    @property
    def file_columns(self) -> list[Column]:
        return file_columns(self.request.tenant, says_changes=self.says_changes)

    def all_rows(self) -> QuerySet:
        return self.sort.apply(self.all_found.with_waiting_change()).values(*self.file_values)

    @property
    def may_pick(self) -> bool:
        """Whether this person acts on many; who only reads sees no boxes."""
        return self.request.actor.can(SEES_MANY)

    @property
    def is_all(self) -> bool:
        """Whether all that match are chosen, on the other pages too."""
        return self.request.GET.get("choose") == "all"

    def counted(self, total: int) -> str:
        return subscription_count(total)

    def context(self) -> dict:
        return {
            "many": many_of(self) if self.may_pick and self.rows else None,
            "flags": _flags(self.page.rows),
            "profile": self.request.tenant.cloud_profile,
            "may_read_shop": self.request.actor.may(Permission.READ_SHOP),
        }


def listed_rows(tenant: Tenant, wanted: dict) -> Any:
    """Those of the organization that the filters leave, with the change that waits."""
    rows = with_changes(filter_subscriptions(tenant, wanted))
    return listed_subscriptions(rows, wanted["q"], tenant=tenant) if wanted["q"] else rows


subscription_list = tenant_page(Permission.READ_SUBSCRIPTIONS)(SubscriptionList.view)


def _flags(rows: list[dict]) -> list[Flag]:
    """What is said of partners on this page that are not active, once for each state."""
    states = dict.fromkeys(row["current__partner__state"] for row in rows if row["current__partner__state"])
    return [flag for flag in map(flag_of, states) if flag]
