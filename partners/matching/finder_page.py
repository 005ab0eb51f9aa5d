"""Find a partner: the directory of the tenant's cloud."""

from functools import cached_property

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from partners.matching.forms import FinderForm
from partners.matching.rules import may_request
from partners.models import Partner
from partners.partner_of_record.rules import may_name_at_purchase
from subscriptions.access import Actor, Permission
from subscriptions.base import formats
from subscriptions.base.languages import columns_of, in_language
from subscriptions.base.markup import markup
from subscriptions.catalogue.shop import may_buy
from subscriptions.clouds import Capability, CloudStatus, Finder
from subscriptions.models import ProductFamily, Subscription, Tenant
from subscriptions.models.state_by_date import DATED, partner_may_be_set, status_in
from subscriptions.orders.carts import Cart, carts_of
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.verdicts import Verdict
from subscriptions.web import cells
from subscriptions.web.lists import NOTHING, Crumbs, Empty, List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.tables import Column, Place

LANGUAGE_NAMES = dict(settings.LANGUAGES)


class PartnerList(List[TenantRequest]):
    title = gettext_lazy("Find a partner")
    subtitle = gettext_lazy("Search for a partner, or ask to be matched with one.")
    caption = gettext_lazy("Partners found")
    template = "partners/partner_find.html"
    filter_label = gettext_lazy("Search the partner directory")
    searches = True
    is_always_filtered = True
    values = (
        "uuid", "number", "name", "country", "city", "language",
        "authorized_for_all", "authorized_families", "authorized_countries", *columns_of("text"),
    )  # fmt: skip
    order = "name_key"
    none_matches = Empty(
        gettext_lazy("No partner matches these filters."),
        why=gettext_lazy(
            "Try another service, country or language, or ask to be matched: then staff look for a partner."
        ),
    )

    def filters(self) -> FinderForm:
        offered = [(family.code, family.name) for family in self.families if not family.is_retired]
        return FinderForm(self.request.GET, tenant=self.request.tenant, services=offered)

    @cached_property
    def families(self) -> list[ProductFamily]:
        return list(ProductFamily.objects.all())

    @cached_property
    def services(self) -> dict[str, str]:
        return {family.code: family.name for family in self.families}

    @property
    def without_chip(self) -> frozenset[str]:
        """The country is no filter of one's own while it is the organization's."""
        own = self.form.data["country"] == self.request.tenant.country_code
        return frozenset({"country"}) if own else frozenset()

    @property
    def nothing_yet(self) -> Empty:
        why = _(
            "No partner is authorized for your country or region (%(country)s) yet. "
            "Ask to be matched: then staff look for one."
        )
        return Empty(NOTHING.sentence, why=why % {"country": self.country_name}, icon="handshake")

    @property
    def country_name(self) -> str:
        return countries.name(self.wanted["country"])

    @cached_property
    def may_ask(self) -> Verdict:
        return may_request(self.request.actor, self.request.tenant)

    @property
    def columns(self) -> list[Column]:
        return [
            Column(_("Partner"), _to_choose if self.may_ask.allowed else _partner),
            Column(
                self.request.tenant.cloud_profile.partner_id_label,
                lambda row: cells.code(row["number"]),
                place=Place.STATE,
            ),
            Column(_("City"), lambda row: cells.together(row["city"], cells.below(row["country"])), place=Place.WHOM),
            Column(_("Language"), lambda row: row["language"]),
            Column(_("Authorized for"), _services),
            Column(_("How to use it"), self._use, place=Place.LINE),
        ]

    def _use(self, row: dict) -> object:
        if not row["can_be_named"]:
            return cells.muted(_("Not authorized in your organization's country: it can be asked, but not named."))
        ways = [cells.link(f"{url}?{urlencode({'partner_id': row['number']})}", label) for label, url in self.uses]
        return cells.lines(ways) if ways else _("Copy the ID. Name it at check-out or on a subscription.")

    @cached_property
    def uses(self) -> list[tuple[str, str]]:
        """Where an ID can be put to use; each leads to a page that does nothing before it is sent."""
        tenant, actor = self.request.tenant, self.request.actor
        ways = []
        if may_name_at_purchase(actor, tenant).allowed and may_buy(actor, tenant).allowed and self.cart:
            url = reverse("checkout:review", args=[tenant.slug, self.cart.order.uuid])
            ways.append((_("Use for my order"), url))
        if may_use_for_subscription(actor, tenant):
            ways.append((_("Use for a subscription"), reverse("partners:use-for-subscription", args=[tenant.slug])))
        return ways

    @cached_property
    def cart(self) -> Cart | None:
        """The order that is open here, the newest of several."""
        return next(iter(carts_of(self.request.tenant, by=self.request.actor)), None)

    def found(self, wanted: dict) -> QuerySet:
        rows = Partner.objects.findable(cloud=self.request.tenant.cloud, country=wanted["country"])
        if wanted["q"]:
            rows = rows.matching(wanted["q"])
        if wanted["service"]:
            rows = rows.authorized_for(wanted["service"])
        return rows.filter(language=wanted["language"]) if wanted["language"] else rows

    def describe(self, row: dict) -> dict:
        return row | {
            "country": countries.name(row["country"]),
            "language": LANGUAGE_NAMES.get(row["language"], row["language"]),
            "services": [self.services.get(family, family) for family in row["authorized_families"]],
            "can_be_named": self.request.tenant.country_code in row["authorized_countries"],
        }

    def breadcrumbs(self) -> Crumbs:
        return [*above_finder(self.request), (self.title, None)]

    def context(self) -> dict:
        tenant = self.request.tenant
        context: dict = {"may_ask": self.may_ask, "profile": tenant.cloud_profile, "cart": self.cart}
        if self.is_valid:
            context |= {
                "is_elsewhere": self.wanted["country"] != tenant.country_code,
                "kept": {name: self.wanted[name] for name in ("country", "service", "language")},
                "ask_url": reverse("partners:match-request-new", args=[tenant.slug]),
            }
        return context


def may_use_for_subscription(actor: Actor, tenant: Tenant) -> bool:
    """Whether there is a page to choose one; the subscription's own verdict follows there."""
    offered = tenant.cloud_profile.allows(Capability.ADD_PARTNER_OF_RECORD)
    return offered and tenant.cloud_status != CloudStatus.CLOSED and actor.can(Permission.SET_PARTNER_OF_RECORD)


class SubscriptionChoice(List[TenantRequest]):
    """The subscriptions without a partner of record, to use a partner's ID for one of them."""

    title = gettext_lazy("Use for a subscription")
    subtitle = gettext_lazy("Choose the subscription. Nothing changes before you select Submit on its page.")
    is_collected = True
    values = ("uuid", "name", "licenses_total", *DATED)
    order = "name_key"

    @property
    def nothing_yet(self) -> Empty:
        return Empty(NOTHING.sentence, why=_("Each of your subscriptions has a partner of record."))

    @property
    def columns(self) -> list[Column]:
        today = today_of(self.request.tenant)

        def state(row: dict) -> str:
            return str(status_in(row, today).label)

        return [
            Column(_("Subscription"), lambda row: cells.link(self._edit_url(row), row["name"])),
            Column(_("Status"), state),
            Column(_("Licenses"), lambda row: formats.number(row["licenses_total"]), css="num"),
        ]

    def _edit_url(self, row: dict) -> str:
        url = reverse("partners:partner-of-record-edit", args=[self.request.tenant.slug, row["uuid"]])
        return f"{url}?{urlencode({'partner_id': self.request.GET.get('partner_id', '')})}"

    def found(self, wanted: dict) -> QuerySet:
        tenant = self.request.tenant
        rows = Subscription.objects.of_tenant(tenant).without_partner()
        return rows.filter(partner_may_be_set(today_of(tenant)))

    def breadcrumbs(self) -> Crumbs:
        finder = reverse("partners:find-partner", args=[self.request.tenant.slug])
        return [*above_finder(self.request), (_("Find a partner"), finder), (self.title, None)]


@tenant_page(Permission.SET_PARTNER_OF_RECORD, capability=Capability.ADD_PARTNER_OF_RECORD)
def use_for_subscription(request: TenantRequest) -> HttpResponseBase:
    return SubscriptionChoice(request).answer()


@tenant_page(Permission.READ_SHOP, capability=Capability.FIND_PARTNER)
def find_partner(request: TenantRequest) -> HttpResponseBase:
    """The search; in a cloud whose finder is outside, the way there."""
    profile = request.tenant.cloud_profile
    if profile.finder is Finder.OUTSIDE and profile.find_partner_url:
        return redirect(profile.find_partner_url)
    return PartnerList(request).answer()


def _services(row: dict) -> str:
    return _("All services") if row["authorized_for_all"] else formats.join_list(row["services"]) or formats.DASH


def _to_choose(row: dict) -> SafeString:
    box = '<label class="choose"><input type="checkbox" name="partners" value="{}">{}</label>'
    return cells.together(markup(box, row["uuid"], cells.name(row["name"])), _text(row))


def _partner(row: dict) -> SafeString:
    return cells.together(cells.name(row["name"]), _text(row))


def _text(row: dict) -> SafeString | str:
    return cells.below(in_language(row, "text"))


def above_finder(request: TenantRequest) -> list[tuple[str, str | None]]:
    """The way to Find a partner."""
    shop = reverse("subscriptions:purchase-services", args=[request.tenant.slug])
    return [(_("Billing"), None), (_("Purchase services"), shop)]
