"""A run: what a dry run leaves alone, what is done once, and how it goes on after an end that nobody planned."""

import threading
from itertools import count

import pytest
from django.db import connection

from subscriptions.access import staff_actor
from subscriptions.db import housekeeping, scopes
from subscriptions.imports import acts, files, runs
from subscriptions.imports.tables import failed_lines
from subscriptions.models import AuditEvent, ImportChunk, ImportProblem, ImportRun, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.verdicts import Refused, Stale
from tests.database import as_owner
from tests.desk import events
from tests.subscriptions.imports.client import again, apply, bring, counts, problems

HEAD = "organization;name;cloud;country\n"


def organizations(number: int, *, wrong: tuple[int, ...] = ()) -> str:
    lines = (f"o-{n};O {n};worldwide;{'XX' if n in wrong else 'DE'}\n" for n in range(number))
    return HEAD + "".join(lines)


@as_owner()
def slugs() -> list[str]:
    return list(Tenant.objects.order_by("pk").values_list("slug", flat=True))


@pytest.fixture
def small_batches(monkeypatch) -> None:
    monkeypatch.setattr(runs, "LINES_A_BATCH", 3)


def test_a_dry_run_changes_nothing(db, staff):
    run = bring("organizations", organizations(3), by=staff)
    assert (run.state, counts(run)) == ("checked", (3, 0, 0, 0))
    assert slugs() == []
    with as_owner():
        assert [event.kind for event in AuditEvent.objects.all()] == ["import.uploaded"]


def test_lines_with_errors_are_left_out_and_the_others_done(db, staff, small_batches):
    run = apply(bring("organizations", organizations(7, wrong=(1, 4)), by=staff), by=staff)
    assert (run.state, counts(run)) == ("done", (5, 0, 2, 5))
    assert slugs() == ["o-0", "o-2", "o-3", "o-5", "o-6"]
    assert problems(run) == [(3, "country", "country"), (6, "country", "country")]


def test_the_mended_file_of_failed_lines_makes_just_these(db, staff, small_batches):
    run = apply(bring("organizations", organizations(7, wrong=(1, 4)), by=staff), by=staff)
    failed = b"".join(failed_lines(run)).decode("utf-8-sig")
    assert failed.splitlines()[0] == "organization;name;cloud;country;error_code;error"
    assert failed.splitlines()[1].startswith("o-1;O 1;worldwide;XX;country;country: No country or region")
    mended = apply(bring("organizations", failed.replace(";XX;", ";AT;"), by=staff), by=staff)
    assert (counts(mended), mended.not_taken) == ((2, 0, 0, 2), [])
    assert slugs()[-2:] == ["o-1", "o-4"]


def test_both_lines_that_are_about_the_same_are_named_across_batches(db, staff, small_batches):
    text = organizations(5) + "o-0;O 0;worldwide;DE\n" + "o-0;O 0;worldwide;DE\n"
    run = bring("organizations", text, by=staff)
    assert [line for line, *_rest in problems(run)] == [2, 7, 8]
    assert counts(run) == (4, 0, 3, 0)
    apply(run, by=staff)
    made = bring("organizations", organizations(5).replace("o-0;O 0", "o-1;O 1", 1), by=staff)
    assert counts(made) == (0, 3, 2, 0)


def test_of_many_errors_a_thousand_are_kept_and_one_of_each_line_behind_them(db, staff, monkeypatch):
    monkeypatch.setattr(runs, "MOST_PROBLEMS", 3)
    text = HEAD + "".join(f"o {n};O;nowhere;XX\n" for n in range(4))
    run = bring("organizations", text, by=staff)
    assert [line for line, *_rest in problems(run)] == [2, 2, 2, 3, 4, 5]
    assert run.wrong == 4


def test_a_file_that_breaks_far_below_is_refused_as_a_whole(db, staff, small_batches):
    run = bring("organizations", organizations(20, wrong=(2,)) + '"open', by=staff)
    assert (run.state, run.fault, run.fault_facts) == ("unreadable", "quotes", {"line": "22"})
    assert (problems(run), run.lines) == ([], 0)
    with pytest.raises(Refused):
        apply(run, by=staff)
    assert slugs() == []


def test_headers_alone_are_told(db, staff):
    assert bring("organizations", HEAD, by=staff).fault == "no-lines"


def test_a_file_that_is_too_large_is_refused_before_it_is_kept(db, staff, monkeypatch):
    monkeypatch.setattr(files, "MOST_BYTES_OF_FILE", 10)
    with pytest.raises(runs.Unreadable):
        bring("organizations", organizations(3), by=staff)
    with as_owner():
        assert not ImportRun.objects.exists()


def test_a_file_that_changed_since_the_dry_run_is_not_applied(db, staff):
    run = bring("organizations", organizations(3), by=staff)
    with as_owner():
        ImportChunk.objects.filter(run=run).update(content=organizations(4).encode())
    with pytest.raises(Stale):
        apply(run, by=staff)
    assert (again(run).state, slugs()) == ("checked", [])


def test_applying_says_which_file_by_whom_and_how_it_ended(db, staff):
    run = apply(bring("organizations", organizations(2, wrong=(1,)), by=staff), by=staff)
    (began,), (ended,) = events(AuditKind.IMPORT_APPLIED), events(AuditKind.IMPORT_ENDED)
    assert (began.reason, began.actor_name, began.detail["digest"]) == ("Moved here", "Sam Staff", run.digest)
    assert ended.detail == {"kind": "organizations", "done": 1, "there": 0, "wrong": 1}
    assert (began.correlation, ended.correlation) == (run.uuid, run.uuid)


def test_it_is_applied_once(db, staff):
    run = apply(bring("organizations", organizations(2), by=staff), by=staff)
    with pytest.raises(Refused):
        apply(run, by=staff)
    with pytest.raises(Refused):
        apply(bring("organizations", organizations(2), by=staff), by=staff)
    assert len(events(AuditKind.TENANT_ADDED)) == 2


def test_what_somebody_else_made_meanwhile_is_not_made_again(db, staff):
    run = bring("organizations", organizations(3), by=staff)
    apply(bring("organizations", organizations(1), by=staff), by=staff)
    run = apply(run, by=staff)
    assert (run.state, counts(run)) == ("done", (2, 1, 0, 2))


def test_a_line_that_cannot_be_done_any_more_is_told_and_the_others_are_done(db, staff, small_batches):
    run = bring("organizations", organizations(3), by=staff)
    apply(bring("organizations", HEAD + "o-1;Somebody else;worldwide;AT\n", by=staff), by=staff)
    run = apply(run, by=staff)
    assert problems(run) == [(3, "name", "differs"), (3, "country", "differs")]
    assert (run.state, counts(run)) == ("done", (2, 0, 1, 2))


class Killed(BaseException):
    """The process ends here, whatever it was about to do."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", [0, 1, 2, 3, 5, 8])
def test_killed_anywhere_it_goes_on_and_does_no_line_twice(step, staff, small_batches, monkeypatch):
    run = bring("organizations", organizations(10, wrong=(4,)), by=staff)
    with scopes.staff():
        acts.apply_import(run=run, by=staff_actor(staff), reason="Moved here")
    calls, save = count(), runs.ImportRun.save

    def until(self, *args, **kwargs):
        if next(calls) == step:
            raise Killed
        save(self, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(ImportRun, "save", until)
        try:
            runs.apply(run.pk)
        except Killed:
            pass
    runs.apply(run.pk)
    run = again(run)
    assert (run.state, counts(run)) == ("done", (9, 0, 1, 9))
    assert slugs() == [f"o-{n}" for n in range(10) if n != 4]
    assert len(events(AuditKind.TENANT_ADDED)) == 9
    assert len(events(AuditKind.IMPORT_ENDED)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_one_import_each_line_is_done_once(staff, small_batches):
    run = bring("organizations", organizations(30), by=staff)
    with scopes.staff():
        acts.apply_import(run=run, by=staff_actor(staff), reason="Moved here")

    def work() -> None:
        runs.apply(run.pk)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    runs.apply(run.pk)
    assert (again(run).state, counts(again(run))) == ("done", (30, 0, 0, 30))
    assert len(events(AuditKind.TENANT_ADDED)) == 30


def test_stopped_it_stays_where_it_is_and_can_be_gone_on_with(db, staff, small_batches, monkeypatch):
    run = bring("organizations", organizations(9), by=staff)
    with scopes.staff():
        acts.apply_import(run=run, by=staff_actor(staff), reason="Moved here")
    done = runs._Apply.do

    def stop_then(self, rows):
        done(self, rows)
        if rows and rows[0].line == 5:
            acts.stop_import(run=self.run, by=staff_actor(staff), reason="Wrong file")

    with monkeypatch.context() as patch:
        patch.setattr(runs._Apply, "do", stop_then)
        runs.apply(run.pk)
    run = again(run)
    assert (run.state, run.done) == ("stopped", 6)
    run = apply(run, by=staff)
    assert (run.state, counts(run)) == ("done", (9, 0, 0, 9))


def test_old_files_go_with_their_errors(db, staff):
    run = bring("organizations", organizations(3, wrong=(1,)), by=staff)
    with as_owner():
        ImportRun.objects.filter(pk=run.pk).update(uploaded_at="2020-01-01T00:00:00Z")
    with scopes.worker():
        housekeeping.remove_imports()
    with as_owner():
        assert not ImportRun.objects.exists()
        assert not ImportProblem.objects.exists()
