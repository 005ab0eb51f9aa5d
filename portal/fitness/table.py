"""Is the portal fit to serve? One table of checks, for `check --deploy`, for `setup` and for staff's page."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, transaction
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.fitness import audit_trail, background, catalogue, database, mail, staff_accounts, standby
from portal.fitness.findings import Check, Finding, Group, State
from subscriptions.base import formats
from subscriptions.clouds import Cloud

log = structlog.get_logger("portal.fitness")
KEPT_SECONDS = 30
LOGIN = "login"
COMMAND = "manage.py check --deploy --database default"
TO_MEND = (State.ERROR, State.UNKNOWN, State.WARNING)

CHECKS: Sequence[Check] = (
    Check(LOGIN, gettext_lazy("Login"), Group.DATABASE, database.ask_login, needs_database=False),
    Check("password", gettext_lazy("Password"), Group.DATABASE, database.ask_password),
    Check("roles", gettext_lazy("Roles"), Group.DATABASE, database.ask_roles),
    Check("migrations", gettext_lazy("Migrations"), Group.DATABASE, database.ask_migrations),
    Check("grants", gettext_lazy("Grants"), Group.DATABASE, database.ask_grants),
    Check("clock", gettext_lazy("Clock"), Group.DATABASE, database.ask_clock),
    Check("zones", gettext_lazy("Time zones"), Group.DATABASE, database.ask_zones),
    Check("standby", gettext_lazy("Standby"), Group.DATABASE, standby.ask_standby),
    Check("worker", gettext_lazy("Worker"), Group.BACKGROUND, background.ask_worker),
    Check("jobs", gettext_lazy("Jobs"), Group.BACKGROUND, background.ask_jobs),
    Check("rows", gettext_lazy("Rows of jobs"), Group.BACKGROUND, background.ask_rows_left_over),
    Check("audit-trail", gettext_lazy("Audit trail"), Group.BACKGROUND, audit_trail.ask_audit_trail),
    Check("sending", gettext_lazy("Sending"), Group.MAIL, mail.ask_sending, needs_database=False),
    Check("unsent", gettext_lazy("Unsent"), Group.MAIL, mail.ask_unsent),
    Check("mailbox", gettext_lazy("Staff's mailbox"), Group.MAIL, mail.ask_mailbox, needs_database=False),
    *(Check(f"catalogue-{cloud}", cloud.label, Group.CATALOGUE, catalogue.asking(cloud)) for cloud in Cloud),
    Check("staff", gettext_lazy("Staff"), Group.STAFF, staff_accounts.ask_staff),
    Check("second-factor", gettext_lazy("Second factor"), Group.STAFF, staff_accounts.ask_second_factor),
)


@dataclass(frozen=True)
class Row:
    check: Check
    finding: Finding

    @property
    def is_to_mend(self) -> bool:
        return self.finding.state in TO_MEND


@dataclass(frozen=True)
class Fitness:
    """All that was asked at one time, in the language of that time."""

    rows: tuple[Row, ...]
    at: datetime
    seconds: float

    @cached_property
    def to_mend(self) -> list[Row]:
        """What is worst first."""
        rows = [row for row in self.rows if row.is_to_mend]
        return sorted(rows, key=lambda row: TO_MEND.index(row.finding.state))

    @property
    def groups(self) -> list[tuple[str, list[Row]]]:
        """The others, as they belong together."""
        fine = [
            (group, [row for row in self.rows if row.check.group is group and not row.is_to_mend]) for group in Group
        ]
        return [(str(group.value), rows) for group, rows in fine if rows]

    @property
    def when(self) -> str:
        facts = {
            "number": formats.number(len(self.rows)),
            "moment": formats.moment(self.at),
            "seconds": formats.decimal(self.seconds),
        }
        return _("%(number)s checks, %(moment)s, in %(seconds)s s.") % facts

    @property
    def tag(self) -> str:
        return self.to_mend[0].finding.state.tag if self.to_mend else State.GOOD.tag

    @property
    def summary(self) -> str:
        """“1 error, 2 warnings”, where something cannot be asked that too; or that all is well."""
        states = [row.finding.state for row in self.to_mend]
        numbers = {state: states.count(state) for state in TO_MEND}
        texts = {
            State.ERROR: ngettext("%(number)s error", "%(number)s errors", numbers[State.ERROR]),
            State.UNKNOWN: ngettext("%(number)s unknown", "%(number)s unknown", numbers[State.UNKNOWN]),
            State.WARNING: ngettext("%(number)s warning", "%(number)s warnings", numbers[State.WARNING]),
        }
        parts = [texts[state] % {"number": formats.number(number)} for state, number in numbers.items() if number]
        return formats.join_list(parts) or _("All is well")


_kept: dict[str, Fitness] = {}


def fitness(*, afresh: bool = False) -> Fitness:
    """What was found in the last 30 seconds by this process, or what is now. It writes nothing and never raises."""
    language = translation.get_language() or ""
    kept = _kept.get(language)
    if kept is None or afresh or (timezone.now() - kept.at).total_seconds() > KEPT_SECONDS:
        kept = _kept[language] = ask_all()
    return kept


def ask_all(checks: Sequence[Check] = CHECKS) -> Fitness:
    began = time.monotonic()
    rows: list[Row] = []
    is_away = False
    for check in checks:
        row = Row(check, _not_asked() if is_away and check.needs_database else _ask(check))
        is_away = is_away or (check.code == LOGIN and row.is_to_mend)
        rows.append(row)
    return Fitness(tuple(rows), timezone.now(), time.monotonic() - began)


def _ask(check: Check) -> Finding:
    try:
        if not check.needs_database:
            return check.ask()
        with transaction.atomic():
            return check.ask()
    except (Error, ImproperlyConfigured, OSError) as error:
        reason = str(error).strip().partition("\n")[0]
        log.warning("check_failed", check=check.code, error=type(error).__name__, reason=reason)
        return Finding(State.UNKNOWN, _("It could not be asked: %(error)s.") % {"error": type(error).__name__})


def _not_asked() -> Finding:
    return Finding(State.UNKNOWN, _("Not asked, because the database does not let the portal in."))
