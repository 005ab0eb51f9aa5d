"""A person puts off what needs attention on a home, an organization's or a partner's, or takes that back.

It is personal and leaves no audit event: nobody else sees less of anything.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from subscriptions.access import Actor
from subscriptions.attention.reads import Attention, board_of, find_attention, snoozes_of
from subscriptions.models import Snooze

SNOOZE_DAYS = 7


@transaction.atomic
def snooze(*, place: Any, kind: str, by: Actor) -> Attention | None:
    """Puts off what there is of a kind now; None where there is nothing. What is put off already stays so as long as
    it was. Raises Refused.
    """
    by.may(board_of(place).permission).require()
    found = find_attention(place, by, kind)
    if found is None or by.user_id is None:
        return None
    earlier = snoozes_of(place, by).filter(kind=kind).first()
    if earlier and not found.has_new(earlier):
        return found
    facts = {"until": Now() + timedelta(days=SNOOZE_DAYS), "rows": found.rows, "is_cut": found.is_cut}
    mine = {board_of(place).column: place, "user_id": by.user_id}
    Snooze.objects.update_or_create(**mine, kind=kind, defaults=facts)
    return found


@transaction.atomic
def wake(*, place: Any, kind: str, by: Actor) -> bool:
    """Whether it was put off."""
    by.may(board_of(place).permission).require()
    return bool(snoozes_of(place, by).filter(kind=kind).delete()[0])
