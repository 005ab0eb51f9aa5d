"""An act on many subscriptions: choose, preview, decide once; then pause, resume, stop or undo it.

Nothing of a subscription is changed here: that is the job's (`runs.py`).
"""

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.audit.correlation import correlated
from subscriptions.bulk import runs
from subscriptions.bulk.asking import ask_for, needs_second_person
from subscriptions.bulk.events import BulkBegun
from subscriptions.bulk.kinds import KINDS, Kind, Plan, Value
from subscriptions.bulk.outcomes import LEFT_OUT
from subscriptions.bulk.rules import is_current, may_begin, may_decide, may_pause, may_resume, may_stop, may_undo
from subscriptions.bulk.states import become, defer, held
from subscriptions.db.batches import in_chunks
from subscriptions.db.locks import lock_row
from subscriptions.models import AuditEvent, BulkAct, BulkLine, BulkRow, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.jobs.bulk_act import UNDECIDED, WORDS_LENGTH, BulkState
from subscriptions.models.state_by_date import judge_by_date
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.verdicts import Stale

AT_ONCE = 2000  # rows that are read and stored together


@transaction.atomic
def choose(
    *,
    tenant: Tenant,
    kind: str,
    rows: QuerySet[Subscription],
    selection: str,
    by: Actor,
    joint: UUID | None = None,
) -> BulkAct:
    """Keeps which subscriptions these are now: what is added later is no part of it. `selection` says it in words.

    `joint` is what it has in common with those of other organizations.
    """
    may_begin(by, kind).require()
    act = BulkAct.objects.create(tenant=tenant, kind=kind, selection=selection[:WORDS_LENGTH], joint=joint, **_of(by))
    found = rows.order_by("pk").values_list("pk", "version")
    for chunk in in_chunks(found, AT_ONCE):
        BulkRow.objects.bulk_create(
            BulkRow(tenant=tenant, act=act, subscription_id=pk, version=version) for pk, version in chunk
        )
        act.chosen += len(chunk)
    act.save(update_fields=["chosen"])
    return act


@transaction.atomic
def preview(*, act: BulkAct, wanted: Value, reason: str, by: Actor) -> BulkAct:
    """Judges each row by the page's verdict, and changes none.

    Raises Stale where it was decided meanwhile, or is another person's: nobody changes what somebody else looks at.
    """
    act = held(act, UNDECIDED)
    if not by.is_same_as(user_id=act.user_id, application=act.application):
        raise Stale
    may_begin(by, act.kind).require()
    act.wanted, act.reason = dict(wanted), reason
    _judge(act, by)
    return act


@transaction.atomic
def preview_again(*, act: BulkAct, by: Actor) -> BulkAct:
    """The same subscriptions as they are now, as a preview of this person's own."""
    fresh = BulkAct.objects.create(
        tenant=act.tenant,
        kind=act.kind,
        wanted=act.wanted,
        reason=act.reason,
        selection=act.selection,
        file=act.file,
        undo_of=act.undo_of,
        joint=act.joint,
        chosen=act.chosen,
        **_of(by),
    )
    columns = ("subscription_id", "version", "wanted", "takes_back_id", "outcome")
    for chunk in in_chunks(act.rows.order_by("subscription_id").values(*columns), AT_ONCE):
        BulkRow.objects.bulk_create(
            BulkRow(
                tenant=act.tenant,
                act=fresh,
                **row | {"outcome": row["outcome"] if row["outcome"] == LEFT_OUT else ""},
            )
            for row in chunk
        )
    for lines in in_chunks(act.lines.order_by("number"), AT_ONCE):
        for line in lines:
            line.pk, line.act = None, fresh
        BulkLine.objects.bulk_create(lines)
    may_begin(by, act.kind).require()
    _judge(fresh, by)
    return fresh


def _judge(act: BulkAct, by: Actor) -> None:
    """Every row anew but for those that were left out. The digest is of all that a person is shown of them."""
    kind = kind_of(act, by)
    digest = sha256(f"{act.uuid} {act.kind} {sorted(act.wanted.items())}".encode())
    act.planned = 0
    today = today_of(act.tenant)
    for rows in in_chunks(act.rows.order_by("subscription_id"), AT_ONCE):
        found = {
            each.pk: each
            for each in kind.rows(
                Subscription.objects.filter(tenant=act.tenant, pk__in=[r.subscription_id for r in rows])
            )
        }
        restored = restored_rows(act, rows)
        for row in rows:
            subscription = found[row.subscription_id]
            subscription.tenant = act.tenant
            judge_by_date(subscription, today)
            _note(row, subscription, kind.plan(subscription, row, restored.get(row.subscription_id)))
            act.planned += row.planned
            digest.update(f"{row.subscription_id} {row.version} {row.outcome} {row.before} {row.after}".encode())
        _store(rows)
    act.digest, act.state, act.previewed = digest.hexdigest(), BulkState.PREVIEWED, datetime.now(tz=UTC)
    act.save(update_fields=["wanted", "reason", "digest", "state", "previewed", "planned"])


def _note(row: BulkRow, subscription: Subscription, plan: Plan) -> None:
    outcome = row.outcome if row.outcome == LEFT_OUT else plan.outcome
    row.version, row.before, row.after = subscription.version, dict(plan.before), dict(plan.after)
    row.outcome, row.planned = outcome, not outcome


def _store(rows: Iterable[BulkRow]) -> None:
    """In one statement, where updating each would be many."""
    BulkRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["act", "subscription"],
        update_fields=["version", "before", "after", "planned", "outcome"],
    )


def restored_rows(act: BulkAct, rows: Iterable[BulkRow]) -> dict[int, BulkRow]:
    """Of an undo: what each of these rows brings back, by the subscription's key."""
    if act.undo_of_id is None:
        return {}
    of = BulkRow.objects.filter(tenant=act.tenant, act_id=act.undo_of_id)
    found = list(of.filter(subscription__in=[row.subscription_id for row in rows]).select_related("subscription"))
    last = last_events(act, [row.subscription.uuid for row in found])
    for row in found:
        if last.get(row.subscription.uuid) != row.event_id:
            row.after = {}  # what is there now came later
    return {row.subscription_id: row for row in found}


def last_events(act: BulkAct, uuids: Iterable[Any]) -> dict[Any, int]:
    """Of each subscription the last event of the act's kind."""
    events = AuditEvent.objects.of_tenant(act.tenant).filter(
        subject_uuid__in=list(uuids), kind__in=KINDS[act.kind].events
    )
    last = events.order_by("subject_uuid", "-id").distinct("subject_uuid")
    return dict(last.values_list("subject_uuid", "pk"))


@transaction.atomic
def leave_out(*, act: BulkAct, subscription: Any, by: Actor) -> None:
    """Takes the row of this subscription out of a preview. Raises Stale where it is none that would change."""
    act = held(act, [BulkState.PREVIEWED])
    may_begin(by, act.kind).require()
    if not is_current(act, by):
        raise Stale
    left = act.rows.filter(subscription__uuid=subscription, planned=True).update(planned=False, outcome=LEFT_OUT)
    if not left:
        raise Stale
    act.planned -= 1
    act.digest = sha256(f"{act.digest} without {subscription}".encode()).hexdigest()
    act.save(update_fields=["planned", "digest"])


@transaction.atomic
def decide(*, act: BulkAct, digest: str, by: Actor) -> BulkAct:
    """Hands what was seen to the job, or asks a second person for it.

    Raises SignInTooOld, Refused, and Stale where it is not what was seen.
    """
    act = held(act)
    if act.digest != digest or (act.state == BulkState.PREVIEWED and not is_current(act, by)):
        raise Stale
    kind = KINDS[act.kind]
    if kind.decision:
        by.require_proof(kind.decision)
    may_decide(by, act).require()
    if act.undo_of:
        lock_row(BulkAct.objects.filter(tenant=act.tenant), act.undo_of.pk)
        may_undo(by, act.undo_of).require()
    now = time.time()
    act.state, act.decided_by = BulkState.ASKED if needs_second_person(act) else BulkState.QUEUED, by.name
    act.decided_at = datetime.fromtimestamp(now, tz=UTC)
    act.proved = datetime.fromtimestamp(now if by.application else min(by.proved_at or 0, now), tz=UTC)
    act.save(update_fields=["state", "decided_by", "decided_at", "proved"])
    if act.state == BulkState.ASKED:
        ask_for(act, by=by)
    else:
        begin(act, by)
    return act


def begin(act: BulkAct, by: Actor) -> None:
    """What was decided, and approved where that is needed, is the job's from here on."""
    with correlated(act.uuid):
        audit.record(
            AuditKind.BULK_BEGUN,
            by=by,
            tenant=act.tenant,
            subject_name=KINDS[act.kind].title(act.wanted),
            subject_uuid=act.uuid,
            reason=act.reason,
            facts=BulkBegun(planned=act.planned, selection=act.selection, digest=act.digest, joint=act.joint),
        )
    defer(act)


@transaction.atomic
def pause(*, act: BulkAct, by: Actor) -> None:
    """After the batch that runs, for which this waits at most a second or two."""
    act = held(act)
    may_pause(by, act).require()
    become(act, BulkState.PAUSED)


@transaction.atomic
def resume(*, act: BulkAct, by: Actor) -> None:
    act = held(act)
    may_resume(by, act).require()
    become(act, BulkState.QUEUED)
    defer(act)


@transaction.atomic
def stop(*, act: BulkAct, by: Actor) -> None:
    """What is done stays; the rest is left as it is, and the receipt says so."""
    act = held(act)
    may_stop(by, act).require()
    with correlated(act.uuid):
        runs.end(act, by, as_state=BulkState.CANCELED)


@transaction.atomic
def preview_undo(*, act: BulkAct, by: Actor) -> BulkAct:
    """An act of its own, with a preview, on what this one has changed."""
    may_undo(by, act).require()
    undo = BulkAct.objects.create(
        tenant=act.tenant, kind=act.kind, wanted=act.wanted, undo_of=act, chosen=act.changed, **_of(by)
    )
    changed = act.rows.filter(event__isnull=False).order_by("subscription_id")
    for chunk in in_chunks(changed, AT_ONCE):
        BulkRow.objects.bulk_create(
            BulkRow(
                tenant=act.tenant,
                act=undo,
                subscription_id=row.subscription_id,
                version=row.version,
                takes_back_id=row.event_id,
            )
            for row in chunk
        )
    _judge(undo, by)
    return undo


def kind_of(act: BulkAct, by: Actor) -> Kind:
    return KINDS[act.kind](act.tenant, by, act.wanted, is_undo=act.undo_of_id is not None)


def _of(by: Actor) -> dict[str, Any]:
    """Acts on many are decided by the organization's own people and programs."""
    return {"user_id": by.user_id, "application": by.application_uuid}
