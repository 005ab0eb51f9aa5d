"""The tenant's requests to be matched with a partner: what became of them."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from partners.matching import acts as match_requests
from partners.matching.finder_page import above_finder
from partners.models.match_request import MatchState
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.clouds import Capability
from subscriptions.models.product import ProductFamily
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.paging import Sort, page_by_key

STATE_TAGS = {MatchState.OPEN: "info", MatchState.ANSWERED: "ok", MatchState.CLOSED: "neutral"}
WHO_ACTS = {
    MatchState.OPEN: gettext_lazy("Whoever it was sent to must answer; staff pass the answers on to you."),
    MatchState.ANSWERED: gettext_lazy("You have an answer: agree on the rest with the partner."),
    MatchState.CLOSED: gettext_lazy("Nothing more will be done. You can ask again at any time."),
}
COLUMNS = ("id", "wish", "family", "language", "country", "state", "requested_at", "requested_by", "partners")
MAY_FIND = Capability.FIND_PARTNER


def _breadcrumbs(request: TenantRequest, finder_url: str) -> list[tuple[str, str | None]]:
    return [*above_finder(request), (_("Find a partner"), finder_url)]


@tenant_page(Permission.READ_SHOP, capability=MAY_FIND)
def match_request_list(request: TenantRequest) -> HttpResponse:
    finder_url = reverse("partners:find-partner", args=[request.tenant.slug])
    rows = match_requests.requests_of(request.tenant).values(*COLUMNS)
    page = page_by_key(rows, Sort("id", descending=True), request.GET)
    context = {
        "page": page,
        "requests": [_describe_request(row) for row in page.rows],
        "profile": request.tenant.cloud_profile,
        "finder_url": finder_url,
        "breadcrumbs": [*_breadcrumbs(request, finder_url), (_("Your match requests"), None)],
    }
    return render(request, "partners/match_request_list.html", context)


def _describe_request(row: dict) -> dict:
    state = MatchState(row["state"])
    return {
        "wish": row["wish"],
        "service": ProductFamily(row["family"]).label if row["family"] else "",
        "language": dict(settings.LANGUAGES).get(row["language"], row["language"]),
        "country": countries.name(row["country"]),
        "state": state.label,
        "tag": STATE_TAGS[state],
        "who_acts": WHO_ACTS[state],
        "at": formats.moment(row["requested_at"]),
        "by": row["requested_by"],
        "partners": row["partners"],
    }
