"""Numbers for Prometheus: requests of all processes of this machine, and what waits in the database."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import Error, connection, connections, transaction
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

from portal.database.clock import clock_skew
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
DATABASE_SECONDS = Histogram(
    "portal_database_seconds",
    "How long the database took for the statements of one answer.",
    ["view"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
STANDBY_READS = Counter("portal_standby_reads", "Pages that a standby may show, by what came of it.", ["outcome"])
REFUSALS = Counter("portal_refusals", "What was refused, by the reason's code.", ["code", "status"])
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
ACTS = """
    SELECT kind, count(*)
      FROM (SELECT kind FROM subscriptions_auditevent WHERE at > now() - interval '5 minutes' LIMIT 100000) event
     GROUP BY kind
"""
# A login sees the state of its own sessions alone
SESSIONS = """
    SELECT coalesce(state, 'unknown'), count(*) FROM pg_stat_activity
     WHERE (usename = session_user AND datname = current_database()) OR pid = pg_backend_pid() GROUP BY 1
"""
LIMIT = "SELECT current_setting('max_connections')::int"
WORKERS = "SELECT count(*) FROM procrastinate_workers WHERE now() - last_heartbeat < interval '1 minute'"


def count_request(view: str, method: str, status: int, *, seconds: float, in_database: float) -> None:
    REQUESTS.labels(view, method, str(status)).inc()
    REQUEST_SECONDS.labels(view).observe(seconds)
    DATABASE_SECONDS.labels(view).observe(in_database)


def count_refusal(code: str, status: int) -> None:
    REFUSALS.labels(code, str(status)).inc()


class DatabaseTime:
    """How long the statements of this thread's connections take while it is entered."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, execute, sql, params, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - began

    @contextmanager
    def measured(self) -> Iterator[None]:
        with ExitStack() as stack:
            for each in connections.all():
                stack.enter_context(each.execute_wrapper(self))
            yield


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
            mails = {"queued": 0, "failed": 0} | dict(cursor.fetchall())
            cursor.execute(ACTS)
            acts = dict(cursor.fetchall())
        with scopes.nobody(), connection.cursor() as cursor:
            cursor.execute(WORKERS)
            (workers,) = cursor.fetchone()
            cursor.execute(SESSIONS)
            sessions = dict(cursor.fetchall())
            cursor.execute(LIMIT)
            (most,) = cursor.fetchone()
            skew = clock_skew()
        return [
            GaugeMetricFamily("portal_jobs_waiting", "Jobs that are due, up to 10,000.", value=waiting),
            GaugeMetricFamily("portal_oldest_job_seconds", "How long the oldest is due.", value=float(oldest)),
            GaugeMetricFamily("portal_workers", "Workers seen within a minute.", value=workers),
            _gauges("portal_mails", "Mails that wait or failed, up to 10,000 each.", "state", mails),
            _gauges("portal_acts", "Acts of the last five minutes, of all processes.", "kind", acts),
            _gauges("portal_database_sessions", "Sessions of the portal's login.", "state", sessions),
            GaugeMetricFamily("portal_database_sessions_most", "How many the server lets in.", value=most),
            GaugeMetricFamily("portal_clock_skew_seconds", "The database's clock minus this one.", value=skew),
        ]


def _gauges(name: str, about: str, label: str, values: dict[str, int]) -> Metric:
    metric = GaugeMetricFamily(name, about, labels=[label])
    for each, number in values.items():
        metric.add_metric([each], number)
    return metric


def text() -> bytes:
    registry = CollectorRegistry()
    if os.environ.get(SHARED):
        multiprocess.MultiProcessCollector(registry)
    own = b"" if os.environ.get(SHARED) else generate_latest(REGISTRY)
    registry.register(Waiting())
    return own + generate_latest(registry)
