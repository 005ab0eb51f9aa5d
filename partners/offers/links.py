"""The link of an offer's mail: a signed pointer to the offer as it was last sent, and no authority at all."""

from uuid import UUID

from django.core import signing

SALT = "partners.offer"


class LinkNotValid(Exception):
    """The link is not one that this portal wrote."""


def write_link(uuid: UUID, generation: int) -> str:
    """What the address in the mail of that sending has at its end."""
    return signing.dumps([str(uuid), generation], salt=SALT)


def read_link(token: str) -> tuple[UUID, int]:
    """Which offer, and which of its sendings. Raises LinkNotValid."""
    try:
        uuid, generation = signing.loads(token, salt=SALT)
        return UUID(uuid), int(generation)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise LinkNotValid from error
