"""Numbers for Prometheus: requests of all processes of this machine, and what waits in the database."""

import os
from collections.abc import Iterator

from django.db import Error, connection, transaction
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector

from portal.version import VERSION
from subscriptions.db import scopes

CONTENT_TYPE = CONTENT_TYPE_LATEST
SHARED = "PROMETHEUS_MULTIPROC_DIR"  # where gunicorn's processes put their numbers together
REQUESTS = Counter("portal_requests", "Requests answered.", ["view", "method", "status"])
REQUEST_SECONDS = Histogram(
    "portal_request_seconds",
    "How long an answer took.",
    ["view"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
JOBS = """
    SELECT count(*), coalesce(extract(epoch FROM max(now() - coalesce(job.scheduled_at, event.at))), 0)
      FROM (SELECT id, scheduled_at FROM procrastinate_jobs
             WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at < now()) LIMIT 10000) job
      LEFT JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events WHERE job_id = job.id) event ON true
"""
MAILS = """
    SELECT state, count(*)
      FROM ((SELECT state FROM subscriptions_mail WHERE state = 'queued' LIMIT 10000) UNION ALL
            (SELECT state FROM subscriptions_mail WHERE state = 'failed' LIMIT 10000)) mail
     GROUP BY state
"""
WORKERS = "SELECT count(*) FROM procrastinate_workers WHERE now() - last_heartbeat < interval '1 minute'"


def count_request(view: str, method: str, status: int, seconds: float) -> None:
    REQUESTS.labels(view, method, str(status)).inc()
    REQUEST_SECONDS.labels(view).observe(seconds)


class Waiting(Collector):
    """What the database says at this moment; without one that alone is told."""

    def collect(self) -> Iterator[Metric]:
        try:
            with transaction.atomic():
                told, is_up = self._read(), 1
        except Error:
            told, is_up = [], 0
        yield from told
        yield InfoMetricFamily("portal_build", "Which version this is.", value={"version": VERSION})
        yield GaugeMetricFamily("portal_database_up", "Whether the database answers.", value=is_up)

    def _read(self) -> list[Metric]:
        with scopes.staff(), connection.cursor() as cursor:
            cursor.execute(JOBS)
            waiting, oldest = cursor.fetchone()
            cursor.execute(MAILS)
            by_state = {"queued": 0, "failed": 0} | dict(cursor.fetchall())
        with scopes.nobody(), connection.cursor() as cursor:
            cursor.execute(WORKERS)
            (workers,) = cursor.fetchone()
        mails = GaugeMetricFamily("portal_mails", "Mails that wait or failed, up to 10,000 each.", labels=["state"])
        for state, number in by_state.items():
            mails.add_metric([state], number)
        return [
            GaugeMetricFamily("portal_jobs_waiting", "Jobs that are due, up to 10,000.", value=waiting),
            GaugeMetricFamily("portal_oldest_job_seconds", "How long the oldest is due.", value=float(oldest)),
            GaugeMetricFamily("portal_workers", "Workers seen within a minute.", value=workers),
            mails,
        ]


def text() -> bytes:
    registry = CollectorRegistry()
    if os.environ.get(SHARED):
        multiprocess.MultiProcessCollector(registry)
    own = b"" if os.environ.get(SHARED) else generate_latest(REGISTRY)
    registry.register(Waiting())
    return own + generate_latest(registry)
