"""A subscription as it was when a change of its partner was asked for, and what of it is different now."""

from collections.abc import Mapping
from typing import Any

from subscriptions.audit.changed_facts import changed_facts
from subscriptions.models import Subscription

# What is told of a subscription that was changed before a second person agreed to what was asked for
COMPARED = ("status", "licenses_total", "billing_frequency", "recurring_billing", "own_name", "cost_center")


def as_it_is(subscription: Subscription) -> dict[str, Any]:
    """What is kept with a request for approval, to tell later what is different."""
    return {
        "version": subscription.version,
        "then": {name: getattr(subscription, name) for name in COMPARED},
    }


def is_as_it_was(subscription: Subscription, kept: Mapping[str, Any]) -> bool:
    return subscription.version == kept["version"]


def different_now(subscription: Subscription, kept: Mapping[str, Any]) -> list[str]:
    """In words, of what is compared; a subscription can be another one without any of it."""
    changes = {name: [was, now] for name, was in kept["then"].items() if (now := getattr(subscription, name)) != was}
    return changed_facts(Subscription, changes, currency=subscription.currency)
