"""The acts under More actions as data: each with its address, or with the reason why it cannot be done now."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from django.urls import reverse
from django.utils.http import urlencode

from subscriptions.clouds import Text
from subscriptions.models import Subscription
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.subscriptions.pages import acts as subscription_acts
from subscriptions.subscriptions.pages import ends as subscription_ends
from subscriptions.subscriptions.pages.act_page import SubscriptionAct
from subscriptions.subscriptions.pages.naming import Names
from subscriptions.verdicts import Verdict
from subscriptions.web.page_access import TenantRequest

TRIAL, ACTIVE, EXPIRED, DISABLED, _DELETED = SubscriptionStatus
PAID = frozenset({ACTIVE, EXPIRED, DISABLED})


@dataclass(frozen=True)
class Item:
    """An act, its icon, and the states in which a person would look for it."""

    act: type[SubscriptionAct]
    icon: str
    states: Collection[SubscriptionStatus]

    @property
    def label(self) -> Text:
        return self.act.title


MENU = (
    Item(subscription_acts.Licenses, "people", frozenset(SubscriptionStatus)),
    Item(subscription_acts.Frequency, "calendar", PAID),
    Item(subscription_acts.RecurringBilling, "receipt", PAID),
    Item(subscription_ends.ExtendTrial, "clock", {TRIAL}),
    Item(subscription_ends.PaymentMethod, "money", {TRIAL}),
    Item(subscription_ends.Reactivate, "checkmark", {EXPIRED, DISABLED}),
    Item(subscription_ends.Cancel, "dismiss", {TRIAL, ACTIVE}),
    Item(Names, "edit", frozenset(SubscriptionStatus)),
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the menu; `why` is set where it is the last of the lines that share a reason."""

    label: Text
    icon: str
    url: str
    verdict: Verdict
    why_id: str
    why: Verdict | None


def entries(request: TenantRequest, subscription: Subscription) -> list[Entry]:
    """What this actor sees for this subscription as it is now; asks the database nothing."""
    items = [item for item in MENU if subscription.status in item.states]
    verdicts = [item.act.rule(request.actor, request.tenant, subscription) for item in items]
    last = [one != following for one, following in pairwise([*verdicts, None])]
    query = f"?{urlencode({'list': request.GET['list']})}" if request.GET.get("list") else ""
    return [
        Entry(
            label=item.label,
            icon=item.icon,
            url=reverse(item.act.name, args=[request.tenant.slug, subscription.uuid]) + query,
            verdict=verdict,
            why_id=f"why-not-{items[last.index(True, number)].act.name.partition(':')[2]}",
            why=verdict if last[number] and not verdict.allowed else None,
        )
        for number, (item, verdict) in enumerate(zip(items, verdicts, strict=True))
    ]
