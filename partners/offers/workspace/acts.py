"""The acts of a partner's people on an offer: send, send again, change the terms, withdraw, discard a draft."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.access import PartnerRequest
from partners.models import PartnerOffer
from partners.models.partner_offer import OfferState
from partners.offers import acts as offers
from partners.offers import rules
from partners.offers.checks import NotOfferable
from partners.offers.ending import MAY_OFFER
from partners.offers.forms import OfferTermsForm, OfferWithdrawForm
from partners.offers.preview import WHO_ACTS, mail_of, role_rows
from partners.offers.reads import Content
from partners.offers.terms import current_terms, left_out
from partners.workspace_act import WorkspaceAct
from subscriptions.access import Actor, Permission
from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.db.limits import Limit, limits_of
from subscriptions.models import Tenant
from subscriptions.verdicts import Verdict
from subscriptions.web.acts import Answer, Crumb, Facts
from subscriptions.web.forms import ActForm


def find_offer(request: PartnerRequest, uuid: UUID) -> PartnerOffer:
    """The partner's own offer with its organization, as of now; else there is none."""
    rows = PartnerOffer.objects.of_partner(request.partner).with_state().select_related("partner")
    offer = rows.filter(uuid=uuid).first()
    if offer is None:
        raise Http404
    offer.tenant = Tenant.objects.with_cloud_status().get(pk=offer.tenant_id)
    return offer


class MakingOffers(WorkspaceAct):
    """What the acts have in common that lead to an offer or are done to one."""

    permission = Permission.MAKE_OFFERS
    capability = MAY_OFFER
    problems: ClassVar[tuple[type[Exception], ...]] = (NotOfferable,)

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        for field, sentence in problem.problems.items():  # type: ignore[attr-defined]
            form.add_error(field if field in form.fields else None, sentence)
        return self.again(form)

    def announce(self, outcome: Any) -> None:
        """Beside the outcome, what was left out of the terms that were typed."""
        super().announce(outcome)
        if left := left_out(self.request.POST.get("terms", "")):
            told = _(
                "Left out of the terms, as nothing that works or looks like the portal may stand there: %(what)s"
            )
            messages.warning(self.request, told % {"what": formats.join_list(f"<{name}>" for name in left)})

    @property
    def list_url(self) -> str:
        return self.url_of("workspace:offer-list", number=self.partner.number)

    @property
    def back_url(self) -> str:
        return self.list_url

    def breadcrumbs(self) -> list[Crumb]:
        return [(_("Offers"), self.list_url), (self.title, None)]


class OfferAct(MakingOffers):
    """An act on one offer: `rule` says whether it is possible, `verb` does it, `label` is on the way to it."""

    label: Text
    rule: Callable[[Actor, PartnerOffer], Verdict]
    verb: Callable[..., Any]
    template = "workspace/offer_act.html"
    form_class: ClassVar[type[forms.Form]] = ActForm
    offer: PartnerOffer

    def find(self) -> None:
        self.offer = find_offer(self.request, self.address["uuid"])
        self.tenant = self.offer.tenant

    @property
    def version(self) -> int | None:
        return self.offer.version

    def may(self) -> Verdict:
        return type(self).rule(self.by, self.offer)

    def facts_now(self) -> Facts:
        state = OfferState(self.offer.state_now)
        return [(_("State"), state.label), (_("Who must act"), WHO_ACTS[state])]

    def do(self, wanted: Mapping[str, Any]) -> Any:
        typed = {name: value for name, value in wanted.items() if name not in ("key", "seal")}
        return type(self).verb(tenant=self.tenant, offer=self.offer, by=self.by, **typed)

    @property
    def subtitle(self) -> str:
        return self.offer.name

    @property
    def back_url(self) -> str:
        return self.url_of("workspace:offer-detail")

    def breadcrumbs(self) -> list[Crumb]:
        return [(_("Offers"), self.list_url), (self.offer.name, self.back_url), (self.title, None)]


class Send(OfferAct):
    name = "workspace:offer-send"
    title = label = gettext_lazy("Preview and send")
    button = gettext_lazy("Send")
    rule = staticmethod(rules.may_send)
    verb = staticmethod(offers.send)

    def limits(self) -> list[Limit]:
        """A person's, and what one organization gets from one partner, as a sending mails every Global admin."""
        return limits_of(
            "send-offer", person=self.by.counted_as, tenant=self.offer.tenant_id, partner=self.partner.pk
        )

    def sentences(self) -> list[str]:
        return [
            _("Each Global admin of %(organization)s gets the mail below, and reads the page below after signing in.")
            % {"organization": self.offer.tenant.name},
            _("Afterwards only the terms can be changed; everything else needs a new offer."),
        ]

    def context(self, form: forms.Form) -> dict[str, Any]:
        return {
            "mail": mail_of(self.offer),
            "content": Content(self.offer),
            "roles": role_rows(self.offer.roles),
        }

    def done(self, outcome: Any) -> str:
        return _("The offer is on its way to the Global admins of %(organization)s.") % {
            "organization": self.offer.tenant.name
        }


class SendAgain(Send):
    name = "workspace:offer-send-again"
    title = label = button = gettext_lazy("Send again")
    rule = staticmethod(rules.may_send_again)
    verb = staticmethod(offers.send_again)

    def sentences(self) -> list[str]:
        return [
            _("Each Global admin of %(organization)s gets a new mail, and the whole time to answer once more.")
            % {"organization": self.offer.tenant.name},
            _("The link of the mail before is dead from then on."),
        ]


class ChangeTerms(OfferAct):
    name = "workspace:offer-terms"
    title = label = gettext_lazy("Change the terms")
    button = gettext_lazy("Save the terms")
    form_class = OfferTermsForm
    form_style = "form offer-form"
    rule = staticmethod(rules.may_change_terms)
    verb = staticmethod(offers.change_terms)

    def sentences(self) -> list[str]:
        return [
            _("The terms become a new version; the versions before are kept."),
            _("Whoever has the offer open must read the new terms before answering."),
        ]

    def initial(self) -> dict[str, Any]:
        return {"terms": current_terms(self.offer).html}

    def done(self, outcome: Any) -> str:
        return _("The new terms are in force.")


class Discard(OfferAct):
    """A second send finds the first one's answer by the seal, as the draft is gone."""

    name = "workspace:offer-discard"
    title = gettext_lazy("Discard the draft?")
    label = button = gettext_lazy("Discard draft")
    dangerous = True
    rule = staticmethod(rules.may_discard)
    verb = staticmethod(offers.discard)

    def sentences(self) -> list[str]:
        return [
            _("The draft for %(organization)s is deleted for good. The organization has never seen it.")
            % {"organization": self.offer.tenant.name},
            _("This cannot be taken back. Its name can be used for another offer."),
        ]

    def done(self, outcome: PartnerOffer) -> str:
        return _("The draft “%(offer)s” is discarded.") % {"offer": outcome.name}

    def destination(self, outcome: Any) -> str:
        return self.list_url


class Withdraw(OfferAct):
    """Whatever was changed since the page was opened."""

    name = "workspace:offer-withdraw"
    title = gettext_lazy("Withdraw the offer")
    label = button = gettext_lazy("Withdraw")
    dangerous = True
    form_class = OfferWithdrawForm
    rule = staticmethod(rules.may_withdraw)
    verb = staticmethod(offers.withdraw)

    @property
    def version(self) -> None:
        return None

    def sentences(self) -> list[str]:
        return [
            _("Nobody can answer it any more, and its link is dead. The Global admins are told by mail."),
            _("This cannot be taken back; you can make a new offer at any time."),
        ]

    def done(self, outcome: Any) -> str:
        return _("The offer is withdrawn.")
