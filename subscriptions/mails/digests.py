"""Mails that a person gets together: held when they are due, and sent as one at 08:00 of the person's own day."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app as jobs

from subscriptions.mails.acts import SEND_MAIL, language_of
from subscriptions.models import Mail, User
from subscriptions.models.mail import MailKind, MailState

AT = time(8)


def queue_digests(*, now: datetime) -> int:
    """How many were queued. Needs the worker's scope.

    Of each person one a day, however often and however late this runs, and whatever the person does to the time zone:
    of what was due before 08:00 of the day. What comes later waits for the next day.
    """
    waiting = Mail.objects.filter(state=MailState.HELD, in_digest__isnull=True)
    people = User.objects.filter(pk__in=waiting.values("to_user")).order_by("pk")
    return sum(_queue_digest(user, now) for user in people)


@transaction.atomic
def _queue_digest(user: User, now: datetime) -> bool:
    zone = ZoneInfo(user.time_zone or settings.TIME_ZONE)
    day = now.astimezone(zone).date()
    begins = datetime.combine(day, AT, zone)
    due = Mail.objects.filter(to_user=user, state=MailState.HELD, in_digest__isnull=True, queued__lt=begins)
    first = due.select_related("tenant", "to_user").order_by("pk").first() if now >= begins else None
    if first is None:
        return False
    facts = {"kind": MailKind.DIGEST, "language": language_of(first)}
    digest, is_new = Mail.objects.get_or_create(to_user=user, digest_day=day, defaults=facts)
    if not is_new:
        return False
    due.update(in_digest=digest.uuid)
    jobs.configure_task(SEND_MAIL, lock=f"mail-{digest.pk}").defer(mail_id=digest.pk)
    return True
