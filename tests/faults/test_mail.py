"""A mail server that is down, a mail worker that is killed: pages go on, and each mail arrives, recognizably once."""

import asyncio
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from procrastinate.contrib.django import app as jobs

from tests.faults.client import Browser
from tests.faults.facts import WORKER, Installation, Submitting, wait_until

pytestmark = pytest.mark.cluster
RESET = "/accounts/password/reset/"
UNSENT = "SELECT id FROM subscriptions_mail WHERE state <> 'sent'"
TRIED = "SELECT 1 FROM subscriptions_mail WHERE attempts > 0 AND last_error LIKE '%%refused%%'"
FORGOTTEN_TRIED = "SELECT uuid FROM subscriptions_mail WHERE kind = 'password-forgotten' AND attempts > 0"
BEING_SENT = "SELECT 1 FROM procrastinate_jobs WHERE status = 'doing'"
SENT = "SELECT uuid::text FROM subscriptions_mail WHERE state = 'sent'"
SILENT_FOR_LONG = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute' RETURNING id"
LOOK_FOR_STALLED = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, priority, attempts, abort_requested)
    VALUES ('default', 'subscriptions.retry_stalled_jobs', '{"timestamp": 0}', 'todo', 0, 0, false) RETURNING id
"""
DUE_NOW = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, priority, attempts, abort_requested)
    SELECT 'default', task, jsonb_build_object('timestamp', extract(epoch FROM now())::bigint), 'todo', 0, 0, false
      FROM unnest(%s::text[]) AS task RETURNING id
"""
PERIODIC = sorted({periodic.task.name for periodic in jobs.periodic_registry.periodic_tasks.values()})


class PostOffice:
    """Keeps the uuid of each mail, of its Message-ID; while it `holds`, it takes one and never says so."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.holds = False

    async def handle_DATA(self, server, session, envelope) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.seen.append(message["Message-ID"].strip("<>").partition("@")[0])
        if self.holds:
            await asyncio.sleep(60)
        return "250 OK"


@pytest.fixture
def post_office() -> PostOffice:
    return PostOffice()


@pytest.fixture
def open_for_mail(installation, post_office) -> Iterator[Controller]:
    controller = Controller(post_office, hostname="127.0.0.1", port=installation.mail_port)
    yield controller
    if controller.loop.is_running():
        controller.stop()


@pytest.fixture
def worker(installation) -> Iterator[subprocess.Popen[bytes]]:
    process = installation.start(WORKER)
    yield process
    end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def all_sent(installation: Installation) -> bool:
    return not installation.ask(UNSENT)


def test_while_the_mail_server_is_down_pages_go_on_and_mails_come_later_once(
    installation, worker, open_for_mail, post_office
):
    earlier = installation.ask(SENT)
    submitting = Submitting(installation)
    assert submitting.submit().path == submitting.detail
    wait_until(lambda: installation.ask(TRIED))
    assert submitting.browser.open(submitting.detail).status == 200
    assert installation.ask(DUE_NOW, PERIODIC)
    open_for_mail.start()
    wait_until(lambda: all_sent(installation))
    sent = [uuid for (uuid,) in installation.ask(SENT) if (uuid,) not in earlier]
    assert sent
    seen = Counter(post_office.seen)  # asked last: whatever the jobs add meanwhile is seen before it counts as sent
    assert {uuid: seen[uuid] for uuid in sent} == dict.fromkeys(sent, 1)
    assert set(seen.values()) == {1}


def test_a_forgotten_password_is_mailed_once_when_the_mail_server_is_back(
    installation, worker, open_for_mail, post_office
):
    browser = Browser(installation.site)
    for email in ("reader@contoso.example", "nobody@contoso.example"):
        fields = browser.open(RESET).fields | {"email": email}
        assert browser.open(RESET, fields).path == f"{RESET}done/"
    wait_until(lambda: installation.ask(FORGOTTEN_TRIED))
    open_for_mail.start()
    wait_until(lambda: all_sent(installation))
    ((asked,),) = installation.ask(FORGOTTEN_TRIED)
    assert post_office.seen.count(str(asked)) == 1


def test_after_a_killed_worker_another_one_sends_the_same_message(installation, worker, open_for_mail, post_office):
    open_for_mail.start()
    wait_until(lambda: all_sent(installation))
    post_office.seen.clear()
    post_office.holds = True
    submitting = Submitting(installation)
    assert submitting.submit().path == submitting.detail
    wait_until(lambda: post_office.seen)
    os.killpg(worker.pid, signal.SIGKILL)
    assert installation.ask(BEING_SENT)
    post_office.holds = False
    assert installation.ask(SILENT_FOR_LONG)
    assert installation.ask(LOOK_FOR_STALLED)
    another = installation.start(WORKER)
    wait_until(lambda: all_sent(installation))
    end(another)
    interrupted = post_office.seen[0]
    assert Counter(post_office.seen).pop(interrupted) == 2
    assert set(Counter(post_office.seen).values()) == {1, 2}
