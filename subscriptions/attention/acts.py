"""A person puts off what needs attention, or takes that back.

It is personal and leaves no audit event: nobody else sees less of anything.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from subscriptions.access import Actor, Permission
from subscriptions.attention.reads import Attention, find_attention, snoozes_of
from subscriptions.models import Snooze, Tenant

SNOOZE_DAYS = 7


@transaction.atomic
def snooze(*, tenant: Tenant, kind: str, by: Actor) -> Attention | None:
    """Puts off what there is of a kind now; None where there is nothing. What is put off already stays so as long as
    it was. Raises Refused.
    """
    by.may(Permission.READ).require()
    found = find_attention(tenant, by, kind)
    if found is None or by.user_id is None:
        return None
    earlier = snoozes_of(tenant, by).filter(kind=kind).first()
    if earlier and not found.has_new(earlier):
        return found
    facts = {"until": Now() + timedelta(days=SNOOZE_DAYS), "rows": found.rows, "is_cut": found.is_cut}
    Snooze.objects.update_or_create(tenant=tenant, user_id=by.user_id, kind=kind, defaults=facts)
    return found


@transaction.atomic
def wake(*, tenant: Tenant, kind: str, by: Actor) -> bool:
    """Whether it was put off."""
    by.may(Permission.READ).require()
    return bool(snoozes_of(tenant, by).filter(kind=kind).delete()[0])
