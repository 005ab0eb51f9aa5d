"""Commands at the wrong place or time end with a sentence, and have done nothing."""

import pytest

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
