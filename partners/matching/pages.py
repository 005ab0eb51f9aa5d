"""The tenant's requests to be matched with a partner: asking, and what became of it."""

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from partners.matching import acts as match_requests
from partners.matching.acts import MOST_ASKED, PartnerGone
from partners.matching.finder_page import above_finder
from partners.matching.forms import MatchRequestForm, read_country, read_uuids
from partners.models import Partner
from partners.models.match_request import MatchState
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.clouds import Capability
from subscriptions.db import idempotency
from subscriptions.db.idempotency import KeyReused, Sending
from subscriptions.db.limits import TooManyRequests
from subscriptions.models.product import ProductFamily
from subscriptions.web import cells
from subscriptions.web.forms import new_key, read_key
from subscriptions.web.lists import NOTHING, Crumbs, Empty, List
from subscriptions.web.page_access import TenantRequest, tenant_form, tenant_page
from subscriptions.web.responses import see_other, too_many_requests
from subscriptions.web.tables import Column

STATE_TAGS = {MatchState.OPEN: "info", MatchState.ANSWERED: "ok", MatchState.CLOSED: "neutral"}
WHO_ACTS = {
    MatchState.OPEN: gettext_lazy("Whoever it was sent to must answer; staff pass the answers on to you."),
    MatchState.ANSWERED: gettext_lazy("You have an answer: agree on the rest with the partner."),
    MatchState.CLOSED: gettext_lazy("Nothing more will be done. You can ask again at any time."),
}
MAY_FIND = Capability.FIND_PARTNER


@tenant_form(Permission.BUY, capability=MAY_FIND)
def match_request_new(request: TenantRequest) -> HttpResponse:
    if request.method == "POST":
        return _take_request(request)
    match_requests.may_request(request.actor, request.tenant).require()
    country = read_country(request.GET.get("country", ""), tenant=request.tenant)
    offered = _offered(request, country, request.GET.getlist("partners"))
    initial = {name: request.GET.get(name, "") for name in ("service", "language")}
    chosen = [str(partner.uuid) for partner in offered]
    form = MatchRequestForm(
        offered=offered, initial={**initial, "country": country, "partners": chosen, "key": new_key()}
    )
    return _request_page(request, form, country)


def _offered(request: TenantRequest, country: str, sent: list[str]) -> list[Partner]:
    """The partners that were chosen on the page before, as far as the directory has them for that country."""
    found = Partner.objects.findable(cloud=request.tenant.cloud, country=country)
    return list(found.filter(uuid__in=read_uuids(sent)).order_by("name_key", "id"))


def _take_request(request: TenantRequest) -> HttpResponse:
    """The same form once more gets its answer again; the same form with another wish is asked about."""
    country = read_country(request.POST.get("country", ""), tenant=request.tenant)
    form = MatchRequestForm(request.POST, offered=_offered(request, country, request.POST.getlist("partners")))
    sending = _sending(request)
    try:
        done = idempotency.earlier_answer(sending)
        if done:
            return see_other(done)
        match_requests.may_request(request.actor, request.tenant).require()
        if form.is_valid():
            return see_other(_send(request, form, sending))
    except PartnerGone:
        form.add_error("partners", form.fields["partners"].error_messages["invalid_choice"])
    except KeyReused:
        return _request_page(request, form.sent_before(new_key()), country, status=409)
    except TooManyRequests as refusal:
        return too_many_requests(request, refusal)
    return _request_page(request, form, country)


def _send(request: TenantRequest, form: MatchRequestForm, sending: Sending) -> str:
    """Where the answer of this form is: it acts once, however often it is sent."""

    def sent() -> str:
        match_requests.count_match_request(by=request.actor)
        match_requests.request_match(
            tenant=request.tenant, wish=form.wanted(), partners=form.cleaned_data["partners"], by=request.actor
        )
        messages.success(request, _("Your request is on its way. This page shows what becomes of it."))
        return reverse("partners:match-request-list", args=[request.tenant.slug])

    return idempotency.once(sending, sent)


def _sending(request: TenantRequest) -> Sending:
    content = {name: request.POST.get(name, "") for name in ("wish", "service", "language", "country")}
    content |= {"path": request.path, "partners": " ".join(sorted(request.POST.getlist("partners")))}
    return Sending(
        tenant=request.tenant,
        user_id=request.user.pk,
        key=read_key(request.POST.get("key", "")),
        content=content,
    )


def _request_page(
    request: TenantRequest, form: MatchRequestForm, country: str, *, status: int | None = None
) -> HttpResponse:
    finder_url = reverse("partners:find-partner", args=[request.tenant.slug])
    context = {
        "form": form,
        "country_name": countries.name(country),
        "too_many": len(form.offered) > MOST_ASKED,
        "profile": request.tenant.cloud_profile,
        "finder_url": finder_url,
        "breadcrumbs": [*_breadcrumbs(request, finder_url), (_("Ask to be matched"), None)],
    }
    return render(request, "partners/match_request_new.html", context, status=status or (422 if form.errors else 200))


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
            Column(_("What help is needed"), _wish),
            Column(_("State"), cells.state_and_who),
            Column(_("Sent to"), lambda row: cells.together(_named(row["partners"]), staff)),
            Column(_("Asked by"), lambda row: cells.name(row["requested_by"])),
            Column(_("When"), lambda row: formats.moment(row["requested_at"])),
        ]

    def found(self, wanted: dict) -> QuerySet:
        return match_requests.requests_of(self.request.tenant)

    def describe(self, row: dict) -> dict:
        state = MatchState(row["state"])
        return row | {"state": state.label, "tag": STATE_TAGS[state], "who_acts": WHO_ACTS[state]}

    def breadcrumbs(self) -> Crumbs:
        return [*_breadcrumbs(self.request, self.finder_url), (self.title, None)]


match_request_list = tenant_page(Permission.READ_SHOP, capability=MAY_FIND)(MatchRequestList.view)


def _wish(row: dict) -> SafeString:
    service = ProductFamily(row["family"]).label if row["family"] else _("All services")
    language = dict(settings.LANGUAGES).get(row["language"], row["language"])
    asked = (service, countries.name(row["country"]), language)
    told = " · ".join(str(text) for text in asked if text)
    return format_html("<pre>{}</pre>{}", row["wish"], cells.small(told))


def _named(partners: list[dict]) -> SafeString:
    return cells.lines(cells.partner(partner["id"], partner["name"]) for partner in partners)
