"""Addresses from outside the portal's code, of which some lead out of the portal."""

from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode


def local_path(url: str | None) -> str:
    """The address if it is a path of this portal, else home."""
    if url and url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return url
    return reverse("home")


def help_url(page: str) -> str:
    """Help, about the page at this address."""
    return f"{reverse('help')}?{urlencode({'about': page})}" if page else reverse("help")
