"""Workspace > Offers: the list of the partner's offers, and one of them."""

from itertools import pairwise
from uuid import UUID

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

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
from subscriptions.web.filters import active_filters
from subscriptions.web.paging import Sort, page_by_key

MAY_OFFER = Capability.RECEIVE_PARTNER_OFFERS
COLUMNS = (
    "id", "uuid", "name", "state_now", "tenant__name", "roles", "days", "credit", "purchase",
    "expires_on", "decided_at",
)  # fmt: skip


@partner_page(Permission.READ_WORKSPACE, capability=MAY_OFFER)
def offer_list(request: PartnerRequest) -> HttpResponse:
    form = OfferFilterForm(request.GET)
    valid = form.is_valid()
    rows = PartnerOffer.objects.of_partner(request.partner).with_state()
    if valid and form.cleaned_data["state"]:
        rows = rows.filter(state_now=form.cleaned_data["state"])
    page = page_by_key(rows.values(*COLUMNS), Sort("id", descending=True), request.GET)
    context = {
        "form": form,
        "active_filters": active_filters(form, request.GET) if valid else [],
        "page": page,
        "offers": _lines(request, page.rows) if valid else [],
        "new_url": reverse("workspace:offer-find", args=[request.partner.number]),
        "may_offer": request.actor.may(Permission.MAKE_OFFERS),
        "breadcrumbs": [(_("Offers"), None)],
    }
    return render(request, "workspace/offer_list.html", context, status=200 if valid else 422)


def _lines(request: PartnerRequest, rows: list[dict]) -> list[dict]:
    counted = OfferedSubscription.objects.filter(offer__in=[row["id"] for row in rows]).values("offer")
    named = dict(counted.annotate(number=Count("pk")).values_list("offer", "number"))
    return [_line(request, row | {"named_count": named.get(row["id"], 0)}) for row in rows]


def _line(request: PartnerRequest, row: dict) -> dict:
    state = OfferState(row["state_now"])
    return {
        "name": row["name"],
        "url": reverse("workspace:offer-detail", args=[request.partner.number, row["uuid"]]),
        "organization": row["tenant__name"],
        "state": state.label,
        "tag": STATE_TAGS[state],
        "who_acts": WHO_ACTS[state],
        "asked": asked_of(row),
        "until": formats.day(row["expires_on"]) if row["expires_on"] else "",
        "answered": formats.day(row["decided_at"]) if row["decided_at"] else "",
    }


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
