"""`manage.py setup` between an empty database and the first person of the staff, and each time after that."""

import re
import shutil
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import conninfo

from portal.database.local_postgres import WITHOUT_DURABILITY, LocalPostgres
from portal.database.logins import login_url
from portal.management.commands.setup import asked
from tests.command_line import manage

pytestmark = [pytest.mark.cluster, pytest.mark.drill]
SAM = ("--staff-email", "sam@operator.example", "--staff-name", "Sam Staff")
LINK = re.compile(r"^http://127\.0\.0\.1:8000/invitations/\S+/$", re.MULTILINE)
ADDRESS = re.compile(r"^DATABASE_URL=(\S+)$", re.MULTILINE)

Ask = Callable[..., list[tuple]]


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    """The superuser's address of a new cluster, with an owner who may make roles, and one who may not."""
    server = LocalPostgres(tmp_path_factory.mktemp("postgres"), WITHOUT_DURABILITY)
    superuser = server.start()
    with psycopg.connect(superuser, autocommit=True) as session:
        for name, power in (("boss", "CREATEROLE"), ("clerk", "")):
            session.execute(f"CREATE ROLE {name} LOGIN {power}")
            session.execute(f"CREATE DATABASE {name} OWNER {name}")
    yield superuser
    server.stop()
    shutil.rmtree(server.home)


def owned_by(server: str, name: str) -> str:
    return conninfo.make_conninfo(server, user=name, dbname=name)


@pytest.fixture(scope="module")
def first(server) -> str:
    """What the first run says."""
    ran = manage("setup", "--no-input", *SAM, DATABASE_OWNER_URL=owned_by(server, "boss"), DATABASE_URL="")
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


@pytest.fixture
def ask(server) -> Iterator[Ask]:
    with psycopg.connect(conninfo.make_conninfo(server, dbname="boss"), autocommit=True) as session:
        yield lambda query, *values: session.execute(query, values).fetchall()


def run(server: str, *options: str, url: str = "") -> str:
    ran = manage("setup", "--no-input", *options, DATABASE_OWNER_URL=owned_by(server, "boss"), DATABASE_URL=url)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


PASSWORD_OF_LOGIN = "SELECT rolpassword FROM pg_authid WHERE rolname = 'portal_app'"
# In every role of the staff
INVITED = """
    SELECT name, email, cardinality(groups) > 1 AND groups @> ARRAY(SELECT name FROM auth_group)
      FROM subscriptions_invitation WHERE state = 'pending'
"""
EVENTS = "SELECT actor_name, detail FROM subscriptions_auditevent WHERE kind = 'installation.set-up' ORDER BY id"


def test_from_nothing_there_are_roles_tables_a_password_and_a_link(first, ask):
    (address,) = ADDRESS.findall(first)
    with psycopg.connect(address) as session:
        assert session.execute("SELECT current_user::text").fetchone() == ("portal_app",)
        assert session.info.dbname == "boss"
    assert ask("SELECT count(*) > 50 FROM django_migrations") == [(True,)]
    assert ask(PASSWORD_OF_LOGIN)[0][0].startswith("SCRAM-SHA-256$")
    assert len(LINK.findall(first)) == 1
    assert ask(INVITED) == [("Sam Staff", "sam@operator.example", True)]


def test_it_says_what_is_still_missing(first):
    missing = first.partition("Still missing:\n")[2].splitlines()
    assert [line.split(":")[0] for line in missing if line.startswith("- ")][:2] == [
        "- Worker (error)",
        "- Sending (error)",
    ]


def test_the_audit_trail_knows_the_installation_and_keeps_no_secret(first, ask):
    ((who, detail), *_others) = ask(EVENTS)
    assert who == "Installation"
    assert detail["new_password"] is True
    assert detail["invited"] == "Sam Staff"
    (address,) = ADDRESS.findall(first)
    trail = str(ask("SELECT detail, reason, subject_name FROM subscriptions_auditevent"))
    for secret in (conninfo.conninfo_to_dict(address)["password"], LINK.findall(first)[0], "sam@operator.example"):
        assert secret not in trail


def test_again_it_changes_nothing_and_repeats_no_secret(first, server, ask):
    (address,) = ADDRESS.findall(first)
    before = (ask(PASSWORD_OF_LOGIN), ask(EVENTS))
    again = run(server, url=address)
    assert again.startswith(
        "Database: roles and grants are as they should be; migrations applied: 0.\nStill missing:"
    )
    assert (ask(PASSWORD_OF_LOGIN), ask(EVENTS)) == before
    assert str(conninfo.conninfo_to_dict(address)["password"]) not in again


def test_without_the_logins_address_it_asks_for_it_and_makes_no_other_password(first, server, ask):
    before = ask(PASSWORD_OF_LOGIN)
    assert "Set DATABASE_URL to be told here what is still missing" in run(server)
    assert ask(PASSWORD_OF_LOGIN) == before


def test_a_later_run_makes_another_password_or_takes_a_given_one(first, server, ask):
    before = ask(PASSWORD_OF_LOGIN)
    (address,) = ADDRESS.findall(run(server, "--new-password"))
    assert address not in first
    assert ask(PASSWORD_OF_LOGIN) != before
    given = login_url(owned_by(server, "boss"), "a password of my own: 100%")
    said = run(server, "--new-password", url=given)
    assert "Login: it has the password of DATABASE_URL now." in said
    assert "my own" not in said and "my%20own" not in said


def test_a_second_invitation_makes_the_first_link_worthless(first, server, ask):
    said = run(server, *SAM)
    assert LINK.findall(said) != LINK.findall(first)
    states = "SELECT state FROM subscriptions_invitation WHERE name = 'Sam Staff' ORDER BY id DESC LIMIT 2"
    assert ask(states) == [("pending",), ("replaced",)]


NEW_STAFF = """
    INSERT INTO subscriptions_user (uuid, email, name, name_key, language, time_zone, theme, mails, is_staff,
                                    is_active, is_superuser, session_generation, date_joined, password)
    VALUES (gen_random_uuid(), 'ole@operator.example', 'Ole Hansen', 'ole hansen', '', '', 'system', 'at-once', true,
            %s, false, 0, now(), '!') RETURNING id
"""
NEW_APP = """
    INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, 'totp', '{}', now()) RETURNING id
"""


def test_who_is_of_the_staff_and_lost_password_and_app_gets_a_link_for_a_new_one(first, server, ask):
    ((person,),) = ask(NEW_STAFF, False)
    ask(NEW_APP, person)
    said = run(server, "--staff-email", "ole@operator.example")
    assert re.search(r"^http://127\.0\.0\.1:8000/accounts/password/reset/key/\S+/$", said, re.MULTILINE)
    assert ask("SELECT is_active FROM subscriptions_user WHERE id = %s", person) == [(True,)]
    assert ask("SELECT count(*) FROM mfa_authenticator WHERE user_id = %s", person) == [(1,)]
    said = run(server, "--staff-email", "ole@operator.example", "--without-second-factor")
    assert "Staff: the second factor of Ole Hansen is removed." in said
    assert ask("SELECT count(*) FROM mfa_authenticator WHERE user_id = %s", person) == [(0,)]
    assert ask(EVENTS)[-1][1] == {"link_for": "Ole Hansen", "without_second_factor": True}
    waiting = "SELECT count(*) FROM procrastinate_jobs WHERE args->>'kind' = 'password-forgotten'"
    assert ask(waiting) == [(2,)]


def test_what_is_typed_is_asked_for_until_it_is_taken(monkeypatch, capsys):
    typed = iter(["sam", "Sam@Operator.example"])
    monkeypatch.setattr("builtins.input", lambda question: next(typed))
    assert asked("email", "Email address") == "sam@operator.example"
    assert "The email is none: Enter a valid email address." in capsys.readouterr().out
    monkeypatch.setattr("builtins.input", lambda question: " ")
    assert asked("email", "Email address") == ""


@pytest.mark.parametrize(
    ("owner", "options", "sentence"),
    [
        (
            "clerk",
            (),
            "“clerk” of DATABASE_OWNER_URL may not make roles. As a superuser: ALTER ROLE clerk CREATEROLE",
        ),
        ("boss", ("--staff-email", "sam"), "The email is none: Enter a valid email address."),
        ("boss", ("--staff-email", "new@operator.example"), "Give the person's name too: --staff-name"),
        ("boss", ("--staff-email", "n@b.example", "--staff-name", "A\u200bB"), "The name is none: "),
    ],
)
def test_what_it_cannot_do_is_a_sentence(first, server, owner, options, sentence):
    ran = manage("setup", "--no-input", *options, DATABASE_OWNER_URL=owned_by(server, owner), DATABASE_URL="")
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"CommandError: {sentence}")


def test_a_second_portal_of_a_cluster_has_roles_of_its_own_and_needs_no_other_database(server):
    with psycopg.connect(server, autocommit=True) as session:
        session.execute("CREATE ROLE second LOGIN CREATEROLE; REVOKE CONNECT ON DATABASE postgres FROM PUBLIC")
        session.execute("CREATE DATABASE second OWNER second")
    place = {"DATABASE_OWNER_URL": owned_by(server, "second"), "DATABASE_URL": "", "ROLE_PREFIX": "staging"}
    ran = manage("setup", "--no-input", "--roles-only", **place)
    assert (ran.returncode, ran.stderr) == (0, "")
    with psycopg.connect(conninfo.make_conninfo(server, dbname="second"), autocommit=True) as session:
        made = "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'staging\\_%'"
        assert session.execute(made).fetchone() == (12,)
        assert session.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
        ran = manage("setup", "--no-input", "--new-password", **place)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert ADDRESS.search(ran.stdout)[1].startswith("postgresql://staging_app:")
        granted = "SELECT DISTINCT grantee FROM information_schema.role_table_grants WHERE grantee LIKE 'portal\\_%'"
        assert session.execute(granted).fetchall() == []
        assert session.execute("SELECT polname FROM pg_policy WHERE polname LIKE 'portal\\_%'").fetchall() == []
