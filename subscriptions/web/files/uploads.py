"""Where a request may be larger than others, as a file comes with it: the name of the address, and bytes."""

from django.urls import Resolver404, resolve

UPLOADS: dict[str, int] = {}
BESIDE_THE_FILE = 64 * 1024  # bytes of the form around it


def most_bytes(path: str) -> int:
    """That a request for this address may have where it brings a file; 0 for an address without files."""
    try:
        most = UPLOADS.get(resolve(path).view_name)
    except Resolver404:
        return 0
    return most + BESIDE_THE_FILE if most else 0
