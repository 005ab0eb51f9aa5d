"""What all pages of staff's own have in common."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin

from subscriptions.clouds import Text

Crumbs = Sequence[tuple[Text, str]]


def page_context(request: Any, title: str, *, crumbs: Crumbs = ()) -> dict[str, Any]:
    """Of the site, with the title and the way here."""
    return {**admin.site.each_context(request), "title": title, "crumbs": crumbs}
