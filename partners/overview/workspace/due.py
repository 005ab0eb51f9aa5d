"""What waits for a partner's people, and what ends soon: numbers on their home, each of exactly one list's rows."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partners.matching.reads import open_for
from partners.models import Partner, ReleaseRequest
from partners.models.match_request import MatchState
from partners.offers.ending import ENDS_SOON, MAY_OFFER, answerable_soon, renewable
from partners.overview import customers
from partners.overview.credited_subscriptions import ENDS, RUNS_OUT
from partners.relationships.releases.forms import OPEN, OVERDUE
from subscriptions.access import Permission
from subscriptions.attention.kinds import BOARDS, AttentionKind, Board, Urgency
from subscriptions.clouds import Capability

PARTNERS = BOARDS[Partner] = Board(
    column="partner",
    address="number",
    pages="workspace:attention",
    home="workspace:home",
    permission=Permission.READ_WORKSPACE,
    headings={Urgency.NOW: _("Requests that wait for you"), Urgency.SOON: _("Ends soon")},
)


def _now(name: str, **facts: Any) -> AttentionKind:
    return AttentionKind(name=name, urgency=Urgency.NOW, **{"permission": Permission.READ_WORKSPACE, **facts})


def _soon(name: str, **facts: Any) -> AttentionKind:
    return AttentionKind(name=name, urgency=Urgency.SOON, **{"permission": Permission.READ_WORKSPACE, **facts})


PARTNERS.add(
    _now(
        "release-overdue",
        told=ngettext_lazy("release request is overdue", "release requests are overdue", "count"),
        rows=lambda partner: ReleaseRequest.objects.of_partner(partner).with_overdue().filter(overdue=True),
        list_name="workspace:release-requests",
        filters=f"state={OVERDUE}",
        verb=_("Answer"),
    ),
    _now(
        "release-open",
        told=ngettext_lazy("release request waits for an answer", "release requests wait for an answer", "count"),
        rows=lambda partner: ReleaseRequest.objects.of_partner(partner).open(),
        list_name="workspace:release-requests",
        filters=f"state={OPEN}",
        verb=_("Answer"),
    ),
    _now(
        "match-open",
        told=ngettext_lazy("match request waits for an answer", "match requests wait for an answer", "count"),
        rows=open_for,
        list_name="workspace:match-requests",
        filters=f"state={MatchState.OPEN}",
        verb=_("Read"),
        capability=Capability.FIND_PARTNER,
    ),
    _soon(
        "offer-ends",
        told=ngettext_lazy("offer can soon be answered no more", "offers can soon be answered no more", "count"),
        rows=answerable_soon,
        list_name="workspace:offer-list",
        filters=f"state={ENDS_SOON}",
        verb=_("Look"),
        capability=MAY_OFFER,
    ),
    _soon(
        "access-ends",
        told=ngettext_lazy("delegated administration ends soon", "delegated administrations end soon", "count"),
        rows=renewable,
        list_name="workspace:offer-renew",
        verb=_("Renew"),
        capability=MAY_OFFER,
        permission=Permission.MAKE_OFFERS,
    ),
    _soon(
        "customer-ends",
        told=ngettext_lazy(
            "customer has a relationship that ends soon", "customers have a relationship that ends soon", "count"
        ),
        rows=lambda partner: customers.customers(partner, tie=customers.ENDS_SOON),
        key="tenant_id",
        list_name="workspace:customers",
        filters=f"tie={customers.ENDS_SOON}",
        verb=_("Look"),
    ),
    _soon(
        "credit-ends",
        told=ngettext_lazy(
            "credited subscription runs out within %(days)s days",
            "credited subscriptions run out within %(days)s days",
            "count",
        ),
        figures={"days": ENDS[RUNS_OUT].days},
        rows=lambda partner: customers.credited(partner).filter(ENDS[RUNS_OUT].condition()),
        list_name="workspace:partner-of-record",
        filters=f"ends={RUNS_OUT}",
        verb=_("Look"),
    ),
)
