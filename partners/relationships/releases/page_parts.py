"""What both sides of a release request read alike: its state, who must act, and its timeline."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy

from partners.models import ReleaseStep
from partners.models.release_request import OPEN_RELEASES, ReleaseState
from subscriptions.base.days import today_by_zone
from subscriptions.clouds import Text

STATE_TAGS = {
    ReleaseState.SENT: "info",
    ReleaseState.ACKNOWLEDGED: "info",
    ReleaseState.RELEASED: "ok",
    ReleaseState.DECLINED: "bad",
    ReleaseState.TAKEN_BACK: "neutral",
}
ESCALATED: Text = gettext_lazy("The operator's staff follow it up. The reseller can still answer.")
CUSTOMER_READS: dict[ReleaseState, Text] = {
    ReleaseState.SENT: gettext_lazy("Your reseller must answer."),
    ReleaseState.ACKNOWLEDGED: gettext_lazy("Your reseller has seen it and must release or decline."),
    ReleaseState.RELEASED: gettext_lazy("Nobody: the relationship has ended."),
    ReleaseState.DECLINED: gettext_lazy("You: talk to your reseller, then ask again if you want to."),
    ReleaseState.TAKEN_BACK: gettext_lazy("Nobody. You can ask again at any time."),
}
RESELLER_READS: dict[ReleaseState, Text] = {
    ReleaseState.SENT: gettext_lazy("You: acknowledge it, release the organization, or decline with a reason."),
    ReleaseState.ACKNOWLEDGED: gettext_lazy("You: release the organization, or decline with a reason."),
    ReleaseState.RELEASED: gettext_lazy("Nobody: the relationship has ended."),
    ReleaseState.DECLINED: gettext_lazy("The organization may ask again."),
    ReleaseState.TAKEN_BACK: gettext_lazy("Nobody: the organization took it back."),
}


def with_steps(steps: Iterable[ReleaseStep], words: dict[ReleaseState, Text]) -> list[dict[str, Any]]:
    """The requests of these steps (from `steps_of`), each as its page shows it."""
    return [
        describe_request(next(own), words, rest=own) for _pk, own in groupby(steps, key=lambda step: step.request_id)
    ]


def steps_of(**request: Any):
    """The timelines of requests, newest request first, with all that a page shows of each; one query."""
    wanted = {f"request__{name}": value for name, value in request.items()}
    return (
        ReleaseStep.objects.filter(**wanted)
        .annotate(today=today_by_zone("request__tenant__time_zone"))
        .select_related("request__tenant", "request__partner", "request__relationship")
        .order_by("-request_id", "id")
    )


def describe_request(first: Any, words: dict[ReleaseState, Text], *, rest: Iterable[ReleaseStep]) -> dict[str, Any]:
    request = first.request
    overdue = request.is_open and request.due_on < first.today
    return {
        "request": request,
        "steps": [first, *rest],
        **state_of(request.state, words, escalated=bool(request.escalated_on), overdue=overdue),
    }


def state_of(state: str, words: dict[ReleaseState, Text], *, escalated: bool, overdue: bool) -> dict[str, Any]:
    """A state's label and look, and who must act."""
    known = ReleaseState(state)
    is_open = known in OPEN_RELEASES
    return {
        "state": known.label,
        "tag": STATE_TAGS[known],
        "overdue": overdue,
        "is_open": is_open,
        "who_acts": words[known],
        "staff_act": ESCALATED if escalated and is_open else "",
    }
