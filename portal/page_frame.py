"""The frame around every page: where the person is, where else, on whose behalf, and in which time zone."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.addresses import help_url
from portal.help.texts import about
from portal.navigation import address_of, shown_navigation
from subscriptions.access import Actor, Permission
from subscriptions.base import formats
from subscriptions.base.time_zones import DAYS_OF_ORGANIZATIONS, zone_in_force
from subscriptions.clouds import Text
from subscriptions.models import Tenant
from subscriptions.models.people.membership import NEWS_CAP
from subscriptions.verdicts import Verdict


def page_frame(request) -> dict:
    """Context of the frame around every page: navigation, on whose behalf, organizations to switch to, theme,
    and the time zone of the days and times that it shows.
    """
    navigation = shown_navigation(request)
    return {
        "navigation": navigation,
        "navigation_shows": _what_is_shown(navigation),
        "on_behalf": _on_behalf(request),
        "bell": _bell(request),
        "viewing": _viewing(request),
        "held_back": _held_back(request),
        "organizations": _organizations(request),
        "theme": getattr(getattr(request, "user", None), "theme", "system"),
        "demo": settings.DEMO,
        "zone": zone_in_force(),
        "zone_of_days": DAYS_OF_ORGANIZATIONS if hasattr(request, "partner") else "",
        "help": {"about": about(request.resolver_match), "url": help_url(request.get_full_path())},
        "trail": lambda: _trail(request),
    }


def _what_is_shown(navigation: list[dict]) -> str:
    """All that the drawn menu depends on, its language apart: its entries, and which is the current one."""
    entries = (entry for section in navigation for entry in (section, *section["items"]))
    return " ".join(f"{entry['url']}{'*' if entry['current'] else ''}" for entry in entries)


def _trail(request) -> list[tuple[Text, str | None]]:
    """Breadcrumbs of a page that says no more than that something is not possible: the menu's way to where it was."""
    here = [
        (section["label"], item["label"], item["url"])
        for section in shown_navigation(request)
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
        "workspace_url": reverse("workspace:customer", args=[actor.partner_number, request.tenant.uuid]),
        "grants": [
            {
                "roles": [role.label for role in delegation.roles],
                "until": formats.moment(delegation.ends) if delegation.ends else "",
            }
            for delegation in actor.delegations
        ],
    }


def _bell(request) -> dict | None:
    """How much is new to a member of the organization, and where; a button for who may mark it as seen."""
    if not hasattr(request, "tenant") or request.actor.is_partner or not request.actor.can(Permission.READ_AUDIT_LOG):
        return None
    only_looks = request.actor.viewing_as or request.actor.held_back
    mine = (each for each in request.memberships if each.tenant_id == request.tenant.pk and not only_looks)
    news = next((each.news for each in mine), 0)
    told = ngettext("%(count)s new event", "%(count)s new events", news) % {"count": _news_number(news)}
    return {
        "count": _news_number(news) if news else "",
        "label": formats.join_facts(_("What happened"), told if news else ""),
        "url": address_of(request, "subscriptions:what-happened"),
        "open_url": "" if only_looks else address_of(request, "subscriptions:what-happened-open"),
    }


def _news_number(news: int) -> str:
    return f"{formats.number(NEWS_CAP - 1)}+" if news >= NEWS_CAP else formats.number(news)


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


def _organizations(request) -> list[dict]:
    """Where this person may go from the header: the own organizations; for a partner's person also the workspace."""
    places = [_organization(request, membership.tenant) for membership in getattr(request, "memberships", [])]
    actor = getattr(request, "actor", None)
    if actor is None or not actor.is_partner:
        return places
    here = [_organization(request, request.tenant)] if hasattr(request, "tenant") else []
    return [_workspace(request, actor), *here, *places]


def _organization(request, tenant: Tenant) -> dict:
    return {
        "name": tenant.name,
        "kind": formats.join_facts(
            tenant.cloud_profile.label, "" if tenant.is_active else tenant.get_state_display()
        ),
        "url": reverse("admin-home", args=[tenant.slug]),
        "current": tenant == getattr(request, "tenant", None),
    }


def _workspace(request, actor: Actor) -> dict:
    return {
        "name": actor.partner,
        "kind": _("Partner workspace"),
        "url": reverse("workspace:home", args=[actor.partner_number]),
        "current": hasattr(request, "partner"),
    }
