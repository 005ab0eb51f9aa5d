"""What the pages of a partner's offer show: what is asked for, what became of it, or why it is over."""

from datetime import datetime, timedelta

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import OfferedProduct, OfferedSubscription, OfferTerms, PartnerOffer, PartnerRelationship
from partners.models.partner_offer import CreditWanted, OfferedPurchase, OfferState
from partners.models.partner_relationship import RelationshipKind
from partners.offers.answer_rules import may_accept, offer_is_dead
from partners.offers.forms.answer import OfferAnswerForm
from partners.offers.pages.content import role_rows
from partners.offers.terms import current_terms
from subscriptions.models import AuditEvent, Subscription
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.state_by_date import judge_by_date
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.web.forms import new_key
from subscriptions.web.page_access import TenantRequest
from subscriptions.web.recent_sign_in import path_to_confirm, signed_in_recently


def answer_page(
    request: TenantRequest,
    offer: PartnerOffer,
    form: OfferAnswerForm | None = None,
    *,
    terms_changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The authorization page."""
    terms = current_terms(offer)
    form = form or OfferAnswerForm(
        offer=offer, initial={"version": offer.version, "terms": terms.digest, "key": new_key()}
    )
    here = reverse("partners:offer", args=[request.tenant.slug, offer.uuid])
    context = _shared(request, offer) | {
        "form": form,
        "terms": terms,
        "terms_changed": terms_changed,
        "roles": role_rows(offer.roles, form),
        "ends_at": _end_if_accepted_now(offer),
        "already": _live_relationships(offer),
        "may_accept": may_accept(request.actor, request.tenant, offer),
        "must_confirm": not signed_in_recently(request),
        "confirm_url": path_to_confirm(here),
    }
    return render(request, "partners/offer_answer.html", context, status=status)


def answered_page(request: TenantRequest, offer: PartnerOffer, *, too_late: bool = False) -> HttpResponse:
    """Who decided, when, and what came of it; `too_late` for a person who answers after that."""
    kinds = [AuditKind.OFFER_ACCEPTED, AuditKind.OFFER_DECLINED]
    events = AuditEvent.objects.of_tenant(request.tenant).filter(subject_uuid=offer.uuid, kind__in=kinds)
    shown = OfferTerms.objects.filter(tenant=request.tenant, offer=offer, digest=offer.decided_terms)
    relationship = offer.relationship
    context = _shared(request, offer) | {
        "accepted": offer.state == OfferState.ACCEPTED,
        "too_late": too_late,
        "event": events.first(),
        "terms": shown.order_by("-number").first(),
        "roles": role_rows(offer.granted_roles),
        "relationship": relationship,
        "relationship_url": relationship
        and reverse("partners:relationship-detail", args=[request.tenant.slug, relationship.uuid]),
    }
    return render(request, "partners/offer_answered.html", context, status=409 if too_late else 200)


def dead_page(request: TenantRequest, offer: PartnerOffer) -> HttpResponse:
    context = _shared(request, offer) | {"verdict": offer_is_dead(offer)}
    return render(request, "partners/offer_dead.html", context, status=410)


def _shared(request: TenantRequest, offer: PartnerOffer) -> dict:
    slug = request.tenant.slug
    list_url = reverse("partners:relationship-list", args=[slug])
    products = _products(offer) if offer.purchase != OfferedPurchase.NONE else []
    is_left = any(offered.created is None for offered in products)
    return {
        "offer": offer,
        "partner": offer.partner,
        "profile": request.tenant.cloud_profile,
        "is_trial": offer.purchase == OfferedPurchase.TRIAL,
        "credit_named": offer.credit == CreditWanted.NAMED,
        "credit_bought": offer.credit == CreditWanted.BOUGHT,
        "named": _named(offer),
        "products": products,
        "create_url": reverse("from-offer:create", args=[slug, offer.uuid]) if is_left else "",
        "list_url": list_url,
        "breadcrumbs": [(_("Settings"), None), (_("Partner Relationships"), list_url), (offer.name, None)],
    }


def _named(offer: PartnerOffer) -> list[Subscription]:
    """The subscriptions of which it wants to be partner of record, with who that is now."""
    if offer.credit != CreditWanted.NAMED:
        return []
    keys = OfferedSubscription.objects.filter(tenant=offer.tenant_id, offer=offer).values("subscription")
    rows = Subscription.objects.filter(tenant=offer.tenant_id, pk__in=keys).with_partner()
    named = list(rows.annotate(partner_now=F("current__partner__name")).order_by("name_key", "pk"))
    for subscription in named:
        judge_by_date(subscription, today_of(offer.tenant))
    return named


def _products(offer: PartnerOffer) -> list[OfferedProduct]:
    rows = OfferedProduct.objects.filter(tenant=offer.tenant_id, offer=offer)
    return list(rows.select_related("product", "created").order_by("product__name_key", "pk"))


def _end_if_accepted_now(offer: PartnerOffer) -> datetime | None:
    return timezone.now() + timedelta(days=offer.days) if offer.days else None


def _live_relationships(offer: PartnerOffer) -> list[PartnerRelationship]:
    """Those that stay until their own end, whatever the answer is."""
    live = PartnerRelationship.objects.live().filter(tenant=offer.tenant_id, partner=offer.partner)
    return list(live.filter(kind=RelationshipKind.DELEGATED_ADMIN).order_by("pk"))
