"""How an organisation pays. The one place to ask a payment provider, should a cloud have one: none has it today."""

from subscriptions.clouds import PaymentMethod
from subscriptions.models import Tenant

NEEDS_PROVIDER = frozenset({PaymentMethod.CARD})


class MethodNotOffered(Exception):
    """The cloud does not take this kind of payment, or nobody is there to take it."""


def methods_of(tenant: Tenant) -> tuple[PaymentMethod, ...]:
    """Those of the cloud that can be billed without a provider."""
    return tuple(method for method in tenant.cloud_profile.payment_methods if method not in NEEDS_PROVIDER)


def accept(method: str, *, tenant: Tenant) -> PaymentMethod:
    """The method, ready to be billed. Raises MethodNotOffered."""
    accepted = next((offered for offered in methods_of(tenant) if offered == method), None)
    if accepted is None:
        raise MethodNotOffered
    return accepted
