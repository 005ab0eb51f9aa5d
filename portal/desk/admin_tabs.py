"""A page of one organization or partner: what it is, and everything of it in tabs, each a paged list.

A tab is told by the model that it lists, so that whoever may not open that list does not see the tab either. The
counts of all tabs are read in one statement, and none goes to its end.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.admin_page import page_context
from subscriptions.access import staff_actor
from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.models import AuditEvent
from subscriptions.staff.admin import StaffModelAdmin, lists_for
from subscriptions.staff.queue import Work, works_of
from subscriptions.web import cells
from subscriptions.web.lists import Empty, List
from subscriptions.web.paging import capped, total_of
from subscriptions.web.tables import Column

LAST_EVENTS = 6
STATE = gettext_lazy("State")


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One kind of rows of an owner: `rows` are all of them, `shown` how a page of them is read."""

    name: str
    label: Text
    rows: Callable[[Any], QuerySet[Any]]
    columns: Sequence[Column]
    shown: Callable[[Any], QuerySet[Any]] = lambda rows: rows
    order: str = "-id"
    added_with: str = ""  # the field of the form of a new row that says whose it is

    @cached_property
    def model(self) -> type[Model]:
        return self.rows(None).model

    @property
    def admin(self) -> StaffModelAdmin:
        return admin.site.get_model_admin(self.model)  # type: ignore[return-value]


@dataclass(frozen=True)
class TabLink:
    """One tab as it stands in the row of tabs."""

    label: Text
    url: str
    is_current: bool
    count: str = ""


class TabList(List):
    """The rows of a tab, by key. The rows of a page are read once more as the objects that columns show."""

    template = "admin/tab.html"
    nothing_yet = Empty(gettext_lazy("There is nothing of this kind."))

    def __init__(self, request: Any, tab: Tab, owner: Any):
        self.tab, self.owner, self.order = tab, owner, tab.order
        super().__init__(request)

    @property
    def title(self) -> Text:
        return self.tab.label

    @property
    def columns(self) -> Sequence[Column]:
        return self.tab.columns

    def found(self, wanted: dict[str, Any]) -> QuerySet[Any]:
        return self.tab.rows(self.owner)

    def with_total(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.annotate(in_all=total_of(rows.values("pk")))

    def described(self, rows: list[dict]) -> list[Any]:
        known = self.tab.shown(self.tab.model._default_manager.all()).in_bulk([row["id"] for row in rows])
        return [known[row["id"]] for row in rows if row["id"] in known]


@dataclass(frozen=True, kw_only=True)
class OwnerPage:
    """The page of one kind of owner: `name` is that of its address, `field` how rows of others point to it."""

    name: str
    model: type[Model]
    field: str
    tabs: Sequence[Tab]
    subtitle: Callable[[Any], str]
    tags: Callable[[Any], Sequence[tuple[str, Text]]]
    facts: Callable[[Any], Sequence[tuple[Text, Any]]]
    list_filter: Callable[[Any], str]
    more: Callable[[Any, Any], Mapping[str, Any]] = lambda _request, _owner: {}

    def answer(self, request: Any, uuid: Any, name: str = "") -> HttpResponse:
        """Raises Http404 for an owner or a tab that is none, and Refused for a tab that this person may not open."""
        owner = self.model._default_manager.filter(uuid=uuid).first()
        tab = next((tab for tab in self.tabs if tab.name == name), None)
        if owner is None or (name and tab is None):
            raise Http404
        if tab is None:
            return TemplateResponse(request, "admin/owner.html", self._overview(request, owner))
        staff_actor(request.user).may_staff(tab.admin.view_permission).require()
        listed = TabList(request, tab, owner)
        context = self._frame(request, owner, tab) | {"list": listed, "page": listed.page, "add_url": None}
        if tab.added_with and tab.admin.has_add_permission(request):
            context["add_url"] = f"{_address(tab.admin, 'add')}?{urlencode({tab.added_with: owner.pk})}"
        return TemplateResponse(request, "admin/tab.html", context)

    def url_of(self, owner: Any, name: str = "") -> str:
        return reverse(
            f"admin:{self.name}-tab" if name else f"admin:{self.name}", args=[owner.uuid, *filter(None, [name])]
        )

    @property
    def admin(self) -> StaffModelAdmin:
        return admin.site.get_model_admin(self.model)  # type: ignore[return-value]

    def _frame(self, request: Any, owner: Any, tab: Tab | None) -> dict[str, Any]:
        list_url = _address(self.admin, "changelist")
        return {
            **page_context(
                request, owner.name, crumbs=[(capfirst(str(self.model._meta.verbose_name_plural)), list_url)]
            ),
            "owner": owner,
            "subtitle": self.subtitle(owner),
            "tags": self.tags(owner),
            "tabs": self._tab_links(request, owner, tab),
            "edit_url": _address(self.admin, "change", owner.pk),
            "acts": self.admin.acts_on(request, owner),
            **self.more(request, owner),
        }

    def _tab_links(self, request: Any, owner: Any, current: Tab | None) -> list[TabLink]:
        seen = [tab for tab in self.tabs if tab.admin.has_view_permission(request)]
        counts = {f"of_{tab.name}": total_of(tab.rows(owner).values("pk")) for tab in seen}
        found = self.model._default_manager.filter(pk=owner.pk).values(**counts).get() if counts else {}
        overview = TabLink(_("Overview"), self.url_of(owner), current is None)
        return [
            overview,
            *(
                TabLink(tab.label, self.url_of(owner, tab.name), tab is current, capped(found[f"of_{tab.name}"] or 0))
                for tab in seen
            ),
        ]

    def _overview(self, request: Any, owner: Any) -> dict[str, Any]:
        works = works_of(self.field, owner, lists=lists_for(request))
        audit_tab = next(tab for tab in self.tabs if tab.model is AuditEvent)
        events = audit_tab.shown(audit_tab.rows(owner).order_by(audit_tab.order, "-id"))[:LAST_EVENTS]
        return self._frame(request, owner, None) | {
            "works": [(work, self._list_of(work, owner)) for work in works],
            "events": list(events),
            "audit_url": self.url_of(owner, audit_tab.name),
            "facts": self.facts(owner),
        }

    def _list_of(self, work: Work, owner: Any) -> str:
        """The list of what waits, of this owner alone."""
        return f"{work.url}{'&' if '?' in work.url else '?'}{self.list_filter(owner)}"


def _address(page: StaffModelAdmin, name: str, *args: Any) -> str:
    return reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_{name}", args=args)


def link_to(row: Model, text: object) -> object:
    """The row's own page, on which its acts stand."""
    opts = row._meta
    return cells.link(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk]), text)


def named(label: Text, text: Callable[[Any], object] = str) -> Column:
    """The first column: the row's name, which leads to its page."""
    return Column(label, lambda row: link_to(row, cells.name(text(row))))


def fact(label: Text, text: Callable[[Any], object]) -> Column:
    return Column(label, lambda row: text(row) or formats.DASH)


def moment(label: Text, attribute: str) -> Column:
    """When, in the reader's zone."""

    def show(row: Any) -> str:
        value = getattr(row, attribute)
        return formats.moment(value) if value else formats.DASH

    return Column(label, show)


def state(label: Text = STATE, attribute: str = "state") -> Column:
    return Column(label, lambda row: cells.tag("neutral", getattr(row, f"get_{attribute}_display")()))


def running(attribute: str, values: type[Any], good: str) -> Column:
    """A state that is not stored: `values` are its labels, `good` is the one that is in force."""

    def show(row: Any) -> object:
        value = getattr(row, attribute)
        return cells.tag("ok" if value == good else "neutral", values(value).label)

    return Column(STATE, show)
