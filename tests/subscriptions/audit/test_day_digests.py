"""A digest a day: whoever alters the audit trail with the database's own power is found, by day and row."""

import json
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from portal.fitness.audit_trail import ask_audit_trail
from portal.fitness.findings import State
from subscriptions import tasks
from subscriptions.audit.day_digests import lines_of
from subscriptions.audit.verification import verify
from subscriptions.db import scopes
from subscriptions.mails.audit_digests import TrailHasChanged
from subscriptions.models import AuditDigest, AuditEvent, Mail
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.mail import MailKind
from tests.database import as_owner
from tests.factories import make_audit_event

FIRST = date(2026, 10, 1)
LAST = FIRST + timedelta(days=2)
GUIDE = Path("docs/operations.md")
ALTER = "UPDATE subscriptions_auditevent SET actor_name = 'Nobody' WHERE id = %s"
DELETE = "DELETE FROM subscriptions_auditevent WHERE id = %s"
INSERT = (
    "INSERT INTO subscriptions_auditevent (uuid, tenant_id, kind, actor_kind, actor_name, actor_partner,"
    " subject_name, reason, detail, at)"
    " SELECT gen_random_uuid(), tenant_id, kind, actor_kind, actor_name, actor_partner,"
    " subject_name, reason, detail, at FROM subscriptions_auditevent WHERE id = %s RETURNING id"
)


@pytest.fixture
def days(alpha) -> dict[date, list[int]]:
    """Three days with two events each, and a digest of each day."""
    made: dict[date, list[int]] = {}
    for number in range(3):
        day = FIRST + timedelta(days=number)
        moment = datetime(day.year, day.month, day.day, 23, 59, 59, 999_999, tzinfo=UTC)
        made[day] = [make_audit_event(tenant=alpha, at=moment - timedelta(hours=hour)).pk for hour in (0, 23)]
    look(LAST + timedelta(days=1))
    return made


def look(day: date) -> None:
    moment = datetime(day.year, day.month, day.day, 0, 40, tzinfo=UTC)
    tasks.check_audit_trail(timestamp=int(moment.timestamp()))


def as_superuser(statement: str, *values) -> list[tuple]:
    """As whoever owns the server can do, past every trigger."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        rows = cursor.fetchall() if cursor.description else []
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        return rows


def differences(**given) -> list[str]:
    with scopes.worker():
        return [str(each) for each in verify(before=LAST + timedelta(days=1), **given)]


def test_each_day_gets_a_digest_and_the_last_one_is_logged_and_mailed_to_staff(days):
    with scopes.staff():
        digests = list(AuditDigest.objects.order_by("day"))
        told = AuditEvent.objects.filter(kind=AuditKind.DIGEST_MADE).order_by("id").values_list("detail", flat=True)
        mails = Mail.objects.filter(kind=MailKind.AUDIT_DIGEST).count()
        assert [(each.day, each.rows) for each in digests] == [(day, 2) for day in days]
        assert list(told) == [{"day": str(LAST), "rows": 2, "digest": digests[-1].digest}]
    assert mails == 1
    assert differences() == []


def test_the_chain_goes_on_the_next_night_and_an_empty_day_has_a_digest_too(days):
    look(LAST + timedelta(days=3))
    with scopes.staff():
        assert [each.rows for each in AuditDigest.objects.order_by("day")] == [2, 2, 2, 0, 0]


@pytest.mark.parametrize("scope", [scopes.staff, scopes.worker])
@pytest.mark.parametrize(
    "statement", ["UPDATE subscriptions_auditdigest SET rows = 0", "DELETE FROM subscriptions_auditdigest"]
)
def test_nobody_changes_a_digest(days, scope, statement):
    with scope(), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_row_that_was_altered_is_named_with_its_day(days):
    second = FIRST + timedelta(days=1)
    as_superuser(ALTER, days[second][0])
    assert differences() == [f"{second}: 1 altered: {days[second][0]}"]


def test_which_application_acted_is_hashed_too(alpha, days):
    """It stands in no other line, so that those from before there were any are what they were."""
    uuid, day = uuid4(), LAST + timedelta(days=5)
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    make_audit_event(tenant=alpha, at=moment, actor_kind="application", actor=None, actor_application=uuid)
    with scopes.worker():
        (by_application,), (before, _) = map(json.loads, lines_of(day)), map(json.loads, lines_of(FIRST))
    assert (by_application[-1], len(by_application)) == (str(uuid), len(before) + 1)


def test_a_row_that_was_deleted_is_named_with_its_day(days):
    as_superuser(DELETE, days[LAST][1])
    assert differences() == [f"{LAST}: 1 deleted: {days[LAST][1]}"]


def test_a_row_that_was_put_into_the_past_is_named_with_its_day(days):
    ((added,),) = as_superuser(INSERT, days[FIRST][0])
    assert differences() == [f"{FIRST}: 1 inserted afterwards: {added}"]


def test_a_row_that_was_put_before_the_first_day_is_on_a_day_without_digest(days):
    as_superuser("UPDATE subscriptions_auditevent SET at = at - interval '1 day' WHERE id = %s", days[FIRST][0])
    assert differences() == [
        f"{FIRST - timedelta(days=1)}: has no digest",
        f"{FIRST}: 1 deleted: {days[FIRST][0]}",
    ]


@pytest.mark.parametrize("number", [0, 1, 2], ids=["the first", "one between", "the last"])
def test_a_day_whose_digest_is_missing_is_named(days, number):
    day = FIRST + timedelta(days=number)
    as_superuser("DELETE FROM subscriptions_auditdigest WHERE day = %s", day)
    assert f"{day}: has no digest" in differences()


def test_a_digest_that_was_made_anew_breaks_the_chain_of_the_days_after_it(days):
    as_superuser("UPDATE subscriptions_auditdigest SET digest = repeat('a', 64) WHERE day = %s", FIRST)
    words = "its digest does not follow from the day before and its rows"
    assert differences() == [f"{FIRST}: {words}", f"{FIRST + timedelta(days=1)}: {words}"]


def test_a_chain_that_was_made_anew_from_other_rows_is_found_by_a_mail(days):
    with scopes.staff():
        mailed = {each.day: each.digest for each in AuditDigest.objects.all()}
    as_superuser(ALTER, days[FIRST][0])
    as_superuser("DELETE FROM subscriptions_auditdigest")
    as_superuser("DELETE FROM subscriptions_auditevent WHERE kind LIKE 'audit-trail.%%'")
    look(LAST + timedelta(days=1))
    assert differences() == []
    words = "its digest is another one than that which left the database"
    assert differences(anchors={LAST: mailed[LAST]}) == [f"{LAST}: {words}"]


def test_what_was_before_a_day_can_be_trusted(days):
    as_superuser(ALTER, days[FIRST][0])
    assert differences(start=FIRST + timedelta(days=1)) == []


def test_the_nightly_look_fails_and_staff_are_mailed_and_see_it(days):
    as_superuser(ALTER, days[FIRST][0])
    with pytest.raises(TrailHasChanged, match=f"{FIRST}: 1 altered: {days[FIRST][0]}"):
        look(LAST + timedelta(days=2))
    with scopes.staff():
        (event,) = AuditEvent.objects.filter(kind=AuditKind.DIGEST_DIFFERS)
        assert event.detail == {"day": str(FIRST), "found": f"{FIRST}: 1 altered: {days[FIRST][0]}"}
        assert Mail.objects.filter(kind=MailKind.AUDIT_DIFFERS, event=event).count() == 1
        assert AuditDigest.objects.count() == 4  # the night's own digest is made all the same
    finding = ask_audit_trail()
    assert finding.state is State.ERROR and "Oct 1, 2026" in finding.sentence


def test_staff_see_that_all_is_well_and_that_nobody_looked_for_days(days):
    with time_machine.travel(datetime(2026, 10, 4, 12, tzinfo=UTC)):
        assert ask_audit_trail().state is State.GOOD
    with time_machine.travel(datetime(2026, 10, 7, 12, tzinfo=UTC)):
        assert ask_audit_trail().state is State.WARNING


def test_the_command_names_what_differs_and_ends_with_an_error(days, capsys):
    with time_machine.travel(datetime(2026, 10, 4, 12, tzinfo=UTC)):
        call_command("verify_audit")
        assert capsys.readouterr().out == "The audit trail is what it was.\n"
        as_superuser(ALTER, days[FIRST][0])
        with pytest.raises(CommandError, match=f"The first day that differs: {FIRST}"):
            call_command("verify_audit")
    assert capsys.readouterr().out == f"{FIRST}: 1 altered: {days[FIRST][0]}\n"


@pytest.mark.parametrize(
    ("argument", "words"),
    [("--from=yesterday", "“yesterday” is no day"), ("--anchor=2026-10-01", "“2026-10-01” is no digest of a day")],
)
def test_the_command_says_what_it_cannot_read(days, argument, words):
    with pytest.raises(CommandError, match=words):
        call_command("verify_audit", argument)


def test_the_export_is_verified_elsewhere_by_the_script_of_the_guide(days, tmp_path):
    file, script = tmp_path / "trail.jsonl", tmp_path / "verify.py"
    script.write_text(re.search(r"```python\n(import hashlib.*?)```", GUIDE.read_text(), re.DOTALL)[1])
    call_command("export_audit", str(file))
    assert verified(script, file) == (0, "3 days, 6 rows: as they were\n")
    file.write_text(file.read_text().replace("Alex Wilber", "Alex Wilbur", 1))
    assert verified(script, file) == (1, f"{FIRST}: not as it was\n")
    with pytest.raises(CommandError, match="File exists"):
        call_command("export_audit", str(file))


def verified(script: Path, file: Path) -> tuple[int, str]:
    ended = subprocess.run([sys.executable, script, file], capture_output=True, text=True, check=False)
    return ended.returncode, ended.stdout
