"""Each check says what is so: from one table, a state and a sentence, and unknown where it cannot ask."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError, connection, connections
from django.utils import timezone, translation
from psycopg.types.range import DateRange

from portal.fitness import database, table
from portal.fitness import standby as asking_standby
from portal.fitness.findings import Finding, State
from portal.fitness.table import CHECKS, ask_all, fitness
from subscriptions.access import the_installation
from subscriptions.clouds import Cloud, CloudStatus
from subscriptions.db import standby
from subscriptions.invitations import acts as invitations
from subscriptions.invitations.places import OnStaff
from subscriptions.models import CloudState, JobFailure, Mail, ProductPrice, User
from subscriptions.models.catalogue.product_price import price_day
from subscriptions.models.mail import MailKind, MailState
from subscriptions.models.people.staff_role import StaffRole
from tests.database import as_owner
from tests.factories import make_product, make_sold_product, make_user
from tests.personas import make_second_factor
from tests.post_office import open_for_mail

BY_CODE = {check.code: check for check in CHECKS}


def ask(code: str) -> Finding:
    (row,) = ask_all([BY_CODE[code]]).rows
    return row.finding


def asked(code: str) -> tuple[State, str]:
    finding = ask(code)
    return finding.state, finding.sentence


def execute(command: str, *values: object) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(command, values)


def test_each_check_has_a_code_of_its_own():
    assert len(BY_CODE) == len(CHECKS)


@pytest.mark.parametrize("code", ["login", "roles", "grants", "migrations", "zones", "jobs", "rows", "unsent"])
def test_of_a_new_installation_these_are_good(db, code):
    assert ask(code).state is State.GOOD


def test_the_length_of_the_password_is_judged_and_it_is_never_said(db, monkeypatch):
    for password, state in [("", State.NOT_USED), ("hunter2", State.WARNING), ("correct-horse-battery", State.GOOD)]:
        monkeypatch.setitem(connection.settings_dict, "PASSWORD", password)
        found, sentence = asked("password")
        assert found is state
        assert not password or password not in sentence


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ("ALTER ROLE portal_staff CREATEDB", "portal_staff"),
        ("ALTER ROLE portal_tenant LOGIN", "portal_tenant"),
        ("GRANT pg_read_all_data TO portal_app", "portal_app"),
        ("REVOKE portal_tenant FROM portal_app", "portal_app"),
    ],
)
def test_a_role_with_other_powers_is_named(db, command, named):
    execute(command)
    assert asked("roles") == (State.ERROR, f"Missing, or with other powers than they need: {named}.")


def test_other_grants_are_named(db):
    execute("REVOKE SELECT ON subscriptions_tenant FROM portal_tenant")
    state, sentence = asked("grants")
    assert state is State.ERROR
    assert sentence.startswith("1 table has other grants or policies than the code: subscriptions_tenant.")


def test_a_migration_that_is_missing_and_one_that_is_unknown_are_named(db):
    execute("INSERT INTO django_migrations (app, name, applied) VALUES ('partners', '9999_of_tomorrow', now())")
    assert asked("migrations") == (
        State.WARNING,
        "The database knows partners.9999_of_tomorrow, which this code does not: a newer version has migrated it.",
    )
    execute("DELETE FROM django_migrations WHERE app = 'partners' AND name = '0001_initial'")
    assert asked("migrations") == (
        State.ERROR,
        "1 migration is not applied: partners.0001_initial. Mend: manage.py migrate",
    )


def test_a_zone_that_the_database_does_not_know_is_named(db, monkeypatch):
    monkeypatch.setattr(database, "places", lambda: {"Europe/Berlin", "America/Olympus"})
    state, sentence = asked("zones")
    assert state is State.WARNING
    assert sentence.startswith("The database does not know America/Olympus.")


def test_a_worker_is_seen_or_missed(db):
    assert asked("worker") == (
        State.ERROR,
        "None runs, so no mail is sent. Start one: manage.py procrastinate worker",
    )
    execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 hours')")
    state, sentence = asked("worker")
    assert (state, sentence[:21]) == (State.ERROR, "Last seen 2 hours ago")
    execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '4 seconds')")
    assert asked("worker") == (State.GOOD, "1 runs, last seen 4 seconds ago.")


@pytest.mark.parametrize(
    ("waits", "state"), [("1 minute", State.GOOD), ("10 minutes", State.WARNING), ("3 hours", State.ERROR)]
)
def test_the_oldest_job_tells_whether_the_workers_keep_up(db, waits, state):
    job = "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at) VALUES ('default', 'a', now() + %s)"
    execute(job, timedelta(days=1))
    assert asked("jobs") == (State.GOOD, "None waits.")
    execute("UPDATE procrastinate_jobs SET scheduled_at = now() - %s::interval", waits)
    assert ask("jobs").state is state


def test_a_job_without_a_time_is_as_old_as_its_queuing(db):
    execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'a')")
    execute("UPDATE procrastinate_events SET at = now() - interval '2 days'")
    assert asked("jobs") == (State.ERROR, "The oldest has waited for 2 days.")


def test_rows_that_a_job_left_over_are_counted(db):
    with as_owner():
        JobFailure.objects.create(
            job="partners.follow-up", subject_kind="release", subject_uuid=make_user().uuid, code="KeyError"
        )
    state, sentence = asked("rows")
    assert (state, sentence[:5], "partners.follow-up" in sentence) == (State.WARNING, "1 row", True)


@pytest.mark.parametrize(
    ("mail_state", "hours", "state"),
    [
        (MailState.QUEUED, 0, State.GOOD),
        (MailState.QUEUED, 2, State.WARNING),
        (MailState.FAILED, 2, State.WARNING),
        (MailState.FAILED, 24 * 8, State.GOOD),
    ],
)
def test_mails_that_wait_too_long_or_were_given_up_lead_to_their_list(db, mail_state, hours, state):
    person = make_user()
    with as_owner():
        Mail.objects.create(
            kind=MailKind.PASSWORD_FORGOTTEN,
            to_user=person,
            state=mail_state,
            queued=timezone.now() - timedelta(hours=hours),
        )
    finding = ask("unsent")
    assert finding.state is state
    assert (f"state__exact={mail_state}" in finding.link) == (state is State.WARNING)


@pytest.fixture
def smtp(settings) -> Iterator[None]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "127.0.0.1", "", ""


def test_a_mail_server_is_asked_and_sent_nothing(smtp, settings):
    with open_for_mail() as office:
        settings.EMAIL_PORT = office.port
        assert asked("sending") == (State.GOOD, f"127.0.0.1:{office.port} answers and lets the portal in.")
    assert office.boxes == {}


def test_a_mail_server_that_is_away_or_refuses_is_a_sentence_without_the_password(smtp, settings):
    with open_for_mail() as office:
        settings.EMAIL_PORT = office.port
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "hunter2-of-the-mails"
        state, sentence = asked("sending")
        assert (state, "hunter2" in sentence) == (State.ERROR, False)
    state, sentence = asked("sending")
    assert state is State.ERROR
    assert "does not answer, or does not let the portal in: ConnectionRefusedError" in sentence


def test_mails_of_development_are_an_error_and_those_of_the_demo_are_not_used(settings):
    settings.EMAIL_BACKEND = settings.DEVELOPMENT_EMAIL_BACKEND
    assert asked("sending") == (State.ERROR, "EMAIL_URL is not set, so mails are files that nobody gets.")
    assert ask("mailbox").state is State.ERROR
    settings.DEMO = True
    assert [ask(code).state for code in ("sending", "mailbox")] == [State.NOT_USED] * 2
    settings.STAFF_MAILBOX = "desk@operator.example"
    assert asked("mailbox") == (State.GOOD, "What customers ask goes to desk@operator.example.")


CLOUD = Cloud.WORLDWIDE
CODE = f"catalogue-{CLOUD}"


def test_a_cloud_needs_something_on_sale_now_and_in_a_month(db):
    assert ask(CODE).link == "/staff/subscriptions/product/"
    make_product(cloud=CLOUD, name="Never sold")
    assert (ask(CODE).state, ask(CODE).link) == (State.WARNING, "/staff/subscriptions/productprice/")
    sold = make_sold_product(cloud=CLOUD, name="Visio Plan 2")
    assert asked(CODE) == (State.GOOD, "1 of 2 products are on sale, today and in a month.")
    with as_owner():
        price = ProductPrice.objects.get(product=sold)
        price.valid = DateRange(price.valid.lower, price_day() + timedelta(days=3))
        price.save()
    state, sentence = asked(CODE)
    assert (state, sentence.endswith("when they leave the shop: Visio Plan 2.")) == (State.WARNING, True)


def test_a_closed_cloud_is_asked_for_no_price(db):
    with as_owner():
        CloudState.objects.create(cloud=CLOUD, status=CloudStatus.CLOSED)
    assert asked(CODE) == (State.NOT_USED, "Closed, so nothing is sold there.")


def test_staff_who_are_missing_and_those_without_a_second_factor_are_told(db):
    assert asked("staff") == (State.ERROR, "Nobody of the staff can sign in. Mend: manage.py setup")
    careful = make_user(email="ann@portal.example", name="Ann", is_staff=True)
    careless = make_user(email="ole@portal.example", name="Ole", is_staff=True)
    make_user(email="gone@portal.example", name="Gone", is_staff=True, is_active=False)
    make_second_factor(careful)
    assert asked("staff") == (State.GOOD, "2 people can sign in.")
    assert asked("second-factor") == (State.WARNING, "1 of the staff has no second factor: Ole.")
    make_second_factor(careless)
    assert ask("second-factor").state is State.GOOD


def test_where_the_database_is_away_that_is_said_once_and_the_rest_is_unknown(db, monkeypatch):
    away = connections["default"].copy()
    away.settings_dict = away.settings_dict | {"HOST": "/nowhere"}
    monkeypatch.setattr(database, "connection", away)
    rows = {row.check.code: row.finding for row in ask_all().rows}
    assert rows["login"].state is State.ERROR
    assert rows["login"].sentence.startswith("The database does not let the portal in. It says: connection")
    asked_anyway = {check.code for check in CHECKS if not check.needs_database}
    assert {rows[check.code].state for check in CHECKS if check.code not in asked_anyway} == {State.UNKNOWN}


def test_what_cannot_be_asked_is_unknown_and_stops_no_other(db):
    execute("DROP TABLE subscriptions_jobfailure")
    rows = {row.check.code: row.finding for row in ask_all().rows}
    assert (rows["rows"].state, rows["rows"].sentence) == (State.UNKNOWN, "It could not be asked: ProgrammingError.")
    assert rows["unsent"].state is State.GOOD


def test_the_answer_is_kept_for_half_a_minute_in_each_language(db, monkeypatch):
    monkeypatch.setattr(table, "_kept", {})
    first = fitness()
    assert fitness() is first
    with translation.override("de"):
        assert fitness() is not first
    assert fitness(afresh=True) is not first
    late = timezone.now() + timedelta(seconds=table.KEPT_SECONDS + 1)
    again = fitness()
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert fitness() is not again


def test_it_reads_and_writes_nothing(db):
    tables = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(tables)
        before = cursor.fetchone()
    ask_all()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(tables)
        assert cursor.fetchone() == before


def test_of_an_invitation_to_the_staff_it_is_said_that_somebody_may_come(db):
    with as_owner():
        place = OnStaff(tuple(StaffRole))
        invitations.invite(place, email="sam@portal.example", name="Sam Staff", by=the_installation())
    assert asked("staff") == (
        State.WARNING,
        "Nobody of the staff can sign in yet. Somebody is invited, and has the link.",
    )


def test_people_who_are_no_staff_count_for_nothing(db, global_admin):
    assert ask("staff").state is State.ERROR
    assert User.objects.count() == 1


def test_a_clock_that_is_wrong_is_a_warning_with_by_how_much(db):
    assert ask("clock").state is State.GOOD
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        state, sentence = asked("clock")
    assert state is State.WARNING
    assert re.search(r"differ by (599|600|601)\.\d s, more than 2\.", sentence)


@pytest.mark.parametrize(
    ("written", "replayed", "silent", "state", "says"),
    [
        ((1, 900), (1, 900), 600, State.GOOD, "It is 0 bytes behind."),  # as where nobody writes
        ((1, 900), (1, 800), 2, State.GOOD, "It is 100 bytes behind."),
        ((1, 900), (1, 800), 9, State.WARNING, "behind: by 100 bytes, for 9.0 s."),
        ((1, 900), (2, 900), 0, State.WARNING, "leads to none of this database's"),
        ((1, 900), None, 0, State.WARNING, "leads to none of this database's"),
        ((1, 900), OperationalError("no route to it"), 0, State.WARNING, "It says: no route to it"),
    ],
)
def test_of_a_standby_it_is_told_how_far_it_is_behind(db, monkeypatch, written, replayed, silent, state, says):
    assert ask("standby").state is State.NOT_USED

    def far(place):
        if isinstance(place, Exception):
            raise place
        return place and standby.Place(*place)

    monkeypatch.setitem(connections.settings, "standby", connections["default"].settings_dict)
    monkeypatch.setattr(standby, "written", lambda: far(written))
    monkeypatch.setattr(standby, "replayed", lambda: far(replayed))
    monkeypatch.setattr(asking_standby, "_silent_seconds", lambda: silent)
    found, sentence = asked("standby")
    assert found is state
    assert says in sentence
