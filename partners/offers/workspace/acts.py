"""The acts on an offer: send, send again, change the terms, withdraw; to discard a draft has a file of its own."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.access import PartnerRequest, partner_form
from partners.offers import acts as offers
from partners.offers import rules as offer_verdicts
from partners.offers.forms.acts import OfferTermsForm, OfferWithdrawForm
from partners.offers.terms import current_terms
from partners.offers.workspace.act_page import OfferAct, answer
from partners.offers.workspace.list import MAY_OFFER
from subscriptions.access import Permission
from subscriptions.verdicts import Verdict


class Send(OfferAct):
    title = gettext_lazy("Preview and send")
    button = gettext_lazy("Send")
    is_mailed = True

    @property
    def verdict(self) -> Verdict:
        return offer_verdicts.may_send(
            self.request.actor, self.tenant, self.offer.partner, state=self.offer.state_now
        )

    def sentences(self) -> list[str]:
        return [
            _("Each Global admin of %(organization)s gets the mail below, and reads the page below after signing in.")
            % {"organization": self.tenant.name},
            _("Afterwards only the terms can be changed; everything else needs a new offer."),
        ]

    def act(self, wanted, common):
        return offers.send(**common)

    def done(self) -> str:
        return _("The offer is on its way to the Global admins of %(organization)s.") % {
            "organization": self.tenant.name
        }


class SendAgain(Send):
    title = gettext_lazy("Send again")
    button = gettext_lazy("Send again")

    @property
    def verdict(self) -> Verdict:
        return offer_verdicts.may_send_again(
            self.request.actor, self.tenant, self.offer.partner, state=self.offer.state_now
        )

    def sentences(self) -> list[str]:
        return [
            _("Each Global admin of %(organization)s gets a new mail, and the whole time to answer once more.")
            % {"organization": self.tenant.name},
            _("The link of the mail before is dead from then on."),
        ]

    def act(self, wanted, common):
        return offers.send_again(**common)


class ChangeTerms(OfferAct):
    title = gettext_lazy("Change the terms")
    button = gettext_lazy("Save the terms")
    form_class = OfferTermsForm

    @property
    def verdict(self) -> Verdict:
        return offer_verdicts.may_change_terms(
            self.request.actor, self.tenant, self.offer.partner, state=self.offer.state_now
        )

    def sentences(self) -> list[str]:
        return [
            _("The terms become a new version; the versions before are kept."),
            _("Whoever has the offer open must read the new terms before answering."),
        ]

    def initial(self) -> dict[str, Any]:
        return {"terms": current_terms(self.offer).html}

    def act(self, wanted, common):
        return offers.change_terms(**common, terms=wanted["terms"])

    def done(self) -> str:
        return _("The new terms are in force.")


class Withdraw(OfferAct):
    title = gettext_lazy("Withdraw the offer")
    button = gettext_lazy("Withdraw")
    dangerous = True
    form_class = OfferWithdrawForm

    @property
    def verdict(self) -> Verdict:
        return offer_verdicts.may_withdraw(self.request.actor, self.offer.partner, state=self.offer.state_now)

    def sentences(self) -> list[str]:
        return [
            _("Nobody can answer it any more, and its link is dead. The Global admins are told by mail."),
            _("This cannot be taken back; you can make a new offer at any time."),
        ]

    def act(self, wanted, common):
        common.pop("version")
        return offers.withdraw(**common, reason=wanted["reason"])

    def done(self) -> str:
        return _("The offer is withdrawn.")


@partner_form(Permission.MAKE_OFFERS, capability=MAY_OFFER)
def offer_send(request: PartnerRequest, uuid: UUID) -> HttpResponse:
    return answer(Send, request, uuid)


@partner_form(Permission.MAKE_OFFERS, capability=MAY_OFFER)
def offer_send_again(request: PartnerRequest, uuid: UUID) -> HttpResponse:
    return answer(SendAgain, request, uuid)


@partner_form(Permission.MAKE_OFFERS, capability=MAY_OFFER)
def offer_terms(request: PartnerRequest, uuid: UUID) -> HttpResponse:
    return answer(ChangeTerms, request, uuid)


@partner_form(Permission.MAKE_OFFERS, capability=MAY_OFFER)
def offer_withdraw(request: PartnerRequest, uuid: UUID) -> HttpResponse:
    return answer(Withdraw, request, uuid)
