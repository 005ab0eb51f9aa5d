"""What is said of a partner that is not active, wherever it is still credited or tied to an organization.

It is flagged, never silently removed: field.md, scenario 30.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models.partner import PartnerState
from subscriptions.clouds import Text
from subscriptions.verdicts import Verdict, VerdictCode


@dataclass(frozen=True)
class Flag:
    """A tag, and why the partner cannot act, who can help, what to do."""

    label: Text
    verdict: Verdict


LABELS = {
    PartnerState.PENDING: gettext_lazy("Partner under review"),
    PartnerState.INACTIVE: gettext_lazy("Partner not active"),
    PartnerState.SUSPENDED: gettext_lazy("Partner suspended"),
}
REASONS = {
    PartnerState.PENDING: gettext_lazy("The operator is checking this partner."),
    PartnerState.INACTIVE: gettext_lazy("This partner is no longer active."),
    PartnerState.SUSPENDED: gettext_lazy("The operator has suspended this partner."),
}


def flag_of(state: str) -> Flag | None:
    """None for an active partner."""
    state = PartnerState(state)
    if state is PartnerState.ACTIVE:
        return None
    meanwhile = _("It stays credited and listed, but its people have no access and nobody can name it again.")
    verdict = Verdict(
        code=VerdictCode.PARTNER_NOT_USABLE,
        reason=f"{REASONS[state]} {meanwhile}",
        who=_("The partner itself, or the operator's support."),
        next_step=_("Ask what has happened. You can delete it as partner of record, or name another one."),
    )
    return Flag(label=LABELS[state], verdict=verdict)
