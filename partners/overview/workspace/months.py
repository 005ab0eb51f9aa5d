"""Workspace > Partner of record: gained and lost per month, as a chart and as the same numbers in a table."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.access import PartnerRequest, partner_page
from partners.models.partner_of_record import Source
from partners.overview.credit_months import RECENT_DAYS, Change, Month, changes, months, recent_changes
from partners.overview.forms import ChangesFilterForm
from partners.overview.words import PARTNER_OF_RECORD
from partners.overview.workspace.rows import with_product
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.web import cells
from subscriptions.web.lists import NOTHING, Crumbs, Empty, List
from subscriptions.web.tables import Column, Table

# Of the chart, in units of its viewBox
STEP, BAR, TALLEST, TEXT = 28, 18, 48, 12


@dataclass(frozen=True)
class Bar:
    """One number of one month: a bar away from the base line, and the number at its end."""

    x: int
    y: int
    height: int
    label_x: int
    label_y: int
    number: int


@dataclass(frozen=True)
class Chart:
    """Gained upwards from the base line, lost downwards; the months' names below."""

    width: int
    height: int
    base: int
    bar: int
    gained: list[Bar]
    lost: list[Bar]
    names: list[dict]


def list_months(request: PartnerRequest) -> dict:
    """Context of templates/workspace/_months.html."""
    shown = months(request.partner, today=timezone.localdate(), zone=timezone.get_current_timezone_name())
    url = reverse("workspace:credit-changes", args=[request.partner.number])
    rows = [_row(month, url) for month in reversed(shown)]
    return {
        "chart": _chart(shown),
        "months": Table(_("Gained and lost per month"), MONTH_COLUMNS, rows, stacks=False),
        "has_changes": any(month.gained or month.lost for month in shown),
    }


def _row(month: Month, url: str) -> dict:
    links = {
        f"{what}_url": f"{url}?{urlencode({'what': what.value, 'month': f'{month.first:%Y-%m}'})}" for what in Change
    }
    return {"label": formats.month(month.first), "gained": month.gained, "lost": month.lost, **links}


MONTH_COLUMNS = (
    Column(_("Month"), lambda row: row["label"]),
    Column(_("Gained"), lambda row: _number(row, "gained", _("gained in %(month)s")), css="num"),
    Column(_("Lost"), lambda row: _number(row, "lost", _("lost in %(month)s")), css="num"),
)


def _number(row: dict, what: str, said: Text) -> object:
    """Leads to what it counts, where that is something."""
    if not row[what]:
        return "0"
    number = cells.together(formats.number(row[what]), cells.unseen(said % {"month": row["label"]}))
    return cells.link(row[f"{what}_url"], number)


def _chart(shown: list[Month]) -> Chart:
    most = max([1, *(number for month in shown for number in (month.gained, month.lost))])
    base = TALLEST + TEXT
    gained, lost = [], []
    for place, month in enumerate(shown):
        x, middle = place * STEP + (STEP - BAR) // 2, place * STEP + STEP // 2
        up, down = (_height(number, most) for number in (month.gained, month.lost))
        gained.append(Bar(x, base - up, up, middle, base - up - 3, month.gained))
        lost.append(Bar(x, base, down, middle, base + down + TEXT - 3, month.lost))
    height = base + max(bar.height for bar in lost) + 2 * TEXT
    names = [
        {"x": place * STEP + STEP // 2, "y": height - 2, "text": formats.month_name(month.first)}
        for place, month in enumerate(shown)
    ]
    return Chart(len(shown) * STEP, height, base, BAR, gained, lost, names)


def _height(number: int, most: int) -> int:
    """What is not nothing can be seen."""
    return max(1, number * TALLEST // most) if number else 0


class CreditChanges(List[PartnerRequest]):
    """The subscriptions behind one number of the months' table."""

    template = "workspace/credit_changes.html"
    form_class = ChangesFilterForm
    has_filters = False
    values = ("source", "end_source", "tenant__name", "subscription__name", "subscription__product__name")
    order = "-at"
    columns = (
        Column(_("Organization"), lambda row: cells.name(row["tenant__name"])),
        Column(_("Subscription"), with_product),
        Column(_("When"), lambda row: formats.moment(row["at"]), css="day"),
        Column(_("With what"), lambda row: row["how"]),
    )

    @property
    def title(self) -> Text:
        if not self.is_valid:
            return _("Gained and lost")
        gained = self.wanted["what"] == Change.GAINED
        if self.wanted["days"]:
            recent = _("Gained in the last %(days)s days") if gained else _("Lost in the last %(days)s days")
            return recent % {"days": RECENT_DAYS}
        title = _("Gained in %(month)s") if gained else _("Lost in %(month)s")
        return title % {"month": formats.month(self.wanted["month"])}

    @property
    def active(self) -> list:
        return []

    @property
    def list_url(self) -> str:
        return reverse("workspace:partner-of-record", args=[self.request.partner.number])

    @property
    def nothing_yet(self) -> Empty:
        why, back = _("Choose a number in the table of months."), _("Back to Partner of record")
        return Empty(NOTHING.sentence, why=why, icon="history", action_label=back, action_url=self.list_url)

    def found(self, wanted: dict) -> QuerySet:
        partner, what, zone = self.request.partner, Change(wanted["what"]), timezone.get_current_timezone_name()
        if wanted["days"]:
            return recent_changes(partner, what, today=timezone.localdate(), zone=zone)
        return changes(partner, what, first=wanted["month"], zone=zone)

    def describe(self, row: dict) -> dict:
        """Who did it and why stays with the organization."""
        source = row["source" if self.wanted["what"] == Change.GAINED else "end_source"]
        return row | {"how": Source(source).label}

    def breadcrumbs(self) -> Crumbs:
        return [(PARTNER_OF_RECORD, self.list_url), (self.title, None)]


credit_changes = partner_page(Permission.READ_WORKSPACE)(CreditChanges.view)
