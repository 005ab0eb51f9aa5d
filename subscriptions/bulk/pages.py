"""Billing > Changes on many: the list, the page of one with its progress or receipt, and its rows."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.base import formats
from subscriptions.bulk import reads
from subscriptions.bulk.act_pages import Pause, Resume, Stop, UndoMany, detail_url
from subscriptions.bulk.forms import RowFilterForm
from subscriptions.bulk.kinds import KINDS
from subscriptions.bulk.outcomes import CHANGED, CHANGED_SINCE, STALE, outcome_of
from subscriptions.bulk.rules import SEES_MANY, UNDONE_WITHIN, is_current
from subscriptions.models import BulkAct
from subscriptions.models.bulk_act import OPEN, UNDECIDED, BulkState
from subscriptions.models.subscription import full_name
from subscriptions.web import cells
from subscriptions.web.lists import Empty, List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.tables import Column, Place

STATE_TAGS = {
    BulkState.CHOSEN: "neutral",
    BulkState.PREVIEWED: "neutral",
    BulkState.QUEUED: "info",
    BulkState.RUNNING: "info",
    BulkState.PAUSED: "warn",
    BulkState.DONE: "ok",
    BulkState.CANCELED: "neutral",
}
TITLE = gettext_lazy("Changes on many")
BY_SOMEBODY = (STALE, CHANGED_SINCE)  # of these it is said who it was


def title_of(act: BulkAct) -> str:
    title = KINDS[act.kind].title(act.wanted)
    return _("Undo: %(what)s") % {"what": title} if act.undo_of_id else title


class ManyList(List[TenantRequest]):
    title, section = TITLE, gettext_lazy("Billing")
    caption = gettext_lazy("Changes on many of your organization")
    template = "list.html"
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


class RowList(List[TenantRequest]):
    """The rows of one act, all of them or those of one group, each with what became what, or why not."""

    section = gettext_lazy("Billing")
    caption = gettext_lazy("Subscriptions of this change")
    template = "subscriptions/bulk_rows.html"
    form_class = RowFilterForm
    order = "id"
    values = (
        "subscription__uuid", "subscription__name", "subscription__own_name", "subscription__cost_center", "before",
        "after", "outcome", "planned",
    )  # fmt: skip

    def __init__(self, request: TenantRequest, act: BulkAct):
        self.act = act
        super().__init__(request)

    @property
    def title(self) -> str:  # type: ignore[override]
        return title_of(self.act)

    def found(self, wanted: dict) -> QuerySet:
        return reads.rows_like(self.act, wanted.get("like"))

    def breadcrumbs(self) -> list:
        slug = self.request.tenant.slug
        if self.act.state in UNDECIDED:
            back = (_("Preview"), reverse("subscriptions:bulk-preview", args=[slug, self.act.uuid]))
        else:
            back = (title_of(self.act), detail_url(slug, self.act.uuid))
        lists = reverse("subscriptions:bulk-list", args=[slug])
        return [(self.section, None), (TITLE, lists), back, (_("Subscriptions"), None)]

    def described(self, rows: list[dict]) -> list[dict]:
        asked = [row["subscription__uuid"] for row in rows if row["outcome"] in BY_SOMEBODY]
        by = reads.last_changed_by(self.act, asked) if asked else {}
        return [row | {"by": by.get(row["subscription__uuid"])} for row in rows]

    @property
    def may_leave_out(self) -> bool:
        return self.act.state == BulkState.PREVIEWED and is_current(self.act, self.request.actor)

    @property
    def columns(self) -> list[Column]:
        kind = KINDS[self.act.kind]
        leave = Column("", self._leave_out, css="num") if self.may_leave_out else None
        shown = [
            Column(_("Subscription"), self._name),
            Column(_("Before"), lambda row: kind.said(row["before"]) if row["before"] else formats.DASH),
            Column(
                _("After"), lambda row: kind.said(row["after"]) if row["outcome"] in ("", CHANGED) else formats.DASH
            ),
            Column(_("Result"), self._result),
        ]
        return [*shown, *([leave] if leave else [])]

    def _name(self, row: dict) -> SafeString:
        named = full_name(row["subscription__name"], row["subscription__own_name"])
        url = reverse("subscriptions:detail", args=[self.request.tenant.slug, row["subscription__uuid"]])
        center = row["subscription__cost_center"]
        below = cells.below(_("Cost center: %(name)s") % {"name": center} if center else "")
        return format_html('<a href="{}"><bdi>{}</bdi></a>{}', url, named, below)

    def _result(self, row: dict) -> object:
        if not row["outcome"]:
            return _("Will change") if self.act.state in UNDECIDED else _("Waiting")
        said = outcome_of(row["outcome"]).label
        if row["outcome"] == CHANGED:
            return cells.tag("ok", said)
        by = row["by"]
        who = f"{by['actor_name']}{formats.mark(', ')}{formats.moment(by['at'])}" if by else ""
        return cells.together(said, cells.below(who))

    def _leave_out(self, row: dict) -> object:
        if row["outcome"]:
            return ""
        named = full_name(row["subscription__name"], row["subscription__own_name"])
        button = '<button class="button subtle" type="submit" name="leave_out" value="{}">{}{}</button>'
        return format_html(button, row["subscription__uuid"], _("Leave out"), cells.unseen(named))

    def context(self) -> dict[str, Any]:
        url = reverse("subscriptions:bulk-leave-out", args=[self.request.tenant.slug, self.act.uuid])
        return {"leave_out_url": url if self.may_leave_out else ""}


many_list = tenant_page(SEES_MANY)(ManyList.view)


@tenant_page(SEES_MANY)
def many_rows(request: TenantRequest, uuid: UUID) -> HttpResponse:
    return RowList(request, _found(request, uuid)).answer()


@tenant_page(SEES_MANY)
def many_detail(request: TenantRequest, uuid: UUID) -> HttpResponse:
    """Its progress while it goes on, which htmx asks for again and again, and its receipt afterwards."""
    act = _found(request, uuid)
    if act.state in UNDECIDED:
        return redirect("subscriptions:bulk-preview", request.tenant.slug, act.uuid)
    polls = request.htmx.target == "progress"
    if polls and act.state not in OPEN:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    template = "subscriptions/_bulk_progress.html" if polls else "subscriptions/bulk_detail.html"
    return render(request, template, _context(request, act))


def _found(request: TenantRequest, uuid: UUID) -> BulkAct:
    act = reads.find_act(request.tenant, uuid)
    if act is None:
        raise Http404
    return act


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
        "done": act.changed + act.not_changed,
        "stayed": act.chosen - act.planned,
        "buttons": [button for button in buttons if is_open and button.may().allowed],
        "undo": undo,
        "may_undo": None if is_open else undo.may(),
        "undo_until": act.ended + UNDONE_WITHIN if act.ended else None,
        "changing": reads.groups_of(act, changing=True),
        "staying": reads.groups_of(act, changing=False),
        "rows_url": reverse("subscriptions:bulk-rows", args=[slug, act.uuid]),
        "url": detail_url(slug, act.uuid),
        "undo_of": act.undo_of and detail_url(slug, act.undo_of.uuid),
        "breadcrumbs": [
            (_("Billing"), None),
            (TITLE, reverse("subscriptions:bulk-list", args=[slug])),
            (title_of(act), None),
        ],
    }
