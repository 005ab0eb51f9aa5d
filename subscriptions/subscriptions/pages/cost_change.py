"""What an act costs, as every page says it before it is done: now, then, and the difference."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.models.subscription import BillingFrequency

MONTHLY = BillingFrequency.MONTHLY


@dataclass(frozen=True, kw_only=True)
class CostChange:
    """`before` and `after` are costs of a billing period; a frequency of None is of what is not billed at all.

    `what` is what was typed, where that can be another change.
    """

    what: str = ""
    currency: str
    before: Decimal
    before_frequency: str | None
    after: Decimal
    after_frequency: str | None
    verb: Text  # the change, as its button names it before the difference
    counts: tuple[Text, str, str] | None = None  # of what else changes: its label, before and after

    @property
    def rows(self) -> Sequence[tuple[Text, str, str]]:
        costs = (
            _("Cost"),
            self._cost(self.before, self.before_frequency),
            self._cost(self.after, self.after_frequency),
        )
        return [self.counts, costs] if self.counts else [costs]

    @property
    def difference(self) -> str:
        """In the period that both have, else in a month."""
        frequency, *others = {each for each in (self.before_frequency, self.after_frequency) if each}
        amount = self.after - self.before
        if others:
            frequency = MONTHLY
            amount = a_month(self.after, self.after_frequency) - a_month(self.before, self.before_frequency)
        return BillingFrequency(frequency).a_period(formats.signed_money(amount, self.currency))

    @property
    def button(self) -> str:
        return _("%(change)s, %(difference)s") % {"change": self.verb, "difference": self.difference}

    @property
    def seen(self) -> str:
        """By which the second press tells what the first one has shown."""
        return f"{self.what} {self.before} {self.after} {self.currency}"

    def _cost(self, amount: Decimal, frequency: str | None) -> str:
        return cost_text(amount, self.currency, frequency) if frequency else _("Nothing is billed")


def a_month(cost: Decimal, frequency: str | None) -> Decimal:
    """What a month of it costs."""
    return cost / BillingFrequency(frequency).months if frequency else Decimal(0)


def cost_text(cost: Decimal, currency: str, frequency: str) -> str:
    """An amount with its period."""
    return f"{formats.money(cost, currency)} {BillingFrequency(frequency).per_period}"
