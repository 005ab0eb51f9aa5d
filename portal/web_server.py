"""Settings of gunicorn, in the demo and in production: gunicorn -c python:portal.web_server portal.wsgi"""

import os
import sys
from typing import Any

import django
from prometheus_client import multiprocess

from portal.checks import reasons_not_to_serve

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"  # an idle kept-alive connection of a browser occupies no worker
threads = 4
graceful_timeout = 10
loglevel = "warning"
max_requests = 10_000
max_requests_jitter = 1_000
socket_seconds = 60
control_socket_disable = True  # nobody steers it from beside, and its account has no home to keep a socket in
SHARED = "PROMETHEUS_MULTIPROC_DIR"  # where the processes put their numbers together


def pre_request(worker: Any, request: Any) -> None:
    """A reader that takes nothing of its answer, or sends nothing of its question, gives the thread back."""
    request.unreader.sock.settimeout(socket_seconds)


def on_starting(server: Any) -> None:
    """Refuse to start at all, instead of answering 500 to everybody."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    reasons = reasons_not_to_serve()
    for reason in reasons:
        print(reason, file=sys.stderr)
    if reasons:
        sys.exit(1)


def child_exit(server: Any, worker: Any) -> None:
    """What only a living process has is no longer told of it."""
    if os.environ.get(SHARED):
        multiprocess.mark_process_dead(worker.pid)
