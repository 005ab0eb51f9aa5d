"""The lines with errors of the file that an act on many came from: as a list, and as a file to be mended."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from subscriptions.base import formats
from subscriptions.bulk.many_act_page import TITLE, act_found, detail_url, title_of
from subscriptions.bulk.outcomes import CHANGED, LEFT_OUT, UNCHANGED, outcome_of
from subscriptions.bulk.rules import SEES_MANY
from subscriptions.imports.csv_reader import ADDED, bare
from subscriptions.imports.reads import Said, describe
from subscriptions.models import BulkAct, BulkLine, BulkRow
from subscriptions.models.jobs.bulk_act import UNDECIDED
from subscriptions.web import cells
from subscriptions.web.lists import List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.tables import Column


class _Sign:
    """A cell that is no text: it is written as it is, without the quote that tells it from a formula."""

    def __str__(self) -> str:
        return "-"


SIGN = _Sign()


class LineList(List[TenantRequest]):
    """All errors by line and column; the file has the columns of the one that came, and two more."""

    section = gettext_lazy("Billing")
    caption = gettext_lazy("Lines with errors")
    order = "number"
    values = ("number", "problems")
    file_values = ("cells", "problems", "outcome")
    columns = (
        Column(gettext_lazy("Line"), lambda row: _("Line %(line)s") % {"line": row["number"]}),
        Column(gettext_lazy("Column"), lambda row: _each(row, lambda problem, said: cells.code(problem["column"]))),
        Column(gettext_lazy("Value"), lambda row: _each(row, lambda problem, said: cells.name(problem["value"]))),
        Column(gettext_lazy("What is wrong"), lambda row: _each(row, lambda problem, said: said.wrong)),
        Column(gettext_lazy("What helps"), lambda row: _each(row, lambda problem, said: said.mend)),
    )

    def __init__(self, request: TenantRequest, act: BulkAct):
        self.act = act
        super().__init__(request)

    @property
    def title(self) -> str:  # type: ignore[override]
        return title_of(self.act)

    @property
    def file_name(self) -> str:  # type: ignore[override]
        return pgettext("file", "lines-to-mend")

    def breadcrumbs(self) -> list:
        slug = self.request.tenant.slug
        if self.act.state in UNDECIDED:
            back = (_("Preview"), reverse("subscriptions:bulk-preview", args=[slug, self.act.uuid]))
        else:
            back = (title_of(self.act), detail_url(slug, self.act.uuid))
        lists = reverse("subscriptions:bulk-list", args=[slug])
        return [(self.section, None), (TITLE, lists), back, (self.caption, None)]

    def found(self, wanted: dict) -> QuerySet:
        return self.act.lines.exclude(problems=[])

    def all_rows(self) -> QuerySet:
        """Those that could not be read, and those that were refused when they were done."""
        rows = BulkRow.objects.filter(act=OuterRef("act"), subscription=OuterRef("subscription"))
        lines = BulkLine.objects.filter(tenant=self.request.tenant, act=self.act)
        lines = lines.annotate(outcome=Subquery(rows.values("outcome")[:1]))
        came_right = Q(problems=[], outcome__in=["", CHANGED, UNCHANGED, LEFT_OUT])
        return lines.exclude(came_right).order_by("number").values(*self.file_values)

    @property
    def file_columns(self) -> list[Column]:
        """Headers of the file, without those that such a file has added before."""
        headers = [(place, text) for place, text in enumerate(self.act.file.get("headers", [])) if text not in ADDED]
        code, sentence = ADDED
        return [
            *(Column(text, value=_cell(place)) for place, text in headers),
            Column(code, value=lambda row: " ".join(dict.fromkeys(_codes(row)))),
            Column(sentence, value=lambda row: " | ".join(_sentences(row))),
        ]


def _cell(place: int) -> Callable[[dict], object]:
    def value(row: dict) -> object:
        text = row["cells"][place] if place < len(row["cells"]) else ""
        return SIGN if text == str(SIGN) else bare(text)

    return value


def _each(row: dict, drawn: Callable[[Mapping[str, Any], Said], object]) -> SafeString:
    """One of the problems below the other, the same in each column."""
    return cells.lines(drawn(problem, describe(problem["code"], problem["facts"])) for problem in row["problems"])


def _codes(row: dict) -> Iterable[str]:
    return [problem["code"] for problem in row["problems"]] or [row["outcome"]]


def _sentences(row: dict) -> list[str]:
    if not row["problems"]:
        outcome = outcome_of(row["outcome"])
        return [f"{outcome.label}{formats.mark('. ')}{outcome.next_step}".strip()]
    return [describe(each["code"], each["facts"]).of_column(each["column"]) for each in row["problems"]]


@tenant_page(SEES_MANY)
def many_lines(request: TenantRequest, uuid: UUID) -> HttpResponseBase:
    return LineList(request, act_found(request, uuid)).answer()
