"""Acts on many subscriptions, as page and job do them, without a page."""

from collections.abc import Sequence
from typing import Any

from partners.models import Partner
from subscriptions.access import Actor
from subscriptions.bulk import acts as bulk
from subscriptions.bulk import runs
from subscriptions.db import scopes
from subscriptions.models import BulkAct, BulkRow, Subscription, Tenant
from tests.database import as_owner
from tests.factories import make_partner_of_record, make_subscription

SET, DELETE = "partner-of-record", "partner-of-record.delete"


def make_many(tenant: Tenant, count: int, *, partner: Partner | None = None, **fields: Any) -> list[Subscription]:
    made = [make_subscription(tenant=tenant, name=f"Office {number:04}", **fields) for number in range(count)]
    for each in made if partner else []:
        make_partner_of_record(subscription=each, partner=partner)
    return made


def previewed(
    tenant: Tenant, by: Actor, *, partner: Partner | None, of: Sequence[Subscription] | None = None
) -> BulkAct:
    """A preview of naming this partner, or none, on these subscriptions or all."""
    with scopes.tenant(tenant.pk):
        here = Tenant.objects.with_cloud_status().get()
        rows = Subscription.objects.of_tenant(here)
        rows = rows if of is None else rows.filter(pk__in=[each.pk for each in of])
        act = bulk.choose(tenant=here, kind=SET if partner else DELETE, rows=rows, selection="Status: Active", by=by)
        wanted = {"id": partner.number, "name": partner.name} if partner else {"id": "", "name": ""}
        return bulk.preview(act=act, wanted=wanted, reason="Year end", by=by)


def decide(act: BulkAct, by: Actor, *, digest: str | None = None) -> BulkAct:
    with scopes.tenant(act.tenant_id):
        return bulk.decide(act=act, digest=act.digest if digest is None else digest, by=by)


def work_off(act: BulkAct) -> BulkAct:
    runs.work_off(tenant_id=act.tenant_id, act_id=act.pk)
    return now(act)


def do_batch(act: BulkAct) -> bool:
    return runs.do_batch(tenant_id=act.tenant_id, act_id=act.pk)


def done(tenant: Tenant, by: Actor, *, partner: Partner | None, of: Sequence[Subscription] | None = None) -> BulkAct:
    return work_off(decide(previewed(tenant, by, partner=partner, of=of), by))


def undone(act: BulkAct, by: Actor) -> BulkAct:
    with scopes.tenant(act.tenant_id):
        undo = bulk.preview_undo(act=act, by=by)
    return work_off(decide(undo, by))


@as_owner()
def now(act: BulkAct) -> BulkAct:
    return BulkAct.objects.select_related("tenant").get(pk=act.pk)


@as_owner()
def outcomes(act: BulkAct) -> dict[str, int]:
    """How many rows have which outcome."""
    rows = list(BulkRow.objects.filter(act=act).values_list("outcome", flat=True))
    return {outcome: rows.count(outcome) for outcome in dict.fromkeys(sorted(rows))}


@as_owner()
def counts(act: BulkAct) -> tuple[str, int, int, int, int]:
    row = BulkAct.objects.get(pk=act.pk)
    return row.state, row.chosen, row.planned, row.changed, row.not_changed
