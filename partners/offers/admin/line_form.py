"""The products of an offer's draft: a line each, with its own number of licenses and billing frequency."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import PartnerOffer
from partners.offers.checks import MOST_PRODUCTS
from partners.offers.facts import Line, no_longer_sold
from subscriptions.catalogue import shop
from subscriptions.clouds import PROFILES, Capability
from subscriptions.models import Product
from subscriptions.models.product_price import price_day
from subscriptions.models.subscription import BillingFrequency
from subscriptions.subscriptions.trial_start import TRIAL_LICENSES


class LineForm(forms.Form):
    """One product of the offer; without a product it says nothing."""

    product = forms.ChoiceField(label=gettext_lazy("Product"), required=False)
    licenses = forms.IntegerField(label=gettext_lazy("Licenses"), required=False, initial=TRIAL_LICENSES)
    billing_frequency = forms.ChoiceField(
        label=gettext_lazy("Billing frequency"),
        required=False,
        choices=BillingFrequency.choices,
        initial=BillingFrequency.MONTHLY,
    )

    def __init__(self, *args: Any, sold: Sequence, number: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["product"].choices = sold  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = _("%(field)s, line %(number)s") % {
                "field": field.label,
                "number": number,
            }

    def line(self) -> Line | None:
        said = self.cleaned_data
        if not said["product"]:
            return None
        return Line(
            product=UUID(said["product"]),
            licenses=said["licenses"] or 0,
            billing_frequency=said["billing_frequency"] or BillingFrequency.MONTHLY,
        )


class LinesWidget(forms.Widget):
    """A table of `lines`, which the form sets; each reads its own fields."""

    template_name = "admin/partners/partneroffer/lines.html"
    lines: list[LineForm]

    def id_for_label(self, id_: str) -> str:
        return ""

    def get_context(self, name, value, attrs):
        return super().get_context(name, value, attrs) | {"lines": self.lines}


def line_forms(data, *, draft: PartnerOffer | None, known: Sequence[Line]) -> list[LineForm]:
    """As many as an offer may have; `known` are those of the draft so far."""
    sold = _sold(draft)
    return [
        LineForm(
            data,
            sold=sold,
            number=number + 1,
            prefix=f"line-{number}",
            initial=_initial_of_line(known[number]) if number < len(known) else None,
        )
        for number in range(MOST_PRODUCTS)
    ]


def _initial_of_line(line: Line) -> dict[str, Any]:
    return {"product": str(line.product), "licenses": line.licenses, "billing_frequency": line.billing_frequency}


def _sold(draft: PartnerOffer | None) -> list:
    """What can be chosen, by cloud: what the organization's cloud sells today, or all clouds that have offers. What
    the draft has and nobody sells any more stays chosen, so that it is refused and not lost.
    """
    if draft:
        rows = shop.items(draft.tenant)
    else:
        clouds = [cloud for cloud, profile in PROFILES.items() if profile.allows(Capability.RECEIVE_PARTNER_OFFERS)]
        rows = Product.objects.filter(cloud__in=clouds, prices__valid__contains=price_day())
    by_cloud: dict[str, list] = {}
    for uuid, name, cloud, has_trial in rows.order_by("cloud", "name_key", "id").values_list(
        "uuid", "name", "cloud", "has_trial"
    ):
        label = _("%(product)s (free trial possible)") % {"product": name} if has_trial else name
        by_cloud.setdefault(str(PROFILES[cloud].label), []).append((str(uuid), label))
    unsold = [
        (str(product.uuid), _("No longer sold: %(product)s") % {"product": product.name})
        for product in (no_longer_sold(draft) if draft else ())
    ]
    return [("", "–"), *by_cloud.items(), *unsold]
