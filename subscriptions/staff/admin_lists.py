"""A list of staff's: what it may be asked, its acts, and the list as a file. No large table is counted to its end."""

from typing import cast

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst

from subscriptions.access import staff_actor
from subscriptions.base import formats
from subscriptions.staff.acts import StaffAct, act_name
from subscriptions.staff.columns import find_column
from subscriptions.staff.export import export
from subscriptions.staff.filters import TenantFilter
from subscriptions.staff.form import RowSelect
from subscriptions.staff.search import find_all, find_rows

MOST_COUNTED = 10_000
OWNERS = ("tenant", "partner")  # of whose rows alone their pages lead to a list


class CappedPaginator(Paginator):
    """Counts no further than the cap; what lies behind it is found by search."""

    @cached_property
    def count(self) -> int:
        return cast(QuerySet, self.object_list)[:MOST_COUNTED].count()

    @property
    def is_capped(self) -> bool:
        return self.count == MOST_COUNTED


class StaffList(admin.ModelAdmin):
    """`exact` are fields in which a pasted ID is looked for before anything else; `acts` are for who may do them."""

    exact: tuple[str, ...] = ("uuid",)
    acts: tuple[type[StaffAct], ...] = ()
    page_name = ""  # of the address of a row's own page, where it has one beside its form
    exports = True

    empty_value_display = formats.DASH
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = CappedPaginator

    def get_changelist(self, request, **kwargs):
        return LeadingToPages if self.page_name else StaffChangeList

    def get_actions(self, request) -> dict:
        """Those alone that this person may do; a row's own page says of the others who can."""
        offered = super().get_actions(request)
        may = staff_actor(request.user).may_staff
        denied = {act_name(act) for act in self.acts if not may(act.staff_permission).allowed}
        return {name: action for name, action in offered.items() if name not in denied}

    @property
    def media(self):
        """With what a filter by organization needs in the list."""
        if TenantFilter not in self.list_filter:
            return super().media
        return super().media + RowSelect(self.opts.get_field("tenant"), self.admin_site).media

    def changelist_view(self, request, extra_context=None):
        """Under the name of its rows. A filter that says nothing is a 422, here as everywhere."""
        title = capfirst(self.opts.verbose_name_plural)
        response = super().changelist_view(request, {"title": title, **(extra_context or {})})
        page = (getattr(response, "context_data", None) or {}).get("cl")
        if page and any(getattr(each, "is_wrong", False) for each in page.filter_specs):
            response.status_code = 422
        return response

    def get_list_display(self, request):
        return [find_column(str(name), self) for name in self.list_display]

    def lookup_allowed(self, lookup, value, request=None) -> bool:
        """Only what the page offers, and as it does: by another column a password's hash could be guessed letter by
        letter, and other lookups take no text at all, or one that the database refuses.
        """
        if any(lookup in getattr(item, "parameter_names", ()) for item in self.list_filter):
            return True
        filters = (getattr(item, "parameter_name", item) for item in self.list_filter)
        offered = lookup.removesuffix(f"{LOOKUP_SEP}exact") in {*filters, *self.exact, *OWNERS}
        return offered and super().lookup_allowed(lookup, value, request)

    def get_search_results(self, request, queryset, search_term):
        """To its end for a file alone; elsewhere the request is told where it was cut."""
        text, where = search_term.strip(), {"exact": self.exact, "fields": self.search_fields}
        if getattr(request, "search_has_no_end", False):
            return find_all(queryset, text, **where), False
        found = find_rows(queryset, text, **where)
        request.search_is_cut = found.is_cut
        return found.rows, False

    @property
    def export_url(self) -> str:
        return reverse(f"{self.admin_site.name}:{self._export_name}")

    @property
    def _export_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_export"

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.export_view)
        own = [path("export.csv", view, name=self._export_name)] if self.exports else []
        return [*own, *super().get_urls()]

    def export_view(self, request):
        """The list as a file, as it is filtered; a filter that is none leads to the list, as there."""
        request.search_has_no_end = True
        try:
            return export(self, request)
        except IncorrectLookupParameters:
            return redirect(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_changelist")


class StaffChangeList(ChangeList):
    """Offers no act where there is no row, and *Show all* only where not all are shown.

    `is_cut` where more rows answer to the search than it reads.
    """

    def get_results(self, request) -> None:
        super().get_results(request)
        if self.result_list.query.is_sliced:  # columns and joins for the rows of the page, not for all before it
            self.result_list = self.queryset.filter(pk__in=self.result_list.values("pk"))
        self.is_cut = getattr(request, "search_is_cut", False)
        self.show_admin_actions = bool(self.result_count)
        if not (self.query or self.has_active_filters):
            self.full_result_count = self.result_count


class LeadingToPages(StaffChangeList):
    """A list that leads to the rows' own pages, where everything about them stands, in place of their forms."""

    def url_for_result(self, result) -> str:
        return reverse(cast(StaffList, self.model_admin).page_name, args=[result.uuid])
