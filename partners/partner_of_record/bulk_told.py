"""What each partner gains and loses by an act on many, for its one mail."""

from collections import defaultdict
from dataclasses import dataclass, field

from partners.partner_of_record.events import CreditsChanged
from subscriptions.audit.facts import Named
from subscriptions.bulk.outcomes import CHANGED
from subscriptions.models import BulkAct

MOST_IN_A_MAIL = 100  # subscriptions in one mail; of the others it says how many they are


@dataclass
class Told:
    """The first subscriptions that a partner gained and lost, and how many they are in all."""

    gained: int = 0
    lost: int = 0
    names_gained: list[str] = field(default_factory=list)
    names_lost: list[str] = field(default_factory=list)

    def gain(self, name: str) -> None:
        self.gained += 1
        self.names_gained += [name][: MOST_IN_A_MAIL - len(self.names_gained)]

    def lose(self, name: str) -> None:
        self.lost += 1
        self.names_lost += [name][: MOST_IN_A_MAIL - len(self.names_lost)]

    def facts(self, partner: Named) -> CreditsChanged:
        return CreditsChanged(
            partner=partner,
            gained=self.gained,
            lost=self.lost,
            names_gained=tuple(self.names_gained),
            names_lost=tuple(self.names_lost),
        )


def told_by_partner(act: BulkAct, told_of: tuple[str, str]) -> dict[str, Told]:
    """By the partner's number; its subscriptions by the name that a partner may read."""
    found: defaultdict[str, Told] = defaultdict(Told)
    rows = act.rows.filter(outcome=CHANGED).order_by("subscription__name_key", "subscription_id")
    for before, after, name in rows.values_list(
        *(f"{path}__id" for path in told_of), "subscription__name"
    ).iterator():
        if after:
            found[after].gain(name)
        if before:
            found[before].lose(name)
    return found
