"""Files of the listed subscriptions beside the list's own, by what an address asks for; an upper app adds its own."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponseBase

from subscriptions.clouds import Text


@dataclass(frozen=True)
class OtherFile:
    """`answer` takes the request of the page, and its subscriptions as they are filtered."""

    label: Text
    answer: Callable[..., HttpResponseBase]


OTHER_FILES: dict[str, OtherFile] = {}
