"""The job of an act on many: batches, each one transaction that also keeps what came of its rows.

A row has an outcome or it has none, and gets it in the transaction of its change: whatever ends a process anywhere,
the next one goes on with the rows that have none. Within a batch each row is a savepoint of its own. Rows are locked
in the order of their subscriptions, whoever acts.
"""

import logging
import time

from django.db import DatabaseError, transaction
from django.db.models import F
from django.db.models.functions import Now

from subscriptions.access import Actor
from subscriptions.approvals.reads import is_agreed
from subscriptions.audit import acts as audit
from subscriptions.audit.correlation import correlated
from subscriptions.bulk.asking import MANY, hold_back, needs_second_person
from subscriptions.bulk.events import BulkEnded
from subscriptions.bulk.kinds import KINDS, Kind
from subscriptions.bulk.outcomes import CHANGED, FAILED, STALE, STOPPED, UNCHANGED
from subscriptions.bulk.rules import may_begin
from subscriptions.db import scopes
from subscriptions.db.faults import fault_of
from subscriptions.mails.receivers import tell
from subscriptions.models import BulkAct, BulkRow, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.jobs.bulk_act import GOES_ON, BulkState
from subscriptions.tenants.deciders import who_decided
from subscriptions.verdicts import Refused, Stale

ROWS_A_BATCH = 100
MOST_SECONDS = 1.0  # of a batch, so that nobody waits longer for a pause

logger = logging.getLogger("portal")


def work_off(*, tenant_id: int, act_id: int) -> None:
    """All that is left of an act, unless somebody pauses or stops it meanwhile."""
    while do_batch(tenant_id=tenant_id, act_id=act_id):
        pass


def do_batch(*, tenant_id: int, act_id: int) -> bool:
    """The next rows in one transaction; False where there is nothing more to do."""
    with scopes.tenant(tenant_id):
        acts = BulkAct.objects.select_for_update(of=("self",)).filter(tenant=tenant_id, pk=act_id)
        act = acts.filter(state__in=GOES_ON).first()
        if act is None:
            return False
        act.tenant = Tenant.objects.with_cloud_status().get(pk=tenant_id)
        with correlated(act.uuid):
            return _do(act)


def _do(act: BulkAct) -> bool:
    by = decider_of(act)
    if not (may := may_begin(by, act.kind)).allowed:
        end(act, by, rest=may.code.code)
        return False
    agreed = is_agreed(act.tenant, MANY, act.pk) is True
    if not agreed and needs_second_person(act):
        hold_back(act, by=by)
        return False
    kind = KINDS[act.kind](act.tenant, by, act.wanted, is_undo=act.undo_of_id is not None, is_agreed=agreed)
    until = time.monotonic() + MOST_SECONDS
    waiting = act.rows.filter(planned=True, outcome="").select_related("subscription").order_by("subscription_id")
    rows = []
    for row in waiting[:ROWS_A_BATCH]:
        _take(kind, row, reason=act.reason)
        rows.append(row)
        if time.monotonic() > until:
            break
    if not rows:
        end(act, by)
        return False
    BulkRow.objects.bulk_update(rows, ["outcome", "event"])
    _count(act, state=BulkState.RUNNING, rows=rows)
    return True


def _take(kind: Kind, row: BulkRow, *, reason: str) -> None:
    row.subscription.tenant = kind.tenant
    try:
        with transaction.atomic():
            row.event = kind.do(row.subscription, row, reason=reason)
        row.outcome = CHANGED if row.event else UNCHANGED
    except Stale:
        row.outcome = STALE
    except Refused as refused:
        row.outcome = refused.verdict.code.code
    except kind.refusals as refusal:
        row.outcome = kind.code_of(refusal)
    except DatabaseError as error:
        if fault_of(error):
            raise  # of no row: the whole batch is done again
        row.outcome = _failed(row)


def _failed(row: BulkRow) -> str:
    logger.exception("Row %s of a change on many could not be done.", row.pk)
    return FAILED


def _count(act: BulkAct, *, state: BulkState, rows: list[BulkRow]) -> None:
    changed = sum(row.outcome == CHANGED for row in rows)
    act.changed, act.not_changed = act.changed + changed, act.not_changed + len(rows) - changed
    act.state = state
    act.save(update_fields=["changed", "not_changed", "state"])


def decider_of(act: BulkAct) -> Actor:
    """Who decided, with the role that this person has now, or none, and the proof that the decision had."""
    assert act.proved is not None and act.decided_at is not None  # noqa: S101 - the database refuses it
    return who_decided(
        act.tenant,
        user_id=act.user_id,
        application=act.application,
        name=act.decided_by,
        proved=act.proved,
        decided=act.decided_at,
    )


def end(act: BulkAct, by: Actor, *, as_state: BulkState = BulkState.DONE, rest: str = STOPPED) -> None:
    """Gives the rows that are left their outcome, and tells once what was changed; nobody where nothing was."""
    left = act.rows.filter(planned=True, outcome="").update(outcome=rest)
    acts = BulkAct.objects.filter(tenant=act.tenant, pk=act.pk)
    acts.update(state=as_state, ended=Now(), not_changed=F("not_changed") + left)
    act.refresh_from_db(fields=["state", "ended", "not_changed", "changed"])
    event = audit.record(
        AuditKind.BULK_ENDED,
        by=by,
        tenant=act.tenant,
        subject_name=KINDS[act.kind].title(act.wanted),
        subject_uuid=act.uuid,
        facts=BulkEnded(
            changed=act.changed, not_changed=act.not_changed, state=as_state, is_undo=bool(act.undo_of_id)
        ),
    )
    if act.changed and KINDS[act.kind].is_told_at_once:
        tell(event)
        KINDS[act.kind](act.tenant, by, act.wanted).tell(act, by)
