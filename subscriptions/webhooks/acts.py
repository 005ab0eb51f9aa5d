"""Endpoints are added, changed, tried and deleted by who may; each but a test is audited."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from subscriptions.access import Actor, Decision
from subscriptions.audit.feed import Position, position_now, position_of
from subscriptions.db.locks import lock_name
from subscriptions.models import WebhookDelivery, WebhookEndpoint
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.webhook import Cause, EndpointState, WhyOff
from subscriptions.verdicts import Stale
from subscriptions.webhooks.addresses import find_addresses, read_url
from subscriptions.webhooks.ends import record
from subscriptions.webhooks.events import WebhookChanged, WebhookSwitched
from subscriptions.webhooks.messages import TEST
from subscriptions.webhooks.reads import Owner, deliveries_of, endpoints_of, host_of
from subscriptions.webhooks.rules import may_add, may_keep, may_replay, may_send_again
from subscriptions.webhooks.secrets import OLD_SECRET_FOR, new_secret, seal

SEND_TEST = "subscriptions.send_test_webhook"
QUEUE = "webhooks"
NAME_SECONDS = 5.0  # until the receiver's name has to be found


@dataclass(frozen=True)
class Added:
    """The secret is said this once."""

    endpoint: WebhookEndpoint
    secret: str


def require_allowed(url: str) -> None:
    """What leads into a private network now. It asks for the name, so nothing is locked meanwhile.

    Raises NotAllowed and TimeoutError.
    """
    find_addresses(read_url(url), seconds=NAME_SECONDS)


@transaction.atomic
def add_endpoint(*, owner: Owner, label: str, url: str, kinds: Sequence[str], by: Actor) -> Added:
    """Of what happens from now on, its own addition the first. Raises SignInTooOld, Refused, NotAllowed."""
    by.require_proof(Decision.KEEP_WEBHOOKS)
    lock_name("webhooks", *owner.key)
    may_add(by, owner).require()
    read_url(url)
    secret, place = new_secret(), position_now()
    endpoint = WebhookEndpoint(
        tenant=owner.tenant, partner=owner.partner, label=label, url=url, kinds=list(kinds), secret=seal(secret)
    )
    endpoint.epoch, endpoint.tx, endpoint.last_event = place
    endpoint.added_by = by.name
    endpoint.save(force_insert=True)
    record(AuditKind.WEBHOOK_ADDED, endpoint, by=by)
    return Added(endpoint, secret)


@transaction.atomic
def change_endpoint(
    *, owner: Owner, endpoint: WebhookEndpoint, version: int, label: str, url: str, kinds: Sequence[str], by: Actor
) -> WebhookEndpoint | None:
    """None where nothing differs. Raises SignInTooOld, Refused, Stale, NotAllowed."""
    by.require_proof(Decision.KEEP_WEBHOOKS)
    row = _lock(owner, endpoint, version)
    may_keep(by, owner).require()
    if (row.label, row.url, row.kinds) == (label, url, list(kinds)):
        return None
    read_url(url)
    before = host_of(row.url)
    row.label, row.url, row.kinds = label, url, list(kinds)
    _save(row, "label", "url", "kinds")
    host = host_of(url)
    facts = WebhookChanged(label, host, before if before != host else "", len(kinds))
    record(AuditKind.WEBHOOK_CHANGED, row, by=by, facts=facts)
    return row


@transaction.atomic
def change_secret(*, owner: Owner, endpoint: WebhookEndpoint, version: int, by: Actor) -> Added:
    """The one before is good for a day more; one before that is not. Raises SignInTooOld, Refused, Stale."""
    by.require_proof(Decision.KEEP_WEBHOOKS)
    row = _lock(owner, endpoint, version)
    may_keep(by, owner).require()
    secret = new_secret()
    row.old_secret, row.old_secret_until = row.secret, timezone.now() + OLD_SECRET_FOR
    row.secret = seal(secret)
    _save(row, "secret", "old_secret", "old_secret_until")
    record(AuditKind.WEBHOOK_SECRET_CHANGED, row, by=by)
    return Added(row, secret)


@transaction.atomic
def switch_endpoint(*, owner: Owner, endpoint: WebhookEndpoint, version: int, by: Actor) -> WebhookEndpoint:
    """Turned on, it gets what happened meanwhile too. Raises SignInTooOld, Refused, Stale."""
    by.require_proof(Decision.KEEP_WEBHOOKS)
    row = _lock(owner, endpoint, version)
    may_keep(by, owner).require()
    if row.is_on:
        row.state, row.why_off, row.off_since = EndpointState.OFF, WhyOff.BY_PERSON, timezone.now()
    else:
        row.state, row.why_off, row.off_since = EndpointState.ON, "", None
        row.failing_since = row.held_until = None
    _save(row, "state", "why_off", "off_since", "failing_since", "held_until")
    facts = WebhookSwitched(row.label, host_of(row.url), row.is_on)
    record(AuditKind.WEBHOOK_SWITCHED, row, by=by, facts=facts)
    return row


@transaction.atomic
def delete_endpoint(*, owner: Owner, endpoint: WebhookEndpoint, version: int, by: Actor) -> None:
    """With all that still waits for it. Raises SignInTooOld, Refused, Stale."""
    by.require_proof(Decision.KEEP_WEBHOOKS)
    row = _lock(owner, endpoint, version)
    may_keep(by, owner).require()
    record(AuditKind.WEBHOOK_DELETED, row, by=by)
    row.delete()


@transaction.atomic
def test_endpoint(*, owner: Owner, endpoint: WebhookEndpoint, by: Actor) -> WebhookDelivery:
    """Queues one message that is no event; its outcome stands in the log some seconds later. Raises Refused."""
    may_keep(by, owner).require()
    delivery = WebhookDelivery.objects.create(endpoint=endpoint, message=uuid4(), kind=TEST, cause=Cause.TEST)
    jobs.configure_task(SEND_TEST, queue=QUEUE).defer(delivery_id=delivery.pk)
    return delivery


@transaction.atomic
def send_again(*, owner: Owner, endpoint: WebhookEndpoint, delivery: WebhookDelivery, by: Actor) -> bool | None:
    """The same message under the same id, signed anew; None where it waits already. Raises Refused."""
    row = _lock(owner, endpoint, None)
    delivery.endpoint = row
    may_send_again(by, owner, delivery).require()
    if deliveries_of(row).filter(event=delivery.event_id, tried__isnull=True).exists():
        return None
    WebhookDelivery.objects.create(
        endpoint=row,
        event_id=delivery.event_id,
        message=delivery.message,
        kind=delivery.kind,
        cause=Cause.REDELIVERY,
    )
    return True


@transaction.atomic
def replay(
    *, owner: Owner, endpoint: WebhookEndpoint, version: int, position: Position, by: Actor
) -> WebhookEndpoint:
    """All events behind that position once more, each once and in the order of the feed.

    Raises SignInTooOld, Refused, Stale.
    """
    by.require_proof(Decision.KEEP_WEBHOOKS)
    row = _lock(owner, endpoint, version)
    may_replay(by, owner, row).require()
    if position < (row.epoch, row.tx, row.last_event):
        waiting = deliveries_of(row).filter(tried__isnull=True).exclude(cause=Cause.TEST)
        waiting.filter(pk__in=_behind(owner, waiting, position)).delete()
        row.epoch, row.tx, row.last_event = position
    _save(row, "epoch", "tx", "last_event")
    record(AuditKind.WEBHOOK_REPLAYED, row, by=by)
    return row


def _lock(owner: Owner, endpoint: WebhookEndpoint, version: int | None) -> WebhookEndpoint:
    """As it is now. Raises Stale where it changed since it was seen, or is gone."""
    row = endpoints_of(owner).select_for_update(of=("self",)).filter(pk=endpoint.pk).first()
    if row is None or version not in (None, row.version):
        raise Stale
    return row


def _save(row: WebhookEndpoint, *names: str) -> None:
    """These columns alone: a worker keeps others of the same row."""
    row.version += 1
    row.save(update_fields=[*names, "version"])


def _behind(owner: Owner, waiting: QuerySet[WebhookDelivery], position: Position) -> list[int]:
    """Those of the tries that wait whose events come again by themselves."""
    tries = dict(waiting.values_list("event_id", "pk"))
    rows = owner.feed.events(tries)
    return [tries[place.id] for place in map(position_of, rows) if place > position]
