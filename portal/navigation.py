"""The interface as data: what stands in the left navigation, and who sees it."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from subscriptions.access import Permission
from subscriptions.clouds import Capability, Text


@dataclass(frozen=True)
class Item:
    label: Text
    url_name: str
    permission: Permission = Permission.READ
    capability: Capability | None = None


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
            Item(_("Purchase services"), "subscriptions:purchase-services"),
            Item(_("Subscriptions"), "subscriptions:list"),
            Item(_("Orders"), "subscriptions:order-list"),
        ),
    ),
    Section(
        _("Settings"),
        "settings",
        items=(
            Item(
                _("Partner Relationships"),
                "partners:relationship-list",
                capability=Capability.VIEW_PARTNER_RELATIONSHIPS,
            ),
            Item(_("Audit log"), "subscriptions:audit-log", permission=Permission.READ_AUDIT_LOG),
        ),
    ),
)


def shell(request) -> dict:
    """Context of the page shell: navigation, organisations to switch to, theme."""
    return {
        "navigation": _navigation(request),
        "organisations": _organisations(request),
        "theme": getattr(getattr(request, "user", None), "theme", "system"),
        "demo": settings.DEMO,
    }


def _navigation(request) -> list[dict]:
    if not hasattr(request, "actor"):
        return []
    return [_section(request, section) for section in MENU]


def _section(request, section: Section) -> dict:
    url = reverse(section.url_name, args=[request.tenant.slug]) if section.url_name else None
    items = [
        _item(request, item)
        for item in section.items
        if request.actor.can(item.permission)
        and (item.capability is None or request.tenant.cloud_profile.allows(item.capability))
    ]
    return {
        "label": section.label,
        "icon": section.icon,
        "url": url,
        "current": request.path == url,
        "items": items,
    }


def _item(request, item: Item) -> dict:
    url = reverse(item.url_name, args=[request.tenant.slug])
    return {"label": item.label, "url": url, "current": request.path.startswith(url)}


def _organisations(request) -> list[dict]:
    here = getattr(request, "tenant", None)
    return [
        {
            "name": membership.tenant.name,
            "cloud_label": membership.tenant.cloud_profile.label,
            "url": reverse("admin-home", args=[membership.tenant.slug]),
            "current": membership.tenant == here,
        }
        for membership in getattr(request, "memberships", [])
    ]
