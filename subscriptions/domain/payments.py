"""How an organisation pays. The one place to ask a payment provider, should a cloud have one: none has it today."""

from subscriptions.clouds import PaymentMethod
from subscriptions.models import Tenant


class MethodNotOffered(Exception):
    """The cloud does not take this kind of payment."""


def methods_of(tenant: Tenant) -> tuple[PaymentMethod, ...]:
    return tenant.cloud_profile.payment_methods


def accept(method: str, *, tenant: Tenant) -> PaymentMethod:
    """The method, ready to be billed. Raises MethodNotOffered."""
    accepted = next((offered for offered in methods_of(tenant) if offered == method), None)
    if accepted is None:
        raise MethodNotOffered
    return accepted
