"""Addresses from outside the portal's code, of which some lead out of the portal."""

from functools import lru_cache
from urllib.parse import quote_plus

from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from subscriptions.base.markup import escaped


def local_path(url: str | None) -> str:
    """The address if it is a path of this portal, else home."""
    if url and url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return url
    return reverse("home")


@lru_cache(maxsize=10_000)
def known_address(url_name: str, place: str) -> str:
    """Of a page of an organization or workspace that each of its menus names."""
    return reverse(url_name, args=[place])


@lru_cache(maxsize=10_000)
def drawn_address(url_name: str, given: tuple[str | int, ...], current_app: str | None) -> str:
    """Of a page that a template names, as it stands in markup."""
    return escaped(reverse(url_name, args=given, current_app=current_app))


def help_url(page: str) -> str:
    """Help, about the page at this address."""
    return f"{_help()}?about={quote_plus(page)}" if page else _help()


@lru_cache(maxsize=1)
def _help() -> str:
    return reverse("help")
