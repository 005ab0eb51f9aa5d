"""Why a mail could not be sent, without the addresses that mail servers and libraries put into their words."""

import re
from dataclasses import dataclass
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from subscriptions.models.mail_try import TryOutcome

ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")


@dataclass(frozen=True)
class Tried:
    """One try to send a mail: what came of it, the server's words without addresses, and how long it took."""

    outcome: TryOutcome
    answer: str = ""
    seconds: float = 0


TAKEN = Tried(TryOutcome.TAKEN)


class MailNotSent(Exception):
    """In place of the error itself, whose text may hold a person's address; `tried` where a server was asked."""

    tried: Tried | None = None


def describe_failure(error: Exception) -> str:
    """The error's type, with the mail server's codes or with what the operating system calls it."""
    name = type(error).__name__
    if isinstance(error, SMTPException):
        return " ".join([name, *map(str, _codes(error))])
    if isinstance(error, OSError) and error.strerror:
        return f"{name}: {error.strerror}"
    return name


def _codes(error: SMTPException) -> list[int]:
    if isinstance(error, SMTPRecipientsRefused):
        return [code for code, _words in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, SMTPResponseException) else []


def tried_in_vain(error: Exception, *, seconds: float) -> Tried:
    """What the server said: its code and words, of several receivers those for the first."""
    code, words = _answer(error)
    if code:
        outcome = TryOutcome.REFUSED if code >= 500 else TryOutcome.LATER
        return Tried(outcome, f"{code} {words}".strip(), seconds)
    outcome = TryOutcome.NO_ANSWER if isinstance(error, OSError) else TryOutcome.NOT_MADE
    return Tried(outcome, describe_failure(error), seconds)


def _answer(error: Exception) -> tuple[int, str]:
    words: bytes | str
    if isinstance(error, SMTPRecipientsRefused) and error.recipients:
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    else:
        return 0, ""
    text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    return code, ADDRESS.sub("…", " ".join(text.split()))
