"""The same checks on staff's page and by `manage.py check --deploy --database default`."""

import pytest
from django.template.loader import render_to_string

from portal import checks
from portal.checks import reasons_not_to_serve
from portal.fitness import table
from portal.fitness.findings import Finding, State
from portal.fitness.table import CHECKS, fitness
from tests.command_line import PRODUCTION, addresses, manage
from tests.page import parse


def text_of(page, path: str) -> str:
    return " ".join(parse(page.content.decode()).xpath(path)[0].text_content().split())


def test_staff_see_every_check_what_is_to_be_mended_first(desk):
    page = desk.get("/staff/fit/?again=1")
    headings = [" ".join(each.text_content().split()) for each in parse(page.content.decode()).xpath("//main//h2")]
    assert headings == ["To mend", "Database", "Work in the background", "Mail", "Staff"]
    shown = {each.text_content() for each in parse(page.content.decode()).xpath("//ul[@class='checks']//h3")}
    assert shown == {str(check.label) for check in CHECKS}
    worst = text_of(page, "//ul[@class='checks'][1]/li[1]")
    assert worst == "Error Worker None runs, so no mail is sent. Start one: manage.py procrastinate worker"
    assert text_of(page, "//h1/following-sibling::span").startswith("2 errors, 1 unknown, ")


def test_it_speaks_the_readers_language(desk):
    page = desk.get("/staff/fit/?again=1", headers={"Accept-Language": "de"})
    assert "Keiner läuft, also wird keine E-Mail gesendet." in page.content.decode()


def test_it_takes_no_post(desk):
    assert desk.post("/staff/fit/").status_code == 405


def test_what_was_found_a_moment_ago_is_shown_again(desk, monkeypatch):
    desk.get("/staff/fit/?again=1")
    monkeypatch.setattr(table, "ask_all", lambda: pytest.fail("It was asked again."))
    assert desk.get("/staff/fit/").status_code == 200


def test_the_summary_counts_by_what_is_worst():
    states = [State.WARNING, State.ERROR, State.GOOD, State.UNKNOWN, State.WARNING]
    rows = tuple(table.Row(CHECKS[0], Finding(state, "")) for state in states)
    found = table.Fitness(rows, table.timezone.now(), 0.1)
    assert (found.summary, found.tag) == ("1 error, 1 unknown, 2 warnings", "bad")
    assert (table.Fitness(rows[2:3], found.at, 0.1).summary) == "All is well"


def test_check_tells_the_same_in_sentences_and_no_password(db):
    places = addresses(password="of-the-login-alone")
    checked = manage("check", "--deploy", "--database", "default", **PRODUCTION | places)
    assert checked.returncode == 1
    assert "(portal.worker) Worker: None runs, so no mail is sent." in checked.stderr
    assert "(portal.sending) Sending: mail.portal.example:587 does not answer" in checked.stderr
    assert [word for word in ("Traceback", "of-the-login-alone", ":word") if word in checked.stderr] == []


def test_a_database_that_is_away_is_a_sentence_of_check():
    away = {"DATABASE_URL": "postgresql://portal_app:secret@127.0.0.1:1/portal", "DATABASE_OWNER_URL": ""}
    for deploy in ([], ["--deploy"]):
        checked = manage("check", *deploy, "--database", "default", **away)
        assert checked.returncode == 1
        assert "(portal.login) Login: The database does not let the portal in." in checked.stderr
        assert "Traceback" not in checked.stderr
        assert "secret" not in checked.stderr


def test_nobody_is_kept_from_serving_by_a_mail_server(db, monkeypatch, settings):
    settings.SECURE = True
    monkeypatch.setattr(checks, "run_checks", run := _Recorder())
    reasons_not_to_serve()
    assert [checks.FITNESS in (asked.get("tags") or ()) for asked in run.asked] == [False, False]


class _Recorder:
    def __init__(self):
        self.asked: list[dict] = []

    def __call__(self, **asked):
        self.asked.append(asked)
        return []


def test_a_strip_names_what_is_to_be_mended_and_leads_to_the_page(db):
    found = fitness(afresh=True)
    strip = " ".join(render_to_string("admin/_fit.html", {"fitness": found}).split())
    assert found.summary in strip
    assert "<li><strong>Worker</strong>: " in strip
    assert 'href="/staff/fit/"' in strip
