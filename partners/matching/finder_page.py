"""Find a partner: the directory of the tenant's cloud."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_countries import countries

from partners.matching.forms import FinderForm
from partners.matching.rules import may_request
from partners.models import Partner
from partners.models.partner import PartnerQuerySet
from subscriptions.access import Permission
from subscriptions.clouds import Capability, Finder
from subscriptions.models.product import ProductFamily
from subscriptions.web.filters import active_filters
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.paging import Sort, page_by_key

COLUMNS = (
    "id", "uuid", "number", "name", "name_key", "country", "city", "language", "authorized_families",
    "authorized_countries",
)  # fmt: skip
BY_NAME = Sort("name_key")


@tenant_page(Permission.READ_SHOP, capability=Capability.FIND_PARTNER)
def find_partner(request: TenantRequest) -> HttpResponse:
    """The search; in a cloud whose finder is outside, the way there."""
    profile = request.tenant.cloud_profile
    if profile.finder is Finder.OUTSIDE and profile.find_partner_url:
        return redirect(profile.find_partner_url)
    form = FinderForm(request.GET, tenant=request.tenant)
    if not form.is_valid():
        return render(request, "partners/partner_find.html", _context(request, form), status=422)
    page = page_by_key(_find_partners(request, form.cleaned_data).values(*COLUMNS), BY_NAME, request.GET)
    context = _context(request, form) | {"page": page, "rows": [_describe_partner(request, row) for row in page.rows]}
    return render(request, "partners/partner_find.html", context | _about_asking(request, form.cleaned_data))


def above_finder(request: TenantRequest) -> list[tuple[str, str | None]]:
    """The way to Find a partner."""
    shop = reverse("subscriptions:purchase-services", args=[request.tenant.slug])
    return [(_("Billing"), None), (_("Purchase services"), shop)]


def _find_partners(request: TenantRequest, wanted: dict) -> PartnerQuerySet:
    rows = Partner.objects.findable(cloud=request.tenant.cloud, country=wanted["country"])
    if wanted["q"]:
        rows = rows.matching(wanted["q"])
    if wanted["service"]:
        rows = rows.authorized_for(wanted["service"])
    if wanted["language"]:
        rows = rows.filter(language=wanted["language"])
    return rows


def _context(request: TenantRequest, form: FinderForm) -> dict:
    """The country is no filter of one's own while it is the organization's."""
    preset = {"country"} if form.data["country"] == request.tenant.country_code else set()
    return {
        "form": form,
        "active_filters": active_filters(form, request.GET, hidden=preset),
        "profile": request.tenant.cloud_profile,
        "may_ask": may_request(request.actor, request.tenant),
        "breadcrumbs": [*above_finder(request), (_("Find a partner"), None)],
    }


def _about_asking(request: TenantRequest, wanted: dict) -> dict:
    """What the page of a match request starts with; and that it can be asked for with no partner chosen."""
    url = reverse("partners:match-request-new", args=[request.tenant.slug])
    kept = {name: wanted[name] for name in ("country", "service", "language")}
    return {
        "country_name": countries.name(wanted["country"]),
        "is_elsewhere": wanted["country"] != request.tenant.country_code,
        "kept": kept,
        "ask_url": url,
        "ask_staff_url": f"{url}?{urlencode(kept)}",
    }


def _describe_partner(request: TenantRequest, row: dict) -> dict:
    return {
        "uuid": row["uuid"],
        "number": row["number"],
        "name": row["name"],
        "city": row["city"],
        "country": countries.name(row["country"]),
        "language": dict(settings.LANGUAGES).get(row["language"], row["language"]),
        "services": [ProductFamily(family).label for family in row["authorized_families"]],
        "can_be_named": request.tenant.country_code in row["authorized_countries"],
    }
