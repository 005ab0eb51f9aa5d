"""The operator's side: Django admin inside the staff scope of the database."""

from functools import update_wrapper
from itertools import chain
from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, ImproperlyConfigured
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from portal.errors import static_page
from portal.fitness.table import fitness
from portal.version import VERSION
from subscriptions.access import StaffPermission, staff_actor
from subscriptions.base.brand import brand_of
from subscriptions.base.time_zones import DAYS_OF_ORGANIZATIONS, zone_in_force
from subscriptions.db import scopes
from subscriptions.staff.admin import StaffModelAdmin, lists_for, narrowed_for
from subscriptions.staff.choices import RowChoices
from subscriptions.staff.desk import DESK_PAGES, NavigationGroup, navigation, work_to_start
from subscriptions.staff.form import KEY
from subscriptions.staff.queue import what_waits
from subscriptions.verdicts import Refused
from subscriptions.web.recent_sign_in import has_second_factor, needs_second_factor


@method_decorator(secure_admin_login, name="login")
class StaffSite(AdminSite):
    index_title = _("Home")

    def register(self, model_or_iterable, admin_class=None, **options) -> None:
        """Lets in pages of the portal's own kind only; apps of others would bring theirs, with their power."""
        if admin_class is not None and issubclass(admin_class, StaffModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def each_context(self, request) -> dict:
        product = brand_of().product
        names = {"site_title": product, "site_header": _("%(product)s: staff") % {"product": product}}
        frame = {"zone": zone_in_force(), "zone_of_days": DAYS_OF_ORGANIZATIONS, "portal_version": VERSION}
        return super().each_context(request) | names | frame

    def autocomplete_view(self, request):
        return RowChoices.as_view(admin_site=self)(request)

    def index(self, request, extra_context=None):
        """What waits for staff, and the way to every list."""
        by = staff_actor(request.user)
        context = {
            "queue": what_waits(lists_for(request), narrowed=narrowed_for(request)),
            "today": timezone.now(),
            "commands": work_to_start(by),
        }
        if by.may_staff(StaffPermission.READ_RECORDS).allowed:
            context["fitness"] = fitness()
        return super().index(request, context | (extra_context or {}))

    def app_index(self, request, app_label, extra_context=None):
        """Lists stand in groups by task, so a Django app has no page of its own."""
        return redirect(f"{self.name}:index")

    def get_app_list(self, request, app_label=None) -> list[NavigationGroup]:  # type: ignore[override]
        """By task, in place of Django's apps."""
        models = (model for app in self._build_app_dict(request, app_label).values() for model in app["models"])
        lists = [(cast(StaffModelAdmin, self._registry[model["model"]]), model) for model in models]
        lists.sort(key=lambda pair: pair[0].place)
        return navigation(staff_actor(request.user), ((page.group, model) for page, model in lists))

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

        Somebody signed in who is not staff gets one and the same refusal for every address below, and so does one of
        the staff who has no role.
        """

        def scoped(request, *args, **kwargs):
            try:
                with scopes.staff():
                    return _answer(view, request, *args, **kwargs)
            except Refused:
                request.refusal_template = "admin/refused.html"
                request.way_back = {**getattr(request, "way_back", {}), **self.each_context(request)}
                raise

        guarded = super().admin_view(update_wrapper(scoped, view), cacheable)

        def refusing(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return guarded(request, *args, **kwargs)
            if not self.has_permission(request):
                request.refusal_code = "not-staff"
                return static_page("403_staff.html", 403)
            _refuse_unreadable(request)
            if needs_second_factor(request.user) and not has_second_factor(request.user):
                messages.info(request, _("Staff need a second factor. Set it up, then go on where you were."))
                return redirect("mfa_activate_totp")
            return guarded(request, *args, **kwargs)

        return update_wrapper(refusing, guarded)


def permission_of(view: Any) -> StaffPermission:
    """What a page declares: an act or a page of the portal's own by itself, a list and its pages by their class.

    Raises ImproperlyConfigured for a page that declares none.
    """
    layers = [view]
    while hasattr(layers[-1], "__wrapped__"):
        layers.append(layers[-1].__wrapped__)
    for layer in layers:
        owner = getattr(layer, "act", layer)
        if declared := getattr(owner, "staff_permission", None):
            return declared
        owner = getattr(layer, "__self__", None)
        if isinstance(owner, StaffModelAdmin):
            return owner.view_permission
        if isinstance(owner, AdminSite) or getattr(layer, "view_class", None) is RedirectView:
            return StaffPermission.ENTER
    raise ImproperlyConfigured(f"{view} does not say which of the staff may open it.")


def _answer(view, request, *args, **kwargs):
    """The rendered page, for one of the staff with a role that may open it. Raises Refused. Needs the staff scope."""
    by = staff_actor(request.user)
    if not by.staff_roles:
        request.refusal_code = "no-staff-role"
        return static_page("403_staff_role.html", 403)
    by.may_staff(permission_of(view)).require()
    response = view(request, *args, **kwargs)
    if hasattr(response, "render") and not response.is_rendered:
        response.render()
    return response


def _refuse_unreadable(request) -> None:
    """A NUL, which the database takes in no text, and chosen rows that are none. Forms refuse a NUL themselves."""
    texts = chain([request.path], *((name, *values) for name, values in request.GET.lists()))
    chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
    if any("\0" in text for text in texts) or not all(map(KEY.fullmatch, chosen)):
        raise BadRequest
