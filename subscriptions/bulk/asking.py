"""An act on many that needs a second person: one request for all of it, with the digest of what was seen."""

from subscriptions.access import Actor
from subscriptions.approvals import requests
from subscriptions.approvals.events import ChangeWanted
from subscriptions.approvals.requests import Asker
from subscriptions.bulk.kinds import KINDS
from subscriptions.bulk.states import become
from subscriptions.models import BulkAct
from subscriptions.models.jobs.bulk_act import BulkState

MANY = "change-on-many"  # among what a second person approves


def needs_second_person(act: BulkAct) -> bool:
    return KINDS[act.kind].needs_second_person(act)


def ask_for(act: BulkAct, *, by: Actor, asker: Asker | None = None, is_begun: bool = False) -> None:
    """Needs a lock on the act, which waits in the meantime."""
    requests.ask(
        act=MANY,
        tenant=act.tenant,
        row=act.pk,
        subject_name=KINDS[act.kind].title(act.wanted),
        facts=ChangeWanted(asked_by=act.decided_by, many=act.waiting),
        kept={"digest": act.digest, "is_begun": is_begun},
        by=by,
        reason=act.reason,
        asker=asker,
    )


def hold_back(act: BulkAct, *, by: Actor) -> None:
    """What was decided while no second person was needed waits for one now; what is done stays."""
    assert act.proved is not None  # noqa: S101 - the database refuses it
    become(act, BulkState.ASKED)
    ask_for(act, by=by, asker=Asker(act.user_id, act.decided_by, act.proved, act.application), is_begun=True)
