"""The link of an offer's mail: a pointer that is put aside before anybody signs in, and followed afterwards.

Nothing is written by following it, however often it is fetched, and it gives no right at all.
"""

from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partners.models import PartnerOffer
from partners.models.partner_offer import OfferState
from partners.offers.answer_rules import link_is_dead, offer_page
from partners.offers.links import LinkNotValid, read_link
from portal.errors import static_page
from subscriptions.clouds import Capability
from subscriptions.web.page_access import enter_tenant, person_page
from subscriptions.web.responses import address_of, see_other

log = structlog.get_logger("portal.offers")
COOKIE = "__Secure-offer" if settings.SECURE else "offer"  # `__Host-` would need the path of the whole portal
SALT = "portal.offers.link"
KEPT_FOR_SECONDS = 60 * 60  # long enough for a password that was forgotten


@require_safe
@login_not_required
@transaction.non_atomic_requests
def offer_link(request: HttpRequest, token: str) -> HttpResponse:
    """Keeps the pointer in a cookie and moves on, so that the token stands in no address and no Referer."""
    try:
        uuid, generation = read_link(token)
    except LinkNotValid:
        log.warning("offer_link_not_valid")
        return static_page("offers/link_not_valid.html", 404)
    response = HttpResponseRedirect(reverse("offer-open"))
    response.set_signed_cookie(
        COOKIE,
        f"{uuid}/{generation}",
        salt=SALT,
        max_age=KEPT_FOR_SECONDS,
        path=reverse("offer-open"),
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_safe
@person_page
def offer_open(request) -> HttpResponse:
    """To the offer's page inside its organization. To who is no member it says who is signed in, and nothing of an
    offer, be there one or not.
    """
    try:
        uuid, generation = _pointer(request)
    except (KeyError, ValueError, signing.BadSignature):
        return static_page("offers/link_not_valid.html", 404)
    offer = _offer_of_person(request, uuid)
    if offer is None:
        request.refusal_code = "not-a-member"
        return render(request, "offers/link_elsewhere.html", status=404)
    if generation == offer.generation:
        return HttpResponseRedirect(address_of(offer_page(offer.tenant, offer)))
    enter_tenant(request, offer.tenant.slug)
    list_url = reverse("partners:relationship-list", args=[offer.tenant.slug])
    context = {
        "verdict": link_is_dead(request.actor, offer.tenant, offer),
        "list_url": list_url,
        "breadcrumbs": [(_("Settings"), None), (_("Partner Relationships"), list_url), (_("Link of an offer"), None)],
    }
    return render(request, "partners/offer_dead.html", context, status=410)


@require_http_methods(["GET", "HEAD", "POST"])
def offer_switch(request: HttpRequest) -> HttpResponse:
    """Signs out and leads back to the link, and so to the sign-in for another account: the link's cookie stays."""
    back = see_other(reverse("offer-open"))
    if request.method == "POST":
        logout(request)
        back.headers["Clear-Site-Data"] = '"cache", "storage"'
    return back


def _pointer(request) -> tuple[UUID, int]:
    uuid, _separator, generation = request.get_signed_cookie(COOKIE, salt=SALT, max_age=KEPT_FOR_SECONDS).partition(
        "/"
    )
    return UUID(uuid), int(generation)


def _offer_of_person(request, uuid: UUID) -> PartnerOffer | None:
    """None where there is no such offer, and where there is one that is not this person's to know of."""
    sent = PartnerOffer.objects.exclude(state=OfferState.DRAFT).with_state().select_related("tenant")
    offer = sent.filter(uuid=uuid, tenant__in=[membership.tenant_id for membership in request.memberships]).first()
    return offer if offer and offer.tenant.cloud_profile.allows(Capability.RECEIVE_DELEGATED_ADMIN_REQUESTS) else None
