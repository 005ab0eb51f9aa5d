"""The operator's side: Django admin inside the staff scope of the database."""

from functools import update_wrapper
from itertools import chain
from typing import cast

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from portal.errors import static_page
from subscriptions.base.time_zones import DAYS_OF_ORGANIZATIONS, zone_in_force
from subscriptions.db import scopes
from subscriptions.staff.admin import StaffModelAdmin
from subscriptions.staff.choices import RowChoices
from subscriptions.staff.desk import DESK_PAGES, NavigationGroup, navigation, work_to_start
from subscriptions.staff.form import KEY
from subscriptions.staff.queue import what_waits


@method_decorator(secure_admin_login, name="login")
class StaffSite(AdminSite):
    site_title = _("Partner of Record")
    site_header = _("Partner of Record: staff")
    index_title = _("Home")

    def register(self, model_or_iterable, admin_class=None, **options) -> None:
        """Lets in pages of the portal's own kind only; apps of others would bring theirs, with their power."""
        if admin_class is not None and issubclass(admin_class, StaffModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def each_context(self, request) -> dict:
        return super().each_context(request) | {"zone": zone_in_force(), "zone_of_days": DAYS_OF_ORGANIZATIONS}

    def autocomplete_view(self, request):
        return RowChoices.as_view(admin_site=self)(request)

    def index(self, request, extra_context=None):
        """What waits for staff, and the way to every list."""
        context = {"queue": what_waits(), "today": timezone.now(), "commands": work_to_start()}
        return super().index(request, context | (extra_context or {}))

    def app_index(self, request, app_label, extra_context=None):
        """Lists stand in groups by task, so a Django app has no page of its own."""
        return redirect(f"{self.name}:index")

    def get_app_list(self, request, app_label=None) -> list[NavigationGroup]:  # type: ignore[override]
        """By task, in place of Django's apps."""
        models = (model for app in self._build_app_dict(request, app_label).values() for model in app["models"])
        lists = [(cast(StaffModelAdmin, self._registry[model["model"]]), model) for model in models]
        lists.sort(key=lambda pair: pair[0].place)
        return navigation((page.group, model) for page, model in lists)

    def has_permission(self, request) -> bool:
        return request.user.is_active and request.user.is_staff

    def get_urls(self) -> list:
        """With the acts of all pages and the pages beside the lists, and without Django's way to an object's page in
        the portal: no object here has one.
        """
        acts = [act for page in self._registry.values() for act in cast(StaffModelAdmin, page).acts]
        names = {act: act.name.removeprefix(f"{self.name}:") for act in acts}
        return [
            *(path(f"acts/{name}/", self.admin_view(act.view()), name=name) for act, name in names.items()),
            *(path(page.path, self.admin_view(page.view), name=page.name) for page in DESK_PAGES.values()),
            *(url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"),
        ]

    def admin_view(self, view, cacheable=False):
        """Asks the permission first, then runs and renders the view inside the staff scope.

        Somebody signed in who is not staff gets one and the same refusal for every address below.
        """

        def scoped(request, *args, **kwargs):
            with scopes.staff():
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and not response.is_rendered:
                    response.render()
                return response

        guarded = super().admin_view(update_wrapper(scoped, view), cacheable)

        def refusing(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                request.refusal_code = "not-staff"
                return static_page("403_staff.html", 403)
            if request.user.is_authenticated:
                _refuse_unreadable(request)
            return guarded(request, *args, **kwargs)

        return update_wrapper(refusing, guarded)


def _refuse_unreadable(request) -> None:
    """A NUL, which the database takes in no text, and chosen rows that are none. Forms refuse a NUL themselves."""
    texts = chain([request.path], *((name, *values) for name, values in request.GET.lists()))
    chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
    if any("\0" in text for text in texts) or not all(map(KEY.fullmatch, chosen)):
        raise BadRequest
