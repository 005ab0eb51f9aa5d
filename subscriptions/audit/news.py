"""What happened in an organization since its member last looked; how much that is, its memberships say."""

from datetime import datetime

from django.db.models.functions import Now

from subscriptions.access import Actor, Permission
from subscriptions.db import scopes
from subscriptions.models import Membership, Tenant
from subscriptions.models.people.membership import memberships_of


def mark_seen(*, tenant: Tenant, by: Actor) -> datetime | None:
    """From now on all of it is seen; since when it was not, or None where there was nothing new. Raises Refused.

    It is the person's own, so it is done in the person's scope and leaves no audit event.
    """
    by.may(Permission.READ_AUDIT_LOG).require()
    if by.user_id is None:
        return None
    with scopes.person(by.user_id):
        mine = next((each for each in memberships_of(by.user_id) if each.tenant_id == tenant.pk), None)
        if mine is None or not mine.news:
            return None
        Membership.objects.filter(pk=mine.pk).update(seen=Now())
    return mine.seen
