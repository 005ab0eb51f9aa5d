"""Programs that act without a pause, each on subscriptions of its own, and what they were told of each act.

An act whose answer did not come is sent again with its key until there is one, as the API tells its callers to do.
"""

import json
import random
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import pairwise

import psycopg

from tests.drills.installed import say

SLUG = "contoso"
PARTNERS = ("565380", "935287")
PATIENCE = 180  # seconds for which an act is sent again
SUBSCRIPTIONS = """
    SELECT s.uuid::text, s.version FROM subscriptions_subscription s JOIN subscriptions_tenant t ON t.id = s.tenant_id
     WHERE t.slug = %s AND s.status = 'active' AND s.canceled_at IS NULL AND s.name LIKE 'Office 365%%' ORDER BY s.id
"""
EVENTS = """
    SELECT correlation, count(*), min(kind) FROM subscriptions_auditevent WHERE correlation IS NOT NULL
     GROUP BY correlation
"""
STANDS = """
    SELECT s.uuid::text, s.own_name, s.version, p.number,
           (SELECT count(*) FROM partners_partnerofrecord o WHERE o.subscription_id = s.id AND upper_inf(o.valid))
      FROM subscriptions_subscription s
      LEFT JOIN partners_partnerofrecord r ON r.subscription_id = s.id AND upper_inf(r.valid)
      LEFT JOIN partners_partner p ON p.id = r.partner_id
     WHERE s.uuid = ANY(%s::uuid[])
"""
TOKENS = """
import io, django; django.setup()
from django.core.management import call_command
for number in range({count}):
    said = io.StringIO()
    call_command("demo_token", "--organization", "{slug}", "--name", f"Load {{number}}", stdout=said)
    print(said.getvalue().split()[-1])
"""


@dataclass
class Told:
    """One act, and the last that its caller heard of it."""

    mark: uuid.UUID
    what: str
    status: int = 0  # 0 while nobody knows
    changed: bool = False
    tries: int = 0
    sent: float = 0  # when it was first sent, by this machine's clock
    heard: float = 0


@dataclass
class Owned:
    """A subscription on which one program alone acts, as that program knows it."""

    uuid: str
    version: int
    own_name: str | None = None
    partner: str | None = None
    is_partner_known: bool = False


@dataclass
class Program(threading.Thread):
    site: str
    token: str
    number: int
    owned: list[Owned]
    ended: threading.Event
    acts: list[Told] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        threading.Thread.__init__(self, daemon=True)
        self.random = random.Random(self.number)
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def __hash__(self) -> int:
        return self.number

    def run(self) -> None:
        while not self.ended.is_set():
            self.act()

    def act(self) -> None:
        one, number = self.random.choice(self.owned), len(self.acts)
        chance = self.random.random()
        if chance < 0.6:
            name = f"Load {self.number}-{number}"
            told = self.send(one, "POST", "names", {"own_name": name, "cost_center": name})
            if told.status == 200:
                one.own_name = name
        elif chance < 0.9:
            partner = self.random.choice(PARTNERS)
            told = self.send(one, "PUT", "partner-of-record", {"partner_id": partner})
            if told.status == 200:
                one.partner, one.is_partner_known = partner, True
        else:
            told = self.send(one, "DELETE", "partner-of-record", None)
            if told.status in (200, 204):
                one.partner, one.is_partner_known = None, True

    def send(self, one: Owned, method: str, what: str, body: dict | None) -> Told:
        told = Told(uuid.uuid4(), f"{method} {what}", sent=time.time())
        self.acts.append(told)
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(told.mark),
            "X-Correlation-Id": str(told.mark),
            "If-Match": f'"{one.version}"',
        }
        url = f"{self.site}/api/v1/t/{SLUG}/subscriptions/{one.uuid}/{what}"
        request = urllib.request.Request(
            url, json.dumps(body).encode() if body is not None else None, headers, method=method
        )
        while time.time() < told.sent + PATIENCE:
            told.tries += 1
            status, tag, said = self.once(request)
            self.answers[status] += 1
            if status and status < 500 and not self.is_for_a_moment(status, said):
                told.status, told.heard = status, time.time()
                if status < 300:
                    version = int(tag.strip('W/"')) if tag else one.version
                    told.changed, one.version = version != one.version, version
                return told
            time.sleep(0.2)
        return told

    @staticmethod
    def is_for_a_moment(status: int, said: str) -> bool:
        """Somebody holds the row: nothing was done, and the same call may be sent again."""
        return status == 429 or (status == 409 and '"locked"' in said)

    def once(self, request: urllib.request.Request) -> tuple[int, str, str]:
        try:
            with self.opener.open(request, timeout=20) as answer:
                return answer.status, answer.headers.get("ETag") or "", answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, "", error.read().decode(errors="replace")
        except (OSError, HTTPException):
            return 0, "", ""


class Load:
    """All programs together."""

    def __init__(self, site: str, tokens: list[str], address: str):
        with psycopg.connect(address) as session:
            rows = session.execute(SUBSCRIPTIONS, [SLUG]).fetchall()
        self.ended = threading.Event()
        shares = [rows[number :: len(tokens)] for number in range(len(tokens))]
        self.programs = [
            Program(site, token, number, [Owned(*row) for row in shares[number]], self.ended)
            for number, token in enumerate(tokens)
        ]

    def start(self) -> None:
        for program in self.programs:
            program.start()

    def stop(self) -> None:
        self.ended.set()
        for program in self.programs:
            program.join(PATIENCE + 30)

    @property
    def acts(self) -> list[Told]:
        return [told for program in self.programs for told in list(program.acts)]

    @property
    def acknowledged(self) -> int:
        return sum(0 < told.status < 300 for told in self.acts)

    def first_write_after(self, moment: float) -> float | None:
        """Seconds until the first act was acknowledged that was sent after that moment."""
        heard = [told.heard for told in self.acts if told.sent > moment and 0 < told.status < 300]
        return min(heard) - moment if heard else None

    def longest_pause(self, start: float, end: float) -> float:
        """Without any acknowledged act."""
        heard = sorted(told.heard for told in self.acts if 0 < told.status < 300 and start <= told.heard <= end)
        moments = [start, *heard, end]
        return max(later - earlier for earlier, later in pairwise(moments))


def compare(load: Load, address: str) -> list[str]:
    """What the programs were told beside what the database holds; nothing where both say the same."""
    with psycopg.connect(address) as session:
        events = {mark: (number, kind) for mark, number, kind in session.execute(EVENTS)}
        owned = {one.uuid: one for program in load.programs for one in program.owned}
        stands = {row[0]: row[1:] for row in session.execute(STANDS, [list(owned)])}
    wrong = []
    for told in load.acts:
        number, _kind = events.pop(told.mark, (0, ""))
        allowed = {0, 1} if told.status == 0 else {int(told.changed)}
        if number not in allowed:
            wrong.append(f"{told}: {number} events")
    wrong += [f"{kind} of an act that nobody sent: {mark}" for mark, (_number, kind) in events.items()]
    if any(told.status == 0 for told in load.acts):
        return wrong
    for key, one in owned.items():
        own_name, version, partner, open_ones = stands[key]
        if open_ones > 1 or version != one.version or (one.own_name is not None and own_name != one.own_name):
            wrong.append(f"{one} stands as {stands[key]}")
        if one.is_partner_known and partner != one.partner:
            wrong.append(f"{one} credits {partner}")
    return wrong


def report(load: Load) -> None:
    acts = load.acts
    answers = sum((program.answers for program in load.programs), Counter())
    say(
        f"acts: {len(acts)}, acknowledged {load.acknowledged}, of these changed something "
        f"{sum(told.changed for told in acts)}, sent more than once {sum(told.tries > 1 for told in acts)}, "
        f"without an answer to the end {sum(told.status == 0 for told in acts)}"
    )
    say(f"answers by status, 0 for none: {dict(sorted(answers.items()))}")
