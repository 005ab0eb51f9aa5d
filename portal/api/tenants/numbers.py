"""A partner ID as a program sends it: a text, read as leniently as on the pages, and never empty."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.api.kinds import INVALID
from portal.api.problems import Problem, Wrong
from subscriptions.base.partner_id import normalize_number


def number_sent(text: str, **place: str) -> str:
    """In the spelling in which it is kept; `place` says where it stood. Raises Problem."""
    try:
        number = normalize_number(text)
    except ValidationError as error:
        raise Problem(INVALID, errors=[Wrong(error.messages[0], error.code or "invalid", **place)]) from error
    if not number:
        told = _("Enter the ID that the partner gave you.")
        raise Problem(INVALID, errors=[Wrong(told, "required", **place)])
    return number


def uuid_sent(text: str, pointer: str) -> UUID:
    """Raises Problem."""
    try:
        return UUID(text)
    except ValueError as error:
        told = _("This is no ID of the portal.")
        raise Problem(INVALID, errors=[Wrong(told, "invalid", pointer=pointer)]) from error
