"""From an empty database to the first partner of record, by what docs/operations.md says and by nothing else."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from psycopg.conninfo import make_conninfo

from portal.database.local_postgres import LocalPostgres
from tests.faults.client import Visitor
from tests.faults.facts import FAST, wait_until
from tests.faults.test_offer_by_mail import Letterbox
from tests.journeys.client import add_partner, pay
from tests.ports import free_port

pytestmark = pytest.mark.cluster
GUIDE = (settings.BASE_DIR / "docs" / "operations.md").read_text()
BLOCK = re.compile(r"^```\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PASSWORD = "a-long-password-2026"
CLOUD = "o365-worldwide"


def blocks(heading: str) -> list[str]:
    """What the guide says to paste under that heading."""
    return BLOCK.findall(GUIDE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0])


class Operator:
    """Somebody with an empty machine and the guide, where this machine has other addresses than the guide's."""

    def __init__(self, home: Path):
        self.home = home
        self.server = LocalPostgres(home / "postgres", FAST)
        self.superuser = self.server.start()
        self.port, self.mail_port = free_port(), free_port()
        self.site = f"http://127.0.0.1:{self.port}"
        self.processes: list[subprocess.Popen[str]] = []
        socket = str(self.server.socket)
        self.places = {
            "postgresql://portal_owner:choose-one@127.0.0.1/portal": f"postgresql://portal_owner@/shop?host={socket}",
            "https://portal.operator.example": self.site,
            "ALLOWED_HOSTS=portal.operator.example\nBEHIND_PROXY=1": f"ALLOWED_HOSTS=127.0.0.1\nPORT={self.port}",
            "smtp+tls://portal:word@mail.operator.example:587": f"smtp://127.0.0.1:{self.mail_port}",
            "portal.env": str(home / "portal.env"),
            "./" + str(home / "portal.env"): str(home / "portal.env"),
            "setup.txt": str(home / "setup.txt"),
        }

    def make_database(self, block: str) -> None:
        """The first block, by psql's words: `shop` is the database, as `portal` is the superuser's here."""
        (role,) = re.findall(r'psql -c "(.*)"', block)
        (owner, name) = re.findall(r"createdb --owner=(\w+) (\w+)", block)[0]
        assert name == "portal"
        with psycopg.connect(make_conninfo(self.superuser, dbname="postgres"), autocommit=True) as session:
            session.execute(role)
            session.execute(f"CREATE DATABASE shop OWNER {owner}")

    def paste(self, block: str) -> str:
        for place, here in self.places.items():
            block = block.replace(place, here)
        ended = subprocess.run(["bash", "-ec", block], **self.shell(), stdout=subprocess.PIPE, text=True, timeout=120)
        assert ended.returncode == 0, ended.stdout
        return ended.stdout

    def shell(self) -> dict:
        """With the programs of the installed environment, and none of the test's own variables."""
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        environ = {"PATH": path, "HOME": str(self.home), "STATIC_ROOT": str(self.home / "static")}
        return {"cwd": settings.BASE_DIR, "env": environ, "stderr": subprocess.STDOUT}

    def start(self, line: str) -> None:
        command = f"set -a; . {self.home / 'portal.env'}; exec {line.rstrip(' &')}"
        log = (self.home / f"{len(self.processes)}.log").open("w")
        self.processes.append(subprocess.Popen(["bash", "-ec", command], **self.shell(), stdout=log, text=True))

    def ask(self, query: str) -> list[tuple]:
        with psycopg.connect(make_conninfo(self.superuser, dbname="shop")) as session:
            return session.execute(query).fetchall()

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(30)
        self.server.stop()
        shutil.rmtree(self.server.home)


@pytest.fixture
def operator(tmp_path) -> Iterator[Operator]:
    operator = Operator(tmp_path)
    yield operator
    operator.stop()


@pytest.fixture
def letterbox(operator) -> Iterator[Letterbox]:
    letterbox = Letterbox()
    controller = Controller(letterbox, hostname="127.0.0.1", port=operator.mail_port)
    controller.start()
    yield letterbox
    controller.stop()


def test_the_guide_leads_from_an_empty_database_to_a_partner_of_record(operator, letterbox):
    link = install(operator)
    staff = come(operator, link, name="Sam Staff", to="the operator's staff")
    assert staff.page.url == "/staff/"
    enter_what_is_sold(staff)
    invite_the_first_customer(staff)
    admin = come(operator, link_to(letterbox, "admin@gamma.example"), name="Greta Gamma", to="Gamma AG")
    buy_and_name_the_partner(admin)
    assert operator.ask(CREDITED) == [("565380", "Office 365 E1", "gamma")]
    trail = {kind for (kind,) in operator.ask("SELECT kind FROM subscriptions_auditevent")}
    assert trail >= AUDITED
    fit = staff.open("/staff/fit/?again=1").text
    assert "2 run, last seen" in fit
    assert "answers and lets the portal in." in fit


CREDITED = """
    SELECT p.number, s.name, t.slug FROM partners_partnerofrecord r JOIN partners_partner p ON p.id = r.partner_id
      JOIN subscriptions_subscription s ON s.id = r.subscription_id JOIN subscriptions_tenant t ON t.id = r.tenant_id
"""
AUDITED = {
    "installation.set-up",
    "invitation.sent",
    "staff.roles-changed",
    "catalog.changed",
    "partner.added",
    "organization.added",
    "member.added",
    "order.placed",
    "partner-of-record.added",
}


def install(operator: Operator) -> str:
    """Pastes what the guide says, but for what installs packages; returns the link that `setup` printed."""
    database, environment, setting_up, starting = blocks("Install, from nothing")
    operator.make_database(database)
    operator.paste(environment[environment.index("(umask") :])
    said = operator.paste(setting_up)
    collect, start = starting.partition("python manage.py check")[::2]
    operator.paste(collect)
    for line in start.splitlines():
        if line.endswith("&"):
            operator.start(line)
    visitor = Visitor(operator.site)
    wait_until(lambda: is_up(visitor))
    (link,) = re.findall(r"^http://\S+/invitations/\S+$", said, re.MULTILINE)
    return link


def is_up(visitor: Visitor) -> bool:
    try:
        return visitor.open("/accounts/sign-in/").status == 200
    except OSError:
        return False


def come(operator: Operator, link: str, *, name: str, to: str) -> Visitor:
    """Opens an invitation and chooses a password."""
    visitor = Visitor(operator.site)
    visitor.open_link(link)
    typed = {"name": name, "password1": PASSWORD, "password2": PASSWORD}
    visitor.press(f"Set password and go to {to}", **typed)
    return visitor


def enter_what_is_sold(staff: Visitor) -> None:
    staff.enter("subscriptions/productfamily/add", code="office", name_en="Office", reason="First category")
    product = {"cloud": CLOUD, "sku": "E1", "name": "Office 365 E1", "family": "office"}
    staff.enter("subscriptions/product/add", **product)
    staff.enter("subscriptions/productprice/add", product="1", monthly="10.00", annual="9.00", reason="First price")
    staff.enter(
        "partners/partner/add",
        number="565380",
        cloud=CLOUD,
        kind="location",
        name="Tailspin Consulting",
        country="US",
        city="Seattle",
        mailbox="partner@tailspin.example",
        authorized_countries="US",
        authorized_for_all=[],
        authorized_families="office",
        language="en",
    )


def invite_the_first_customer(staff: Visitor) -> None:
    facts = {"name": "Gamma AG", "slug": "gamma", "cloud": CLOUD, "country": "US"}
    person = {"person": "Greta Gamma", "email": "admin@gamma.example"}
    staff.enter("customers/new", **facts, **person, reason="Signed the contract")


def link_to(letterbox: Letterbox, address: str) -> str:
    wait_until(lambda: letterbox.texts.get(address))
    (link,) = re.findall(r"http://\S+/invitations/\S+", letterbox.texts[address][0])
    return link


def buy_and_name_the_partner(admin: Visitor) -> None:
    admin.open("/t/gamma/billing/purchase-services/")
    admin.press("Buy now Office 365 E1")
    admin.press("Next")
    add_partner(admin, "565380")
    page = pay(admin)
    assert "Tailspin Consulting" in page.text
