"""The form of an offer's draft on a partner's behalf: a new one, or one that is not sent yet."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import Partner, PartnerOffer
from partners.models.partner_offer import CreditWanted
from partners.offers import acts as offers
from partners.offers.acts import OfferChanged
from partners.offers.admin.line_form import LinesWidget, line_forms
from partners.offers.checks import NotOfferable, check
from partners.offers.facts import OfferFacts, facts_of, read_facts
from partners.offers.forms.draft import USUAL_DAYS, OfferForm
from partners.offers.rules import may_edit, may_offer
from subscriptions.access import Actor
from subscriptions.models import Tenant
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.staff.form import StaffForm


class DraftForm(StaffForm):
    """A draft as staff enter it. `seen` is the version that they saw."""

    by: Actor
    explains_new = True
    versioned = True

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=DelegatedRole.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    credit = forms.ChoiceField(label=gettext_lazy("Partner of record"), choices=CreditWanted.choices)
    subscriptions = forms.CharField(
        label=gettext_lazy("IDs of subscriptions"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "One a line, as the organization sent them. They count where the credit is on subscriptions that the "
            "offer names."
        ),
    )
    products = forms.Field(
        label=gettext_lazy("Products"),
        required=False,
        widget=LinesWidget,
        help_text=gettext_lazy("Lines without a product do not count. A free trial always has 25 licenses."),
    )
    terms = forms.CharField(
        label=gettext_lazy("The partner's terms"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField"}),
        help_text=OfferForm.base_fields["terms"].help_text,
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, files=None, *, instance: PartnerOffer | None = None, **kwargs: Any):
        self.edits = instance is not None and not instance._state.adding
        facts = facts_of(instance) if instance and self.edits else None
        if instance and facts:
            kwargs["initial"] = _initial_of(facts, instance) | (kwargs.get("initial") or {})
        super().__init__(data, files, instance=instance, **kwargs)
        if "days" not in self.fields:
            return  # where a row is read only
        if not self.edits:
            self.fields["days"].initial = USUAL_DAYS
        draft = instance if self.edits else None
        self.lines = line_forms(data, draft=draft, known=facts.lines if facts else ())
        self.fields["products"].widget.lines = self.lines  # type: ignore[attr-defined]

    def clean_subscriptions(self) -> tuple[UUID, ...]:
        try:
            return tuple(UUID(word) for word in self.cleaned_data["subscriptions"].split())
        except ValueError as error:
            raise ValidationError(_("Enter subscription IDs only, one a line."), code="not_an_id") from error

    def clean(self) -> None:
        super().clean()
        if not self.cleaned_data.get("roles"):
            self.cleaned_data["days"] = None
        if not all([line.is_valid() for line in self.lines]):
            self.add_error("products", _("Something is wrong in a line: see below."))
        if self.edits:
            self._require_unchanged()
        if not self.errors:
            self._require_possible(*self._between())

    def _between(self) -> tuple[Tenant, Partner]:
        if self.edits:
            return self.instance.tenant, self.instance.partner
        return self.cleaned_data["tenant"], self.cleaned_data["partner"]

    def _require_unchanged(self) -> None:
        """Holds the row, so that nobody changes it before it is stored."""
        tenant, partner = self._between()
        seen = self.cleaned_data.get("seen") or 0
        try:
            offers.lock_offer(tenant=tenant, partner=partner, offer=self.instance, version=seen)
        except OfferChanged as error:
            self.is_stale = True
            raise ValidationError(
                _(
                    "Somebody has changed this draft since you opened it. Nothing was saved: open it once more and "
                    "compare."
                ),
                code="changed",
            ) from error

    def _require_possible(self, tenant: Tenant, partner: Partner) -> None:
        if self.edits:
            verdict = may_edit(self.by, tenant, partner, state=self.instance.state_now)
        else:
            verdict = may_offer(self.by, tenant, partner)
        if not verdict.allowed:
            self._show({"partner": str(verdict.reason)})
            return
        try:
            checked = check(tenant=tenant, partner=partner, facts=self.facts())
        except NotOfferable as refusal:
            self._show(refusal.problems)
            return
        if PartnerOffer.objects.of_partner(partner).filter(name=checked.name).exclude(pk=self.instance.pk).exists():
            self._show({"name": _("The partner has an offer of that name already.")})

    def _show(self, problems: dict[str, str]) -> None:
        for field, sentence in problems.items():
            self.add_error(field if field in self.fields else NON_FIELD_ERRORS, sentence)

    def facts(self) -> OfferFacts:
        said, lines = self.cleaned_data, (line for form in self.lines if (line := form.line()))
        return read_facts(said, subscriptions=said["subscriptions"], lines=lines)


def _initial_of(facts: OfferFacts, offer: PartnerOffer) -> dict[str, Any]:
    return {
        "terms": facts.terms,
        "subscriptions": "\n".join(map(str, facts.subscriptions)),
        "days": facts.days or USUAL_DAYS,
        "seen": offer.version,
    }
