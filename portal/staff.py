"""The operator's side: Django admin inside the staff scope of the database."""

from functools import update_wrapper

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.db import transaction
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from subscriptions import scopes


@method_decorator(secure_admin_login, name="login")
class StaffSite(AdminSite):
    site_title = _("Partner of Record")
    site_header = _("Partner of Record: staff")
    index_title = _("Look up, support, correct")

    def has_permission(self, request) -> bool:
        return request.user.is_active and request.user.is_staff

    def admin_view(self, view, cacheable=False):
        """Asks the permission first, then runs and renders the view inside the staff scope."""

        def scoped(request, *args, **kwargs):
            with scopes.staff():
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and not response.is_rendered:
                    response.render()
                return response

        guarded = super().admin_view(update_wrapper(scoped, view), cacheable)
        return transaction.non_atomic_requests(guarded)
