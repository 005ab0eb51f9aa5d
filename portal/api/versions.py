"""Which version the caller saw: a strong ETag, compared before anything is changed, never blindly overwritten."""

import re
from typing import Any

from django.http import HttpRequest

from portal.api.kinds import NO_VERSION
from portal.api.problems import Problem

ONE_TAG = re.compile(r'"([!#-~]{1,64})"')


def tag_of(version: int | str) -> str:
    return f'"{version}"'


def version_sent(request: HttpRequest, body: Any = None) -> str:
    """By If-Match, or where a client cannot send that, as `version` in the body. Raises Problem where neither is.

    A facade has read it already, as its clients write it.
    """
    seen: str | None = getattr(request, "seen", None)
    if seen is not None:
        return seen
    sent = request.headers.get("If-Match", "").strip()
    if match := ONE_TAG.fullmatch(sent):
        return match[1]
    version = getattr(body, "version", None)
    if version is not None and not sent:
        return str(version)
    raise Problem(NO_VERSION)


def is_unchanged(request: HttpRequest, version: int | str | None) -> bool:
    """Whether the caller has this version already (If-None-Match)."""
    sent = request.headers.get("If-None-Match", "")
    if version is None or not sent:
        return False
    tags = [each.strip().removeprefix("W/") for each in sent.split(",")]
    return "*" in tags or tag_of(version) in tags
