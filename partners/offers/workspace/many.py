"""Workspace > Offers > Offers to many: a file and a template, what it would do, and what came of each line."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partners.access import PartnerRequest, partner_page
from partners.models import OfferRound, OfferTemplate
from partners.offers import many
from partners.offers.checks import NotOfferable
from partners.offers.ending import MAY_OFFER
from partners.offers.many import DRAFTED, FAILED, LEFT, SENT
from partners.offers.many_lines import COLUMNS, MOST_LINES
from partners.offers.workspace.acts import MakingOffers
from partners.offers.workspace.many_tables import find_round, lines_table, problems_table
from partners.offers.workspace.templates import TemplateAct, find_template
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.db.limits import LIMITS
from subscriptions.imports.problems import Unreadable
from subscriptions.verdicts import Verdict
from subscriptions.web import cells
from subscriptions.web.acts import Crumb
from subscriptions.web.files.file_acts import FileAct, chunks_of, name_of
from subscriptions.web.files.uploads import UPLOADS
from subscriptions.web.forms import KeyForm
from subscriptions.web.lists import CSV, FILE, NOTHING, Empty, List
from subscriptions.web.tables import Column

MOST_BYTES_OF_CUSTOMERS = 2 * 1024 * 1024
UPLOADS["workspace:offer-many"] = MOST_BYTES_OF_CUSTOMERS


class OfferToMany(FileAct, TemplateAct):
    """Nothing is offered yet: what the file would do is shown next, with all errors by line and column."""

    name = "workspace:offer-many"
    title = gettext_lazy("Offer to many")
    template = "workspace/offer_many.html"
    problems: ClassVar[tuple[type[Exception], ...]] = (Unreadable, NotOfferable)
    row: OfferTemplate

    def find(self) -> None:
        self.row = find_template(self.request, self.address["uuid"])
        self.row.partner = self.partner

    @property
    def subtitle(self) -> str:
        return self.row.name

    def may(self) -> Verdict:
        return self.by.may(self.permission)

    def sentences(self) -> list[str]:
        return [
            _("Export the list of customers, delete the lines of those who get no offer, and bring the file here."),
            _("Nothing is offered before you have seen who would get it and what is wrong, line by line."),
        ]

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        customers = self.url_of("workspace:customers", number=self.partner.number)
        return {"columns": COLUMNS, "most": MOST_LINES, "export_url": f"{customers}?file=csv"}

    def do(self, wanted: Mapping[str, Any]) -> OfferRound:
        file = wanted["file"]
        return many.read_round(template=self.row, chunks=chunks_of(file), file_name=name_of(file), by=self.by)

    def destination(self, outcome: OfferRound) -> str:
        return self.url_of("workspace:offer-round", number=self.partner.number, uuid=outcome.uuid)


class RoundForm(KeyForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class MakeRound(MakingOffers):
    """The page of a round: before it is made what it would do, afterwards what came of it and what is left."""

    name = "workspace:offer-round"
    template = "workspace/offer_round.html"
    form_class = RoundForm
    knows_home = True  # the partner's own: it concerns many organizations
    is_read_too = True
    uncompared = frozenset({"send"})
    row: OfferRound

    def find(self) -> None:
        self.row = find_round(self.request, self.address["uuid"])

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("Offer to many: %(name)s") % {"name": self.row.name} if hasattr(self, "row") else _("Offer to many")

    @property
    def subtitle(self) -> str:
        return self.row.file["name"]

    @property
    def version(self) -> int:
        return self.row.version

    def may(self) -> Verdict:
        return self.by.may(self.permission)

    @property
    def right(self) -> list[dict[str, Any]]:
        return [line for line in self.row.lines if not line["problems"]]

    @property
    def waiting(self) -> int:
        """Lines of which nothing was made yet, or a draft."""
        return sum(line["outcome"] not in (SENT, FAILED) for line in self.right)

    def context(self, form: forms.Form) -> dict[str, Any]:
        number, wrong = self.partner.number, [line for line in self.row.lines if line["problems"]]
        return {
            "round": self.row,
            "counts": self._counts(len(wrong)),
            "ignored": formats.join_list(self.row.file["not_taken"]),
            "problems": problems_table(wrong) if wrong else None,
            "lines": lines_table(self.right, number) if self.right else None,
            "send_label": self._send_label(),
            "draft_label": "" if self.row.is_made else self._draft_label(),
            "file_url": f"{self.url_of('workspace:offer-round-file')}?{FILE}={CSV}",
            "templates_url": self.url_of("workspace:template-list", number=number),
        }

    def _counts(self, wrong: int) -> list[tuple[str, str]]:
        found = [(_("Lines"), len(self.row.lines)), (_("Lines with errors"), wrong)]
        if self.row.is_made:
            labels = {SENT: _("Sent"), DRAFTED: _("Drafts"), LEFT: _("Not sent yet"), FAILED: _("Not possible")}
            found += [(label, sum(line["outcome"] == code for line in self.right)) for code, label in labels.items()]
        return [(label, formats.number(number)) for label, number in found]

    def _send_label(self) -> str:
        told = ngettext("Send %(count)s offer", "Send %(count)s offers", self.waiting)
        return told % {"count": formats.number(self.waiting)} if self.waiting else ""

    def _draft_label(self) -> str:
        told = ngettext("Make %(count)s draft", "Make %(count)s drafts", self.waiting)
        return told % {"count": formats.number(self.waiting)} if self.waiting else ""

    def do(self, wanted: Mapping[str, Any]) -> OfferRound:
        send = "send" in self.request.POST
        return many.make_round(offered=self.row, version=wanted["version"], send=send, by=self.by)

    def announce(self, outcome: OfferRound) -> None:
        """Beside the outcome, why some wait for a minute; those that wait for longer have their reason below."""
        super().announce(outcome)
        if left := sum(line["outcome"] == LEFT and not line["reason"] for line in outcome.lines):
            told = ngettext(
                "%(count)s stays a draft, as one person sends up to %(most)s offers a minute. Send it in a minute.",
                "%(count)s stay drafts, as one person sends up to %(most)s offers a minute. Send them in a minute.",
                left,
            )
            said = {"count": formats.number(left), "most": formats.number(LIMITS["send-offer"]["person"][0])}
            messages.warning(self.request, told % said)

    def done(self, outcome: OfferRound) -> str:
        return _("What came of each line stands below.")

    def destination(self, outcome: OfferRound) -> str:
        return self.page_url

    def breadcrumbs(self) -> list[Crumb]:
        rounds = self.url_of("workspace:offer-rounds", number=self.partner.number)
        return [(_("Offers"), self.list_url), (_("Offers to many"), rounds), (self.title, None)]


class RoundList(List[PartnerRequest]):
    title = gettext_lazy("Offers to many")
    subtitle = gettext_lazy("Files of customers to whom one content was offered, and what came of each.")
    values = ("uuid", "name", "file", "read_at", "read_by", "made_at")
    nothing_yet = Empty(
        NOTHING.sentence,
        why=gettext_lazy("Nothing was offered to many yet."),
        who=gettext_lazy("Choose Offer to many beside one of your templates."),
        icon="document",
    )
    columns = (
        Column(gettext_lazy("Template"), lambda row: cells.link(row["url"], cells.name(row["name"]))),
        Column(gettext_lazy("File"), lambda row: cells.name(row["file"]["name"])),
        Column(gettext_lazy("State"), lambda row: _("Made") if row["made_at"] else _("Looked at")),
        Column(gettext_lazy("When"), lambda row: formats.moment(row["made_at"] or row["read_at"]), css="day"),
        Column(gettext_lazy("Who"), lambda row: cells.name(row["read_by"])),
    )

    def found(self, wanted: dict[str, Any]) -> QuerySet[OfferRound]:
        return OfferRound.objects.filter(partner=self.request.partner)

    def describe(self, row: dict) -> dict:
        return row | {"url": MakeRound.page_of({"number": self.request.partner.number, "uuid": row["uuid"]})}


round_list = partner_page(Permission.MAKE_OFFERS, capability=MAY_OFFER)(RoundList.view)
