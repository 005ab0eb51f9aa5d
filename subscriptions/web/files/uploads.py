"""Where a request may be larger than others, as a file comes with it: the name of the address, and bytes."""

from django.urls import reverse

UPLOADS: dict[str, int] = {}
BESIDE_THE_FILE = 64 * 1024  # bytes of the form around it


def most_bytes(path: str) -> int:
    """That a request for this address may have where it brings a file; 0 for an address without files."""
    found = (most + BESIDE_THE_FILE for name, most in UPLOADS.items() if path == reverse(name))
    return next(found, 0)
