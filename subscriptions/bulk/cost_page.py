"""What an act on many costs, as its preview and its receipt say it."""

from django.utils.translation import gettext as _

from subscriptions.bulk import reads
from subscriptions.models import BulkAct
from subscriptions.models.subscription import BillingFrequency
from subscriptions.subscriptions.pages.cost_change import CostChange


def costs_of(act: BulkAct) -> list[CostChange]:
    """Of all its rows in a month, one for each currency; none where the act costs nothing."""
    monthly = BillingFrequency.MONTHLY
    return [
        CostChange(
            currency=currency,
            before=before,
            before_frequency=monthly,
            after=after,
            after_frequency=monthly,
            verb="",
        )
        for currency, before, after in reads.sums_of(act)
    ]


def with_costs(button: str, costs: list[CostChange]) -> str:
    """A button that names what it costs behind what it does."""
    for each in costs:
        button = _("%(change)s, %(difference)s") % {"change": button, "difference": each.difference}
    return button
