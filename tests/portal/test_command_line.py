"""Commands at the wrong place or time end with a sentence, and have done nothing."""

import pytest
from django.db import ProgrammingError, connection

from portal.command_line import sentence_about
from portal.database.demo_mark import mark_as_demo
from subscriptions.models import User
from tests.command_line import addresses, manage
from tests.database import owner_session

AWAY = "postgresql://somebody@127.0.0.1:1/portal"


def is_refused(*command: str, **environ: str) -> str:
    ended = manage(*command, **environ)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    return ended.stderr.strip()


@pytest.mark.parametrize("command", ["seed", "demo --check", "demo --check --reset"])
def test_sample_data_go_into_no_other_database(db, command):
    sentence = is_refused(*command.split(), **addresses())
    assert "is not marked as a demo's, so nothing was written" in sentence
    assert not User.objects.exists()


def test_only_a_demo_is_taken_back_before_its_first_migration(db):
    sentence = is_refused("migrate", "subscriptions", "zero", **addresses())
    assert "is not marked as a demo's, so nothing was done" in sentence and "restore a backup" in sentence
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('subscriptions_tenant') IS NOT NULL")
        assert cursor.fetchone() == (True,)


def test_sample_data_go_into_no_portal_served_by_https(transactional_db):
    name = addresses()["DATABASE_URL"].partition("dbname=")[2].split()[0]
    with owner_session() as owner:
        mark_as_demo(owner, name)
    sentence = is_refused("seed", **addresses(), SITE_URL="https://portal.example")
    with owner_session() as owner:
        owner.execute(f"COMMENT ON DATABASE {name} IS NULL")
    assert sentence.endswith("this is no demo, and nothing was written.")
    assert not User.objects.exists()


@pytest.mark.parametrize("command", ["clearsessions", "migrate", "seed", "demo --check", "createcachetable"])
def test_a_database_that_is_away_is_a_sentence(command):
    sentence = is_refused(*command.split(), DATABASE_URL=AWAY, DATABASE_OWNER_URL=AWAY)
    assert sentence.startswith("The database is away, and the command ended: ")


def test_addresses_that_disagree_are_a_sentence():
    sentence = is_refused("migrate", DATABASE_URL=AWAY, DATABASE_OWNER_URL=AWAY + "2")
    assert "must lead to one and the same database" in sentence


def test_the_owners_address_alone_leads_to_its_database(db):
    owner = addresses()["DATABASE_OWNER_URL"]
    assert manage("migrate", "--check", DATABASE_OWNER_URL=owner, DATABASE_URL="").returncode == 0
    sentence = is_refused("migrate", "--check", DATABASE_OWNER_URL=f"{owner} dbname=nowhere", DATABASE_URL="")
    assert "“nowhere” does not exist" in sentence.replace('"nowhere"', "“nowhere”")


@pytest.mark.parametrize(
    ("command", "instead"),
    [
        ("createsuperuser", "“manage.py setup” invites a person of the staff by a link"),
        (
            "createsuperuser --noinput --email a@b.example",
            "“manage.py setup” invites a person of the staff by a link",
        ),
        ("changepassword a@b.example", "the sign-in page mails a link"),
        ("flush --noinput", "so it is not done"),
        ("loaddata rows.json", "restored by pg_restore"),
        ("dumpdata", "made by pg_dump, as the owner"),
        ("remove_stale_contenttypes --noinput", "a migration does"),
        ("testserver", "make demo"),
    ],
)
def test_what_passes_by_the_rules_is_told_what_to_use_instead(command, instead):
    assert instead in is_refused(*command.split(), DATABASE_URL=AWAY, DATABASE_OWNER_URL=AWAY)


@pytest.mark.parametrize("command", ["createsuperuser", "flush", "setup"])
def test_help_about_a_command_is_given_all_the_same(command):
    assert manage(command, "--help").returncode == 0


def test_setup_without_the_owners_address_starts_no_server_of_its_own():
    sentence = is_refused("setup", "--no-input", DATABASE_URL="", DATABASE_OWNER_URL="")
    assert sentence.startswith("DATABASE_OWNER_URL is not set.")


def test_what_the_login_may_not_do_is_a_sentence(db):
    with pytest.raises(ProgrammingError) as refusal, connection.cursor() as cursor:
        cursor.execute("CREATE ROLE another")
    assert sentence_about(refusal.value) == (
        "The login to the database may not do this, and the command ended: permission denied to create role"
    )
    assert sentence_about(ProgrammingError("an error of ours")) is None
