"""The seal of an act's form: for whom and for which page it was drawn, and in which organization its key is kept.

It gives no right at all. It tells where an earlier answer is before what was acted on has to exist, and whose typed
text may be kept while somebody signs in again.
"""

from dataclasses import dataclass
from typing import Any

from django.core import signing

SALT = "act-form"


@dataclass(frozen=True)
class Seal:
    user_id: int
    page_url: str
    home: int | None  # key of the organization
    is_typed: bool  # whether the form asks for anything, or is a button alone


def write_seal(seal: Seal) -> str:
    return signing.dumps([seal.user_id, seal.page_url, seal.home, seal.is_typed], salt=SALT, compress=True)


def read_seal(post: Any) -> Seal | None:
    """The seal that a form carries; None where it has none, or one that was not made here."""
    try:
        return Seal(*signing.loads(post.get("seal", ""), salt=SALT))
    except (signing.BadSignature, TypeError):
        return None
