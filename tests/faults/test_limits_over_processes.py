"""Of what is limited and comes at once to three web processes, exactly as many pass as may."""

import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psutil
import pytest

from tests.faults.client import Answer, Browser, Program
from tests.faults.facts import Installation
from tests.ports import free_port

pytestmark = pytest.mark.cluster
AT_ONCE, PROCESSES = 50, 3
SIGN_IN = "/accounts/sign-in/"
BODY = b'{"partner_id": "777001"}'
# Not the organization of the other faults, whose checks would count against the same limits
SUBSCRIPTION = """
    SELECT s.uuid FROM subscriptions_subscription s JOIN subscriptions_tenant t ON t.id = s.tenant_id
     WHERE t.slug = 'nordwind' AND s.name = 'Office 365 E3'
"""


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def web(installation: Installation, port: int) -> Iterator[subprocess.Popen[bytes]]:
    process = installation.start_web(port, WEB_CONCURRENCY=str(PROCESSES))
    yield process
    process.terminate()
    process.wait(20)


def processor_times(web: subprocess.Popen[bytes]) -> dict[int, float]:
    return {child.pid: sum(child.cpu_times()[:2]) for child in psutil.Process(web.pid).children()}


def sent_at_once(browser: Browser, path: str, fields: dict[str, str], times: int = AT_ONCE) -> list[Answer]:
    together = Barrier(times)

    def send(_number: int) -> Answer:
        together.wait()
        return browser.open(path, fields)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(send, range(times)))


def test_of_fifty_checks_over_three_processes_exactly_ten_pass(installation, web, port):
    browser = installation.signed_in("admin@nordwind.example", f"http://127.0.0.1:{port}")
    edit = f"/t/nordwind/billing/subscriptions/{installation.ask(SUBSCRIPTION)[0][0]}/partner-of-record/"
    fields = browser.open(edit).fields | {"partner_id": "777001"}
    before = processor_times(web)
    answers = sent_at_once(browser, f"{edit}check/", fields)
    busy = {pid for pid, spent in processor_times(web).items() if spent > before.get(pid, 0)}
    assert Counter(answer.status for answer in answers) == {200: 10, 429: 40}
    assert {"Rheinland Cloud GmbH" in answer.text for answer in answers if answer.status == 200} == {True}
    assert all(1 <= int(answer.headers["Retry-After"]) <= 60 for answer in answers if answer.status == 429)
    assert len(before) == PROCESSES
    assert len(busy) > 1, "One process answered all."


def test_of_140_changes_by_a_program_over_three_processes_exactly_120_are_looked_at(installation, web, port):
    """Each without the version, so that nothing is changed; another application of the organization may go on."""
    site = f"http://127.0.0.1:{port}"
    program, other = (Program(site, installation.token_of("nordwind")) for _ in range(2))
    row = installation.ask(SUBSCRIPTION)[0][0]
    path = f"/api/v1/t/nordwind/subscriptions/{row}/partner-of-record"
    before = processor_times(web)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: program.ask(path, "PUT", BODY), range(140)))
    busy = {pid for pid, spent in processor_times(web).items() if spent > before.get(pid, 0)}
    assert Counter(answer.status for answer in answers) == {428: 120, 429: 20}
    assert all(1 <= int(answer.headers["Retry-After"]) <= 60 for answer in answers if answer.status == 429)
    assert other.ask(path, "PUT", BODY).status == 428
    assert len(busy) > 1, "One process answered all."


def test_of_thirty_wrong_passwords_over_three_processes_five_are_looked_at(installation, web, port):
    browser = Browser(f"http://127.0.0.1:{port}")
    fields = browser.open(SIGN_IN).fields | {"login": "reader@contoso.example", "password": "a-wrong-password"}
    answers = sent_at_once(browser, SIGN_IN, fields, times=30)
    assert Counter(answer.status for answer in answers) == {429: 25, 200: 5}
    assert Counter("Too many failed login attempts" in answer.text for answer in answers) == {True: 25, False: 5}
