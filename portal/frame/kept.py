"""Parts of the frame that are drawn once for all that they show, and kept in the process.

The template of such a part is given its facts and nothing else: no request, no person, no setting of the moment.
These facts and the language are the key under which it is kept. So what shows anything else is another part: nothing
has to be forgotten when something changes, and nobody gets what was drawn for another. What must never be kept, such
as the token of a form, is a slot of the template and is put in each time.
"""

from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString

from subscriptions.base.markup import Slotted, slot

MOST_KEPT = 1_000  # of some kilobytes each
NAMES = ("csrf_token", "bell", "here", "help_url", "sought", "label", "count")
SLOTS = {name: slot(name) for name in NAMES}


def kept_part(template: str, language: str, facts: Hashable = None, **slots: object) -> SafeString:
    """`facts` stand in the template as `part`, each of SLOTS by its own name."""
    return _drawn(template, language, facts).filled(slots)


@lru_cache(maxsize=MOST_KEPT)
def _drawn(template: str, language: str, facts: Hashable) -> Slotted:
    """In the language in force, which is named to tell the parts of others apart."""
    drawn: Any = get_template(template).render({**SLOTS, "part": facts})
    return Slotted(drawn)


forget_parts = _drawn.cache_clear
