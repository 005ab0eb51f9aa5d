"""Which endpoints have something to be sent, and a job for each of them.

A job works on one endpoint, and no two jobs work on the same one. One that hangs holds up its own events alone: those
that were slow of late share a few lanes, so that there is room for the others however many of them hang.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections, connection, transaction
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from subscriptions.base.transactions import OLDEST_RUNNING
from subscriptions.webhooks.acts import QUEUE
from subscriptions.webhooks.ends import give_up_silent

WORK_ON = "subscriptions.work_on_webhook"
AT_ONCE = 20  # receivers that one worker's process asks at the same moment
SLOW_LANES = 8
POOL = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="webhooks")

TO_WAKE = """
    SELECT endpoint.id, endpoint.is_slow FROM subscriptions_webhookendpoint endpoint
      LEFT JOIN subscriptions_tenant tenant ON tenant.id = endpoint.tenant_id
      LEFT JOIN partners_partner partner ON partner.id = endpoint.partner_id
     WHERE endpoint.state = 'on' AND (tenant.state = 'active' OR partner.state = 'active')
       AND (endpoint.held_until IS NULL OR endpoint.held_until <= statement_timestamp())
       AND (endpoint.busy_until IS NULL OR endpoint.busy_until < statement_timestamp())
       AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs job
                        WHERE job.queueing_lock = 'webhook-' || endpoint.id AND job.status = 'todo')
       AND (EXISTS (SELECT 1 FROM subscriptions_webhookdelivery delivery
                     WHERE delivery.endpoint_id = endpoint.id AND delivery.tried IS NULL
                       AND delivery.due <= statement_timestamp()
                       AND delivery.cause <> 'test')
            OR EXISTS (SELECT 1 FROM subscriptions_auditevent feed
                        WHERE feed.tenant_id = endpoint.tenant_id
                          AND (feed.epoch, feed.tx, feed.id) > (endpoint.epoch, endpoint.tx, endpoint.last_event)
                          AND (feed.epoch < (SELECT portal_epoch()) OR feed.tx < (SELECT {oldest})))
            OR EXISTS (SELECT 1 FROM subscriptions_partnerevent feed
                        WHERE feed.partner_number = partner.number
                          AND (feed.epoch, feed.tx, feed.event_id)
                              > (endpoint.epoch, endpoint.tx, endpoint.last_event)
                          AND (feed.epoch < (SELECT portal_epoch()) OR feed.tx < (SELECT {oldest}))))
"""
# Jobs of this queue are many, and what came of each stands in the log of its endpoint
FORGET = "DELETE FROM procrastinate_jobs WHERE queue_name = %s AND status = 'succeeded'"


def wake() -> None:
    """Needs the worker's scope."""
    give_up_silent()
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [QUEUE])
        cursor.execute(TO_WAKE.format(oldest=OLDEST_RUNNING))
        found = cursor.fetchall()
    for endpoint_id, is_slow in found:
        _queue(endpoint_id, is_slow=is_slow)


def _queue(endpoint_id: int, *, is_slow: bool) -> None:
    name = f"webhook-{endpoint_id}"
    lock = f"webhooks-slow-{endpoint_id % SLOW_LANES}" if is_slow else name
    try:
        with transaction.atomic():
            jobs.configure_task(WORK_ON, queue=QUEUE, lock=lock, queueing_lock=name).defer(endpoint_id=endpoint_id)
    except AlreadyEnqueued:
        pass


async def in_own_thread(work: Callable[[int], None], key: int) -> None:
    """Beside the threads of other jobs, so that mails never wait for a receiver."""

    def run() -> None:
        close_old_connections()
        try:
            work(key)
        finally:
            close_old_connections()

    await asyncio.get_running_loop().run_in_executor(POOL, run)
