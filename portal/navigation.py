"""The interface as data: what stands in the left navigation, and who sees it."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partners.overview.words import PARTNER_OF_RECORD
from portal.addresses import help_url, known_address
from portal.help.texts import about
from subscriptions.access import Actor, Permission
from subscriptions.base import formats
from subscriptions.base.time_zones import DAYS_OF_ORGANIZATIONS, zone_in_force
from subscriptions.clouds import Capability, Text, profile_of
from subscriptions.models import Tenant
from subscriptions.models.people.membership import NEWS_CAP
from subscriptions.verdicts import Verdict


@dataclass(frozen=True)
class Item:
    """One page of the menu; an organization's home says what each is for."""

    label: Text
    url_name: str
    permission: Permission = Permission.READ
    capability: Capability | None = None
    icon: str = ""
    told: Text = ""


@dataclass(frozen=True)
class Section:
    label: Text
    icon: str
    url_name: str | None = None
    items: tuple[Item, ...] = ()


MENU = (
    Section(_("Home"), "home", url_name="admin-home"),
    Section(
        _("Billing"),
        "receipt",
        items=(
            Item(
                _("Purchase services"),
                "subscriptions:purchase-services",
                permission=Permission.READ_SHOP,
                icon="cart",
                told=_("Buy more, try something, or find a partner who helps with it."),
            ),
            Item(
                _("Subscriptions"),
                "subscriptions:list",
                permission=Permission.READ_SUBSCRIPTIONS,
                icon="receipt",
                told=_("See what your organization has bought, and which partner is credited on each subscription."),
            ),
            Item(
                _("Orders"),
                "subscriptions:order-list",
                permission=Permission.READ_ORDERS,
                icon="box",
                told=_("See what was ordered and what is not finished."),
            ),
            Item(
                _("Scheduled changes"),
                "partners:scheduled-list",
                permission=Permission.SET_PARTNER_OF_RECORD,
                icon="calendar",
                told=_("See which partners of record change on a day to come, and what could not be applied."),
            ),
            Item(
                _("Approvals"),
                "subscriptions:approval-list",
                permission=Permission.SET_PARTNER_OF_RECORD,
                icon="people_team",
                told=_("See which changes wait for a second person, and approve or refuse what others asked for."),
            ),
            Item(
                _("Changes on many"),
                "subscriptions:bulk-list",
                permission=Permission.SET_PARTNER_OF_RECORD,
                icon="history",
                told=_("See what was changed on many subscriptions at once, and undo it."),
            ),
        ),
    ),
    Section(
        _("Settings"),
        "settings",
        items=(
            Item(
                _("Partner Relationships"),
                "partners:relationship-list",
                permission=Permission.READ_RELATIONSHIPS,
                capability=Capability.VIEW_PARTNER_RELATIONSHIPS,
                icon="handshake",
                told=_(
                    "See which partners work with your organization and what they may do, and end a relationship."
                ),
            ),
            Item(
                _("Partner policy"),
                "partners:policy",
                permission=Permission.SET_PARTNER_OF_RECORD,
                icon="checkmark",
                told=_("See which partners your organization wants on its subscriptions, and what differs."),
            ),
            Item(
                _("Members"),
                "subscriptions:members",
                permission=Permission.READ_PEOPLE,
                icon="people",
                told=_("See who belongs to your organization, and help somebody who cannot sign in."),
            ),
            Item(
                _("Audit log"),
                "subscriptions:audit-log",
                permission=Permission.READ_AUDIT_LOG,
                icon="history",
                told=_("See who changed what, and when."),
            ),
        ),
    ),
)


WORKSPACE_MENU = (
    Section(
        _("Partner workspace"),
        "building_multiple",
        items=(
            Item(_("Home"), "workspace:home", permission=Permission.READ_WORKSPACE),
            Item(_("Customers"), "workspace:customers", permission=Permission.READ_WORKSPACE),
            Item(PARTNER_OF_RECORD, "workspace:partner-of-record", permission=Permission.READ_WORKSPACE),
            Item(
                _("Offers"),
                "workspace:offer-list",
                permission=Permission.READ_WORKSPACE,
                capability=Capability.RECEIVE_DELEGATED_ADMIN_REQUESTS,
            ),
            Item(_("Release requests"), "workspace:release-requests", permission=Permission.READ_WORKSPACE),
            Item(
                _("Match requests"),
                "workspace:match-requests",
                permission=Permission.READ_WORKSPACE,
                capability=Capability.FIND_PARTNER,
            ),
            Item(_("Company"), "workspace:company", permission=Permission.READ_WORKSPACE),
            Item(_("People"), "workspace:people", permission=Permission.READ_WORKSPACE),
            Item(_("Mails"), "workspace:mails", permission=Permission.READ_WORKSPACE),
            Item(_("Profile"), "workspace:profile", permission=Permission.KEEP_PROFILE),
        ),
    ),
)


def page_frame(request) -> dict:
    """Context of the frame around every page: navigation, on whose behalf, organizations to switch to, theme,
    and the time zone of the days and times that it shows.
    """
    navigation = _navigation(request)
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


def _navigation(request) -> list[dict]:
    """The menu of the organization or of the workspace; a section without anything for this person is left out."""
    if not hasattr(request, "actor"):
        return []
    sections = [_section(request, section) for section in (MENU if hasattr(request, "tenant") else WORKSPACE_MENU)]
    return [section for section in sections if section["url"] or section["items"]]


def _what_is_shown(navigation: list[dict]) -> str:
    """All that the drawn menu depends on, its language apart: its entries, and which is the current one."""
    entries = (entry for section in navigation for entry in (section, *section["items"]))
    return " ".join(f"{entry['url']}{'*' if entry['current'] else ''}" for entry in entries)


def _trail(request) -> list[tuple[Text, str | None]]:
    """Breadcrumbs of a page that says no more than that something is not possible: the menu's way to where it was."""
    here = [
        (section["label"], item["label"], item["url"])
        for section in _navigation(request)
        for item in section["items"]
        if item["current"]
    ]
    way: list[tuple[Text, str | None]] = [(here[0][0], None), here[0][1:]] if here else []
    return [*way, (_("This is not possible"), None)]


def cards(request) -> list[dict]:
    """Ways on from an organization's home, by section, for those who may go there."""
    sections = [
        {"label": section.label, "items": [_item(request, item) for item in section.items if _is_open(request, item)]}
        for section in MENU
    ]
    return [section for section in sections if section["items"]]


def _is_open(request, item: Item) -> bool:
    offered = item.capability is None or profile_of(_place(request).cloud).allows(item.capability)
    return offered and request.actor.can(item.permission)


def _section(request, section: Section) -> dict:
    url = _address(request, section.url_name) if section.url_name else None
    items = [_item(request, item) for item in section.items if _is_open(request, item)]
    here = max((item["url"] for item in items if request.path.startswith(item["url"])), key=len, default=None)
    return {
        "label": section.label,
        "icon": section.icon,
        "url": url,
        "current": request.path == url,
        "items": [item | {"current": item["url"] == here} for item in items],
    }


def _item(request, item: Item) -> dict:
    return {"label": item.label, "icon": item.icon, "told": item.told, "url": _address(request, item.url_name)}


def _address(request, url_name: str) -> str:
    """Inside the organization or the workspace that the request is in."""
    return known_address(url_name, request.tenant.slug if hasattr(request, "tenant") else request.partner.number)


def _place(request):
    """The organization or the partner whose pages these are."""
    return request.tenant if hasattr(request, "tenant") else request.partner


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
        "url": _address(request, "subscriptions:what-happened"),
        "open_url": "" if only_looks else _address(request, "subscriptions:what-happened-open"),
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
