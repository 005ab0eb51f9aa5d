"""Addresses from outside the portal's code, of which some lead out of the portal."""

from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def local_path(url: str | None) -> str:
    """The address if it is a path of this portal, else home."""
    if url and url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return url
    return reverse("home")
