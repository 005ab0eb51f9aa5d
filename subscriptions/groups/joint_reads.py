"""A joint act as its person sees it: the part of each organization that the person is a member of now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from subscriptions.bulk import reads
from subscriptions.bulk.rules import is_current, may_begin
from subscriptions.groups.reads import Seat, read_each
from subscriptions.models import BulkAct, JointAct
from subscriptions.models.jobs.bulk_act import OPEN, UNDECIDED
from subscriptions.verdicts import Verdict


@dataclass
class Part:
    """In one organization: the act on many there, if there is one, and whether the person may act there now."""

    seat: Seat
    chosen: int
    act: BulkAct | None
    may: Verdict

    @property
    def is_decided(self) -> bool:
        return self.act is not None and self.act.state not in UNDECIDED

    @property
    def is_open(self) -> bool:
        return self.act is not None and self.act.state in OPEN

    @property
    def can_be_decided(self) -> bool:
        return self.act is not None and not self.is_decided and self.may.allowed

    @property
    def planned(self) -> int:
        return self.act.planned if self.act and self.can_be_decided else 0


def find_joint(user_id: int, uuid: UUID) -> JointAct | None:
    """Needs the person's scope."""
    return JointAct.objects.filter(user=user_id, uuid=uuid).first()


def decided_joints(user_id: int) -> Any:
    return JointAct.objects.filter(user=user_id, decided__isnull=False)


def parts_of(joint: JointAct, seats: Sequence[Seat]) -> list[Part]:
    """By the organizations' names. One that the person is no member of any more is no part of it."""
    stored = {part["tenant"]: part for part in joint.parts}

    def read(seat: Seat) -> Part:
        part = stored[seat.tenant.pk]
        act = reads.find_act(seat.tenant, UUID(part["act"])) if part["act"] else None
        return Part(seat, part["chosen"], act, may_begin(seat.actor, joint.kind))

    return read_each([seat for seat in seats if seat.tenant.pk in stored], joint.user_id, read)


def digest_of(parts: Iterable[Part]) -> str:
    """Of all that is shown of what can be decided."""
    digests = sorted(f"{part.act.uuid} {part.act.digest}" for part in parts if part.act and part.can_be_decided)
    return sha256("\n".join(digests).encode()).hexdigest()


def is_previewed(parts: Iterable[Part]) -> bool:
    return all(part.act.digest for part in parts if part.act and part.can_be_decided)


def are_current(parts: Iterable[Part]) -> bool:
    """Whether this person may decide what these previews show: all of them are new enough."""
    return all(is_current(part.act, part.seat.actor) for part in parts if part.act and part.can_be_decided)


@dataclass(frozen=True)
class Shown:
    """What the preview says of one organization."""

    changing: list[reads.Group]
    staying: list[reads.Group]
    told: list[tuple[Any, Any, int]]
    admins: int


def preview_of(act: BulkAct) -> Shown:
    """Needs the organization's scope."""
    changing, staying = (reads.groups_of(act, changing=changing) for changing in (True, False))
    reads.with_first_rows(act, changing)
    return Shown(changing, staying, reads.told_of(act, changing), reads.count_admins(act.tenant))
