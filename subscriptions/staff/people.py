"""Where a person belongs: rooms enter what they know, so that staff can tell namesakes apart."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from subscriptions.base import formats
from subscriptions.models import User

# By the path along which rows are read ahead: what they say of a person
PLACES: dict[str, Callable[[User], list[str]]] = {
    "memberships__tenant": lambda user: [
        f"{each.get_role_display()}{formats.mark(', ')}{each.tenant}" for each in user.memberships.all()
    ],
}


def places_of(user: User) -> list[str]:
    """Organizations with the role there, and whatever else upper rooms know; of a user read with PLACES."""
    found = [place for places in PLACES.values() for place in places(user)]
    return [*found, _("Staff")] if user.is_staff else found


def describe_account(user: User) -> str:
    """Name, mail address, places and last sign-in."""
    signed_in = (
        _("last sign-in %(day)s") % {"day": formats.day(user.last_login)}
        if user.last_login
        else _("has never signed in")
    )
    return formats.join_facts(user.name, user.email, *places_of(user), signed_in)
