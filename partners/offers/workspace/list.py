"""Workspace > Offers: the list of the partner's offers, and one of them."""

from itertools import pairwise
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.access import PartnerRequest, partner_page
from partners.models import OfferedSubscription, PartnerOffer
from partners.models.partner_offer import OfferState
from partners.offers.ending import ENDS_SOON, MAY_OFFER, answerable_soon
from partners.offers.forms import OfferFilterForm
from partners.offers.preview import STATE_TAGS, WHO_ACTS, asked_of, role_rows
from partners.offers.reads import Content
from partners.offers.rules import may_offer
from partners.offers.workspace.acts import (
    ChangeTerms,
    Discard,
    OfferAct,
    Send,
    SendAgain,
    Withdraw,
    find_offer,
)
from partners.offers.workspace.draft import EditDraft, new_offer_path, offer_like_path
from partners.overview import customers
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.models import Tenant
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.web import cells
from subscriptions.web.lists import NOTHING, Empty, List
from subscriptions.web.tables import Column, Place

ACTS: tuple[type[OfferAct], ...] = (EditDraft, Send, SendAgain, ChangeTerms, Discard, Withdraw)
MOST_SHOWN = 10  # on a customer's page


def _until(offer: dict) -> SafeString:
    """The last day for an answer, and the day on which it came."""
    until = formats.day(offer["expires_on"]) if offer["expires_on"] else formats.DASH
    answered = _("answered on %(day)s") % {"day": formats.day(offer["decided_at"])} if offer["decided_at"] else ""
    return cells.together(until, cells.below(answered))


class OfferList(List[PartnerRequest]):
    title = gettext_lazy("Offers")
    subtitle = gettext_lazy("What you asked organizations for, what became of it, and who must act next.")
    template = "workspace/offer_list.html"
    form_class = OfferFilterForm
    filter_label = gettext_lazy("Filter the offers")
    values = (
        "uuid", "name", "state_now", "tenant__name", "roles", "days", "credit", "purchase", "expires_on",
        "decided_at",
    )  # fmt: skip
    none_matches = Empty(gettext_lazy("No offer is in this state."))
    nothing_yet = Empty(
        NOTHING.sentence,
        why=gettext_lazy(
            "You have not made an offer yet. With one you ask an organization to delegate administration to you and, "
            "where its cloud allows it, to name you partner of record."
        ),
        icon="mail",
    )

    columns = (
        Column(gettext_lazy("Offer"), lambda offer: cells.link(offer["url"], cells.name(offer["name"]))),
        Column(gettext_lazy("Organization"), lambda offer: cells.name(offer["tenant__name"]), place=Place.WHOM),
        Column(gettext_lazy("State"), cells.state_and_who, place=Place.STATE),
        Column(gettext_lazy("What is asked"), lambda offer: cells.lines(asked_of(offer)), place=Place.LINE),
        Column(gettext_lazy("Until"), _until),
    )

    def found(self, wanted: dict) -> QuerySet:
        if wanted["state"] == ENDS_SOON:
            return answerable_soon(self.request.partner).with_state()
        rows = PartnerOffer.objects.of_partner(self.request.partner).with_state()
        return rows.filter(state_now=wanted["state"]) if wanted["state"] else rows

    def described(self, rows: list[dict]) -> list[dict]:
        counted = OfferedSubscription.objects.filter(offer__in=[row["id"] for row in rows]).values("offer")
        named = dict(counted.annotate(number=Count("pk")).values_list("offer", "number"))
        return [self.describe(row | {"named_count": named.get(row["id"], 0)}) for row in rows]

    def describe(self, row: dict) -> dict:
        state = OfferState(row["state_now"])
        url = reverse("workspace:offer-detail", args=[self.request.partner.number, row["uuid"]])
        return row | {"url": url, "state": state.label, "tag": STATE_TAGS[state], "who_acts": WHO_ACTS[state]}

    def context(self) -> dict:
        return {
            "new_url": reverse("workspace:offer-find", args=[self.request.partner.number]),
            "renew_url": reverse("workspace:offer-renew", args=[self.request.partner.number]),
            "rounds_url": reverse("workspace:offer-rounds", args=[self.request.partner.number]),
            "templates_url": reverse("workspace:template-list", args=[self.request.partner.number]),
            "may_offer": self.request.actor.may(Permission.MAKE_OFFERS),
        }


offer_list = partner_page(Permission.READ_WORKSPACE, capability=MAY_OFFER)(OfferList.view)


@partner_page(Permission.READ_WORKSPACE, capability=MAY_OFFER)
def offer_detail(request: PartnerRequest, uuid: UUID) -> HttpResponse:
    offer = find_offer(request, uuid)
    state = OfferState(offer.state_now)
    context = {
        "offer": offer,
        "customer_url": _customer_url(request, offer),
        "state": state.label,
        "tag": STATE_TAGS[state],
        "who_acts": WHO_ACTS[state],
        "granted": formats.join_list(map(DelegatedRole, offer.granted_roles)),
        "content": Content(offer),
        "roles": role_rows(offer.roles),
        "acts": acts_on(request, offer),
        "may_offer": request.actor.can(Permission.MAKE_OFFERS),
        "copy_url": offer_like_path(request.partner, offer.uuid),
        "keep_url": reverse("workspace:offer-keep", args=[request.partner.number, offer.uuid]),
        "breadcrumbs": [
            (_("Offers"), reverse("workspace:offer-list", args=[request.partner.number])),
            (offer.name, None),
        ],
    }
    return render(request, "workspace/offer_detail.html", context)


def _customer_url(request: PartnerRequest, offer: PartnerOffer) -> str:
    """The organization's page, once it is a customer."""
    if not customers.customers(request.partner).filter(tenant=offer.tenant_id).exists():
        return ""
    return reverse("workspace:customer", args=[request.partner.number, offer.tenant.uuid])


def acts_on(request: PartnerRequest, offer: PartnerOffer) -> list[dict]:
    """Each act with its address, or why it is not possible; a reason stands below the last of those that share it."""
    verdicts = [(act, act.rule(request.actor, offer)) for act in ACTS]
    verdicts.sort(key=lambda entry: not entry[1].allowed)
    reasons = [verdict for _act, verdict in verdicts]
    last = [one != following for one, following in pairwise([*reasons, None])]
    return [
        {
            "label": act.label,
            "url": reverse(act.name, args=[request.partner.number, offer.uuid]),
            "verdict": verdict,
            "why_id": f"why-not-{verdicts[last.index(True, number)][0].name.partition(':')[2]}",
            "why": verdict if last[number] and not verdict.allowed else None,
        }
        for number, (act, verdict) in enumerate(verdicts)
    ]


def customer_offers(request: PartnerRequest, tenant: Tenant) -> dict | None:
    """The offers to one customer for its page, and the way to a new one. None in a cloud without offers."""
    if not tenant.cloud_profile.allows(MAY_OFFER):
        return None
    rows = PartnerOffer.objects.of_partner(request.partner).filter(tenant=tenant).with_state().order_by("-pk")
    return {
        "rows": [_describe_offer(request, offer) for offer in rows[:MOST_SHOWN]],
        "may_offer": may_offer(request.actor, tenant, request.partner),
        "new_url": new_offer_path(request.partner, tenant),
        "list_url": reverse("workspace:offer-list", args=[request.partner.number]),
    }


def _describe_offer(request: PartnerRequest, offer: PartnerOffer) -> dict:
    state = OfferState(offer.state_now)
    return {
        "name": offer.name,
        "url": reverse("workspace:offer-detail", args=[request.partner.number, offer.uuid]),
        "state": state.label,
        "tag": STATE_TAGS[state],
    }
