"""Two charts of an organization's home, each with its table: partners of record over twelve months, cost by partner.

Drawn by the server in units of the view box; colors are classes, and every number stands in the table too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partners.overview.charts import Series, Share, Trend, cost_by_partner, credit_trend
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.base.markup import markup
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.web import cells
from subscriptions.web.page_access import TenantRequest
from subscriptions.web.tables import Column, Table

NAMED = 2  # partners with a color of their own; the others share one
LISTED = 6  # partners with a row of their own
WIDTH, HEIGHT, LEFT, BASE, TOP = 520, 240, 40, 216, 12
STEP, BAR = 40, 26
STEPS = (1, 2, 5)  # of the scale, times a power of ten


@dataclass(frozen=True)
class Mark:
    """One part of a month's column."""

    css: str
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Line:
    y: int
    label: str
    label_y: int


@dataclass(frozen=True)
class Name:
    x: int
    text: str
    is_optional: bool  # every second one, where there is little room


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    left: int
    label_x: int
    base: int
    bar: int
    names_y: int
    marks: list[Mark]
    lines: list[Line]
    names: list[Name]
    legend: list[tuple[str, str]]


def charts_of(request: TenantRequest) -> dict[str, Any] | None:
    """Context of templates/partners/_charts.html, two statements; None for who may not read it or without any."""
    if not request.actor.can(Permission.READ_SUBSCRIPTIONS):
        return None
    today = today_of(request.tenant)
    trend, shares = credit_trend(request.tenant, today=today), cost_by_partner(request.tenant, today=today)
    return {
        "trend": _trend(trend) if trend.series else None,
        "costs": _costs(request, shares) if shares else None,
    }


def _trend(trend: Trend) -> dict[str, Any]:
    shown = _shown(trend.series)
    then, now = trend.totals[0], trend.totals[-1]
    sentence = ngettext(
        "%(now)s subscription credits a partner; eleven months ago it was %(then)s.",
        "%(now)s subscriptions credit a partner; eleven months ago it was %(then)s.",
        now,
    )
    rows = [
        {
            "month": formats.month(first),
            "counts": [each.counts[month] for each in shown],
            "total": trend.totals[month],
        }
        for month, first in reversed(list(enumerate(trend.months)))
    ]
    return {
        "sentence": sentence % {"now": formats.number(now), "then": formats.number(then)},
        "drawing": _draw(trend, shown),
        "table": Table(
            _("Subscriptions by partner of record at the end of each month"), _months(shown), rows, stacks=False
        ),
    }


def _shown(series: Sequence[Series]) -> list[Series]:
    """Those with most, and the others as one."""
    named, others = list(series[:NAMED]), series[NAMED:]
    if len(others) == 1:
        return [*named, *others]
    if others:
        counts = [sum(counts) for counts in zip(*(each.counts for each in others), strict=True)]
        named.append(Series(_("Others"), counts))
    return named


def _months(shown: Sequence[Series]) -> list[Column]:
    def of(place: int) -> Column:
        return Column(shown[place].name, lambda row: formats.number(row["counts"][place]), css="num")

    return [
        Column(_("Month"), lambda row: row["month"]),
        *(of(place) for place in range(len(shown))),
        Column(_("Together"), lambda row: formats.number(row["total"]), css="num"),
    ]


def _draw(trend: Trend, shown: Sequence[Series]) -> Drawing:
    top, step = _scale(max(trend.totals))
    unit = (BASE - TOP) / top
    return Drawing(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        label_x=LEFT - 6,
        base=BASE,
        bar=BAR,
        names_y=HEIGHT - 6,
        marks=list(_marks(shown, len(trend.months), unit)),
        lines=[_line(BASE - round(n * unit), n) for n in range(step, top + 1, step)],
        names=[
            Name(LEFT + month * STEP + STEP // 2, formats.month_name(first), is_optional=month % 2 == 0)
            for month, first in enumerate(trend.months)
        ],
        legend=[(f"s{place}", each.name) for place, each in enumerate(shown, start=1)],
    )


def _line(y: int, number: int) -> Line:
    return Line(y, formats.number(number), y + 4)


def _marks(shown: Sequence[Series], months: int, unit: float) -> Iterator[Mark]:
    for month in range(months):
        below = 0
        for place, each in enumerate(shown, start=1):
            bottom, below = BASE - round(below * unit), below + each.counts[month]
            y = BASE - round(below * unit)
            if each.counts[month]:
                yield Mark(f"s{place}", LEFT + month * STEP + (STEP - BAR) // 2, y, max(bottom - y - 1, 1))


def _scale(most: int) -> tuple[int, int]:
    """The end of the scale and its steps: at most five, of round numbers."""
    power = 1
    while True:
        for step in (each * power for each in STEPS):
            if step * 5 >= most:
                return -(-most // step) * step, step
        power *= 10


# What it costs

BAR_CELL = (
    '<svg class="bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
    '<rect class="{}" x="0" y="0" width="{}" height="12"></rect></svg>'
)


def _costs(request: TenantRequest, shares: Sequence[Share]) -> dict[str, Any]:
    own = request.tenant.cloud_profile.currency
    total = sum((share.cost for share in shares if share.currency == own), Decimal(0))
    nobodys = sum((share.cost for share in shares if share.currency == own and not share.number), Decimal(0))
    sentence = _(
        "Of %(total)s a month for active subscriptions, %(part)s credits no partner. An annual term counts with a "
        "twelfth."
    )
    return {
        "sentence": sentence % {"part": formats.money(nobodys, own), "total": formats.money(total, own)},
        "table": Table(
            _("Cost of active subscriptions a month, by partner of record"),
            _cost_columns(request, shares),
            _few(shares),
            stacks=False,
        ),
    }


def _few(shares: Sequence[Share]) -> list[Share]:
    """Each partner with a row of its own, or the dearest and the others together; nobody's last."""
    named = [share for share in shares if share.number]
    nobodys = [share for share in shares if not share.number]
    others = named[LISTED:]
    together = [
        Share(
            cost=sum((share.cost for share in others if share.currency == currency), Decimal(0)),
            subscriptions=sum(share.subscriptions for share in others if share.currency == currency),
            currency=currency,
            name=_("Others"),
        )
        for currency in dict.fromkeys(share.currency for share in others)
    ]
    return [*named[:LISTED], *together, *nobodys]


def _cost_columns(request: TenantRequest, shares: Sequence[Share]) -> list[Column]:
    prefix = reverse("subscriptions:list", args=[request.tenant.slug])
    most = max((share.cost for share in shares), default=Decimal(0)) or Decimal(1)

    def partner(share: Share) -> object:
        if share.number:
            return cells.link(f"{prefix}?status=active&partner_id={share.number}", cells.name(share.name))
        if share.name:
            return share.name
        return cells.link(f"{prefix}?status=active&partner=without", _("No partner of record"))

    def bar(share: Share) -> SafeString:
        return markup(BAR_CELL, "s1" if share.number or share.name else "s0", f"{100 * share.cost / most:.1f}")

    return [
        Column(_("Partner"), partner),
        Column(_("Subscriptions"), lambda share: formats.number(share.subscriptions), css="num"),
        Column(_("Cost a month"), lambda share: formats.money(share.cost, share.currency), css="num"),
        Column(gettext_lazy("Share"), bar, css="bar-cell"),
    ]
