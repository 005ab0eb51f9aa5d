"""What waits for a partner's people, and what ends soon: numbers on their home, each of exactly one list's rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partners.access import PartnerRequest
from partners.matching.reads import open_for
from partners.models import Partner, ReleaseRequest
from partners.models.match_request import MatchState
from partners.offers.ending import ENDS_SOON, MAY_OFFER, answerable_soon, renewable
from partners.overview import customers
from partners.overview.credited_subscriptions import ENDS, RUNS_OUT
from partners.relationships.releases.forms import OPEN, OVERDUE
from subscriptions.access import Permission
from subscriptions.clouds import Capability, Text, profile_of
from subscriptions.web.paging import capped, total_of


@dataclass(frozen=True, kw_only=True)
class Due:
    """`told` is what there is, a lazy plural by `count` with the `figures` of a rule; `rows` are those of the list at
    that address.
    """

    told: Any
    figures: tuple[tuple[str, int], ...] = ()
    rows: Callable[[Partner], QuerySet[Any]]
    list_name: str
    query: str = ""
    verb: Text
    capability: Capability | None = None
    permission: Permission = Permission.READ_WORKSPACE  # to open the list

    def is_shown_to(self, request: PartnerRequest) -> bool:
        offered = self.capability is None or profile_of(request.partner.cloud).allows(self.capability)
        return offered and request.actor.can(self.permission)


REQUESTS = (
    Due(
        told=ngettext_lazy("release request is overdue", "release requests are overdue", "count"),
        rows=lambda partner: ReleaseRequest.objects.of_partner(partner).with_overdue().filter(overdue=True),
        list_name="release-requests",
        query=f"state={OVERDUE}",
        verb=_("Answer"),
    ),
    Due(
        told=ngettext_lazy("release request waits for an answer", "release requests wait for an answer", "count"),
        rows=lambda partner: ReleaseRequest.objects.of_partner(partner).open(),
        list_name="release-requests",
        query=f"state={OPEN}",
        verb=_("Answer"),
    ),
    Due(
        told=ngettext_lazy("match request waits for an answer", "match requests wait for an answer", "count"),
        rows=open_for,
        list_name="match-requests",
        query=f"state={MatchState.OPEN}",
        verb=_("Read"),
        capability=Capability.FIND_PARTNER,
    ),
)
ENDINGS = (
    Due(
        told=ngettext_lazy("offer can soon be answered no more", "offers can soon be answered no more", "count"),
        rows=answerable_soon,
        list_name="offer-list",
        query=f"state={ENDS_SOON}",
        verb=_("Look"),
        capability=MAY_OFFER,
    ),
    Due(
        told=ngettext_lazy("delegated administration ends soon", "delegated administrations end soon", "count"),
        rows=renewable,
        list_name="offer-renew",
        verb=_("Renew"),
        capability=MAY_OFFER,
        permission=Permission.MAKE_OFFERS,
    ),
    Due(
        told=ngettext_lazy(
            "customer has a relationship that ends soon", "customers have a relationship that ends soon", "count"
        ),
        rows=lambda partner: customers.ids(partner, customers.ENDS_SOON),
        list_name="customers",
        query=f"tie={customers.ENDS_SOON}",
        verb=_("Look"),
    ),
    Due(
        told=ngettext_lazy(
            "credited subscription runs out within %(days)s days",
            "credited subscriptions run out within %(days)s days",
            "count",
        ),
        figures=(("days", ENDS[RUNS_OUT].days),),
        rows=lambda partner: customers.credited(partner).filter(ENDS[RUNS_OUT].condition()),
        list_name="partner-of-record",
        query=f"ends={RUNS_OUT}",
        verb=_("Look"),
    ),
)
GROUPS = (
    (_("Requests that wait for you"), "now", "error_circle", REQUESTS),
    (_("Ends soon"), "soon", "clock", ENDINGS),
)


def what_is_due(request: PartnerRequest) -> list[dict[str, Any]]:
    """Groups with what they have; counted in one statement, and no further than a list says."""
    offered = [
        (label, css, icon, [each for each in lines if each.is_shown_to(request)])
        for label, css, icon, lines in GROUPS
    ]
    counts = _count(request.partner, [each for *_group, lines in offered for each in lines])
    groups = [
        {"label": label, "css": css, "icon": icon, "found": list(_found(request, lines, counts))}
        for label, css, icon, lines in offered
    ]
    return [group for group in groups if group["found"]]


def _count(partner: Partner, lines: list[Due]) -> dict[Due, int]:
    totals = {f"total_{number}": total_of(_keys(each.rows(partner))) for number, each in enumerate(lines)}
    row: dict[str, Any] = {**Partner.objects.filter(pk=partner.pk).values(**totals)[0]}
    return {each: row[f"total_{number}"] for number, each in enumerate(lines)}


def _keys(rows: QuerySet[Any]) -> QuerySet[Any]:
    """One column of what has not been reduced to one already."""
    return rows if len(rows.query.values_select) == 1 else rows.values("pk")


def _found(request: PartnerRequest, lines: list[Due], counts: dict[Due, int]) -> Iterator[dict[str, Any]]:
    for each in lines:
        if count := counts[each]:
            url = reverse(f"workspace:{each.list_name}", args=[request.partner.number])
            yield {
                "count": capped(count),
                "told": each.told % {"count": count, **dict(each.figures)},
                "url": f"{url}?{each.query}" if each.query else url,
                "verb": each.verb,
            }
