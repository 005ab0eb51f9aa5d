"""The same act on many in several organizations: chosen, previewed and decided once, and one act in each of them.

Each of them is chosen, previewed, decided and done by the one engine, in the organization's own scope and with
the role that the person has there. Organizations are held in the order of their keys, whoever decides.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from subscriptions.bulk import acts as bulk
from subscriptions.bulk.kinds import Value
from subscriptions.bulk.rules import may_begin
from subscriptions.db import scopes
from subscriptions.db.locks import lock_row
from subscriptions.groups.joint_reads import Part, are_current, digest_of
from subscriptions.groups.reads import Seat
from subscriptions.models import BulkAct, JointAct, Subscription, Tenant
from subscriptions.models.jobs.bulk_act import WORDS_LENGTH
from subscriptions.verdicts import Stale


class NothingChosen(Exception):
    """None of the subscriptions is in an organization of the person."""


@transaction.atomic
def choose(
    *,
    kind: str,
    seats: Sequence[Seat],
    rows_of: Callable[[Tenant], QuerySet[Subscription]],
    selection: str,
    user_id: int,
) -> JointAct:
    """Keeps which subscriptions these are, in each organization that has any. Needs the person's scope.

    Where the person may only read, nothing is written: it is kept that it was chosen, and why it cannot be done.
    Raises NothingChosen.
    """
    joint = JointAct.objects.create(kind=kind, selection=selection[:WORDS_LENGTH], user_id=user_id)
    for seat in sorted(seats, key=lambda each: each.tenant.pk):
        with scopes.tenant(seat.tenant.pk):
            if chosen := rows_of(seat.tenant).order_by().count():
                joint.parts.append(_chosen_in(joint, seat, rows_of(seat.tenant), chosen))
    if not joint.parts:
        raise NothingChosen
    joint.save(update_fields=["parts"])
    return joint


def _chosen_in(joint: JointAct, seat: Seat, rows: QuerySet[Subscription], chosen: int) -> dict[str, Any]:
    part = {"tenant": seat.tenant.pk, "chosen": chosen, "act": ""}
    if may_begin(seat.actor, joint.kind).allowed:
        act = bulk.choose(
            tenant=seat.tenant,
            kind=joint.kind,
            rows=rows,
            selection=joint.selection,
            by=seat.actor,
            joint=joint.uuid,
        )
        part |= {"act": str(act.uuid), "chosen": act.chosen}
    return part


@transaction.atomic
def preview(*, joint: JointAct, parts: Iterable[Part], wanted: Value, reason: str = "") -> JointAct:
    """Of each organization in which the person may act, and none is changed. Raises Stale where it was decided."""
    joint = _held(joint)
    for part, act in _to_decide(parts):
        with scopes.tenant(part.seat.tenant.pk):
            bulk.preview(act=act, wanted=wanted, reason=reason, by=part.seat.actor)
    joint.wanted = dict(wanted)
    joint.save(update_fields=["wanted"])
    return joint


@transaction.atomic
def preview_again(*, joint: JointAct, parts: Iterable[Part]) -> JointAct:
    """The same subscriptions as they are now. Raises Stale where it was decided."""
    joint = _held(joint)
    fresh = {}
    for part, act in _to_decide(parts):
        with scopes.tenant(part.seat.tenant.pk):
            fresh[part.seat.tenant.pk] = str(bulk.preview_again(act=act, by=part.seat.actor).uuid)
    joint.parts = [part | {"act": fresh.get(part["tenant"], part["act"])} for part in joint.parts]
    joint.save(update_fields=["parts"])
    return joint


@transaction.atomic
def decide(*, joint: JointAct, parts: Sequence[Part], digest: str, proved_at: float | None) -> JointAct:
    """Hands to the job of each organization what was seen of it, all or none. Raises what deciding one raises."""
    joint = _held(joint)
    if digest_of(parts) != digest or not are_current(parts):
        raise Stale
    for part, act in _to_decide(parts):
        if part.planned:
            with scopes.tenant(part.seat.tenant.pk):
                by = replace(part.seat.actor, proved_at=proved_at)
                bulk.decide(act=act, digest=act.digest, by=by)
    joint.decided = timezone.now()
    joint.save(update_fields=["decided"])
    return joint


def _held(joint: JointAct) -> JointAct:
    """As it is now, until the transaction ends. Raises Stale where it was decided meanwhile."""
    mine = JointAct.objects.filter(user=joint.user_id)
    lock_row(mine, joint.pk)
    held = mine.get(pk=joint.pk)
    if held.decided:
        raise Stale
    return held


def _to_decide(parts: Iterable[Part]) -> list[tuple[Part, BulkAct]]:
    """Each with its act, in the order in which organizations are held."""
    found = [(part, part.act) for part in parts if part.act and part.can_be_decided]
    return sorted(found, key=lambda each: each[0].seat.tenant.pk)
