"""The second step: the order with the prices that it holds and, where the cloud has it, the partner's pane.

Nobody is credited before Place order.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.directory.reads import PartnerUnusable
from partners.models import Partner
from partners.partner_of_record.reads import last_named_partner
from partners.partner_of_record.rules import may_name_at_purchase
from portal.checkout.acts import name_partner, partner_of
from portal.checkout.forms import OrderPartnerForm
from portal.checkout.pages.steps import OrderAct, offer_credit
from subscriptions.clouds import Capability
from subscriptions.models import Order, Product
from subscriptions.orders import acts as orders
from subscriptions.orders.acts import PriceChanged
from subscriptions.web.acts import Answer
from subscriptions.web.responses import see_other


class Review(OrderAct):
    """Next takes along the partner that was typed, as if it had been added before."""

    called = gettext_lazy("Check out, step 2: partner")
    name = "checkout:review"
    step = "review"
    template = "checkout/order_review.html"
    form_class = OrderPartnerForm
    uncompared = frozenset({"checked"})
    problems = (PriceChanged,)
    must_name: ClassVar[bool] = False  # whether an empty box is an error

    def over(self) -> Answer | None:
        """There is nothing to review, nor to name a partner for."""
        return None if self.lines else partial(see_other, self.step_url("products"))

    @property
    def products(self) -> list[Product]:
        return [line.product for line in self.lines]

    def form_arguments(self) -> dict[str, Any]:
        return {
            "tenant": self.tenant,
            "products": self.products,
            "subject": self.order.uuid,
            "by": self.by,
            "is_offered": may_name_at_purchase(self.by, self.tenant).allowed,
            "must_name": self.must_name,
        }

    def initial(self) -> dict[str, Any]:
        """An ID that was found elsewhere stands in the box; it is looked up once it is sent."""
        return super().initial() | {"partner_id": self.request.GET.get("partner_id", "")}

    def context(self, form: Any) -> dict[str, Any]:
        more = {"price_changes": orders.price_changes(self.lines), "credit": offer_credit(self)}
        return super().context(form) | more | (self._pane(form) if form.is_offered else {})

    def _pane(self, form: OrderPartnerForm) -> dict[str, Any]:
        unusable, last = None, None
        try:
            partner_of(self.order, tenant=self.tenant, products=self.products)
        except PartnerUnusable as problem:
            unusable = problem
        if not self.order.partner_number:
            last = last_named_partner(tenant=self.tenant, products=self.products)
        return {
            "pane_open": form.is_bound or bool(form["partner_id"].value()),
            "named_unusable": unusable,
            "last_named": last,
            "last_named_checked": form.token_for(last.number) if last else "",
            "add_label": _("Change partner") if self.order.partner_number else _("add"),
        }

    def do(self, wanted: Mapping[str, Any]) -> Order:
        self.keep_typed(wanted)
        if changes := orders.price_changes(self.lines):
            raise PriceChanged(changes)
        return self.order

    def keep_typed(self, wanted: Mapping[str, Any]) -> None:
        if partner := wanted.get("partner_id"):
            name_partner(**self.common(wanted), partner=partner)

    def destination(self, outcome: Any) -> str:
        return self.step_url("payment")

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        """The prices have to be confirmed first; what was typed stays with the order."""
        self.keep_typed(form.cleaned_data)
        return review_afresh(self, status=409)


class AddPartner(Review):
    """A partner whose name this person has not seen is shown first."""

    called = gettext_lazy("Add partner of record")
    name = "checkout:partner-add"
    page = Review.name
    capability = Capability.NAME_PARTNER_AT_PURCHASE
    must_name = True

    def found(self, form: Any) -> dict[str, Any]:
        return {"found": form.cleaned_data["partner_id"], "checked": form.checked_token()}

    def preview(self, form: Any) -> Mapping[str, Any] | None:
        return {**self.found(form), "ask_again": True} if form.asks_for_another_submit else None

    def do(self, wanted: Mapping[str, Any]) -> Partner:  # type: ignore[override]
        self.keep_typed(wanted)
        return wanted["partner_id"]

    def done(self, partner: Partner) -> str:
        told = _("%(partner)s will be partner of record of what you buy here, once the order is placed.")
        return told % {"partner": partner}

    def destination(self, outcome: Any) -> str:
        return self.page_url


class CheckPartner(AddPartner):
    """Looks the ID up and changes nothing, whatever else is wrong with the form and however old it is."""

    called = gettext_lazy("Check ID")
    name = "checkout:partner-check"
    part = ("check-result", "checkout/_partner_found.html")
    is_keyed = False

    @property
    def version(self) -> None:  # type: ignore[override]
        return None

    def preview(self, form: Any) -> Mapping[str, Any] | None:
        return self.found(form)

    def again(self, form: forms.Form) -> Answer:
        if "partner_id" in form.errors:
            return super().again(form)
        return partial(self.shown, form, **self.found(form))


class OnReview(OrderAct):
    """A button on the review page, into which nothing is typed."""

    page = Review.name
    step = "review"

    def again(self, form: forms.Form) -> Answer:
        return review_afresh(self, status=422)

    def destination(self, outcome: Any) -> str:
        return self.page_url


class AcceptPrices(OnReview):
    called = gettext_lazy("Accept the new prices")
    name = "checkout:prices-accept"

    def do(self, wanted: Mapping[str, Any]) -> Order:
        orders.accept_prices(**self.common(wanted))
        return self.order


class RemovePartner(OnReview):
    called = gettext_lazy("Remove partner of record")
    name = "checkout:partner-remove"
    capability = Capability.NAME_PARTNER_AT_PURCHASE

    def do(self, wanted: Mapping[str, Any]) -> Order:
        name_partner(**self.common(wanted), partner=None)
        return self.order

    def done(self, order: Order) -> str:
        return _("The order names no partner now.")


def review_afresh(act: OrderAct, *, status: int) -> Answer:
    """The review page of the order as it is now, as the answer to an act that was not done."""
    review = Review(act.request, **act.address)
    review.find()
    return partial(review.shown, review.form(), status=status, not_changed=status == 409)
