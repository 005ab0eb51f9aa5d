"""May an endpoint be added, tried, or sent something once more?"""

from django.utils.translation import gettext as _

from subscriptions.access import Actor
from subscriptions.base import formats
from subscriptions.models import WebhookDelivery, WebhookEndpoint
from subscriptions.models.webhook import Cause
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode, first_refusal
from subscriptions.webhooks.reads import Owner, endpoints_of

MOST_ENDPOINTS = 10


def may_keep(actor: Actor, owner: Owner) -> Verdict:
    """Whatever is done with one that is there."""
    return actor.may(owner.permission)


def may_add(actor: Actor, owner: Owner) -> Verdict:
    return first_refusal([may_keep(actor, owner), _has_room(owner)])


def may_send_again(actor: Actor, owner: Owner, delivery: WebhookDelivery) -> Verdict:
    return first_refusal([may_keep(actor, owner), _is_on(delivery.endpoint), _can_be_repeated(delivery)])


def may_replay(actor: Actor, owner: Owner, endpoint: WebhookEndpoint) -> Verdict:
    return first_refusal([may_keep(actor, owner), _is_on(endpoint)])


def _has_room(owner: Owner) -> Verdict:
    if endpoints_of(owner).count() < MOST_ENDPOINTS:
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("There are %(count)s webhooks here already, and no more are kept.")
        % {"count": formats.number(MOST_ENDPOINTS)},
        next_step=_("Change or delete one that you do not need any more."),
    )


def _is_on(endpoint: WebhookEndpoint) -> Verdict:
    if endpoint.is_on:
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("The webhook is off, so nothing is sent to it."),
        next_step=_("Turn it on first."),
    )


def _can_be_repeated(delivery: WebhookDelivery) -> Verdict:
    if delivery.cause != Cause.TEST and delivery.tried is not None:
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("Only an event that was sent can be sent once more; this is a test, or it still waits."),
        next_step=_("Look at the log again in a moment."),
    )
