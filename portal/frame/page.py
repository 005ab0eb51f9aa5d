"""The frame around every page: where the person is, where else, on whose behalf, and in which time zone."""

from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from portal.addresses import help_url
from portal.form_tokens import form_token
from portal.frame.kept import kept_part
from portal.frame.maintenance import announced
from portal.frame.parts import Bell, Person, Place, TopBar, Zone
from portal.help.texts import About, about
from portal.navigation import Menu, address_of, menu_of
from subscriptions.access import Actor, Permission
from subscriptions.base import formats
from subscriptions.base.brand import EVERYWHERE, Brand
from subscriptions.base.markup import NOTHING
from subscriptions.base.time_zones import zone_in_force
from subscriptions.brands.reads import brand_shown_in
from subscriptions.clouds import Text
from subscriptions.models import Tenant
from subscriptions.models.people.membership import NEWS_CAP
from subscriptions.verdicts import Verdict


def page_frame(request) -> dict:
    """Context of the frame around every page, and what of it some pages show once more."""
    frame = Frame(request)
    return {
        "csrf_token": SimpleLazyObject(lambda: frame.token),
        "frame": frame,
        "on_behalf": _on_behalf(request),
        "viewing": _viewing(request),
        "held_back": _held_back(request),
        "maintenance": announced(),
        "organizations": lambda: frame.top.organizations,
        "theme": frame.theme,
        "demo": settings.DEMO,
        "zone": lambda: frame.zone.name,
        "zone_of_days": lambda: frame.zone.note,
        "trail": lambda: _trail(frame.menu),
    }


class Frame:
    """The parts of the frame, each drawn only where a page shows it. Those that are kept are told all that they show;
    banners (on behalf, viewing as, suspended), messages and the token of the forms are of each page anew.

    A view may say of its page: `request.sought`, the text that stays in the search box; `request.asked_about`; and
    `request.tells_of_organizations`, where days of organizations stand on a page of another zone.
    """

    def __init__(self, request) -> None:
        self.request = request
        self.language = get_language()

    @cached_property
    def token(self) -> str:
        return form_token(self.request)

    @cached_property
    def theme(self) -> str:
        return getattr(getattr(self.request, "user", None), "theme", "system")

    @cached_property
    def brand(self) -> Brand:
        inside = getattr(self.request, "tenant", None) or getattr(self.request, "partner", None)
        return brand_shown_in(inside.cloud if inside else EVERYWHERE)

    @cached_property
    def menu(self) -> Menu | None:
        return menu_of(self.request)

    @cached_property
    def zone(self) -> Zone:
        tells = hasattr(self.request, "partner") or hasattr(self.request, "tells_of_organizations")
        return Zone(zone_in_force(), tells_of_organizations=tells)

    @cached_property
    def top(self) -> TopBar:
        request, actor = self.request, getattr(self.request, "actor", None)
        user = getattr(request, "user", None)
        return TopBar(
            brand=self.brand,
            person=Person(user.name, user.email, user.is_staff) if user and user.is_authenticated else None,
            theme=self.theme,
            here=_here(request),
            organizations=tuple(_organizations(request)),
            workspace_url=_workspace_url(request) if actor and actor.delegations else "",
            sees_all=len(getattr(request, "memberships", ())) > 1,
            is_at_all=getattr(request.resolver_match, "url_name", "") == "organizations",
            about=self.asked_about[0],
        )

    @cached_property
    def asked_about(self) -> tuple[About, str]:
        """What help is about, and its address: the page itself, or what the page of help was asked about."""
        asked = getattr(self.request, "asked_about", None)
        return asked or (about(self.request.resolver_match), help_url(self.request.get_full_path()))

    @property
    def head(self) -> SafeString:
        return kept_part("_head.html", self.language)

    @property
    def htmx(self) -> SafeString:
        return kept_part("_htmx.html", self.language)

    @property
    def top_bar(self) -> SafeString:
        here, sought = self.request.get_full_path(), getattr(self.request, "sought", "")
        slots = {"csrf_token": self.token, "bell": self.bell, "here": here, "sought": sought}
        return kept_part("_topbar.html", self.language, self.top, help_url=self.asked_about[1], **slots)

    @cached_property
    def news(self) -> Bell | None:
        """How much is new to a member of the organization, and where it leads."""
        request = self.request
        if not hasattr(request, "tenant"):
            return None
        actor: Actor = request.actor
        if actor.is_partner or not actor.can(Permission.READ_AUDIT_LOG):
            return None
        only_looks = bool(actor.viewing_as or actor.held_back)
        news = 0 if only_looks else _news_of(request)
        page = "subscriptions:what-happened" if only_looks else "subscriptions:what-happened-open"
        return Bell(address_of(request, page), only_looks=only_looks, has_news=bool(news))

    @property
    def bell(self) -> SafeString:
        if not self.news:
            return NOTHING
        count = _news_of(self.request) if self.news.has_news else 0
        slots = {"csrf_token": self.token, "label": _what_is_new(count), "count": _news_number(count)}
        return kept_part("_bell.html", self.language, self.news, **slots)

    @property
    def navigation(self) -> SafeString:
        return kept_part("_navigation.html", self.language, self.menu) if self.menu else NOTHING

    @property
    def zone_line(self) -> SafeString:
        return kept_part("_zone.html", self.language, self.zone) if self.top.person else NOTHING

    @property
    def foot(self) -> SafeString:
        return kept_part("_foot.html", self.language, self.brand)


def _news_of(request) -> int:
    return next((each.news for each in request.memberships if each.tenant_id == request.tenant.pk), 0)


def _what_is_new(news: int) -> str:
    if not news:
        return str(_("What happened"))
    told = ngettext("%(count)s new event", "%(count)s new events", news) % {"count": _news_number(news)}
    return formats.join_facts(_("What happened"), told)


def _news_number(news: int) -> str:
    return f"{formats.number(NEWS_CAP - 1)}+" if news >= NEWS_CAP else formats.number(news)


def _trail(menu: Menu | None) -> list[tuple[Text, str | None]]:
    """Breadcrumbs of a page that says no more than that something is not possible: the menu's way to where it was."""
    here = [
        (section["label"], item["label"], item["url"])
        for section in (menu.sections if menu else [])
        for item in section["items"]
        if item["current"]
    ]
    way: list[tuple[Text, str | None]] = [(here[0][0], None), here[0][1:]] if here else []
    return [*way, (_("This is not possible"), None)]


def _on_behalf(request) -> dict | None:
    """For whom a partner's person acts inside an organization, and with which roles until when, by relationship."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.delegations:
        return None
    return {
        "partner": actor.partner,
        "workspace_url": _workspace_url(request),
        "grants": [
            {
                "roles": [role.label for role in delegation.roles],
                "until": formats.moment(delegation.ends) if delegation.ends else "",
            }
            for delegation in actor.delegations
        ],
    }


def _workspace_url(request) -> str:
    """What the partner's workspace says of the organization."""
    return reverse("workspace:customer", args=[request.actor.partner_number, request.tenant.uuid])


def _viewing(request) -> dict | None:
    """As whom one of the staff looks at the organization's pages, and until when."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.viewing_as is None:
        return None
    seen = actor.viewing_as
    return {"who": actor.name, "person": seen.name, "role": seen.role.label, "until": formats.moment(seen.until)}


def _held_back(request) -> Verdict | None:
    """What a suspended organization's pages say over each of them; of a closed one there are no others."""
    held = getattr(getattr(request, "actor", None), "held_back", None)
    return held.verdict() if held and held.kept_until is None else None


def _here(request) -> Place | None:
    if hasattr(request, "tenant"):
        return _organization(request, request.tenant)
    if hasattr(request, "partner"):
        return Place(name=request.partner.name, number=request.partner.number)
    return None


def _organizations(request) -> list[Place]:
    """Where this person may go from the header: the own organizations; for a partner's person also the workspace."""
    places = [_organization(request, membership.tenant) for membership in getattr(request, "memberships", [])]
    actor = getattr(request, "actor", None)
    if actor is None or not actor.is_partner:
        return places
    here = [_organization(request, request.tenant)] if hasattr(request, "tenant") else []
    return [
        Place(name=actor.partner, number=actor.partner_number, current=hasattr(request, "partner")),
        *here,
        *places,
    ]


def _organization(request, tenant: Tenant) -> Place:
    current = tenant.pk == getattr(getattr(request, "tenant", None), "pk", None)
    return Place(name=tenant.name, slug=tenant.slug, cloud=tenant.cloud, state=tenant.state, current=current)
