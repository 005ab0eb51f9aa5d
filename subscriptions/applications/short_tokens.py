"""Tokens for some minutes, which an application gets for one of its own by OAuth 2: nothing of them is kept.

What such a token says is sealed in it: the hash of the one that it was given for, its scopes and its end. It opens no
more than that one does now, and nothing once that one is revoked.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.fernet import InvalidToken

from subscriptions.applications.tokens import hash_of
from subscriptions.base.ciphers import cipher_for
from subscriptions.models.people.application import ApplicationScope

PURPOSE = "short token of an application"
PREFIX = "pot_"
SHORT_TOKEN = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a request shows: the hash by which a token is looked for, and of one for some minutes what it says."""

    hash: str
    scopes: frozenset[str] | None = None
    ends: datetime | None = None


def seal(token: str, *, scopes: Collection[str], ends: datetime) -> str:
    """In the place of `token`, until then."""
    said = {"hash": hash_of(token), "scopes": sorted(scopes), "ends": ends.timestamp()}
    return PREFIX + cipher_for(PURPOSE).encrypt(json.dumps(said).encode()).decode()


def read(token: str) -> Shown:
    """Of whatever is shown; what nobody sealed is looked for like the rest, and not there."""
    if token.startswith(PREFIX):
        try:
            said = json.loads(cipher_for(PURPOSE).decrypt(token.removeprefix(PREFIX).encode()))
        except (InvalidToken, ValueError):
            return Shown(hash=hash_of(token))
        return Shown(hash=said["hash"], scopes=_known(said["scopes"]), ends=datetime.fromtimestamp(said["ends"], UTC))
    return Shown(hash=hash_of(token))


def _known(scopes: list[str]) -> frozenset[str]:
    return frozenset(scopes) & frozenset(ApplicationScope.values)
