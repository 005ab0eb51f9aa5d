"""A file that is brought in, checked and applied, as a worker does it."""

from subscriptions.access import staff_actor
from subscriptions.db import scopes
from subscriptions.imports import acts, runs
from subscriptions.models import ImportProblem, ImportRun, User
from tests.database import as_owner


def bring(kind: str, text: str | bytes, *, by: User) -> ImportRun:
    """As the dry run leaves it."""
    content = text.encode() if isinstance(text, str) else text
    with scopes.staff():
        run = acts.bring_in(
            run=ImportRun(kind=kind), content=[content], file_name=f"{kind}.csv", language="en", by=staff_actor(by)
        )
    runs.check(run.pk)
    return again(run)


def apply(run: ImportRun, *, by: User) -> ImportRun:
    with scopes.staff():
        acts.apply_import(run=run, by=staff_actor(by), reason="Moved here")
    runs.apply(run.pk)
    return again(run)


def again(run: ImportRun) -> ImportRun:
    with as_owner():
        return ImportRun.objects.get(pk=run.pk)


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    """To be made, there already, with errors, made."""
    return run.fresh, run.there, run.wrong, run.done


def problems(run: ImportRun) -> list[tuple[int, str, str]]:
    """Line, column and code of each."""
    with as_owner():
        return [
            (each.line, each.column, each.code)
            for each in ImportProblem.objects.filter(run=run).order_by("line", "id")
        ]
