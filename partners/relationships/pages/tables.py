"""Partner relationships as tables: all of an organization, and what belongs to one of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from partners.relationships.pages.words import DescribedRelationship
from subscriptions.base import formats
from subscriptions.base.markup import markup
from subscriptions.web import cells
from subscriptions.web.page_access import TenantRequest
from subscriptions.web.tables import Column, Group, Place, Table


def relationship_table(request: TenantRequest, groups: Iterable[dict]) -> Table:
    """Grouped by partner."""

    def act(shown: DescribedRelationship) -> SafeString:
        return cells.part("partners/_relationship_act.html", shown=shown)

    columns = [
        Column(_("Relationship type"), _kind),
        Column(_("What the partner can see and do"), lambda shown: _sees(request, shown), place=Place.LINE),
        Column(_("Since and until"), _since_and_until, css="day", place=Place.DAY),
        Column(_("Status"), _status, place=Place.STATE),
        Column(_("Action"), act, css="day", place=Place.LINE),
    ]
    caption = _("Partner relationships of your organization")
    return Table(caption, columns, groups=[Group(group["shown"], _partner(group)) for group in groups])


def _partner(group: dict) -> SafeString:
    """Name, ID and number of relationships; of one that is not active also what that means."""
    named = cells.together(
        cells.link(group["url"], cells.name(group["name"])),
        " ",
        markup('<span class="mono muted">{}</span>', group["number"]),
    )
    flag = group["flag"]
    why = markup('<div class="why">{}</div>', cells.part("_verdict.html", verdict=flag.verdict)) if flag else ""
    flagged = [cells.warning(flag.label), why] if flag else []
    return cells.together(named, " ", cells.muted(f"({len(group['shown'])})"), *flagged)


def _kind(shown: DescribedRelationship) -> SafeString:
    return cells.together(cells.link(shown.url, shown.row.kind.label), cells.below(shown.row.name))


def _sees(request: TenantRequest, shown: DescribedRelationship) -> SafeString:
    """In words, with the first roles; of an advisor how many subscriptions credit it."""
    row = shown.row
    roles = formats.join_list(shown.first_roles)
    more = _("+ %(number)s more") % {"number": shown.more_roles} if shown.more_roles else ""
    told: list[object] = [shown.sees, cells.below(f"{roles} {more}".strip())]
    if row.is_advisor:
        credited = ngettext("%(number)s subscription", "%(number)s subscriptions", row.subscriptions)
        text = credited % {"number": row.subscriptions}
        url = f"{reverse('subscriptions:list', args=[request.tenant.slug])}?partner_id={row.partner_number}"
        told += [cells.BREAK, cells.small(text) if request.actor.is_partner else cells.link(url, text, css="small")]
    return cells.together(*told)


def _since_and_until(shown: DescribedRelationship) -> SafeString:
    return cells.together(formats.day(shown.row.since), cells.below(shown.until))


def _end(day: datetime | None, *, extends: bool) -> SafeString:
    """When it ends or has ended, and whether it goes on then."""
    return cells.together(formats.day(day) if day else _("No end date"), cells.below(extends and _("then extended")))


def _status(shown: DescribedRelationship) -> SafeString:
    flags = cells.part("partners/_relationship_flags.html", row=shown.row)
    return cells.together(cells.tag(shown.status_tag, shown.row.status.label), flags)


def roles_table(roles: list[dict]) -> Table:
    columns = (
        Column(_("Role"), lambda role: role["label"]),
        Column(_("What it allows"), lambda role: role["description"]),
        Column(_("Risk"), lambda role: cells.tag(role["risk"].tag, role["risk"].label)),
    )
    return Table(_("Roles of the partner in your organization"), columns, roles)


def people_table(people: list[Any]) -> Table:
    blocked = cells.together(" ", cells.tag("neutral", _("Cannot sign in")))
    never = cells.muted(_("None so far"))

    def name(person: Any) -> SafeString:
        return cells.together(cells.name(person.name), "" if person.is_active else blocked)

    columns = (
        Column(pgettext("person", "Name"), name),
        Column(_("Works there as"), lambda person: person.agent_role.label),
        Column(_("Roles used here"), lambda person: formats.join_list(person.roles)),
        Column(_("Last act here"), lambda person: formats.moment(person.last_acted) if person.last_acted else never),
    )
    return Table(_("The partner's people who have access"), columns, people)


def ties_table(ties: list[dict]) -> Table:
    columns = (
        Column(_("Relationship type"), lambda tie: cells.link(tie["url"], _("Delegated administrator"))),
        Column(_("Roles"), lambda tie: formats.join_list(tie["roles"])),
        Column(_("Action"), lambda tie: cells.part("partners/_tie_act.html", tie=tie)),
    )
    return Table(_("Also a delegated administrator"), columns, ties)


def review_table(rows: list[dict]) -> Table:
    columns = (
        Column(_("Partner"), _reviewed_partner),
        Column(_("Roles"), lambda row: formats.join_list(row["roles"])),
        Column(_("Since"), lambda row: formats.day(row["relationship"].started_at), css="day"),
        Column(_("Ends"), _reviewed_end, css="day"),
        Column(_("Last act here"), _last_act),
        Column(_("Last review"), _last_review),
        Column(_("Decision"), _decision),
    )
    return Table(_("Delegated administrators of your organization"), columns, rows)


def _reviewed_partner(row: dict) -> SafeString:
    partner = row["relationship"].partner
    number = markup('<br><span class="mono muted small">{}</span>', partner.number)
    return cells.together(cells.link(row["url"], cells.name(partner.name)), number)


def _reviewed_end(row: dict) -> SafeString:
    relationship = row["relationship"]
    soon = [cells.BREAK, cells.tag("warn", _("Ends soon"))] if relationship.ends_soon else []
    return cells.together(
        _end(relationship.expires_on, extends=bool(relationship.expires_on and relationship.auto_extend)), *soon
    )


def _last_act(row: dict) -> SafeString:
    relationship = row["relationship"]
    day = formats.day(relationship.last_act) if relationship.last_act else _("None so far")
    unused = [cells.BREAK, cells.tag("warn", _("Not used for 90 days"))] if relationship.unused else []
    return cells.together(day, *unused)


def _last_review(row: dict) -> SafeString | str:
    relationship = row["relationship"]
    if not relationship.reviewed_at:
        return _("None so far")
    return cells.together(formats.day(relationship.reviewed_at), cells.below(relationship.reviewed_by))


def _decision(row: dict) -> SafeString:
    legend = _("Decision on %(name)s") % {"name": row["relationship"].partner.name}
    fieldset = '<fieldset class="decision"><legend class="visually-hidden">{}</legend>{}{}</fieldset>'
    return markup(fieldset, legend, row["choice"].errors, row["choice"])
