"""The rows of an act on many: what becomes or became of each, or why it stays; and the file of them."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from subscriptions.base import formats
from subscriptions.base.markup import markup
from subscriptions.bulk import reads
from subscriptions.bulk.forms import RowFilterForm
from subscriptions.bulk.kinds import KINDS, Kind
from subscriptions.bulk.many_act_page import TITLE, act_found, detail_url, title_of
from subscriptions.bulk.outcomes import CHANGED, CHANGED_SINCE, STALE, outcome_of
from subscriptions.bulk.rules import SEES_MANY, is_current
from subscriptions.models import BulkAct
from subscriptions.models.jobs.bulk_act import UNDECIDED, BulkState
from subscriptions.models.subscription import full_name
from subscriptions.web import cells
from subscriptions.web.lists import List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.tables import Column, Place

BY_SOMEBODY = (STALE, CHANGED_SINCE)  # of these it is said who it was


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

    @property
    def file_name(self) -> str:  # type: ignore[override]
        return pgettext("file", "change-on-many")

    @property
    def file_columns(self) -> list[Column]:
        kind = KINDS[self.act.kind]
        costs = [Column(_("Difference"), value=lambda row: _costs(kind, row))] if kind.is_priced else []
        return [
            Column(_("Subscription ID"), value=lambda row: str(row["subscription__uuid"])),
            Column(_("Subscription"), value="subscription__name"),
            Column(_("Own name"), value="subscription__own_name"),
            Column(_("Cost center"), value="subscription__cost_center"),
            Column(_("Before"), value=lambda row: kind.said(row["before"]) if row["before"] else ""),
            Column(_("After"), value=lambda row: kind.said(row["after"]) if _is_changing(row) else ""),
            *costs,
            Column(_("Code"), value=lambda row: row["outcome"] or "waiting"),
            Column(_("Result"), value=self._result_in_words),
            Column(_("Next step"), value=lambda row: outcome_of(row["outcome"]).next_step if row["outcome"] else ""),
        ]

    def _result_in_words(self, row: dict) -> object:
        return outcome_of(row["outcome"]).label if row["outcome"] else self._waiting

    @property
    def _waiting(self) -> str:
        return _("Will change") if self.act.state in UNDECIDED else _("Waiting")

    def __init__(self, request: TenantRequest, act: BulkAct):
        self.act = act
        super().__init__(request)

    @property
    def title(self) -> str:  # type: ignore[override]
        return title_of(self.act)

    def found(self, wanted: dict) -> QuerySet:
        rows = reads.rows_like(self.act, wanted.get("like"))
        return rows.exclude(outcome__in=["", CHANGED]) if wanted.get("stayed") else rows

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
        costs = Column(_("Difference"), lambda row: _costs(kind, row), css="num") if kind.is_priced else None
        leave = Column(_("Action"), self._leave_out, place=Place.LINE) if self.may_leave_out else None
        shown = [
            Column(_("Subscription"), self._name),
            Column(_("Before"), lambda row: kind.said(row["before"]) if row["before"] else formats.DASH),
            Column(_("After"), lambda row: kind.said(row["after"]) if _is_changing(row) else formats.DASH),
            Column(_("Result"), self._result),
        ]
        return [*shown, *filter(None, [costs, leave])]

    def _name(self, row: dict) -> SafeString:
        named = full_name(row["subscription__name"], row["subscription__own_name"])
        url = reverse("subscriptions:detail", args=[self.request.tenant.slug, row["subscription__uuid"]])
        center = row["subscription__cost_center"]
        below = cells.below(_("Cost center: %(name)s") % {"name": center} if center else "")
        return markup('<a href="{}"><bdi>{}</bdi></a>{}', url, named, below)

    def _result(self, row: dict) -> object:
        if not row["outcome"]:
            return self._waiting
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
        return markup(button, row["subscription__uuid"], _("Leave out"), cells.unseen(named))

    def context(self) -> dict[str, Any]:
        url = reverse("subscriptions:bulk-leave-out", args=[self.request.tenant.slug, self.act.uuid])
        return {"leave_out_url": url if self.may_leave_out else ""}


def _costs(kind: type[Kind], row: dict) -> str:
    """Of a row that stays nothing."""
    return kind.difference(row["before"], row["after"]) if _is_changing(row) else formats.DASH


def _is_changing(row: dict) -> bool:
    return row["outcome"] in ("", CHANGED)


@tenant_page(SEES_MANY)
def many_rows(request: TenantRequest, uuid: UUID) -> HttpResponseBase:
    return RowList(request, act_found(request, uuid)).answer()
