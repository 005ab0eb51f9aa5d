"""What a log line and the record of a refusal leave out: links and tokens that are good by themselves."""

import re
from typing import Any

from portal.version import VERSION

SLASH = "(?:/|%2F)"  # within `next=` it is quoted
END = r"(?=[\s\"'\\&]|$)"
UUID = "[0-9a-f-]{36}"
LINKS = re.compile(
    rf"(?P<kept>password{SLASH}reset{SLASH}key{SLASH})(?!done{SLASH}{END})[^\s\"'\\&]+"
    rf"|(?P<offers>offers{SLASH}(?:new{SLASH})?)(?!new{SLASH}|{UUID}{SLASH})(?:(?!%2F)[^/\s\"'\\&?])+"
    rf"|(?P<invitations>invitations{SLASH})(?!switch{SLASH}|{UUID}{SLASH})(?:(?!%2F)[^/\s\"'\\&?])+",
    re.IGNORECASE,
)
# A token that a program wrongly sends in an address, by how those of the portal begin or by what it is called
TOKENS = re.compile(
    r"(?P<kept>(?:\b|%[0-9A-F]{2})(?:por|pot|whsec)_|(?:access_token|client_secret|client_assertion|password)(?:=|%3D))"
    r"[^\s\"'\\&]+",
    re.IGNORECASE,
)
LEFT_OUT = "[left out]"


def without_links(_logger: Any, _method: str, line: str) -> str:
    """The line as it is written, with each such link and token up to what makes it good."""
    return left_out(line)


def with_version(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """During an upgrade two versions write to one log."""
    return {**event, "version": VERSION}


def left_out(text: str) -> str:
    text = LINKS.sub(lambda link: (link["kept"] or link["offers"] or link["invitations"]) + LEFT_OUT, text)
    return TOKENS.sub(lambda token: token["kept"] + LEFT_OUT, text)
