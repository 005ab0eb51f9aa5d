"""What staff's search looks through: kinds of things, which rooms register, in this order."""

from django.urls import reverse
from django.utils.http import urlencode

from subscriptions.search.finder import SearchKind

SEARCHED: dict[str, tuple[int, SearchKind]] = {}


def add_searched(name: str, kind: SearchKind, *, place: int) -> None:
    SEARCHED[name] = (place, kind)


def searched() -> list[SearchKind]:
    return [kind for _place, kind in sorted(SEARCHED.values(), key=lambda each: each[0])]


def list_of(model: str, text: str) -> str:
    """The list of staff in which all that answer to the text stand."""
    return f"{reverse(f'admin:{model}_changelist')}?{urlencode({'q': text})}"
