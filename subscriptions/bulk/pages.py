"""Billing > Changes on many: the list, and the page of one with its progress or receipt."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.approvals.reads import requests_of
from subscriptions.base import formats
from subscriptions.bulk import reads
from subscriptions.bulk.asking import MANY
from subscriptions.bulk.cost_page import costs_of
from subscriptions.bulk.kinds import KINDS
from subscriptions.bulk.many_act_page import TITLE, act_found, detail_url, title_of
from subscriptions.bulk.progress_pages import Pause, Resume, Stop, UndoMany
from subscriptions.bulk.rules import SEES_MANY
from subscriptions.models import BulkAct
from subscriptions.models.jobs.bulk_act import OPEN, OVER, UNDECIDED, BulkState
from subscriptions.web import cells
from subscriptions.web.lists import Empty, List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.tables import Column, Place

STATE_TAGS = {
    BulkState.CHOSEN: "neutral",
    BulkState.PREVIEWED: "neutral",
    BulkState.ASKED: "warn",
    BulkState.QUEUED: "info",
    BulkState.RUNNING: "info",
    BulkState.PAUSED: "warn",
    BulkState.DONE: "ok",
    BulkState.CANCELED: "neutral",
}


class ManyList(List[TenantRequest]):
    title, section = TITLE, gettext_lazy("Billing")
    caption = gettext_lazy("Changes on many of your organization")
    template = "subscriptions/bulk_list.html"
    values = ("uuid", "kind", "wanted", "undo_of_id", "state", "planned", "changed", "decided_at", "decided_by")
    nothing_yet = Empty(
        gettext_lazy("We didn't find anything to show here."),
        why=gettext_lazy("Nobody has changed many subscriptions at once yet."),
        icon="history",
    )

    def found(self, wanted: dict) -> QuerySet:
        return reads.decided_acts(self.request.tenant)

    @property
    def columns(self) -> list[Column]:
        return [
            Column(_("Change"), self._name),
            Column(_("State"), _state, place=Place.STATE),
            Column(
                _("Changed"),
                lambda row: f"{formats.number(row['changed'])} / {formats.number(row['planned'])}",
                css="num",
                place=Place.FIGURE,
            ),
            Column(_("When"), lambda row: formats.moment(row["decided_at"]), css="day", place=Place.DAY),
            Column(_("Who"), lambda row: cells.name(row["decided_by"]), place=Place.WHOM),
        ]

    def _name(self, row: dict) -> object:
        title = KINDS[row["kind"]].title(row["wanted"])
        named = _("Undo: %(what)s") % {"what": title} if row["undo_of_id"] else title
        return cells.link(detail_url(self.request.tenant.slug, row["uuid"]), named)


def _state(row: dict) -> SafeString:
    state = BulkState(row["state"])
    return cells.tag(STATE_TAGS[state], state.label)


many_list = tenant_page(SEES_MANY)(ManyList.view)


@tenant_page(SEES_MANY)
def many_detail(request: TenantRequest, uuid: UUID) -> HttpResponse:
    """Its progress while it goes on, which htmx asks for again and again, and its receipt afterwards."""
    act = act_found(request, uuid)
    if act.state in UNDECIDED:
        return redirect("subscriptions:bulk-preview", request.tenant.slug, act.uuid)
    polls = request.htmx.target == "progress"
    if polls and act.state not in OPEN:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    template = "subscriptions/_bulk_progress.html" if polls else "subscriptions/bulk_detail.html"
    return render(request, template, _context(request, act))


def _context(request: TenantRequest, act: BulkAct) -> dict[str, Any]:
    slug = request.tenant.slug
    buttons = [each(request, slug=slug, uuid=act.uuid) for each in (Pause, Resume, Stop, UndoMany)]
    for button in buttons:
        button.bulk = act
    is_open = act.state in OPEN
    undo = buttons.pop()
    return {
        "bulk": act,
        "title": title_of(act),
        "tag": STATE_TAGS[BulkState(act.state)],
        "is_open": is_open,
        "approval_url": _approval_url(request, act) if act.state == BulkState.ASKED else "",
        "done": act.changed + act.not_changed,
        "stayed": act.chosen - act.planned,
        "buttons": [button for button in buttons if is_open and button.may().allowed],
        "undo": undo,
        "may_undo": undo.may() if act.state in OVER else None,
        "undo_until": act.ended + KINDS[act.kind].undone_within if act.ended else None,
        "since": KINDS[act.kind].since(act) if act.state in OVER else [],
        "costs": costs_of(act),
        "changing": reads.groups_of(act, changing=True),
        "staying": reads.groups_of(act, changing=False),
        **_addresses(slug, act),
    }


def _approval_url(request: TenantRequest, act: BulkAct) -> str:
    """Of the request that it waits for."""
    asked = requests_of(request.tenant).filter(act=MANY, row=act.pk).order_by("-pk").values_list("uuid", flat=True)
    return reverse("subscriptions:approval", args=[request.tenant.slug, asked[0]])


def _addresses(slug: str, act: BulkAct) -> dict[str, Any]:
    lists = reverse("subscriptions:bulk-list", args=[slug])
    return {
        "rows_url": reverse("subscriptions:bulk-rows", args=[slug, act.uuid]),
        "lines_url": reverse("subscriptions:bulk-lines", args=[slug, act.uuid]),
        "url": detail_url(slug, act.uuid),
        "undo_of": act.undo_of and detail_url(slug, act.undo_of.uuid),
        "breadcrumbs": [(_("Billing"), None), (TITLE, lists), (title_of(act), None)],
    }
