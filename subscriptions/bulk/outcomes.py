"""What came of a row, by its code: what is said of all rows with that code, and what can be done next."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from subscriptions.clouds import Text
from subscriptions.verdicts import VerdictCode

CHANGED = "changed"
UNCHANGED = "unchanged"
LEFT_OUT = "left-out"
STALE = "stale-version"
CHANGED_SINCE = "changed-since"
DELETED = "deleted"
STOPPED = "stopped"
FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """One sentence for many rows, and the next step."""

    label: Text
    next_step: Text = ""


NOTHING_TO_DO = _("Nothing to do.")
LOOK_AGAIN = _("Theirs was kept. Look at these again and choose them once more if you still want to.")
OUTCOMES: dict[str, Outcome] = {
    CHANGED: Outcome(_("Changed")),
    UNCHANGED: Outcome(_("It is already so"), NOTHING_TO_DO),
    LEFT_OUT: Outcome(_("Left out by you"), _("Choose them again if they are to change after all.")),
    STALE: Outcome(_("Changed by somebody else after the preview"), LOOK_AGAIN),
    CHANGED_SINCE: Outcome(_("Changed again since then"), _("What came later stays. Change these one by one.")),
    DELETED: Outcome(_("Deleted"), NOTHING_TO_DO),
    STOPPED: Outcome(_("Not reached before it was stopped"), _("Choose them again if they are to change after all.")),
    FAILED: Outcome(_("Could not be done"), _("Try again later. The operator's staff can read why.")),
    VerdictCode.ROLE.code: Outcome(
        _("The role of the person who decided does not allow it, or not any more"),
        _("A Global admin or a Billing admin can do it."),
    ),
    VerdictCode.ORGANIZATION_SUSPENDED.code: Outcome(
        _("The organization was suspended before these were reached"),
        _("Ask the operator's staff. Once it is lifted, choose these again."),
    ),
    VerdictCode.ORGANIZATION_CLOSED.code: Outcome(
        _("The organization was closed before these were reached"), _("Ask the operator's staff.")
    ),
    VerdictCode.NOT_IN_THIS_CLOUD.code: Outcome(
        _("In this cloud the partner starts it by email"), _("Ask your partner to send you an offer by email.")
    ),
    VerdictCode.CLOUD_CLOSED.code: Outcome(
        _("This cloud is closed: nothing new begins here"),
        _("What is there already can still be changed or deleted."),
    ),
    VerdictCode.SUBSCRIPTION_DISABLED.code: Outcome(
        _("Disabled, so it can only be read"), _("Reactivate these subscriptions first.")
    ),
    VerdictCode.SUBSCRIPTION_EXPIRED.code: Outcome(_("Expired"), _("Reactivate these subscriptions first.")),
    VerdictCode.RESELLER_MANAGED.code: Outcome(_("Managed by your reseller"), _("Ask the reseller to do it.")),
    VerdictCode.IS_A_TRIAL.code: Outcome(
        _("A trial: its licenses are fixed and nothing is billed"),
        _("Set a payment method, so that the trial becomes a paid subscription when it ends."),
    ),
    VerdictCode.NO_PRICE.code: Outcome(_("Without a price today"), _("Ask the operator's support.")),
}
UNKNOWN = Outcome(_("Not possible"), _("Open one of these subscriptions: its page says why."))


def outcome_of(code: str) -> Outcome:
    return OUTCOMES.get(code, UNKNOWN)
