"""How something is paid: the one place that knows which methods can be used, and what each asks for.

A method with `why_not` needs somebody else's service. To connect a provider, take that away, name what the method
asks for, and ask the provider in `accept`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from subscriptions.clouds import CloudProfile, PaymentMethod, Text

# What methods ask for, in the order in which forms show it; orders and subscriptions keep it under these names.
DETAILS = ("fapiao_title", "fapiao_tax_number", "purchase_order_number")


class MethodNotOffered(Exception):
    """The cloud does not take this kind of payment, or no provider is there to take it."""


class DetailsMissing(Exception):
    """The method needs more to be known; the names of what is missing are its arguments."""


@dataclass(frozen=True, kw_only=True)
class Method:
    """One way of paying, with the details that it needs or may have; `why_not` where it cannot be used."""

    method: PaymentMethod
    needs: tuple[str, ...] = ()
    may_have: tuple[str, ...] = ()
    why_not: Text = ""

    @property
    def label(self) -> str:
        return str(self.method.label)

    @property
    def is_usable(self) -> bool:
        return not self.why_not

    @property
    def asks(self) -> tuple[str, ...]:
        return self.needs + self.may_have


METHODS = {
    method.method: method
    for method in (
        Method(
            method=PaymentMethod.CARD,
            why_not=_("No payment provider is connected to this portal, so a card cannot be charged."),
        ),
        Method(method=PaymentMethod.INVOICE, may_have=("purchase_order_number",)),
        Method(
            method=PaymentMethod.FAPIAO_INVOICE,
            needs=("fapiao_title", "fapiao_tax_number"),
            may_have=("purchase_order_number",),
        ),
    )
}


def methods_of(profile: CloudProfile) -> list[Method]:
    """All of the cloud, those that cannot be used among them."""
    return [METHODS[method] for method in profile.payment_methods]


def usable_methods(profile: CloudProfile) -> list[Method]:
    """Each cloud has one."""
    return [method for method in methods_of(profile) if method.is_usable]


def chosen_method(profile: CloudProfile, wanted: str) -> Method:
    """The cloud's method of that name, else the first that can be used."""
    usable = usable_methods(profile)
    return next((method for method in usable if method.method == wanted), usable[0])


def accept(wanted: str, details: Mapping[str, str], *, profile: CloudProfile) -> dict[str, str]:
    """The method and its details as they are kept, ready to be billed. Raises MethodNotOffered and DetailsMissing."""
    method = next((usable for usable in usable_methods(profile) if usable.method == wanted), None)
    if method is None:
        raise MethodNotOffered
    missing = [name for name in method.needs if not details.get(name)]
    if missing:
        raise DetailsMissing(*missing)
    return {"payment_method": method.method.value, **{name: details.get(name, "") for name in method.asks}}
