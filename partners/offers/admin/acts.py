"""Staff's acts on a partner's offers: what each asks for, what it shows before, and whether it is possible."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import PartnerOffer
from partners.offers import acts as offers
from partners.offers import rules as offer_verdicts
from partners.offers.acts import OfferChanged
from partners.offers.checks import NotOfferable, check
from partners.offers.forms import DraftForm
from partners.offers.preview import preview_of
from partners.offers.reads import Content
from partners.offers.terms import current_terms
from subscriptions.access import Actor, StaffPermission
from subscriptions.staff.acts import NotDone, ReasonForm, StaffAct, ToldReasonForm
from subscriptions.verdicts import Verdict

MOST_AT_ONCE = 10  # each is shown before


class OfferAct(StaffAct):
    """Shows what the chosen offers say."""

    model = PartnerOffer
    staff_permission = StaffPermission.KEEP_PARTNERS
    most = MOST_AT_ONCE
    template = "admin/partners/partneroffer/act.html"
    refusals = (NotOfferable,)
    is_mailed: ClassVar[bool] = False
    rule: Callable[[Actor, PartnerOffer], Verdict]
    verb: Callable[..., object]

    def may_row(self, row: PartnerOffer) -> Verdict:
        return type(self).rule(self.by, row)

    def act_on(self, row: PartnerOffer, wanted: Mapping[str, Any]) -> None:
        self.call(row, wanted, version=row.version)

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        """It may be done to one of them at least."""
        previews = [preview_of(row, is_mailed=self.is_mailed) | {"verdict": self.may_row(row)} for row in self.rows]
        may_act = any(preview["verdict"].allowed for preview in previews)
        return {**super().context(form), "previews": previews, "may_act": may_act}

    def call(self, row: PartnerOffer, wanted: Mapping[str, Any], **more: object) -> object:
        try:
            return type(self).verb(tenant=row.tenant, offer=row, by=self.by, reason=wanted["reason"], **more)
        except OfferChanged as error:
            raise NotDone(_("The offer has changed meanwhile: look at it again.")) from error


class Send(OfferAct):
    name = "admin:send-offers"
    label = gettext_lazy("Send…")
    title = gettext_lazy("Send these offers to the organizations' Global admins?")
    button = gettext_lazy("Send")
    is_mailed = True
    rule = staticmethod(offer_verdicts.may_send)
    verb = staticmethod(offers.send)


class SendAgain(OfferAct):
    name = "admin:send-offers-again"
    label = gettext_lazy("Send again…")
    title = gettext_lazy("Send these offers again? The links sent before die.")
    button = gettext_lazy("Send again")
    is_mailed = True
    rule = staticmethod(offer_verdicts.may_send_again)
    verb = staticmethod(offers.send_again)


class TermsForm(ReasonForm):
    """Starts from the terms that there are, where there is one offer only."""

    terms = forms.CharField(
        label=gettext_lazy("The partner's terms"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 16, "class": "vLargeTextField"}),
        help_text=DraftForm.base_fields["terms"].help_text,
    )
    field_order = ("terms", "reason")

    def clean(self) -> None:
        """What cannot be offered is said here already, where what was typed is kept."""
        super().clean()
        for row in self.rows:
            try:
                facts = replace(Content(row).facts, terms=self.cleaned_data.get("terms", ""))
                check(tenant=row.tenant, partner=row.partner, facts=facts)
            except NotOfferable as refusal:
                self._show(row, refusal.problems)

    def _show(self, row: PartnerOffer, problems: dict[str, str]) -> None:
        for field, sentence in problems.items():
            if field != "terms":
                self.add_error(None, f"{row}: {sentence}")
            elif not self.has_error("terms"):
                self.add_error("terms", sentence)


class ChangeTerms(OfferAct):
    name = "admin:change-terms"
    label = gettext_lazy("Change the terms…")
    title = gettext_lazy("Change the terms of these offers? Earlier versions stay.")
    button = gettext_lazy("Save the terms")
    form_class = TermsForm
    rule = staticmethod(offer_verdicts.may_change_terms)
    verb = staticmethod(offers.change_terms)

    def initial(self) -> dict[str, Any]:
        return {"terms": current_terms(self.rows[0]).html} if len(self.rows) == 1 else {}

    def act_on(self, row: PartnerOffer, wanted: Mapping[str, Any]) -> None:
        if self.call(row, wanted, version=row.version, terms=wanted["terms"]) is None:
            raise NotDone(_("No change: everything stays as it was."))


class Discard(OfferAct):
    name = "admin:discard-drafts"
    label = gettext_lazy("Discard drafts…")
    title = gettext_lazy("Discard these drafts for good? No organization has seen them.")
    button = gettext_lazy("Discard draft")
    rule = staticmethod(offer_verdicts.may_discard)
    verb = staticmethod(offers.discard)


class Withdraw(OfferAct):
    name = "admin:withdraw-offers"
    label = gettext_lazy("Withdraw…")
    title = gettext_lazy("Withdraw these offers now?")
    button = gettext_lazy("Withdraw")
    form_class = ToldReasonForm
    rule = staticmethod(offer_verdicts.may_withdraw)
    verb = staticmethod(offers.withdraw)

    def act_on(self, row: PartnerOffer, wanted: Mapping[str, Any]) -> None:
        """Whatever was changed in it meanwhile."""
        self.call(row, wanted)
