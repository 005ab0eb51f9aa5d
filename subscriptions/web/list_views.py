"""What a list shows of the views of it: a menu on its page, and the one with which it opens."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode

from subscriptions.models import SavedView
from subscriptions.models.people.saved_view import LONGEST_QUERY
from subscriptions.saved_views.lists import LISTS, filters_in
from subscriptions.saved_views.reads import views_in


@dataclass
class Views:
    """Of one list and the person who asks for it."""

    request: Any
    list_name: str

    @cached_property
    def own(self) -> list[SavedView]:
        return views_in(self.request.tenant, self.request.actor, self.list_name)

    @cached_property
    def query(self) -> str:
        return filters_in(self.request.GET)

    @property
    def all_query(self) -> str:
        return LISTS[self.list_name].all_query

    @property
    def shown(self) -> SavedView | None:
        """The one whose filters these are."""
        return next((view for view in self.own if view.query == self.query), None)

    @property
    def may_keep(self) -> bool:
        return self.request.actor.viewing_as is None

    @property
    def save_url(self) -> str:
        """Empty where nothing is set that would be worth a name, or it has one."""
        is_all = f"?{self.query}" == self.all_query
        if not self.may_keep or not self.query or is_all or self.shown or len(self.query) > LONGEST_QUERY:
            return ""
        url = reverse("subscriptions:view-save", args=[self.request.tenant.slug])
        return f"{url}?{urlencode({'list': self.list_name, 'query': self.query})}"

    @property
    def manage_url(self) -> str:
        return reverse("subscriptions:views", args=[self.request.tenant.slug])

    def opening(self) -> HttpResponse | None:
        """Where the list opens without a query; None where it shows what it is asked for."""
        if self.request.GET:
            return None
        default = next((view for view in self.own if view.is_default), None)
        return HttpResponseRedirect(f"?{default.query}") if default else None
