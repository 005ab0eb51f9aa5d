"""Staff's acts on a partner's offers: what each asks for, what it shows before, and whether it is possible."""

from dataclasses import replace
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import cached_property
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
from subscriptions.access import Actor
from subscriptions.clouds import Text
from subscriptions.staff.acts import NotDone, ReasonForm, ToldReasonForm
from subscriptions.verdicts import Verdict


class OfferActForm(ReasonForm):
    """Shows what the chosen offers say; `seen` holds the versions of what was shown."""

    button: Text
    is_mailed = False
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, rows: list[PartnerOffer], by: Actor):
        super().__init__(data, rows=rows)
        self.by = by
        self.now = " ".join(sorted(f"{row.pk}:{row.version}" for row in rows))
        self.fields["seen"].initial = self.now

    def verdict(self, row: PartnerOffer) -> Verdict:
        raise NotImplementedError

    def act(self, row: PartnerOffer, wanted: dict, by: Actor) -> object:
        raise NotImplementedError

    @cached_property
    def previews(self) -> list[dict]:
        return [preview_of(row, is_mailed=self.is_mailed) | {"verdict": self.verdict(row)} for row in self.rows]

    @property
    def may_act(self) -> bool:
        """On one of them at least."""
        return any(preview["verdict"].allowed for preview in self.previews)

    def clean(self) -> None:
        """A second press acts on what the page shows then."""
        super().clean()
        if self.cleaned_data.get("seen") == self.now:
            return
        sent = cast(QueryDict, self.data).copy()
        sent["seen"] = self.now
        self.data = sent
        self.error_status = 409
        raise ValidationError(
            _("An offer has changed since you opened this page. Nothing was done: look at it as it is now."),
            code="changed",
        )


def _done(verb, row: PartnerOffer, wanted: dict, by: Actor, **more: object) -> object:
    try:
        return verb(tenant=row.tenant, offer=row, by=by, reason=wanted["reason"], **more)
    except OfferChanged as error:
        raise NotDone(_("The offer has changed meanwhile: look at it again.")) from error
    except NotOfferable as error:
        raise NotDone(str(error)) from error


class SendForm(OfferActForm):
    button = gettext_lazy("Send")
    is_mailed = True

    def verdict(self, row):
        return offer_verdicts.may_send(self.by, row)

    def act(self, row, wanted, by):
        _done(offers.send, row, wanted, by, version=row.version)


class SendAgainForm(OfferActForm):
    button = gettext_lazy("Send again")
    is_mailed = True

    def verdict(self, row):
        return offer_verdicts.may_send_again(self.by, row)

    def act(self, row, wanted, by):
        _done(offers.send_again, row, wanted, by, version=row.version)


class TermsForm(OfferActForm):
    """Starts from the terms that there are, where there is one offer only."""

    button = gettext_lazy("Save the terms")
    terms = forms.CharField(
        label=gettext_lazy("The partner's terms"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 16, "class": "vLargeTextField"}),
        help_text=DraftForm.base_fields["terms"].help_text,
    )
    field_order = ("terms", "reason", "seen")

    def __init__(self, data=None, *, rows, by):
        super().__init__(data, rows=rows, by=by)
        if len(rows) == 1:
            self.fields["terms"].initial = current_terms(rows[0]).html

    def verdict(self, row):
        return offer_verdicts.may_change_terms(self.by, row)

    def clean(self):
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

    def act(self, row, wanted, by):
        if _done(offers.change_terms, row, wanted, by, version=row.version, terms=wanted["terms"]) is None:
            raise NotDone(_("No change: everything stays as it was."))


class DiscardForm(OfferActForm):
    button = gettext_lazy("Discard draft")

    def verdict(self, row):
        return offer_verdicts.may_discard(self.by, row)

    def act(self, row, wanted, by):
        _done(offers.discard, row, wanted, by, version=row.version)


class WithdrawForm(OfferActForm, ToldReasonForm):
    button = gettext_lazy("Withdraw")

    def verdict(self, row):
        return offer_verdicts.may_withdraw(self.by, row)

    def act(self, row, wanted, by):
        _done(offers.withdraw, row, wanted, by)
