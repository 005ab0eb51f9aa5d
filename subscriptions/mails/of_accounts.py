"""Mails about an account itself, of no organization and no audit event: the worker queues and sends them.

Who asks only queues a job. That takes as long for an address without an account, and needs no grant on mails.
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.utils import timezone, translation
from procrastinate.contrib.django import app as jobs

from subscriptions.mails.acts import queue_mails
from subscriptions.models import Mail
from subscriptions.models.mail import MailKind

QUEUE_ACCOUNT_MAIL = "subscriptions.queue_account_mail"


def tell_the_person(user_id: int | None, kind: MailKind) -> None:
    """In the language of who asks, where the account has none; nobody where there is no account."""
    jobs.configure_task(QUEUE_ACCOUNT_MAIL).defer(
        user_id=user_id,
        kind=kind,
        uuid=str(uuid4()),
        at=timezone.now().isoformat(),
        language=translation.get_language(),
    )


def queue_account_mail(*, user_id: int, kind: str, uuid: str, at: str, language: str) -> None:
    """Once, however often the job is run. Needs the worker's scope."""
    if not Mail.objects.filter(uuid=uuid).exists():
        queue_mails(
            [
                Mail(
                    uuid=UUID(uuid),
                    to_user_id=user_id,
                    kind=kind,
                    language=language,
                    queued=datetime.fromisoformat(at),
                )
            ]
        )
