"""Where a request may be larger than others, as a file comes with it: the name of the address, and bytes."""

from django.urls import Resolver404, resolve

from subscriptions.clouds import Text

UPLOADS: dict[str, int] = {}
LARGER: dict[str, Text] = {}  # what helps where a file is larger than that
BESIDE_THE_FILE = 64 * 1024  # bytes of the form around it


def most_bytes(path: str) -> int:
    """That a request for this address may have where it brings a file; 0 for an address without files."""
    most = UPLOADS.get(_name_of(path))
    return most + BESIDE_THE_FILE if most else 0


def told_of_larger(path: str) -> dict[str, Text | int]:
    """For the page that turns a larger file away: how many megabytes are taken, and what helps."""
    name = _name_of(path)
    return {"most": UPLOADS[name] // (1024 * 1024), "helps": LARGER[name]} if name in LARGER else {}


def _name_of(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""
