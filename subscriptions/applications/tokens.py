"""The tokens of applications: told once, kept as a hash, known again by it."""

import hashlib
import secrets

PREFIX = "por_"
LONGEST_SHOWN = 1000  # of any text that is read and looked for: a token of either kind is shorter


def new_token() -> str:
    """With 256 bits that nobody can guess, so that its hash needs no salt."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def hint_of(token: str) -> str:
    """How it begins and ends, to tell it from others."""
    return f"{token[: len(PREFIX) + 4]}…{token[-4:]}"
