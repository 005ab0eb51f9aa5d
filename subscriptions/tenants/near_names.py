"""Organizations that have nearly a name, so that none is entered twice. Needs the staff's scope."""

from subscriptions.base.names import sort_key
from subscriptions.models import Tenant

MOST_SHOWN = 5
LETTERS_OF_A_TRIGRAM = 3


def near_names(name: str) -> list[Tenant]:
    """Those in whose search text the name stands nearly, by trigrams, of which there is an index."""
    key = sort_key(name).strip()
    if len(key) < LETTERS_OF_A_TRIGRAM:
        return []
    return list(Tenant.objects.filter(search_text__trigram_word_similar=key).order_by("name_key", "id")[:MOST_SHOWN])
