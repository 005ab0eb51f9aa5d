"""The demo's post office: each mail is a file in a folder."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class MailFolder(BaseEmailBackend):
    """Writes one `.eml` file a message; a message sent again replaces its file, as it has the same Message-ID."""

    def send_messages(self, email_messages) -> int:
        folder = Path(settings.MAIL_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        for email in email_messages:
            message = email.message()
            name = re.sub(r"[^A-Za-z0-9.@-]", "", message["Message-ID"])
            (folder / f"{name}.eml").write_bytes(message.as_bytes(linesep="\r\n"))
        return len(email_messages)


@dataclass(frozen=True)
class ShownMail:
    at: datetime
    to: str
    subject: str
    body: str


def mails_in_folder() -> list[Path]:
    """The newest first."""
    return sorted(Path(settings.MAIL_FOLDER).glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)


def read_mail(file: Path) -> ShownMail:
    message = message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=policy.default)
    body = message.get_body(("plain",))
    return ShownMail(
        _sent_at(message), str(message["To"]), str(message["Subject"]), body.get_content() if body else ""
    )


def _sent_at(message: EmailMessage) -> datetime:
    """Django dates its mails in UTC, spelled -0000, which Python reads as a time without a zone."""
    at = parsedate_to_datetime(message["Date"])
    return at if at.tzinfo else at.replace(tzinfo=UTC)
