"""An act on many passes from one state to the next: held as it is, written, and handed to its job."""

from collections.abc import Iterable

from procrastinate.contrib.django import app as jobs

from subscriptions.db.locks import lock_row
from subscriptions.models import BulkAct
from subscriptions.models.jobs.bulk_act import BulkState
from subscriptions.verdicts import Stale

RUN_BULK = "subscriptions.run_bulk"


def held(act: BulkAct, states: Iterable[str] = ()) -> BulkAct:
    """The act as it is now, until the transaction ends. Raises Stale where it is in none of these states."""
    acts = BulkAct.objects.filter(tenant=act.tenant)
    lock_row(acts, act.pk)
    row = acts.select_related("undo_of").get(pk=act.pk)
    if states and row.state not in states:
        raise Stale
    row.tenant = act.tenant
    return row


def become(act: BulkAct, state: BulkState) -> None:
    BulkAct.objects.filter(tenant=act.tenant, pk=act.pk).update(state=state)


def defer(act: BulkAct) -> None:
    """One act of an organization at a time, so that two never wait for each other's rows."""
    job = jobs.configure_task(RUN_BULK, lock=f"bulk-{act.tenant.pk}")
    job.defer(tenant_id=act.tenant.pk, act_id=act.pk)
