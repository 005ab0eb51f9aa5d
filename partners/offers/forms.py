"""The forms of a partner's offers: what one says, which organization it is for, and what is done to one.

What an offer may say is asked of the domain; a form reads what was typed.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models.partner_offer import MOST_DAYS, CreditWanted, OfferedPurchase, OfferKind, OfferState
from partners.offers.ending import ENDS_SOON
from partners.offers.reads import Line, OfferFacts
from subscriptions.base.markup import markup
from subscriptions.base.typed import plain
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.models.subscription import BillingFrequency
from subscriptions.subscriptions.trial_start import TRIAL_LICENSES
from subscriptions.web import cells
from subscriptions.web.forms import ActForm, KeyForm, ReasonField, SealedForm
from subscriptions.web.role_words import ROLE_DESCRIPTIONS, ROLE_RISKS
from subscriptions.web.tables import Column, Table

USUAL_DAYS = 365
OF_ONE_ORGANIZATION = ("known", "subscriptions")
BEYOND_ROLES = ("credit", "known", "subscriptions", "purchase", "products")


def _role_choices() -> list[tuple[str, Any]]:
    return [(role.value, _role_label(role)) for role in DelegatedRole]


def _role_label(role: DelegatedRole):
    risk = ROLE_RISKS[role]
    return markup(
        '<span>{} <span class="tag {}">{}</span><br><span class="muted small">{}</span></span>',
        role.label,
        risk.tag,
        risk.label,
        ROLE_DESCRIPTIONS[role],
    )


def _chosen(row: dict) -> SafeString:
    gone = "" if row["is_sold"] else cells.below(_("No longer sold: the draft can only be saved without it."))
    label = '<label class="choose">{} <span>{}{}</span></label>'
    return markup(label, row["box"].tag(), row["name"], gone)


def _typed(field: forms.BoundField) -> SafeString:
    label = '<label class="visually-hidden" for="{}">{}</label>{}{}'
    return markup(label, field.id_for_label, field.label, field.errors, field)


def _trial(row: dict) -> SafeString | str:
    """The style sheet leaves out what has none where a trial is asked for."""
    return _("Yes") if row["has_trial"] else markup('<span class="without-trial">{}</span>', _("No"))


PRODUCTS = [
    Column(gettext_lazy("Product"), _chosen),
    Column(gettext_lazy("Free trial"), _trial),
    Column(gettext_lazy("Licenses of a purchase"), lambda row: _typed(row["licenses"])),
    Column(gettext_lazy("Billing of a purchase"), lambda row: _typed(row["frequency"])),
]


class DraftForm(forms.Form):
    """All that an offer says, as the partner or staff for it write it. `offer_products` says what can be chosen."""

    products_css: ClassVar[str] = "rows"  # of their table

    name = forms.CharField(
        label=gettext_lazy("Name of the offer"),
        required=False,
        help_text=gettext_lazy("The organization reads it. At most 50 characters; each of your offers has its own."),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        required=False,
        choices=_role_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Ask for no more than the work needs; the organization can leave roles out."),
    )
    days = forms.IntegerField(
        label=gettext_lazy("For how many days"),
        required=False,
        initial=USUAL_DAYS,
        widget=forms.NumberInput(attrs={"min": 1, "max": MOST_DAYS}),
        help_text=gettext_lazy("From 1 to 730, counted from the answer. It matters only where there are roles."),
    )
    credit = forms.ChoiceField(
        label=gettext_lazy("On what you want to be credited"),
        choices=CreditWanted.choices,
        initial=CreditWanted.NOTHING,
        widget=forms.RadioSelect,
    )
    known = forms.MultipleChoiceField(
        label=gettext_lazy("Subscriptions that credit you already"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    subscriptions = forms.CharField(
        label=gettext_lazy("IDs of other subscriptions"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy("As the organization sent them to you, one a line."),
    )
    purchase = forms.ChoiceField(
        label=gettext_lazy("What comes with the offer"),
        choices=OfferedPurchase.choices,
        initial=OfferedPurchase.NONE,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("The organization decides by itself whether it takes it, also after a No."),
    )
    products = forms.MultipleChoiceField(
        label=gettext_lazy("Products"), required=False, widget=forms.CheckboxSelectMultiple
    )
    terms = forms.CharField(
        label=gettext_lazy("Your terms"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy(
            "Plain text, or HTML with paragraphs, headings, lists, emphasis, quotations, tables and links (https and "
            "mailto). Everything else is left out, and the preview says what."
        ),
    )

    def ask_for_roles_only(self) -> None:
        """Where the organization's cloud allows no more."""
        self.offered: dict[str, dict] = {}
        for name in BEYOND_ROLES:
            self.fields.pop(name, None)
        self.fields["roles"].required = True
        self.fields["roles"].error_messages["required"] = _("Ask for at least one role.")
        self.fields["days"].help_text = _("From 1 to 730, counted from the answer.")

    def offer_products(self, products: Iterable[dict]) -> None:
        """Gives each its box, its number of licenses and its billing frequency."""
        self.offered = {str(product["uuid"]): product for product in products}
        self.fields["products"].choices = [  # type: ignore[attr-defined]
            (uuid, product["name"]) for uuid, product in self.offered.items()
        ]
        for uuid, product in self.offered.items():
            self.fields[_licenses(uuid)] = forms.IntegerField(
                label=_("Licenses of %(product)s") % {"product": product["name"]},
                required=False,
                initial=TRIAL_LICENSES,
                widget=forms.NumberInput(attrs={"min": 1}),
            )
            self.fields[_frequency(uuid)] = forms.ChoiceField(
                label=_("Billing frequency of %(product)s") % {"product": product["name"]},
                required=False,
                choices=BillingFrequency.choices,
                initial=BillingFrequency.MONTHLY,
            )

    @property
    def product_rows(self) -> list[dict]:
        """Each product with its box and the fields beside it."""
        return [
            {**product, "box": box, "licenses": self[_licenses(uuid)], "frequency": self[_frequency(uuid)]}
            for box, (uuid, product) in zip(self["products"], self.offered.items(), strict=True)
        ]

    @property
    def products_table(self) -> Table:
        return Table(_("Products"), PRODUCTS, self.product_rows, css=self.products_css)

    @property
    def wrong_lines(self) -> set[str]:
        """The fields beside products in which something is wrong."""
        return {*map(_licenses, self.offered), *map(_frequency, self.offered)} & self.errors.keys()

    @property
    def shows_products(self) -> bool:
        """Whether the products stand open: where one is chosen, or something is wrong with them."""
        return bool(self["products"].value() or self.wrong_lines or "products" in self.errors)

    def clean_subscriptions(self) -> list[UUID]:
        words = self.cleaned_data["subscriptions"].replace(",", " ").replace(";", " ").split()
        try:
            return [UUID(word) for word in words]
        except ValueError as error:
            raise ValidationError(
                _("Enter subscription IDs only, as the organization's page of the subscription shows them."),
                code="not_an_id",
            ) from error


def read_facts(said: Mapping[str, Any]) -> OfferFacts:
    """What was typed."""
    return OfferFacts(
        name=said["name"],
        terms=said["terms"],
        roles=tuple(said["roles"]),
        days=said["days"],
        credit=said.get("credit", CreditWanted.NOTHING),
        subscriptions=(*map(UUID, said.get("known", ())), *said.get("subscriptions", ())),
        purchase=said.get("purchase", OfferedPurchase.NONE),
        lines=tuple(
            Line(
                product=UUID(uuid),
                licenses=said[_licenses(uuid)] or 0,
                billing_frequency=said[_frequency(uuid)] or BillingFrequency.MONTHLY,
            )
            for uuid in said.get("products", ())
        ),
    )


def _licenses(uuid: str) -> str:
    return f"licenses-{uuid}"


def _frequency(uuid: str) -> str:
    return f"frequency-{uuid}"


def initial_of(facts: OfferFacts, *, known: Sequence[dict] = ()) -> dict[str, Any]:
    """What the form of these facts starts from."""
    seen = {row["uuid"] for row in known}
    return {
        "name": facts.name,
        "roles": list(facts.roles),
        "days": facts.days or USUAL_DAYS,
        "credit": facts.credit,
        "known": [str(uuid) for uuid in facts.subscriptions if uuid in seen],
        "subscriptions": "\n".join(str(uuid) for uuid in facts.subscriptions if uuid not in seen),
        "purchase": facts.purchase,
        "products": [str(line.product) for line in facts.lines],
        "terms": facts.terms,
        **{_licenses(str(line.product)): line.licenses for line in facts.lines},
        **{_frequency(str(line.product)): line.billing_frequency for line in facts.lines},
    }


class OfferForm(DraftForm, KeyForm):
    """A draft in the partner's workspace; `known` are the subscriptions that the partner sees already.
    `kind` says whether anything but roles is asked for.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, kind: OfferKind, products: Sequence[dict], known: Sequence[dict], **kwargs):
        super().__init__(data, **kwargs)
        if kind == OfferKind.ROLES_ONLY:
            self.ask_for_roles_only()
            return
        self.offer_products(products)
        if known:
            self.fields["known"].choices = [(str(row["uuid"]), row["name"]) for row in known]  # type: ignore[attr-defined]
        else:
            del self.fields["known"]


class TemplateForm(DraftForm, KeyForm):
    """The content of a template, which is of no organization: no subscription is named in it."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, kind: OfferKind, products: Sequence[dict], **kwargs):
        super().__init__(data, **kwargs)
        if kind == OfferKind.ROLES_ONLY:
            self.ask_for_roles_only()
            return
        self.offer_products(products)
        for name in OF_ONE_ORGANIZATION:
            del self.fields[name]
        self.fields["credit"].choices = [  # type: ignore[attr-defined]
            (value, label) for value, label in CreditWanted.choices if value != CreditWanted.NAMED
        ]


class FindOrganizationForm(SealedForm):
    organization = forms.CharField(
        label=gettext_lazy("The organization's address in the portal"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("The organization finds it in the address of its pages, after /t/: ask for it."),
        error_messages={"required": gettext_lazy("Enter the address that the organization gave you.")},
    )

    def clean_organization(self) -> str:
        path = f"/{plain(self.cleaned_data['organization'])}".rpartition("/t/")[2]
        return path.strip("/").partition("/")[0].lower()


class OfferTermsForm(ActForm):
    terms = forms.CharField(
        label=gettext_lazy("Your terms"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=DraftForm.base_fields["terms"].help_text,
    )


class OfferWithdrawForm(KeyForm):
    reason = ReasonField(help_text=gettext_lazy("Optional. The organization's Global admins read it."))


class OfferFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("All states")),
            *OfferState.choices,
            (ENDS_SOON, gettext_lazy("Can soon be answered no more")),
        ],
    )
