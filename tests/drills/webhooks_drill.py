"""Many events for several receivers, of which one hangs, with the workers that are installed: `make drill-webhooks`.

Not part of the suite, as it takes minutes. EVENTS, ENDPOINTS and RATE (events a second) in the environment say how
much.
"""

import os
import statistics
import subprocess
import sys
import time
from datetime import datetime

import pytest
from django.db import connections
from psycopg.conninfo import make_conninfo

from subscriptions.db import scopes
from subscriptions.mails.acts import mails_to_members, queue_mails
from subscriptions.models import Mail
from subscriptions.models.mail import MailKind
from tests.architecture.facts import ROOT
from tests.database import as_owner
from tests.factories import make_audit_event, make_member, make_tenant, make_webhook
from tests.subscriptions.webhooks.facts import Receiver, receiver

EVENTS, ENDPOINTS = int(os.environ.get("EVENTS", "10000")), int(os.environ.get("ENDPOINTS", "10"))
RATE = float(os.environ.get("RATE", "40"))
MAILS = 20
MOST = 5.0  # seconds

pytestmark = pytest.mark.django_db(transaction=True)


def worker(*arguments: str) -> subprocess.Popen[bytes]:
    name = connections["default"].settings_dict["NAME"]
    environ = os.environ | {
        "DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=name),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "WEBHOOKS_TO_THIS_MACHINE": "1",
    }
    environ.pop("DATABASE_OWNER_URL", None)
    return subprocess.Popen(
        [sys.executable, "manage.py", "procrastinate", "worker", *arguments], cwd=ROOT, env=environ
    )


def delays(told: Receiver) -> list[float]:
    """From each event to its arrival."""
    began = (datetime.fromisoformat(json_time(each.body)).timestamp() for each in told.got)
    return [each.at - at for each, at in zip(told.got, began, strict=True)]


def json_time(body: bytes) -> str:
    return body.decode().partition('"time":"')[2].partition('"')[0].replace("Z", "+00:00")


@as_owner()
def sent_mails() -> list[Mail]:
    return list(Mail.objects.filter(state="sent"))


def test_one_that_hangs_slows_neither_the_others_nor_mails(settings):
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    tenants = [make_tenant(slug=f"tenant-{number}") for number in range(ENDPOINTS)]
    make_member(tenant=tenants[0], email="admin@alpha.example")
    with receiver() as fine, receiver() as hanging:
        hanging.pause = 20
        for tenant in tenants:
            make_webhook(tenant=tenant, url=fine.url)
        make_webhook(tenant=tenants[0], url=hanging.url)
        workers = [worker("--queues", "webhooks", "--concurrency", "20"), worker("--queues", "default")]
        try:
            drill(tenants, fine)
        finally:
            for process in workers:
                process.terminate()
                process.wait()
        report(fine, hanging)


def drill(tenants, fine: Receiver) -> None:
    """Events at an even pace, over all organizations; a mail with each few hundred of them."""
    began = time.monotonic()
    for number in range(EVENTS):
        event = make_audit_event(tenant=tenants[number % ENDPOINTS], subject_name=str(number))
        if number % max(1, EVENTS // MAILS) == 0 and event.tenant == tenants[0]:
            with scopes.tenant(event.tenant_id):
                queue_mails(mails_to_members(event, MailKind.MEMBERS_CHANGED))
        time.sleep(max(0.0, began + number / RATE - time.monotonic()))
    deadline = time.monotonic() + 300
    while len(set(fine.messages)) < EVENTS and time.monotonic() < deadline:
        time.sleep(0.2)


def report(fine: Receiver, hanging: Receiver) -> None:
    of_mails = [(mail.sent - mail.queued).total_seconds() for mail in sent_mails()]
    all_of_them = sorted(delays(fine))
    median = statistics.median(all_of_them)
    most = all_of_them[int(len(all_of_them) * 0.95)]
    print(f"\n{EVENTS} events, {ENDPOINTS} receivers, and one that hangs: {len(hanging.got)} tries")
    print(f"delays: median {median:.2f} s, 95 % {most:.2f} s, longest {all_of_them[-1]:.2f} s")
    print(f"{len(of_mails)} mails, longest {max(of_mails):.2f} s", flush=True)
    assert len(set(fine.messages)) == EVENTS
    assert hanging.got
    assert median < MOST
    assert max(of_mails) < MOST * 2
