"""Who does what a command does: one of the staff, named by the address, or the portal itself."""

from django.core.management.base import CommandError

from subscriptions.access import Actor, staff_actor, the_portal
from subscriptions.db import scopes
from subscriptions.models import User


def by_whom(email: str | None) -> Actor:
    """Raises CommandError for an address that is none of the staff's."""
    if email is None:
        return the_portal()
    with scopes.staff():
        user = User.objects.filter(email=email, is_staff=True, is_active=True).first()
        if user is None:
            raise CommandError(f"{email} is no address of the staff.")
        return staff_actor(user)
