"""The tenant's requests to be matched with a partner: what became of them."""

from functools import cached_property

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.matching import acts as match_requests
from partners.matching.finder_page import above_finder
from partners.matching.page_parts import STATE_TAGS, wish
from partners.models.match_request import MatchState
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.clouds import Capability
from subscriptions.models import ProductFamily
from subscriptions.web import cells
from subscriptions.web.lists import NOTHING, Crumbs, Empty, List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.tables import Column, Place

WHO_ACTS = {
    MatchState.OPEN: gettext_lazy("Whoever it was sent to must answer; staff pass the answers on to you."),
    MatchState.ANSWERED: gettext_lazy("You have an answer: agree on the rest with the partner."),
    MatchState.CLOSED: gettext_lazy("Nothing more will be done. You can ask again at any time."),
}
MAY_FIND = Capability.FIND_PARTNER


def _breadcrumbs(request: TenantRequest, finder_url: str) -> list[tuple[str, str | None]]:
    return [*above_finder(request), (_("Find a partner"), finder_url)]


class MatchRequestList(List[TenantRequest]):
    title = gettext_lazy("Your match requests")
    subtitle = gettext_lazy("Whom your organization asked to be matched with, and what became of it.")
    template = "partners/match_request_list.html"
    values = ("wish", "family", "language", "country", "state", "requested_at", "requested_by", "partners")

    @property
    def finder_url(self) -> str:
        return reverse("partners:find-partner", args=[self.request.tenant.slug])

    @property
    def nothing_yet(self) -> Empty:
        why, find = _("Your organization has not asked to be matched with a partner yet."), _("Find a partner")
        return Empty(NOTHING.sentence, why=why, icon="mail", action_label=find, action_url=self.finder_url)

    @property
    def columns(self) -> list[Column]:
        staff = _("Staff of %(operator)s") % {"operator": self.request.tenant.cloud_profile.operator}
        return [
            Column(_("What help is needed"), wish),
            Column(_("State"), cells.state_and_who, place=Place.LINE),
            Column(_("Sent to"), lambda row: cells.together(_named(row["partners"]), staff), place=Place.LINE),
            Column(_("Asked by"), lambda row: cells.name(row["requested_by"])),
            Column(_("When"), lambda row: formats.moment(row["requested_at"]), css="day"),
        ]

    @cached_property
    def services(self) -> dict[str, str]:
        return ProductFamily.objects.labels()

    def found(self, wanted: dict) -> QuerySet:
        return match_requests.requests_of(self.request.tenant)

    def describe(self, row: dict) -> dict:
        state = MatchState(row["state"])
        service = self.services.get(row["family"], "")
        return row | {"service": service, "state": state.label, "tag": STATE_TAGS[state], "who_acts": WHO_ACTS[state]}

    def breadcrumbs(self) -> Crumbs:
        return [*_breadcrumbs(self.request, self.finder_url), (self.title, None)]


match_request_list = tenant_page(Permission.READ_SHOP, capability=MAY_FIND)(MatchRequestList.view)


def _named(partners: list[dict]) -> SafeString:
    return cells.lines(cells.partner(partner["id"], partner["name"]) for partner in partners)
