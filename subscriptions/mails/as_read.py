"""A mail as its reader gets it: composed once more from its event, with every secret in its links hidden."""

import re
from dataclasses import dataclass
from email.header import decode_header, make_header
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import Resolver404, resolve

from subscriptions.mails.acts import compose, language_of
from subscriptions.models import Mail

LINK = re.compile(r"https?://[^\s<>\"')\]]+")
HIDDEN = "…"
SHOWN = frozenset({"slug", "uuid", "number"})  # of what an address has captured; whatever else is a token


@dataclass(frozen=True)
class ReadMail:
    """What stands in the mail; `html` is empty where it is of text alone, `language` a code."""

    sender: str
    receiver: str
    subject: str
    text: str
    html: str
    language: str
    message_id: str


def as_read(mail: Mail) -> ReadMail:
    """Needs a scope that reads what a mail is made of, and the mail with its tenant, event and person."""
    message = compose(mail)
    return ReadMail(
        sender=message.from_email,
        receiver=", ".join(str(make_header(decode_header(each))) for each in message.to),
        subject=str(message.subject),
        text=hide_tokens(str(message.body)),
        html=hide_tokens(_html_of(message)),
        language=language_of(mail),
        message_id=message.extra_headers["Message-ID"],
    )


def _html_of(message: EmailMessage) -> str:
    parts = getattr(message, "alternatives", [])
    return next((str(content) for content, kind in parts if kind == "text/html"), "")


def hide_tokens(text: str) -> str:
    """Whoever reads a mail in its reader's place can use none of its links."""
    return LINK.sub(lambda found: _without_secrets(found[0]), text)


def _without_secrets(link: str) -> str:
    """Of the portal's own addresses the known parts stay; of what is no address of it, nothing but the place."""
    parts = urlsplit(link)
    place = f"{parts.scheme}://{parts.netloc}"
    if place != settings.SITE_URL:
        return link if not parts.query else f"{place}{parts.path}?{HIDDEN}"
    try:
        captured = resolve(parts.path).kwargs
    except Resolver404:
        return f"{place}/{HIDDEN}" if parts.path.strip("/") else link
    path = parts.path
    for name, value in captured.items():
        if name not in SHOWN:
            path = path.replace(str(value), HIDDEN)
    return f"{place}{path}?{HIDDEN}" if parts.query else f"{place}{path}"
