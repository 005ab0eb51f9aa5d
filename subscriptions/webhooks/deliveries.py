"""From the feed to the receivers: events are taken up, sent, and sent again where that failed.

All of it is done by a worker. A try stands in the database before it is made and has its outcome afterwards; whatever
ends the process between the two, another worker makes it again under the same message id. So each event comes at
least once, and none twice unless an answer was lost.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from subscriptions.audit.feed import Feed, Position, message_of, position_of, read_feed
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, PartnerEvent, WebhookDelivery, WebhookEndpoint
from subscriptions.models.webhook import Cause
from subscriptions.webhooks import messages
from subscriptions.webhooks.ends import give_up
from subscriptions.webhooks.retries import next_pause, wanted_wait
from subscriptions.webhooks.secrets import sign
from subscriptions.webhooks.sending import GONE, Sent, send

TAKEN_AT_ONCE = 100  # so many of the feed wait as rows; the others wait in the feed
WORKED_FOR = 1.0  # seconds after which a job makes room for another endpoint's
BUSY_FOR = timedelta(seconds=40)  # longer than one try can take
TEST_SECONDS = 8.0
SLOW_AFTER_MILLISECONDS = 5_000
PAGES_AT_ONCE = 20  # of events that the endpoint does not ask for
CLAIM = """
    UPDATE subscriptions_webhookendpoint endpoint
       SET busy_until = clock_timestamp() + make_interval(secs => %(busy_for)s)
     WHERE endpoint.id = %(endpoint)s AND endpoint.state = 'on'
       AND (endpoint.held_until IS NULL OR endpoint.held_until <= clock_timestamp())
       AND (endpoint.busy_until IS NULL OR endpoint.busy_until < clock_timestamp() OR endpoint.busy_until = %(turn)s)
       AND (EXISTS (SELECT 1 FROM subscriptions_tenant WHERE id = endpoint.tenant_id AND state = 'active')
            OR EXISTS (SELECT 1 FROM partners_partner WHERE id = endpoint.partner_id AND state = 'active'))
    RETURNING endpoint.busy_until
"""
USER_AGENT = "PartnerOfRecord-Webhooks/1"


@dataclass(frozen=True)
class Letter:
    """What is sent, ready for the wire: no transaction is open while a receiver is asked."""

    delivery_id: int
    url: str
    body: bytes
    headers: dict[str, str]


def feed_of(endpoint: WebhookEndpoint) -> Feed:
    """Needs the partner, where the endpoint is one's."""
    if endpoint.partner:
        return Feed(partner_number=endpoint.partner.number)
    return Feed(tenant_id=endpoint.tenant_id)


def work_on(endpoint_id: int) -> None:
    """Sends what is due to one receiver, try after try, until a second has passed or nothing is due."""
    until = time.monotonic() + WORKED_FOR
    turn: datetime | None = None
    while True:
        with scopes.worker():
            claimed = _claim(endpoint_id, turn)
            turn = claimed or turn
            letter = _next_letter(endpoint_id) if claimed else None
        if letter is None:
            break
        sent = send(letter.url, letter.body, letter.headers)
        with scopes.worker():
            keep_outcome(endpoint_id, letter.delivery_id, sent)
        if time.monotonic() > until:
            break
    if turn:
        with scopes.worker():
            WebhookEndpoint.objects.filter(pk=endpoint_id, busy_until=turn).update(busy_until=None)


def send_test(delivery_id: int) -> None:
    """Beside whatever else is sent there, and whether it is on or off; to nobody who may not act by now."""
    with scopes.worker():
        delivery = WebhookDelivery.objects.filter(pk=delivery_id, tried__isnull=True).first()
        endpoint = _endpoint(delivery.endpoint_id) if delivery else None
        letter = _letter(endpoint, delivery) if endpoint and delivery and endpoint.owner_is_active else None
    if letter:
        sent = send(letter.url, letter.body, letter.headers, seconds=TEST_SECONDS)
        with scopes.worker():
            WebhookDelivery.objects.filter(pk=delivery_id).update(**_told(sent))


def _claim(endpoint_id: int, turn: datetime | None) -> datetime | None:
    """Until when the endpoint is this worker's; None where nothing may be sent, or another one sends."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"endpoint": endpoint_id, "busy_for": BUSY_FOR.total_seconds(), "turn": turn})
        row = cursor.fetchone()
    return row[0] if row else None


def _next_letter(endpoint_id: int) -> Letter | None:
    """What is due first."""
    endpoint = _endpoint(endpoint_id)
    while delivery := _due(endpoint) or (_due(endpoint) if take_up(endpoint) else None):
        if letter := _letter(endpoint, delivery):
            return letter
        delivery.delete()
    return None


def _endpoint(endpoint_id: int) -> WebhookEndpoint:
    return WebhookEndpoint.objects.select_related("tenant", "partner").get(pk=endpoint_id)


def _due(endpoint: WebhookEndpoint) -> WebhookDelivery | None:
    waiting = endpoint.deliveries.filter(tried__isnull=True, due__lte=Now()).exclude(cause=Cause.TEST)
    return waiting.order_by("due", "id").first()


def take_up(endpoint: WebhookEndpoint) -> bool:
    """Whether the feed had something for it: each event becomes a try, and the endpoint's place moves on."""
    for _page in range(PAGES_AT_ONCE):
        after = Position(endpoint.epoch, endpoint.tx, endpoint.last_event)
        events = read_feed(feed_of(endpoint), after=after, limit=TAKEN_AT_ONCE)
        if not events:
            return False
        wanted = [event for event in events if not endpoint.kinds or event.kind in endpoint.kinds]
        WebhookDelivery.objects.bulk_create(
            (_first_try(endpoint, event) for event in wanted),
            ignore_conflicts=True,  # of what waits already
        )
        endpoint.epoch, endpoint.tx, endpoint.last_event = position_of(events[-1])
        endpoint.save(update_fields=["epoch", "tx", "last_event"])
        if wanted:
            return True
    return False


def _first_try(endpoint: WebhookEndpoint, event: AuditEvent | PartnerEvent) -> WebhookDelivery:
    return WebhookDelivery(
        endpoint=endpoint, event_id=position_of(event).id, message=message_of(event), kind=event.kind
    )


def _letter(endpoint: WebhookEndpoint, delivery: WebhookDelivery) -> Letter | None:
    body = written_for(endpoint, delivery)
    if body is None:
        return None
    at, message = timezone.now(), str(delivery.message)
    headers = {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "User-Agent": USER_AGENT,
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": sign(endpoint, message=message, at=at, body=body),
    }
    return Letter(delivery.pk, endpoint.url, body.encode(), headers)


def written_for(endpoint: WebhookEndpoint, delivery: WebhookDelivery) -> str | None:
    """None for an event that is not the owner's."""
    tenant, partner = endpoint.tenant, endpoint.partner
    if delivery.cause == Cause.TEST:
        source = messages.source_of(tenant, partner.number if partner else "")
        return messages.written(messages.of_test(delivery.message, source=source, at=delivery.due))
    event = next(iter(feed_of(endpoint).events([delivery.event_id or 0])), None)
    if event is None:
        return None
    return messages.written(messages.of_organization(event, tenant) if tenant else messages.of_partner(event))


@transaction.atomic
def keep_outcome(endpoint_id: int, delivery_id: int, sent: Sent) -> None:
    """What came of a try, when the next one is, and what that means for the endpoint; nothing where that is gone."""
    rows = WebhookEndpoint.objects.select_for_update(of=("self",)).select_related("tenant", "partner")
    endpoint = rows.filter(pk=endpoint_id).first()
    delivery = WebhookDelivery.objects.filter(pk=delivery_id).first()
    if endpoint is None or delivery is None:
        return
    is_gone = sent.status == GONE
    pause = None if sent.is_delivered or is_gone else next_pause(delivery.attempt, sent)
    next_due = timezone.now() + pause if pause else None
    WebhookDelivery.objects.filter(pk=delivery_id).update(**_told(sent), next_due=next_due)
    if next_due:
        _plan_next(delivery, next_due)
    endpoint.is_slow = sent.milliseconds > SLOW_AFTER_MILLISECONDS
    endpoint.failing_since = None if sent.is_delivered else endpoint.failing_since or timezone.now()
    endpoint.held_until = timezone.now() + wanted_wait(sent) if sent.wait and not sent.is_delivered else None
    endpoint.save(update_fields=["is_slow", "failing_since", "held_until"])
    give_up(endpoint, is_gone=is_gone)


def _told(sent: Sent) -> dict[str, object]:
    return {
        "tried": timezone.now(),
        "outcome": sent.outcome,
        "status": sent.status,
        "milliseconds": sent.milliseconds,
    }


def _plan_next(delivery: WebhookDelivery, due) -> None:
    """A try of the same message, unless one waits already."""
    again = WebhookDelivery(
        endpoint_id=delivery.endpoint_id,
        event_id=delivery.event_id,
        message=delivery.message,
        kind=delivery.kind,
        cause=delivery.cause,
        attempt=delivery.attempt + 1,
        due=due,
    )
    WebhookDelivery.objects.bulk_create([again], ignore_conflicts=True)
