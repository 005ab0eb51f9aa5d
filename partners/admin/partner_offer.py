"""Partners' offers: staff read them, draft one, send, send again and withdraw it on the partner's behalf."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.domain import offers
from partners.domain.offer_checks import NotOfferable, check
from partners.domain.offer_facts import Line, OfferFacts
from partners.domain.offer_terms import summary_of
from partners.domain.offer_verdicts import may_offer
from partners.domain.offers import OfferChanged
from partners.models import PartnerOffer
from partners.models.partner_offer import CreditWanted, OfferState
from subscriptions.access import Actor, staff_actor
from subscriptions.models import Product
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.staff_acts import NotDone, ReasonForm, ToldReasonForm, ask_and_act
from subscriptions.staff_admin import StaffForm, StaffModelAdmin


class PartnerOfferForm(StaffForm):
    """A draft on a partner's behalf."""

    by: Actor

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
    products = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Products"), queryset=Product.objects.none(), required=False
    )
    licenses = forms.IntegerField(
        label=gettext_lazy("Licenses of each product"), initial=25, help_text=gettext_lazy("A trial has its own.")
    )
    terms = forms.CharField(label=gettext_lazy("The partner's terms"), required=False, widget=forms.Textarea)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "days" in self.fields:  # not where a row is read only
            self.fields["products"].queryset = Product.objects.order_by("cloud", "name")  # type: ignore[attr-defined]
            self.fields["days"].initial = 365

    def clean_subscriptions(self) -> tuple[UUID, ...]:
        try:
            return tuple(UUID(word) for word in self.cleaned_data["subscriptions"].split())
        except ValueError as error:
            raise ValidationError(_("Enter subscription IDs only, one a line."), code="not_an_id") from error

    def clean(self) -> None:
        super().clean()
        wanted = self.cleaned_data
        if not wanted.get("roles"):
            wanted["days"] = None
        if self.errors:
            return
        verdict = may_offer(self.by, wanted["tenant"], wanted["partner"])
        if not verdict.allowed:
            raise ValidationError({"partner": str(verdict.reason)})
        try:
            check(tenant=wanted["tenant"], partner=wanted["partner"], facts=self.facts())
        except NotOfferable as refusal:
            raise ValidationError(
                {name if name in self.fields else NON_FIELD_ERRORS: text for name, text in refusal.problems.items()}
            ) from refusal

    def facts(self) -> OfferFacts:
        said = self.cleaned_data
        return OfferFacts(
            name=said["name"],
            terms=said["terms"],
            roles=tuple(said["roles"]),
            days=said["days"],
            credit=said["credit"],
            subscriptions=said["subscriptions"],
            purchase=said["purchase"],
            lines=tuple(Line(product=product.uuid, licenses=said["licenses"]) for product in said["products"]),
        )


class TermsForm(ReasonForm):
    terms = forms.CharField(label=gettext_lazy("The partner's terms"), widget=forms.Textarea)


@admin.register(PartnerOffer)
class PartnerOfferAdmin(StaffModelAdmin):
    form = PartnerOfferForm
    may_change = False
    fields = (
        "tenant",
        "partner",
        "name",
        "state_shown",
        "roles",
        "days",
        "credit",
        "named_subscriptions",
        "purchase",
        "offered_products",
        "terms_versions",
        "drafted_at",
        "drafted_by",
        "sent_at",
        "sent_by",
        "generation",
        "expires_on",
        "decided_at",
        "decided_by",
        "decided_terms",
        "decision_reason",
        "granted_roles",
        "granted_days",
        "withdrawn_at",
        "withdrawn_by",
        "identity",
    )
    added = (
        "tenant",
        "partner",
        "name",
        "roles",
        "days",
        "credit",
        "subscriptions",
        "purchase",
        "products",
        "licenses",
        "terms",
        "reason",
    )
    exact = ("uuid", "tenant__uuid", "tenant__slug", "partner__partner_id")
    list_display = ("name", "partner", "tenant", "state_shown", "sent_at", "expires_on", "decided_at")
    list_filter = ("state",)
    list_select_related = ("partner", "tenant")
    search_fields = ("partner__name_key__contains", "tenant__name_key__contains")
    autocomplete_fields = ("tenant", "partner")
    ordering = ("-id",)
    actions = ("send_offers", "send_offers_again", "change_terms", "withdraw_offers")

    def get_queryset(self, request):
        return PartnerOffer.objects.with_state()

    def get_fields(self, request, obj=None):
        return self.fields if obj else self.added

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, offer: PartnerOffer):
        return OfferState(offer.state_now).label

    @admin.display(description=gettext_lazy("subscriptions"))
    def named_subscriptions(self, offer: PartnerOffer) -> str:
        return ", ".join(offer.named.order_by("pk").values_list("subscription__name", flat=True)) or "–"

    @admin.display(description=gettext_lazy("products"))
    def offered_products(self, offer: PartnerOffer) -> str:
        rows = offer.products.order_by("pk").values_list("licenses", "product__name")
        return ", ".join(f"{licenses} × {name}" for licenses, name in rows) or "–"

    @admin.display(description=gettext_lazy("terms"))
    def terms_versions(self, offer: PartnerOffer) -> str:
        """Each version with its hash and its beginning as plain text."""
        rows = [
            (
                _("Version %(number)s") % {"number": terms.number},
                terms.written_by,
                terms.digest,
                summary_of(terms.html),
            )
            for terms in offer.terms.order_by("-number")
        ]
        return format_html_join("", "<p>{} · {}<br><code>{}</code><br>{}</p>", rows)

    def store(self, row, *, form, by, reason) -> None:
        added = offers.save_draft(tenant=row.tenant, partner=row.partner, facts=form.facts(), by=by)
        row.pk, row._state.adding = added.pk, False

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The form asks the same verdict as the act, for whoever is signed in."""
        form = super().get_form(request, obj, change, **kwargs)
        form.by = staff_actor(request.user)  # type: ignore[attr-defined]
        return form

    @admin.action(description=gettext_lazy("Send…"))
    def send_offers(self, request, queryset):
        return self._ask(request, queryset, _("Send these offers to the organizations' Global admins?"), _send)

    @admin.action(description=gettext_lazy("Send again…"))
    def send_offers_again(self, request, queryset):
        return self._ask(request, queryset, _("Send these offers again? The links sent before die."), _send_again)

    @admin.action(description=gettext_lazy("Change the terms…"))
    def change_terms(self, request, queryset):
        title = _("Change the terms of these offers? Earlier versions stay.")
        return self._ask(request, queryset, title, _change_terms, form_class=TermsForm)

    @admin.action(description=gettext_lazy("Withdraw…"))
    def withdraw_offers(self, request, queryset):
        return self._ask(request, queryset, _("Withdraw these offers now?"), _withdraw, ToldReasonForm)

    def _ask(self, request, queryset, title, act, form_class=ReasonForm):
        rows = queryset.select_related("tenant", "partner")
        return ask_and_act(self, request, rows, title=title, act=act, form_class=form_class)


def _send(row: PartnerOffer, wanted: dict, by: Actor) -> None:
    _on_its_version(offers.send, row, wanted, by)


def _send_again(row: PartnerOffer, wanted: dict, by: Actor) -> None:
    _on_its_version(offers.send_again, row, wanted, by)


def _change_terms(row: PartnerOffer, wanted: dict, by: Actor) -> None:
    _on_its_version(offers.change_terms, row, wanted, by, terms=wanted["terms"])


def _on_its_version(verb, row: PartnerOffer, wanted: dict, by: Actor, **more: str) -> None:
    try:
        verb(tenant=row.tenant, offer=row, version=row.version, by=by, reason=wanted["reason"], **more)
    except OfferChanged as error:
        raise NotDone(_("The offer has changed meanwhile: look at it again.")) from error
    except NotOfferable as error:
        raise NotDone(str(error)) from error


def _withdraw(row: PartnerOffer, wanted: dict, by: Actor) -> None:
    offers.withdraw(tenant=row.tenant, offer=row, by=by, reason=wanted["reason"])
