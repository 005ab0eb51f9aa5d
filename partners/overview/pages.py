"""Settings > Partner Relationships: what waits for an answer, whether a review is due, and the relationships."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partners.directory.rules import flag_of
from partners.models import Partner
from partners.models.partner_offer import OfferKind
from partners.offers.answer_rules import may_read_offers
from partners.offers.answered_page import answered_table
from partners.offers.preview import offer_banner
from partners.overview.relationship_file_page import relationship_file
from partners.overview.relationship_list import MOST_ROWS, RelationshipPage, has_relationships, page_of_relationships
from partners.overview.waiting_list import MOST_WAITING, Waiting, waiting
from partners.relationships.forms import RelationshipFilterForm, Waits
from partners.relationships.pages.tables import relationship_table
from partners.relationships.pages.words import MAY_VIEW, describe_relationship
from partners.relationships.review import due_review
from partners.relationships.rows import PartnerGroup, by_partner
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.clouds import Capability, Finder
from subscriptions.web import cells
from subscriptions.web.filters import active_filters
from subscriptions.web.lists import CSV, FILE
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.paging import Page, capped
from subscriptions.web.tables import Column, Table

PENDING = (
    Column(gettext_lazy("What"), lambda row: cells.link(row.get("url", ""), row["what"])),
    Column(gettext_lazy("Partner"), lambda row: _partner_of(row)),
    Column(gettext_lazy("Since"), lambda row: formats.day(row["since"]), css="day"),
    Column(gettext_lazy("Who must act"), lambda row: row["who"]),
    Column(gettext_lazy("By when"), lambda row: formats.day(row["until"]), css="day"),
)

NOTHING = RelationshipPage(Page([], None, None), [], 0, is_cut=False)


@tenant_page(Permission.READ_RELATIONSHIPS, capability=MAY_VIEW)
def relationship_list(request: TenantRequest) -> HttpResponseBase:
    form = RelationshipFilterForm(request.GET)
    valid = form.is_valid()
    if valid and request.GET.get(FILE) == CSV:
        return relationship_file(request, text=form.cleaned_data["q"], status=form.wanted_status)
    found = _found(request, form) if valid else NOTHING
    groups = [_group(request, group) for group in by_partner(found.rows)]
    only_offers = valid and form.wanted_status == Waits.OFFERS
    context = {
        "only_offers": only_offers,
        "is_cut": found.is_cut,
        "most_rows": MOST_ROWS,
        "most_waiting": MOST_WAITING,
        "form": form,
        "active_filters": active_filters(form, request.GET),
        "pending": _pending_table(request, only_offers=only_offers),
        "offer_banner": offer_banner(request),
        "answered": answered_table(request),
        "review": _review(request),
        "groups": groups,
        "file_url": f"?{urlencode({**request.GET.dict(), FILE: CSV})}",
        "table": relationship_table(request, groups),
        "page": found.page,
        "count": _count(found.total),
        "has_others": not groups and not only_offers and has_relationships(request.tenant),
        "profile": request.tenant.cloud_profile,
        "finder_url": _finder_url(request),
        "breadcrumbs": [(_("Settings"), None), (_("Partner Relationships"), None)],
    }
    return render(request, "partners/relationship_list.html", context, status=200 if valid else 422)


def _pending_table(request: TenantRequest, *, only_offers: bool) -> Table:
    rows = waiting_rows(request, only_offers=only_offers)
    return Table(_("Offers and requests that wait for an answer"), PENDING, rows)


def _found(request: TenantRequest, form: RelationshipFilterForm) -> RelationshipPage:
    wanted = {"text": form.cleaned_data["q"], "status": form.wanted_status}
    return page_of_relationships(request.tenant, request.GET, **wanted)


def _count(number: int) -> str:
    return ngettext("%(count)s relationship", "%(count)s relationships", number) % {"count": capped(number)}


def _finder_url(request: TenantRequest) -> str:
    """The portal's own finder, where the cloud has it and this person may read it."""
    profile = request.tenant.cloud_profile
    is_own = profile.finder is Finder.OWN and profile.allows(Capability.FIND_PARTNER)
    may_read = request.actor.can(Permission.READ_SHOP)
    return reverse("partners:find-partner", args=[request.tenant.slug]) if is_own and may_read else ""


def _group(request: TenantRequest, group: PartnerGroup) -> dict:
    return {
        "name": group.name,
        "number": group.number,
        "url": reverse("partners:partner-detail", args=[request.tenant.slug, group.rows[0].partner_uuid]),
        "flag": flag_of(group.rows[0].partner_state),
        "shown": [describe_relationship(request, row) for row in group.rows],
    }


def _review(request: TenantRequest) -> dict | None:
    """The way to the review where there is anything to review, and the sentence where it is due."""
    due = due_review(request.tenant)
    if not due.all:
        return None
    review = {
        "verdict": request.actor.may(Permission.REVIEW_RELATIONSHIPS),
        "url": reverse("partners:relationship-review", args=[request.tenant.slug]),
        "last": due.last,
    }
    if not due.since:
        return review
    sentence = ngettext(
        "%(count)s delegated administrator was last confirmed on %(day)s and is to be reviewed.",
        "%(count)s delegated administrators are to be reviewed; the first was last confirmed on %(day)s.",
        due.count,
    )
    return review | {"sentence": sentence % {"count": formats.number(due.count), "day": formats.day(due.since)}}


def waiting_rows(request: TenantRequest, partner: Partner | None = None, *, only_offers: bool = False) -> list[dict]:
    """Offers and requests are between the organization and one partner; people of other partners never see them."""
    if request.actor.is_partner:
        return []
    found = waiting(request.tenant, partner)
    return [_pending(request, item) for item in found if item.offer or not only_offers]


def _partner_of(row: dict) -> SafeString:
    if not row["partner_name"]:
        return cells.muted(_("Shown to a Global admin only"))
    return cells.name_and_number(row["partner_name"], row["partner_number"])


def _pending(request: TenantRequest, item: Waiting) -> dict:
    """A row that waits for an answer: what it is, who must act, by when."""
    slug = request.tenant.slug
    row = {"partner_name": item.partner_name, "partner_number": item.partner_number, "since": item.since}
    if item.offer:
        is_request = item.kind == OfferKind.ROLES_ONLY
        row |= {"who": _("A Global admin of your organization answers"), "until": item.until}
        if not may_read_offers(request.actor).allowed:
            what = _("A partner's request") if is_request else _("A partner's offer")
            return row | {"what": what, "partner_name": "", "partner_number": ""}
        url = reverse("partners:offer", args=[slug, item.offer])
        what = _("Request for delegated administration: %(name)s") if is_request else _("Offer: %(name)s")
        return row | {"what": what % {"name": item.name}, "url": url}
    who = _("The operator's staff, since the reseller is late") if item.escalated else _("The reseller answers")
    return row | {
        "what": _("Your request to end the relationship"),
        "url": reverse("partners:release-request", args=[slug, item.released]),
        "who": who,
        "until": item.until,
    }
