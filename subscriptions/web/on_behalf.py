"""Who acts in an organization without being a member: nobody, unless an upper app says so as it starts."""

from collections.abc import Callable
from dataclasses import dataclass

from subscriptions.access import Actor
from subscriptions.models import Tenant, User


def _acting_for(user: User, slug: str) -> tuple[Tenant, Actor] | None:
    return None


def _held(actor: Actor) -> Actor | None:
    return None


@dataclass
class OnBehalf:
    """`held` is the same person before an act, with access that cannot end until the act is done."""

    acting_for: Callable[[User, str], tuple[Tenant, Actor] | None] = _acting_for
    held: Callable[[Actor], Actor | None] = _held


ON_BEHALF = OnBehalf()
