"""What of an organization's policy and of its scheduled changes needs attention."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partners.models import ScheduledChange
from partners.models.scheduled_change import ScheduleState
from partners.partner_of_record.policy.reads import differing_subscriptions
from partners.partner_of_record.schedule.pages import LIST
from partners.partner_of_record.schedule.reads import NOT_APPLIED, WAITING
from subscriptions.access import Permission
from subscriptions.attention.kinds import AttentionKind, Urgency, add_attention


def _scheduled(state: ScheduleState, **facts: Any) -> AttentionKind:
    """A filter of the list of scheduled changes."""
    return AttentionKind(
        name=f"scheduled-{state}",
        rows=lambda tenant: ScheduledChange.objects.filter(tenant=tenant, state=state),
        list_name=LIST,
        filters=f"state={state}",
        permission=Permission.SET_PARTNER_OF_RECORD,
        for_partners=False,
        **facts,
    )


add_attention(
    _scheduled(
        NOT_APPLIED,
        urgency=Urgency.NOW,
        told=ngettext_lazy(
            "scheduled change could not be applied", "scheduled changes could not be applied", "count"
        ),
        when=_("The list says why; try again or dismiss"),
        verb=_("Try again or dismiss"),
    ),
    _scheduled(
        WAITING,
        urgency=Urgency.SOON,
        told=ngettext_lazy("change is scheduled", "changes are scheduled", "count"),
        day="day",
        when=_("The first on %(day)s"),
        verb=_("See scheduled changes"),
    ),
    AttentionKind(
        name="policy-differs",
        urgency=Urgency.SOMETIME,
        told=ngettext_lazy(
            "subscription is not as the partner policy wants it",
            "subscriptions are not as the partner policy wants them",
            "count",
        ),
        rows=differing_subscriptions,
        list_name="subscriptions:list",
        filters="policy=differs",
        permission=Permission.READ_SUBSCRIPTIONS,
        when=_("Another partner than the default, or one that is not approved"),
        verb=_("Bring in line"),
        acts_by=Permission.SET_PARTNER_OF_RECORD,
        for_partners=False,
    ),
)
