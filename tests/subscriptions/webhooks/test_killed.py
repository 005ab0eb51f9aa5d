"""A worker that is killed before, while and after it sends: the event comes all the same, under the same id."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from subscriptions.models import WebhookDelivery, WebhookEndpoint
from subscriptions.webhooks import deliveries
from tests.architecture.facts import ROOT
from tests.database import as_owner
from tests.factories import make_audit_event

PATIENCE = 60  # seconds; the feed waits for other transactions of the same server
RUN = (
    "import django; django.setup(); from subscriptions.webhooks import deliveries; import sys, time; "
    "sys.stdin.read(1); [(deliveries.work_on({}), time.sleep(0.1)) for _ in range(600)]"
)

pytestmark = pytest.mark.django_db(transaction=True)


def worker(endpoint: WebhookEndpoint) -> subprocess.Popen[bytes]:
    """A process of its own, with the web login's name and password; it waits for a letter."""
    name = connections["default"].settings_dict["NAME"]
    environ = os.environ | {
        "DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=name),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "WEBHOOKS_TO_THIS_MACHINE": "1",
    }
    return subprocess.Popen([sys.executable, "-c", RUN.format(endpoint.pk)], cwd=ROOT, env=environ, stdin=-1)


def wait_for(happened) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


@as_owner()
def outcomes() -> list[str]:
    return list(WebhookDelivery.objects.order_by("pk").values_list("outcome", flat=True))


def test_killed_before_while_and_after_sending_it_comes_under_the_same_id(alpha, endpoint, receiver):
    """Two processes, one killed before it does anything, the other while the receiver thinks; then one that works."""
    event = make_audit_event(tenant=alpha)
    idle, sending = worker(endpoint), worker(endpoint)
    kill(idle)
    receiver.pause = 30
    sending.stdin.write(b".")
    sending.stdin.flush()
    wait_for(lambda: receiver.got)
    kill(sending)
    assert outcomes() == [""]  # it stands there as one that waits
    receiver.pause = 0
    with as_owner():  # the claim of who was killed runs out
        WebhookEndpoint.objects.update(busy_until=timezone.now() - timedelta(seconds=1))
    answered = deliveries.send
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(deliveries, "send", lambda *args, **more: (answered(*args, **more), _end())[0])
        deliveries.work_on(endpoint.pk)  # it ends after the answer, before its outcome is kept
    with as_owner():
        WebhookEndpoint.objects.update(busy_until=timezone.now() - timedelta(seconds=1))
    deliveries.work_on(endpoint.pk)
    assert receiver.messages == [str(event.uuid)] * 3
    assert outcomes() == ["delivered"]


def _end() -> None:
    raise KeyboardInterrupt
