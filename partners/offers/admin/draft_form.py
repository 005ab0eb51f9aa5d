"""The form of an offer's draft on a partner's behalf: a new one, or one that is not sent yet."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import Partner, PartnerOffer
from partners.offers import acts as offers
from partners.offers.acts import OfferChanged
from partners.offers.checks import NotOfferable, check
from partners.offers.forms import DraftForm, initial_of, read_facts
from partners.offers.reads import Content, products_for
from partners.offers.rules import may_edit, may_offer
from subscriptions.access import Actor
from subscriptions.clouds import Text
from subscriptions.models import Tenant
from subscriptions.staff.form import StaffForm

LABELS: dict[str, Text] = {
    "credit": gettext_lazy("Partner of record"),
    "subscriptions": gettext_lazy("IDs of subscriptions"),
    "terms": gettext_lazy("The partner's terms"),
}
HELP_TEXTS: dict[str, Text] = {
    "name": "",
    "subscriptions": gettext_lazy(
        "One a line, as the organization sent them. They count where the credit is on subscriptions that the offer "
        "names."
    ),
    "products": gettext_lazy("Tick what comes with the offer. A free trial always has 25 licenses."),
}


class ProductsTable(forms.CheckboxSelectMultiple):
    """The products of the form, each with its number of licenses and its billing frequency."""

    template_name = "admin/partners/partneroffer/products.html"
    form: DraftForm

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return super().id_for_label(id_, index) if index else ""

    def get_context(self, name, value, attrs):
        return super().get_context(name, value, attrs) | {"form": self.form}


class StaffDraftForm(DraftForm, StaffForm):
    """A draft as staff enter it. `seen` is the version that they saw."""

    by: Actor
    explains_new = True
    versioned = True
    products_css = "offer-lines"

    products = forms.MultipleChoiceField(label=gettext_lazy("Products"), required=False, widget=ProductsTable)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, files=None, *, instance: PartnerOffer | None = None, **kwargs: Any):
        draft = instance if instance and not instance._state.adding else None
        self.edits = draft is not None
        if draft:
            said = initial_of(Content(draft).facts) | {"seen": draft.version}
            kwargs["initial"] = said | (kwargs.get("initial") or {})
        super().__init__(data, files, instance=instance, **kwargs)
        self.fields.pop("known")
        for name in LABELS.keys() & self.fields.keys():
            self.fields[name].label = LABELS[name]  # type: ignore[assignment]
        for name in HELP_TEXTS.keys() & self.fields.keys():
            self.fields[name].help_text = HELP_TEXTS[name]  # type: ignore[assignment]
        self.fields["terms"].widget.attrs["class"] = "vLargeTextField"
        if draft and draft.is_of_roles_only:
            self.ask_for_roles_only()
            return
        self.fields["products"].widget.form = self  # type: ignore[attr-defined]
        self.offer_products(products_for(draft.tenant if draft else None, draft))

    def clean(self) -> None:
        super().clean()
        if not self.cleaned_data.get("roles"):
            self.cleaned_data["days"] = None
        if self.wrong_lines:
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
        verdict = may_edit(self.by, self.instance) if self.edits else may_offer(self.by, tenant, partner)
        if not verdict.allowed:
            self._show({"partner": str(verdict.reason)})
            return
        try:
            checked = check(tenant=tenant, partner=partner, facts=read_facts(self.cleaned_data))
        except NotOfferable as refusal:
            self._show(refusal.problems)
            return
        if PartnerOffer.objects.of_partner(partner).filter(name=checked.name).exclude(pk=self.instance.pk).exists():
            self._show({"name": _("The partner has an offer of that name already.")})

    def _show(self, problems: dict[str, str]) -> None:
        for field, sentence in problems.items():
            self.add_error(field if field in self.fields else NON_FIELD_ERRORS, sentence)
