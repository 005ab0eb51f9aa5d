"""One search box over organizations, people, partners, orders and subscriptions."""

from django.contrib import admin
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.desk.admin_page import page_context
from subscriptions.access import StaffPermission
from subscriptions.search.finder import LONGEST, SHORTEST, SearchKind, can_search, search
from subscriptions.staff.desk import desk_page
from subscriptions.staff.found import searched


@desk_page("search/", name="search", staff_permission=StaffPermission.ENTER)
@require_safe
def search_page(request):
    """A text that is too short or too long is a 422 with a sentence; without one the page says what can be found."""
    text = request.GET.get("q", "").strip()
    is_wrong = bool(text) and not can_search(text)
    context = {
        **page_context(request, _("Results for “%(text)s”") % {"text": text} if text else _("Search")),
        "text": text,
        "is_wrong": is_wrong,
        "shortest": SHORTEST,
        "longest": LONGEST,
        "found": search(text, _kinds_for(request)) if text else [],
    }
    return TemplateResponse(request, "admin/search.html", context, status=422 if is_wrong else 200)


def _kinds_for(request) -> list[SearchKind]:
    """Of whose lists this person may open."""
    pages = ((kind, admin.site.get_model_admin(kind.rows().model)) for kind in searched())
    return [kind for kind, page in pages if page.has_view_permission(request)]
