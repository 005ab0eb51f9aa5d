"""Why a mail could not be sent, without the addresses that mail servers and libraries put into their words."""

from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException


class MailNotSent(Exception):
    """In place of the error itself, whose text may hold a person's address."""


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
