"""The act that is interrupted: naming another partner of record for one subscription of the sample data."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from tests.faults.browser import Answer, Browser
from tests.faults.installation import Installation, wait_until

WAITING = "SELECT pid FROM pg_stat_activity WHERE usename = 'portal_app' AND wait_event_type = 'Lock'"
STATE = """
    SELECT version, (SELECT count(*) FROM subscriptions_auditevent), (SELECT count(*) FROM subscriptions_mail),
           (SELECT count(*) FROM partners_partnerofrecord), (SELECT count(*) FROM subscriptions_idempotencykey)
      FROM subscriptions_subscription WHERE id = %s
"""


class Submitting:
    """One person with *Partner information* filled in and checked, and what the database holds of it."""

    def __init__(self, installation: Installation):
        self.installation = installation
        self.browser: Browser = installation.signed_in()
        (row,) = installation.ask(
            "SELECT s.id, s.uuid FROM subscriptions_subscription s JOIN subscriptions_tenant t ON t.id = s.tenant_id"
            " WHERE t.slug = 'contoso' AND s.name = 'Office 365 E3' AND s.status = 'active' ORDER BY s.id LIMIT 1"
        )
        self.pk, uuid = row
        self.detail = f"/t/contoso/billing/subscriptions/{uuid}/"
        self.edit = f"{self.detail}partner-of-record/"
        now = self.browser.open(self.edit).fields["partner_id"]
        self.fields = self.browser.checked(self.edit, "935287" if now == "565380" else "565380")

    @property
    def state(self) -> tuple:
        (row,) = self.installation.ask(STATE, self.pk)
        return row

    def submit(self) -> Answer:
        return self.browser.open(self.edit, self.fields)

    @contextmanager
    def in_the_middle(self) -> Iterator[tuple[Future, int]]:
        """While Submit waits inside its transaction for a row that the owner holds: its future and its session."""
        with self.installation.owner() as owner, owner.transaction(), ThreadPoolExecutor(1) as pool:
            owner.execute("SELECT 1 FROM subscriptions_subscription WHERE id = %s FOR UPDATE", [self.pk])
            future = pool.submit(self.submit)
            wait_until(lambda: self.installation.ask(WAITING))
            yield future, self.installation.ask(WAITING)[0][0]
