"""The tabs that the pages of an organization and of a partner share: each lists the same rows, of its own owner."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.desk.admin_tabs import Tab, fact, link_to, moment, named, state
from subscriptions.audit.facts import subject_said
from subscriptions.base import formats
from subscriptions.web import cells
from subscriptions.web.tables import Column

Rows = Callable[[Any], QuerySet[Any]]


def people_tab(rows: Rows, *, last: Column, added_with: str) -> Tab:
    """`last` says since when or until when somebody is seen there."""
    return Tab(
        name="people",
        label=_("People"),
        rows=rows,
        shown=lambda found: found.select_related("user"),
        columns=[
            Column(_("Person"), lambda row: link_to(row.user, cells.name(row.user.name))),
            Column(_("Role"), lambda row: link_to(row, row.get_role_display())),
            Column(_("Email address"), lambda row: cells.code(row.user.email)),
            Column(
                _("Can sign in"), lambda row: _("Yes") if row.user.is_active else cells.tag("warn", _("Not active"))
            ),
            last,
        ],
        added_with=added_with,
    )


def offers_tab(rows: Rows, *, shown: Rows, other: Column, added_with: str) -> Tab:
    """`other` is who stands at the other end: the partner, or the organization."""
    return Tab(
        name="offers",
        label=_("Offers"),
        rows=rows,
        shown=shown,
        columns=[
            named(_("Offer")),
            state(),
            other,
            moment(_("Sent"), "sent_at"),
            moment(_("Can be answered until"), "expires_on"),
        ],
        added_with=added_with,
    )


def orders_tab(rows: Rows, *, shown: Rows = lambda rows: rows, other: Column) -> Tab:
    return Tab(
        name="orders",
        label=_("Orders"),
        rows=rows,
        shown=shown,
        columns=[
            named(_("Order")),
            state(),
            other,
            moment(_("Started"), "started_at"),
            moment(_("Placed"), "placed_at"),
        ],
    )


def releases_tab(rows: Rows, *, shown: Rows, other: Column) -> Tab:
    return Tab(
        name="releases",
        label=_("Releases"),
        rows=rows,
        shown=shown,
        columns=[
            other,
            state(),
            moment(_("Sent"), "sent_at"),
            fact(_("Due"), lambda row: formats.day(row.due_on)),
            fact(_("Reason"), lambda row: cells.name(row.reason)),
        ],
    )


def mails_tab(rows: Rows) -> Tab:
    return Tab(
        name="mails",
        label=_("Mails"),
        rows=rows,
        shown=lambda found: found.select_related("to_user"),
        columns=[
            Column(_("Mail"), lambda row: link_to(row, row.get_kind_display())),
            state(),
            fact(_("To"), lambda row: cells.name(row.to_user.name if row.to_user else row.to_company_name)),
            moment(_("Queued"), "queued"),
            moment(_("Sent"), "sent"),
        ],
    )


def audit_tab(rows: Rows, order: str) -> Tab:
    return Tab(
        name="audit",
        label=_("Audit"),
        rows=rows,
        order=order,
        columns=[
            Column(_("What"), lambda row: link_to(row, row.get_kind_display())),
            fact(_("To what"), lambda row: cells.name(subject_said(vars(row)))),
            fact(_("Who"), lambda row: cells.name(row.who)),
            moment(_("When"), "at"),
        ],
    )
