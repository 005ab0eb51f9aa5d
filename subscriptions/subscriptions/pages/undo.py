"""Undo of the last change of a subscription: a button in the banner that tells the change."""

from decimal import Decimal

from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.base import formats
from subscriptions.subscriptions import acts as subscription_acts
from subscriptions.subscriptions import rules as subscription_verdicts
from subscriptions.subscriptions.pages.act_page import SubscriptionAct
from subscriptions.subscriptions.pages.cost_change import CostChange, cost_text
from subscriptions.verdicts import Stale

TAKE_BACK = "take-back"  # of a message about something that can be undone on the subscription's page


class CanBeUndone(SubscriptionAct):
    """Says in its banner that it can be undone, as far as that is possible."""

    def announce(self, outcome):
        if outcome is None:
            super().announce(outcome)
        else:
            messages.success(self.request, self.done(outcome), extra_tags=TAKE_BACK)


class Undo(SubscriptionAct):
    """A button in the banner of the change that it takes back, on the subscription's page."""

    name = "subscriptions:undo"
    page = "subscriptions:detail"
    title = gettext_lazy("Undo")

    def may(self):
        last = subscription_acts.last_change(self.tenant, self.subscription)
        self.facts_before = last.detail.get("changes", {}) if last else {}
        return subscription_verdicts.may_undo(self.by, self.tenant, self.subscription, last)

    @property
    def button(self) -> str:  # type: ignore[override]
        """It says what comes on top. Needs what `find` and `may` have found."""
        row, cost = self.subscription, self.facts_before.get("cost")
        if cost is None and row.renews:
            return _("Undo")
        difference = CostChange(
            currency=row.currency,
            before=row.cost if cost else Decimal(0),
            before_frequency=row.billing_frequency,
            after=Decimal(cost[0]) if cost else row.cost,
            after_frequency=row.billing_frequency,
            verb=_("Undo"),
        )
        return difference.button

    def again(self, form):
        """Nobody types into a button: one without its version was drawn for something else."""
        raise Stale

    def change(self, wanted):
        return subscription_acts.undo_last_change(**self.common(wanted))

    def done(self, row):
        return formats.sentences(
            _("Undone."),
            _("%(subscription)s has %(licenses)s licenses and costs %(cost)s.")
            % {
                "subscription": row.name,
                "licenses": formats.number(row.licenses_total),
                "cost": cost_text(row.cost, row.currency, row.billing_frequency),
            },
            f"{row.end_of_term.in_a_row}{formats.mark('.')}" % {"day": formats.day(row.term_ends_on)},
        )
