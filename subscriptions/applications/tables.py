"""Applications and their tokens as tables, alike for each kind of owner."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from subscriptions.applications.reads import ACTS_CAP
from subscriptions.base import formats
from subscriptions.models import ApplicationToken
from subscriptions.models.people.application import ApplicationScope, role_label
from subscriptions.web import cells
from subscriptions.web.tables import Column, Place, Table

ENDS_SOON = timedelta(days=30)


# What a row of the list is read as
VALUES = (
    *("uuid", "name", "role", "scopes", "made_at", "made_by", "tenant_id", "partner_id"),
    *("last_used", "ends", "acts", "is_orphan"),
)


def application_columns(address: Callable[[dict], str]) -> list[Column]:
    """`address` is that of an application's page."""

    def whom(row: dict) -> SafeString:
        facts = {"person": row["made_by"], "day": formats.day(row["made_at"])}
        told = [cells.below(_("Made by %(person)s on %(day)s") % facts)]
        if row["is_orphan"]:
            told.append(cells.warning(_("Who made it is gone")))
        return cells.together(cells.link(address(row), row["name"]), *told)

    return [
        Column(_("Application"), whom),
        Column(_("Role"), lambda row: role_label(row["role"], row["tenant_id"], row["partner_id"]), place=Place.WHOM),
        Column(_("What it may do"), lambda row: cells.lines(scopes_said(row["scopes"])), place=Place.LINE),
        Column(_("Good until"), _end, css="day"),
        Column(_("Last used"), lambda row: _used(row["last_used"]), css="day"),
        Column(_("Acts so far"), lambda row: acts_said(row["acts"]), css="num"),
    ]


def scopes_said(scopes: list[str]) -> list[str]:
    return [str(ApplicationScope(scope).label) for scope in scopes]


def acts_said(count: int) -> str:
    return f"{formats.number(ACTS_CAP)}+" if count >= ACTS_CAP else formats.number(count)


def _used(moment: Any) -> str:
    return formats.moment(moment) if moment else _("Never")


def _end(row: dict) -> SafeString:
    """Of the token that ends first."""
    return _until(row["ends"]) if row["ends"] else cells.tag("neutral", _("No token"))


def _until(moment: Any) -> SafeString:
    left = moment - timezone.now()
    if left > ENDS_SOON:
        return cells.together(formats.day(moment))
    days = max(left.days, 0)
    told = ngettext("%(days)s day left", "%(days)s days left", days) % {"days": formats.number(days)}
    return cells.together(formats.day(moment), " ", cells.tag("warn", told))


def token_table(rows: list[ApplicationToken], revoke: Callable[[ApplicationToken], str]) -> Table | None:
    """`revoke` is the address at which one is revoked."""

    def until(row: ApplicationToken) -> SafeString:
        if not row.is_live:  # type: ignore[attr-defined]
            return cells.together(formats.day(row.expires_on), " ", cells.tag("neutral", _("Run out")))
        return _until(row.expires_on)

    def act(row: ApplicationToken) -> object:
        return cells.link(revoke(row), cells.together(_("Revoke"), cells.unseen(f" {row.hint}")))

    columns = [
        Column(_("Token"), lambda row: cells.code(row.hint)),
        Column(
            _("Made"),
            lambda row: cells.together(formats.moment(row.made_at), cells.below(row.made_by)),
            css="day",
            place=Place.WHOM,
        ),
        Column(_("Good until"), until, css="day"),
        Column(
            _("Last used"),
            lambda row: cells.together(_used(row.last_used), cells.below(row.last_address or "")),
            css="day",
        ),
        Column(_("Action"), act, place=Place.LINE),
    ]
    return Table(_("Tokens"), columns, rows) if rows else None
