"""Workspace > Partner of record: gained and lost per month, as a chart and as the same numbers in a table."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.access import PartnerRequest, partner_page
from partners.models.partner_of_record import Source
from partners.overview.credit_months import Change, Month, changes, months
from partners.overview.forms import ChangesFilterForm
from partners.overview.words import PARTNER_OF_RECORD
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.web.paging import Sort, page_by_key

COLUMNS = (
    "id", "at", "source", "end_source", "tenant__name", "subscription__name",
    "subscription__product__name",
)  # fmt: skip
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
    return {
        "chart": _chart(shown),
        "months": [_row(month, url) for month in reversed(shown)],
        "has_changes": any(month.gained or month.lost for month in shown),
    }


def _row(month: Month, url: str) -> dict:
    links = {
        f"{what}_url": f"{url}?{urlencode({'what': what.value, 'month': f'{month.first:%Y-%m}'})}" for what in Change
    }
    return {"label": formats.month(month.first), "gained": month.gained, "lost": month.lost, **links}


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


@partner_page(Permission.READ_WORKSPACE)
def credit_changes(request: PartnerRequest) -> HttpResponse:
    """The subscriptions behind one number of the months' table."""
    form = ChangesFilterForm(request.GET)
    list_url = reverse("workspace:partner-of-record", args=[request.partner.number])
    context: dict = {"form": form, "list_url": list_url}
    if not form.is_valid():
        context["breadcrumbs"] = [(PARTNER_OF_RECORD, list_url), (_("Gained and lost"), None)]
        return render(request, "workspace/credit_changes.html", context, status=422)
    what, first = Change(form.cleaned_data["what"]), form.cleaned_data["month"]
    found = changes(request.partner, what, first=first, zone=timezone.get_current_timezone_name())
    page = page_by_key(found.values(*COLUMNS), Sort("at", descending=True), request.GET)
    title = _("Gained in %(month)s") if what is Change.GAINED else _("Lost in %(month)s")
    context |= {
        "page": page,
        "title": title % {"month": formats.month(first)},
        "rows": [_changed(row, what) for row in page.rows],
    }
    context["breadcrumbs"] = [(PARTNER_OF_RECORD, list_url), (context["title"], None)]
    return render(request, "workspace/credit_changes.html", context)


def _changed(row: dict, what: Change) -> dict:
    """Who did it and why stays with the organization."""
    source = row["source"] if what is Change.GAINED else row["end_source"]
    name, product = row["subscription__name"], row["subscription__product__name"]
    return {
        "organization": row["tenant__name"],
        "name": name,
        "product": product if product != name else "",
        "at": row["at"],
        "source": Source(source).label,
    }
