"""The interface as data: what stands in the left navigation, and who sees it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from partners.overview.words import PARTNER_OF_RECORD
from portal.addresses import known_address
from subscriptions.access import Permission
from subscriptions.clouds import Capability, Text, profile_of


@dataclass(frozen=True, eq=False)
class Item:
    """One page of the menu; an organization's home says what each is for."""

    label: Text
    url_name: str
    permission: Permission = Permission.READ
    capability: Capability | None = None
    icon: str = ""
    told: Text = ""


@dataclass(frozen=True, eq=False)
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
                _("Webhooks"),
                "subscriptions:webhooks",
                permission=Permission.KEEP_WEBHOOKS,
                icon="link",
                told=_("Let other systems know of what happens here, as soon as it does."),
            ),
            Item(
                _("Applications"),
                "subscriptions:applications",
                permission=Permission.KEEP_APPLICATIONS,
                icon="key",
                told=_("See which programs act for your organization, and make, change or stop one."),
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
            Item(_("Applications"), "workspace:applications", permission=Permission.KEEP_PARTNERS_APPLICATIONS),
            Item(_("Profile"), "workspace:profile", permission=Permission.KEEP_PROFILE),
            Item(_("Webhooks"), "workspace:webhooks", permission=Permission.KEEP_PARTNERS_WEBHOOKS),
        ),
    ),
)


@dataclass(frozen=True)
class Menu:
    """What the left navigation shows to somebody on a page: of the place, with the address that it is at, if any."""

    place: str
    items: tuple[Item, ...]
    here: str
    menu: tuple[Section, ...]

    @property
    def sections(self) -> list[dict]:
        """A section without anything for this person is left out."""
        return [self._section(section) for section in self.menu if section.url_name or self._shown(section)]

    def _section(self, section: Section) -> dict:
        url = known_address(section.url_name, self.place) if section.url_name else None
        items = [_item(item, self.place) for item in self._shown(section)]
        return {
            "label": section.label,
            "icon": section.icon,
            "url": url,
            "current": self.here == url,
            "items": [item | {"current": item["url"] == self.here} for item in items],
        }

    def _shown(self, section: Section) -> list[Item]:
        return [item for item in section.items if item in self.items]


def menu_of(request) -> Menu | None:
    """Of the organization or of the workspace that the request is in."""
    if not hasattr(request, "actor"):
        return None
    menu, place = (
        (MENU, request.tenant.slug) if hasattr(request, "tenant") else (WORKSPACE_MENU, request.partner.number)
    )
    items = tuple(item for section in menu for item in section.items if _is_open(request, item))
    return Menu(place, items, _where(request.path, place, menu, items), menu)


def _where(path: str, place: str, menu: tuple[Section, ...], items: tuple[Item, ...]) -> str:
    """The address in the menu that the page is at or below; of a section's own page only the page itself."""
    below = [url for item in items if path.startswith(url := known_address(item.url_name, place))]
    own = [url for section in menu if section.url_name and path == (url := known_address(section.url_name, place))]
    return max([*below, *own], key=len, default="")


def cards(request) -> list[dict]:
    """Ways on from an organization's home, by section, for those who may go there."""
    place = request.tenant.slug
    sections = [
        {"label": section.label, "items": [_item(item, place) for item in section.items if _is_open(request, item)]}
        for section in MENU
    ]
    return [section for section in sections if section["items"]]


def _is_open(request, item: Item) -> bool:
    offered = item.capability is None or profile_of(_place(request).cloud).allows(item.capability)
    return offered and request.actor.can(item.permission)


def _item(item: Item, place: str) -> dict:
    return {"label": item.label, "icon": item.icon, "told": item.told, "url": known_address(item.url_name, place)}


def address_of(request, url_name: str) -> str:
    """Inside the organization or the workspace that the request is in."""
    return known_address(url_name, request.tenant.slug if hasattr(request, "tenant") else request.partner.number)


def _place(request):
    """The organization or the partner whose pages these are."""
    return request.tenant if hasattr(request, "tenant") else request.partner
