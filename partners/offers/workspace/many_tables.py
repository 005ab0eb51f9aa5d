"""What the page of offers to many shows of its lines, and the file of them, which can be brought back once mended."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.access import PartnerRequest, partner_page
from partners.models import OfferRound
from partners.offers.ending import MAY_OFFER
from partners.offers.many import DRAFTED, FAILED, LEFT, SENT
from partners.offers.many_lines import ADDRESS
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.exports.acts import record_list
from subscriptions.imports.csv_reader import ADDED
from subscriptions.imports.reads import describe
from subscriptions.web import cells
from subscriptions.web.files.csv_rows import CONTENT_TYPE, csv_chunks
from subscriptions.web.lists import CSV, FILE
from subscriptions.web.tables import Column, Place, Table

TAGS = {SENT: "ok", DRAFTED: "info", LEFT: "warn", FAILED: "bad"}


def find_round(request: PartnerRequest, uuid: UUID) -> OfferRound:
    row = OfferRound.objects.select_related("partner").filter(partner=request.partner, uuid=uuid).first()
    if row is None:
        raise Http404
    return row


def problems_table(lines: list[dict[str, Any]]) -> Table:
    """A row for each problem: where, what stands there, what is wrong and how it is mended."""
    rows = [{"number": line["number"], **problem} for line in lines for problem in line["problems"]]
    columns = (
        Column(_("Line"), lambda row: formats.number(row["number"]), css="num"),
        Column(_("Column"), lambda row: cells.code(row["column"]) if row["column"] else formats.DASH),
        Column(_("What stands there"), lambda row: cells.name(row["value"]) if row["value"] else formats.DASH),
        Column(_("What is wrong"), _said, place=Place.LINE),
    )
    return Table(_("Lines with errors"), columns, rows)


def _said(row: dict[str, Any]) -> object:
    said = describe(row["code"], row["facts"])
    return formats.sentences(said.wrong, said.mend)


def lines_table(lines: list[dict[str, Any]], number: str) -> Table:
    columns = (
        Column(_("Organization"), lambda line: cells.name(line["organization"])),
        Column(_("Line"), lambda line: formats.number(line["number"]), css="num"),
        Column(_("Offer"), lambda line: _offer(line, number), place=Place.LINE),
        Column(_("State"), _state, place=Place.STATE),
    )
    return Table(_("Who gets the offer"), columns, lines)


def _offer(line: dict[str, Any], number: str) -> object:
    url = reverse("workspace:offer-detail", args=[number, line["offer"]]) if line.get("offer") else ""
    return cells.link(url, cells.name(line["name"]))


def _state(line: dict[str, Any]) -> object:
    """What came of it; the state of the offer now stands on its own page."""
    if not line["outcome"]:
        return cells.tag("neutral", _("Would be made"))
    told = cells.tag(TAGS[line["outcome"]], label_of(line["outcome"]))
    return cells.together(told, cells.below(line.get("reason", "")))


def label_of(outcome: str) -> str:
    labels = {SENT: _("Sent"), DRAFTED: _("Draft"), LEFT: _("Draft, not sent yet"), FAILED: _("Not possible")}
    return labels.get(outcome, "")


@partner_page(Permission.MAKE_OFFERS, capability=MAY_OFFER)
def round_file(request: PartnerRequest, uuid: UUID) -> HttpResponse:
    """All lines with what came of them: those with errors can be mended in it and brought back alone."""
    row = find_round(request, uuid)
    if request.GET.get(FILE) != CSV:  # as every file of a list is asked for
        return HttpResponseRedirect(reverse("workspace:offer-round", args=[request.partner.number, row.uuid]))
    return round_answer(request, row)


def round_answer(request: PartnerRequest, row: OfferRound) -> HttpResponse:
    """The file, which is recorded as each that leaves the portal."""
    lines = [_plain(line) for line in row.lines]
    record_list(name=_("Offers to many"), rows=len(lines), filters="", by=request.actor, of=request.partner.uuid)
    header = [ADDRESS, "line", "organization", "offer", "state", *ADDED]
    response = HttpResponse(b"".join(csv_chunks(header, lines)), content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="offers-{request.partner.number}-{row.uuid}.csv"'
    return response


def _plain(line: dict[str, Any]) -> list[object]:
    said = [describe(problem["code"], problem["facts"]) for problem in line["problems"]]
    codes = formats.join_list(problem["code"] for problem in line["problems"])
    told = formats.sentences(*(formats.sentences(each.wrong, each.mend) for each in said))
    state = label_of(line["outcome"])
    return [
        line["cell"],
        line["number"],
        line.get("organization", ""),
        line.get("name", ""),
        state,
        codes or (FAILED if line["outcome"] == FAILED else ""),
        told or line.get("reason", ""),
    ]
