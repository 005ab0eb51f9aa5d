"""What staff do with an import: bring a file in, have its right lines done, stop that, and go on with it."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.audit.correlation import correlated
from subscriptions.audit.facts import Facts
from subscriptions.imports.events import ImportApplied, ImportEnded, ImportUploaded
from subscriptions.imports.files import digest_of, keep, name_kept
from subscriptions.imports.kinds import KINDS
from subscriptions.models import ImportRun
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.jobs.import_run import FILE_NAME_LENGTH, ImportState
from subscriptions.verdicts import ALLOWED, Stale, Verdict, VerdictCode

CHECK, APPLY = "subscriptions.check_import", "subscriptions.apply_import"
MAY_START = (ImportState.CHECKED, ImportState.STOPPED)
RUNNING = (ImportState.WAITING, ImportState.CHECKING, ImportState.APPLYING)


@transaction.atomic
def bring_in(
    *, run: ImportRun, content: Iterable[bytes], file_name: str, language: str, by: Actor, is_queued: bool = True
) -> ImportRun:
    """Keeps the file and lets a worker look at it; nothing else is changed.

    Raises Refused, and Unreadable for a file that is too large.
    """
    may_bring_in(by, run.kind).require()
    run.file_name = name_kept(file_name, FILE_NAME_LENGTH) or "import.csv"
    run.language, run.uploaded_by, run.size, run.digest = language, by.name, 0, ""
    run.save(force_insert=True)
    keep(run, content)
    _record(AuditKind.IMPORT_UPLOADED, run, by=by, facts=ImportUploaded(run.kind, run.digest))
    if is_queued:
        _queue(CHECK, run)
    return run


def may_bring_in(actor: Actor, kind: str) -> Verdict:
    """Whoever enters such things one by one may bring in a file of them."""
    return ALLOWED if actor.kind is ActorKind.SYSTEM else actor.may_staff(KINDS[kind].permission)


def may_apply(actor: Actor, run: ImportRun) -> Verdict:
    """May the lines be done that the dry run found right?"""
    own = may_bring_in(actor, run.kind)
    if not own.allowed:
        return own
    if run.state in MAY_START and run.fresh > run.done:
        return ALLOWED
    if run.state in MAY_START:
        return Verdict(
            code=VerdictCode.NOTHING_TO_IMPORT,
            reason=_("Nothing of this file is left to be made."),
            next_step=_("Mend the lines with errors, and upload the file of these lines."),
        )
    return _not_in(run)


def may_stop(actor: Actor, run: ImportRun) -> Verdict:
    own = may_bring_in(actor, run.kind)
    if not own.allowed:
        return own
    return ALLOWED if run.state == ImportState.APPLYING else _not_in(run)


def _not_in(run: ImportRun) -> Verdict:
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("The import is in this state: %(state)s.") % {"state": run.get_state_display()},
        next_step=_("Look at its page again in a moment."),
    )


@transaction.atomic
def apply_import(*, run: ImportRun, by: Actor, reason: str, is_queued: bool = True) -> None:
    """A worker does the lines from now on. Raises Refused, and Stale where it is not the file that was checked."""
    run = _lock(run)
    may_apply(by, run).require()
    if digest_of(run) != run.digest:
        raise Stale
    run.state, run.turn, run.applier_id, run.applied_by = ImportState.APPLYING, run.turn + 1, by.user_id, by.name
    run.reason, run.applied_at, run.is_open = reason, Now(), True
    run.save(update_fields=["state", "turn", "applier", "applied_at", "applied_by", "reason", "is_open"])
    facts = ImportApplied(run.kind, run.digest, run.lines, run.fresh, run.there, run.wrong)
    _record(AuditKind.IMPORT_APPLIED, run, by=by, reason=reason, facts=facts)
    if is_queued:
        _queue(APPLY, run)


@transaction.atomic
def stop_import(*, run: ImportRun, by: Actor, reason: str) -> None:
    """After the batch that is being done. What is done stays; it can be gone on with. Raises Refused."""
    run = _lock(run)
    may_stop(by, run).require()
    run.state, run.turn = ImportState.STOPPED, run.turn + 1
    run.save(update_fields=["state", "turn"])
    facts = ImportEnded(run.kind, run.done, run.there, run.wrong)
    _record(AuditKind.IMPORT_STOPPED, run, by=by, reason=reason, facts=facts)


@transaction.atomic
def set_aside(*, run: ImportRun, by: Actor, reason: str) -> None:
    """Nothing more is to be done with it, so it leaves what waits for staff. Raises Refused while it runs."""
    run = _lock(run)
    may_set_aside(by, run).require()
    run.is_open = False
    run.save(update_fields=["is_open"])
    facts = ImportEnded(run.kind, run.done, run.there, run.wrong)
    _record(AuditKind.IMPORT_SET_ASIDE, run, by=by, reason=reason, facts=facts)


def may_set_aside(actor: Actor, run: ImportRun) -> Verdict:
    own = may_bring_in(actor, run.kind)
    if not own.allowed:
        return own
    if not run.is_open:
        return Verdict(
            code=VerdictCode.WRONG_STATE,
            reason=_("This import does not wait for anything."),
            next_step=_("There is nothing left to do."),
        )
    return ALLOWED if run.state not in RUNNING else _not_in(run)


def _lock(run: ImportRun) -> ImportRun:
    return ImportRun.objects.select_for_update().get(pk=run.pk)


def _record(kind: AuditKind, run: ImportRun, *, by: Actor, reason: str = "", facts: Facts) -> None:
    with correlated(run.uuid):
        audit.record(
            kind, by=by, tenant=None, subject_name=run.file_name, subject_uuid=run.uuid, reason=reason, facts=facts
        )


def _queue(job: str, run: ImportRun) -> None:
    jobs.configure_task(job, lock=f"import-{run.pk}").defer(run_id=run.pk)
