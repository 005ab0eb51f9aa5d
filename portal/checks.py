"""What the portal refuses to start with: a login that sees everything, or settings made for development."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.core.checks.registry import registry
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError
from django.db import connections

from portal.database.encryption import refused_session
from portal.database.schema_age import too_old
from subscriptions.clouds import Cloud
from subscriptions.db.standby import ALIAS as STANDBY

DEVELOPMENT_ONLY = {
    "DEBUG": "DEBUG shows settings and code to everybody who meets an error.",
    "DEMO": "PORTAL_DEMO lets everybody sign in as anybody.",
    "MFA_TOTP_INSECURE_BYPASS_CODE": "MFA_TOTP_INSECURE_BYPASS_CODE is a second factor that everybody knows.",
}

# Of the checks of a running portal: a mail server that is away keeps nobody from serving
FITNESS = "fitness"


@register(Tags.database)
def check_login(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """A login with too much power, or another server than the one that is meant. One that is away is neither."""
    problems: list[CheckMessage] = []
    for alias in databases or []:
        try:
            connections[alias].ensure_connection()
        except DatabaseError as error:
            if alias != STANDBY and (sentence := refused_session(str(error))):
                problems.append(Error(sentence, id="portal.E013"))
        except ImproperlyConfigured as refusal:
            problems.append(Error(str(refusal), id="portal.E001"))
    return problems


@register(Tags.security, deploy=True)
def check_production(**_: Any) -> list[CheckMessage]:
    problems: list[CheckMessage] = [
        Error(sentence, id="portal.E002")
        for name, sentence in DEVELOPMENT_ONLY.items()
        if getattr(settings, name, None)
    ]
    if unknown := sorted(settings.BRANDS.keys() - {"", *Cloud}):
        problems.append(Error(f"BRAND_FILE: there is no cloud {', '.join(unknown)}.", id="portal.E011"))
    if settings.SECRET_KEY == settings.DEVELOPMENT_KEY:
        problems.append(Error("SECRET_KEY is the published one for development.", id="portal.E003"))
    if settings.SECURE and settings.STAFF_MAILBOX == settings.DEVELOPMENT_STAFF_MAILBOX:
        problems.append(Error("STAFF_MAILBOX is not set, so nobody reads the mails to staff.", id="portal.E004"))
    if settings.SECURE and settings.EMAIL_BACKEND == settings.DEVELOPMENT_EMAIL_BACKEND:
        problems.append(Error("EMAIL_URL is not set, so mails are files that nobody gets.", id="portal.E005"))
    return problems


def _schema_too_old() -> list[CheckMessage]:
    """Asked at the start alone: whoever serves already goes on while `migrate` runs."""
    try:
        sentence = too_old()
    except (DatabaseError, ImproperlyConfigured):
        return []  # away, or refused in another sentence
    return [Error(sentence, id="portal.E012")] if sentence else []


def reasons_not_to_serve() -> list[CheckMessage]:
    """Every error that Django and the portal see; for https also those of `check --deploy`, else its errors.

    The login comes first: with one that is refused, Django's own checks could not ask the database anything.
    """
    aliases = list(connections)
    messages = check_login(aliases) or run_checks(databases=[alias for alias in aliases if alias != STANDBY])
    if settings.SECURE:
        tags = sorted(registry.tags_available(deployment_checks=True) - {FITNESS, Tags.database})
        deployment = run_checks(tags=tags, include_deployment_checks=True)
        messages = [*messages, *(message for message in deployment if message not in messages)]
    if not settings.SECURE and not settings.DEMO:
        messages = [*messages, *check_production()]
    messages = [*messages, *_schema_too_old()]
    connections.close_all()
    return [message for message in messages if message.is_serious() and not message.is_silenced()]
