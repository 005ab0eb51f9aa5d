"""The emailed offer over what is installed: web server, mail worker and a mail server on a real port."""

import re
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller

from tests.faults.client import Browser
from tests.faults.facts import WORKER, Installation, wait_until

pytestmark = pytest.mark.cluster
PASSWORD = "demo-portal-2026"
OPEN_OFFER = """
    SELECT o.uuid, o.state FROM partners_partneroffer o JOIN subscriptions_tenant t ON t.id = o.tenant_id
     WHERE t.slug = 'lanyun' AND o.state IN ('sent', 'accepted') AND o.purchase = 'trial' AND o.expires_on > now()
"""
STILL_QUEUED = "SELECT count(*) FROM subscriptions_mail WHERE state = 'queued'"
TRIALS = """
    SELECT count(*) FROM partners_offeredproduct p JOIN subscriptions_subscription s ON s.id = p.created_id
     WHERE s.status = 'trial' AND s.licenses_total = 25
"""


class Letterbox:
    """The texts that came for each address."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}

    async def handle_DATA(self, server, session, envelope) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        for address in envelope.rcpt_tos:
            self.texts.setdefault(address, []).append(message.get_body().get_content())
        return "250 OK"


@pytest.fixture
def letterbox(installation):
    letterbox = Letterbox()
    controller = Controller(letterbox, hostname="127.0.0.1", port=installation.mail_port)
    controller.start()
    yield letterbox
    controller.stop()


def all_mails_are_sent(installation: Installation) -> None:
    """An older link may go out first, and only the newest one leads to the offer."""
    wait_until(lambda: installation.ask(STILL_QUEUED) == [(0,)])


def links_to(letterbox: Letterbox, address: str) -> list[str]:
    found = re.findall(r"http://\S+/offers/\S+", "\n".join(letterbox.texts.get(address, [])))
    return [urlsplit(link).path for link in found]


def test_from_the_partners_send_to_the_trial(installation: Installation, letterbox):
    worker = installation.start(WORKER)
    ((uuid, _state),) = installation.ask(OPEN_OFFER)
    partner = Browser(installation.site)
    partner.sign_in("agent@yunhuoban.example", PASSWORD)
    again = f"/p/880021/offers/{uuid}/send-again/"
    assert partner.open(again, partner.open(again).fields).status == 200
    all_mails_are_sent(installation)
    link = links_to(letterbox, "admin@lanyun.example")[-1]
    before = len(letterbox.texts["admin@lanyun.example"])
    for _ in range(5):
        assert Browser(installation.site).open(link).path == "/accounts/sign-in/"
    assert installation.ask(OPEN_OFFER) == [(uuid, "sent")]

    admin = Browser(installation.site)
    sign_in = admin.open(link)
    offer = admin.open("/accounts/sign-in/", sign_in.fields | {"login": "admin@lanyun.example", "password": PASSWORD})
    assert offer.path == f"/t/lanyun/settings/partner-relationships/offers/{uuid}/"
    create = admin.open(offer.path, offer.fields | {"choice": "yes"})
    assert create.path == f"{offer.path}create/"
    assert admin.open(f"{create.path}trial/", create.fields).path.startswith("/t/lanyun/billing/subscriptions/")
    assert (installation.ask(OPEN_OFFER), installation.ask(TRIALS)) == ([(uuid, "accepted")], [(1,)])
    all_mails_are_sent(installation)
    assert len(letterbox.texts["admin@lanyun.example"]) > before
    worker.terminate()
    worker.wait(20)
