"""A partner's offer: its page, and the Yes or No that the organization gives once.

Source: seed.md "Add a partner to an existing subscription", the steps where partners start.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.models import PartnerOffer
from partners.models.partner_offer import OfferedPurchase, OfferState
from partners.offers.answer_rules import ANSWERED, may_accept, may_answer, may_read_offers, offer_path
from partners.offers.answers import NothingGranted, NotOffered, TermsChanged, accept_offer, decline_offer
from partners.offers.forms.answer import OfferAnswerForm
from partners.offers.pages.answer_page import answer_page, answered_page, dead_page
from subscriptions.access import Permission
from subscriptions.clouds import Capability
from subscriptions.db import idempotency
from subscriptions.db.idempotency import KeyReused, Sending
from subscriptions.verdicts import Refused
from subscriptions.web.forms import read_key
from subscriptions.web.page_access import TenantRequest, tenant_form
from subscriptions.web.recent_sign_in import signed_in_recently, to_confirm
from subscriptions.web.responses import see_other


@tenant_form(Permission.READ_RELATIONSHIPS, capability=Capability.RECEIVE_PARTNER_OFFERS)
def offer(request: TenantRequest, uuid: UUID) -> HttpResponse:
    """Members who may not decide read who does (T38), in every state of the offer."""
    found = _offer(request, uuid)
    may_read_offers(request.actor).require()
    if request.method == "POST":
        return _take_answer(request, found)
    if found.state in ANSWERED:
        return answered_page(request, found)
    return answer_page(request, found) if found.state_now == OfferState.SENT else dead_page(request, found)


def _offer(request: TenantRequest, uuid: UUID) -> PartnerOffer:
    offers = PartnerOffer.objects.of_tenant(request.tenant).with_state()
    return get_object_or_404(offers.select_related("partner", "tenant", "relationship"), uuid=uuid)


def _take_answer(request: TenantRequest, found: PartnerOffer) -> HttpResponse:
    """The same form again gets the same answer; anything after an answer is told who gave it."""
    sending = _sending(request)
    try:
        done = idempotency.earlier_answer(sending)
        if done:
            return see_other(done)
        may_answer(request.actor, request.tenant, found).require()
        return _answer(request, found, sending)
    except (Refused, KeyReused) as error:
        found = _offer(request, found.uuid)
        if found.state in ANSWERED:
            return answered_page(request, found, too_late=True)
        if found.state_now != OfferState.SENT:
            return dead_page(request, found)
        raise error


def _answer(request: TenantRequest, found: PartnerOffer, sending: Sending) -> HttpResponse:
    form = OfferAnswerForm(request.POST, offer=found)
    if not form.is_valid():
        return answer_page(request, found, form, status=422)
    if form.says_yes:
        may_accept(request.actor, request.tenant, found).require()
        if not signed_in_recently(request):
            messages.info(request, _("Nothing was recorded yet. Confirm that it is you, then answer the offer."))
            return to_confirm(offer_path(request.tenant, found))
    try:
        return see_other(idempotency.once(sending, lambda: _decide(request, found, form)))
    except TermsChanged:
        return answer_page(request, _offer(request, found.uuid), terms_changed=True, status=409)
    except (NothingGranted, NotOffered):
        form.nothing_granted()
        return answer_page(request, found, form, status=422)


def _decide(request: TenantRequest, found: PartnerOffer, form: OfferAnswerForm) -> str:
    """Where Next leads: to what came with the offer, else to what was decided."""
    facts = {"partner": found.partner.name}
    if form.says_yes:
        accept_offer(
            tenant=request.tenant,
            offer=found,
            shown=form.shown,
            roles=form.kept_roles,
            days=form.cleaned_data.get("days"),
            by=request.actor,
        )
        messages.success(request, _("You said Yes to %(partner)s.") % facts)
    else:
        reason = form.cleaned_data["reason"]
        decline_offer(tenant=request.tenant, offer=found, shown=form.shown, reason=reason, by=request.actor)
        messages.success(request, _("You said No to %(partner)s. Nothing was granted.") % facts)
    if found.purchase == OfferedPurchase.NONE:
        return offer_path(request.tenant, found)
    return reverse("from-offer:create", args=[request.tenant.slug, found.uuid])


def _sending(request: TenantRequest) -> Sending:
    post = request.POST
    content = {name: post.get(name, "") for name in ("days", "version", "terms")}
    content |= {"path": request.path, **{name: " ".join(sorted(post.getlist(name))) for name in ("choice", "roles")}}
    return Sending(tenant=request.tenant, user_id=request.user.pk, key=read_key(post.get("key", "")), content=content)
