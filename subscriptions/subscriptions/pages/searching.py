"""Where the answers to a search of an organization's subscriptions lie, known without a look at each of them."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, Func, Value

from subscriptions.base.search import Word, spellings
from subscriptions.models import Subscription, Tenant
from subscriptions.web.paging import COUNT_CAP, found_first


def listed_subscriptions(rows: Any, text: str, *, tenant: Tenant) -> Any:
    """Those of `rows` that answer to the text: by their ids where one word is rare, else as found_first has them."""
    few, matching = find_few(tenant, text), rows.matching(text, tenant=tenant)
    return found_first(rows, matching) if few is None else matching.filter(pk__in=few)


def find_few(tenant: Tenant, text: str) -> list[int] | None:
    """Ids among which is each row that answers to the text; None where each of its words is in many rows.

    Needs the organization's scope: the function in the database that uses the index is that scope's alone.
    """
    found: set[int] = set()
    for words in spellings(text):
        few = _of_a_rare_one(tenant, words)
        if few is None:
            return None
        found |= few
    return sorted(found)


def _of_a_rare_one(tenant: Tenant, words: Iterable[Word]) -> set[int] | None:
    return next((few for word in words if (few := _few(tenant, word)) is not None), None)


def _few(tenant: Tenant, word: Word) -> set[int] | None:
    """The rows that have the word in one of the places that `matching` looks in; one statement."""
    places: dict[str, Any] = {
        name: ArraySubquery(keys[:COUNT_CAP])
        for name, keys in Subscription.objects.keys_elsewhere(word, tenant=tenant).items()
    }
    asked: Any = Tenant.objects.filter(pk=tenant.pk).values(own=_own(word), **places)
    found: dict[str, list[int]] = asked.get()
    if any(len(ids) >= COUNT_CAP for ids in found.values()):
        return None
    return {pk for ids in found.values() for pk in ids}


def find_own(word: Word) -> list[int] | None:
    """Those of the scope's organization that have the word in their own texts; None where these are many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT subscriptions_with(%s, %s, %s, %s)", [*_patterns(word), COUNT_CAP])
        (ids,) = cursor.fetchone()
    return ids if len(ids) < COUNT_CAP else None


def _own(word: Word) -> Func:
    """The function of the database, which knows the organization from the scope."""
    values = [Value(pattern, output_field=None) for pattern in _patterns(word)]
    ids = ArrayField(BigIntegerField())
    return Func(*values, Value(COUNT_CAP), function="subscriptions_with", output_field=ids)


def _patterns(word: Word) -> list[str | None]:
    return [*word.patterns, None, None][:3]
