"""Workspace > Offers > Discard draft: what was never sent goes for good."""

from typing import Any
from uuid import UUID

from django import forms
from django.core import signing
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.access import PartnerRequest, partner_form
from partners.offers import acts as offers
from partners.offers import rules as offer_verdicts
from partners.offers.workspace.act_page import OfferAct, answer
from partners.offers.workspace.draft import conflict, sending_of
from partners.offers.workspace.list import MAY_OFFER
from subscriptions.access import Permission
from subscriptions.db import idempotency, scopes
from subscriptions.db.idempotency import KeyReused
from subscriptions.models import Tenant
from subscriptions.verdicts import Verdict
from subscriptions.web.forms import ActForm
from subscriptions.web.responses import see_other

SALT = "draft-discarded"


class DiscardForm(ActForm):
    """`organization` says where the first send is remembered, for a second one that finds no draft any more."""

    organization = forms.CharField(widget=forms.HiddenInput)


class Discard(OfferAct):
    title = gettext_lazy("Discard the draft?")
    button = gettext_lazy("Discard draft")
    dangerous = True
    form_class = DiscardForm

    @property
    def verdict(self) -> Verdict:
        return offer_verdicts.may_discard(self.request.actor, self.offer.partner, state=self.offer.state_now)

    def sentences(self) -> list[str]:
        return [
            _("The draft for %(organization)s is deleted for good. The organization has never seen it.")
            % {"organization": self.tenant.name},
            _("This cannot be taken back. Its name can be used for another offer."),
        ]

    def initial(self) -> dict[str, Any]:
        return {"organization": signing.dumps(self.tenant.pk, salt=SALT)}

    def act(self, wanted, common):
        offers.discard(**common)
        return self.offer

    def done(self) -> str:
        return _("The draft “%(offer)s” is discarded.") % {"offer": self.offer.name}

    @property
    def next_url(self) -> str:
        return reverse("workspace:offer-list", args=[self.request.partner.number])


@partner_form(Permission.MAKE_OFFERS, capability=MAY_OFFER)
def offer_discard(request: PartnerRequest, uuid: UUID) -> HttpResponse:
    try:
        return answer(Discard, request, uuid)
    except Http404:
        done = _answer_of_the_first_send(request)
        if done is None:
            raise
        return done


def _answer_of_the_first_send(request: PartnerRequest) -> HttpResponse | None:
    try:
        tenant_key = signing.loads(request.POST.get("organization", ""), salt=SALT)
    except signing.BadSignature:
        return None
    with scopes.tenant(tenant_key):
        try:
            done = idempotency.earlier_answer(sending_of(request, Tenant(pk=tenant_key)))
        except KeyReused:
            return conflict(request, None)
    return see_other(done) if done else None
