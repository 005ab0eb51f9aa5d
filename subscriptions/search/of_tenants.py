"""What a person finds inside an organization: kinds of things, which rooms register, each for who may read it."""

from collections.abc import Callable, Sequence

from subscriptions.access import Actor
from subscriptions.models import Tenant
from subscriptions.search.finder import SearchKind

# In the organization's scope; None for who may not read of these
Offer = Callable[[Tenant, Actor], SearchKind | None]
OFFERED: dict[str, tuple[int, Offer]] = {}


def add_found(name: str, offer: Offer, *, place: int) -> None:
    OFFERED[name] = (place, offer)


def kinds_for(tenant: Tenant, actor: Actor) -> Sequence[SearchKind]:
    """In the order of the page."""
    offers = (offer for _place, offer in sorted(OFFERED.values(), key=lambda each: each[0]))
    return [kind for offer in offers if (kind := offer(tenant, actor)) is not None]
