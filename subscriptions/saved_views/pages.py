"""A person's saved views: all of them in the organization, and the acts on one."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Permission
from subscriptions.models import SavedView
from subscriptions.models.people.saved_view import LONGEST_QUERY
from subscriptions.saved_views import acts
from subscriptions.saved_views.acts import NameTaken
from subscriptions.saved_views.forms import ViewForm
from subscriptions.saved_views.lists import LISTS, SUBSCRIPTIONS, Listed, filters_in
from subscriptions.saved_views.reads import find_view, views_of
from subscriptions.saved_views.rules import may_save
from subscriptions.verdicts import Verdict
from subscriptions.web import cells
from subscriptions.web.acts import Answer, Crumb
from subscriptions.web.forms import KeyForm
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.tables import Column, Place, Table
from subscriptions.web.tenant_acts import TenantAct

VIEWS, SAVE, CHANGE, DELETE = (
    "subscriptions:views",
    "subscriptions:view-save",
    "subscriptions:view-change",
    "subscriptions:view-delete",
)
TITLE = gettext_lazy("Saved views")


@tenant_page(Permission.READ)
def saved_views(request: TenantRequest) -> HttpResponse:
    own = views_of(request.tenant, request.actor).order_by("list", "name", "pk")
    rows = [view for view in own if view.list in LISTS]
    context = {
        "table": _table(request.tenant.slug, rows) if rows else None,
        "breadcrumbs": [(_("Home"), reverse("admin-home", args=[request.tenant.slug])), (TITLE, None)],
    }
    return render(request, "subscriptions/saved_views.html", context)


def _table(slug: str, rows: list[SavedView]) -> Table:
    def acts_on(view: SavedView) -> object:
        named = [(CHANGE, _("Change")), (DELETE, _("Delete"))]
        links = [cells.link(reverse(name, args=[slug, view.uuid]), _of(view, act)) for name, act in named]
        return cells.beside(*links)

    columns = [
        Column(_("Name"), lambda view: cells.link(url_of(slug, view), view.name)),
        Column(_("List"), lambda view: LISTS[view.list].label, place=Place.WHOM),
        Column(_("Opens the list"), lambda view: _("Yes") if view.is_default else _("No")),
        Column(_("Action"), acts_on, place=Place.LINE),
    ]
    return Table(str(TITLE), columns, rows)


def _of(view: SavedView, act: str) -> object:
    """For those who hear the page, of which view it is."""
    return cells.together(act, cells.unseen(f" {view.name}"))


def url_of(slug: str, view: SavedView) -> str:
    """Whom it is handed to sees the same filters."""
    return f"{reverse(LISTS[view.list].url_name, args=[slug])}?{view.query}"


class OnViews(TenantAct):
    """One's own alone."""

    permission = Permission.READ
    form_class: ClassVar[type[forms.Form]] = ViewForm
    problems = (NameTaken,)

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        form.add_error("name", _("You have a view of this list that is called so already."))
        return self.again(form)

    def breadcrumbs(self) -> list[Crumb]:
        return [(TITLE, self.url_of(VIEWS, slug=self.tenant.slug)), (self.title, None)]


class SaveView(OnViews):
    """Of the list and the filters that are carried along."""

    name = SAVE
    title = gettext_lazy("Save this view")
    button = gettext_lazy("Save")

    def find(self) -> None:
        if self.list_name not in LISTS:
            raise Http404

    def _sent(self, name: str) -> str:
        sources: tuple[Any, ...] = (self.request.POST, self.request.GET, self.typed or {})
        return next((source[name] for source in sources if source.get(name)), "")

    @property
    def list_name(self) -> str:
        return self._sent("list") or SUBSCRIPTIONS

    @property
    def listed(self) -> Listed:
        return LISTS[self.list_name]

    @property
    def query(self) -> str:
        """What of it a view keeps; that of all rows where nothing is left."""
        return filters_in(QueryDict(self._sent("query")[:LONGEST_QUERY])) or self.listed.all_query[1:]

    @property
    def subtitle(self) -> str:
        return str(self.listed.label)

    def carried(self) -> dict[str, str]:
        return {"list": self.list_name, "query": self.query}

    def may(self) -> Verdict:
        return may_save(self.by, self.tenant, self.list_name)

    def sentences(self) -> list[str]:
        return [
            _("The filters and the order that are set now get a name."),
            _("Only you see it. To share it, hand out the address of the list: it shows the same filters to others."),
        ]

    def do(self, wanted: Mapping[str, Any]) -> SavedView:
        typed = {name: wanted[name] for name in ("name", "is_default")}
        return acts.save_view(
            tenant=self.tenant, list_name=self.list_name, query=self.query[:LONGEST_QUERY], by=self.by, **typed
        )

    def done(self, outcome: SavedView) -> str:
        return _("The view is saved: %(name)s") % {"name": outcome.name}

    @property
    def back_url(self) -> str:
        return f"{self.url_of(self.listed.url_name, slug=self.tenant.slug)}?{self.query}"


class OnOneView(OnViews):
    view_found: SavedView

    def find(self) -> None:
        found = find_view(self.tenant, self.by, self.address["uuid"])
        if found is None or found.list not in LISTS:
            raise Http404
        self.view_found = found

    @property
    def subtitle(self) -> str:
        return f"{LISTS[self.view_found.list].label} · {self.view_found.name}"

    @property
    def back_url(self) -> str:
        return self.url_of(VIEWS, slug=self.tenant.slug)


class ChangeView(OnOneView):
    name = CHANGE
    title = gettext_lazy("Change the view")
    button = gettext_lazy("Save")

    def initial(self) -> dict[str, Any]:
        return {"name": self.view_found.name, "is_default": self.view_found.is_default}

    def do(self, wanted: Mapping[str, Any]) -> SavedView:
        typed = {name: wanted[name] for name in ("name", "is_default")}
        return acts.change_view(tenant=self.tenant, view=self.view_found, by=self.by, **typed)

    def done(self, outcome: SavedView) -> str:
        return _("The view is changed.")


class DeleteView(OnOneView):
    name = DELETE
    title = gettext_lazy("Delete the view")
    button = gettext_lazy("Delete")
    dangerous = True
    form_class: ClassVar[type[forms.Form]] = KeyForm

    def sentences(self) -> list[str]:
        return [_("The list itself and its rows stay.")]

    def do(self, wanted: Mapping[str, Any]) -> bool:
        return acts.delete_view(tenant=self.tenant, view=self.view_found, by=self.by)

    def done(self, outcome: bool) -> str:
        return _("The view is deleted.")
