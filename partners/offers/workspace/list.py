"""Workspace > Offers: the list of the partner's offers, and one of them."""

from itertools import pairwise
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.access import PartnerRequest, partner_page
from partners.models import OfferedSubscription, PartnerOffer
from partners.models.partner_offer import OfferState
from partners.offers import rules as offer_verdicts
from partners.offers.forms.acts import OfferFilterForm
from partners.offers.pages.content import STATE_TAGS, WHO_ACTS, asked_of, content_of
from partners.overview import customers
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.clouds import Capability
from subscriptions.models import Tenant
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.verdicts import Verdict
from subscriptions.web import cells
from subscriptions.web.lists import NOTHING, Empty, List
from subscriptions.web.tables import Column

MAY_OFFER = Capability.RECEIVE_PARTNER_OFFERS


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
            "You have not made an offer yet. With one you ask an organization to name you partner of record or to "
            "delegate administration to you."
        ),
        icon="mail",
    )

    columns = (
        Column(gettext_lazy("Offer"), lambda offer: cells.link(offer["url"], cells.name(offer["name"]))),
        Column(gettext_lazy("Organization"), lambda offer: cells.name(offer["tenant__name"])),
        Column(gettext_lazy("State"), cells.state_and_who),
        Column(gettext_lazy("What is asked"), lambda offer: cells.lines(asked_of(offer))),
        Column(gettext_lazy("Until"), _until),
    )

    def found(self, wanted: dict) -> QuerySet:
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
            "may_offer": self.request.actor.may(Permission.MAKE_OFFERS),
        }


offer_list = partner_page(Permission.READ_WORKSPACE, capability=MAY_OFFER)(OfferList.view)


@partner_page(Permission.READ_WORKSPACE, capability=MAY_OFFER)
def offer_detail(request: PartnerRequest, uuid: UUID) -> HttpResponse:
    offer = find(request, uuid)
    state = OfferState(offer.state_now)
    context = {
        "offer": offer,
        "customer_url": _customer_url(request, offer),
        "state": state.label,
        "tag": STATE_TAGS[state],
        "who_acts": WHO_ACTS[state],
        "granted": formats.join_list(DelegatedRole(role).label for role in offer.granted_roles),
        "content": content_of(offer),
        "acts": acts_on(request, offer),
        "breadcrumbs": breadcrumbs(request, (offer.name, None)),
    }
    return render(request, "workspace/offer_detail.html", context)


def _customer_url(request: PartnerRequest, offer: PartnerOffer) -> str:
    """The organization's page, once it is a customer."""
    if not customers.customers(request.partner).filter(pk=offer.tenant_id).exists():
        return ""
    return reverse("workspace:customer", args=[request.partner.number, offer.tenant.uuid])


def find(request: PartnerRequest, uuid: UUID) -> PartnerOffer:
    """The partner's own offer with its organization, as of now; else there is none."""
    offer = (
        PartnerOffer.objects.of_partner(request.partner)
        .with_state()
        .select_related("partner")
        .filter(uuid=uuid)
        .first()
    )
    if offer is None:
        raise Http404
    offer.tenant = Tenant.objects.with_cloud_status().get(pk=offer.tenant_id)
    return offer


def breadcrumbs(request: PartnerRequest, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("Offers"), reverse("workspace:offer-list", args=[request.partner.number])), *more]


def acts_on(request: PartnerRequest, offer: PartnerOffer) -> list[dict]:
    """Each act with its address, or why it is not possible; a reason stands below the last of those that share it."""
    by, tenant, partner, state = request.actor, offer.tenant, offer.partner, offer.state_now
    verdicts: list[tuple[str, str, Verdict]] = [
        ("offer-edit", _("Edit"), offer_verdicts.may_edit(by, tenant, partner, state=state)),
        ("offer-send", _("Preview and send"), offer_verdicts.may_send(by, tenant, partner, state=state)),
        ("offer-send-again", _("Send again"), offer_verdicts.may_send_again(by, tenant, partner, state=state)),
        ("offer-terms", _("Change the terms"), offer_verdicts.may_change_terms(by, tenant, partner, state=state)),
        ("offer-discard", _("Discard draft"), offer_verdicts.may_discard(by, partner, state=state)),
        ("offer-withdraw", _("Withdraw"), offer_verdicts.may_withdraw(by, partner, state=state)),
    ]
    verdicts.sort(key=lambda entry: not entry[2].allowed)
    reasons = [verdict for _name, _label, verdict in verdicts]
    last = [one != following for one, following in pairwise([*reasons, None])]
    return [
        {
            "label": label,
            "url": reverse(f"workspace:{name}", args=[request.partner.number, offer.uuid]),
            "verdict": verdict,
            "why_id": f"why-not-{verdicts[last.index(True, number)][0]}",
            "why": verdict if last[number] and not verdict.allowed else None,
        }
        for number, (name, label, verdict) in enumerate(verdicts)
    ]
