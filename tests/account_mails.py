"""What the worker does with mails about accounts that were asked for."""

from types import SimpleNamespace

from procrastinate.contrib.django.models import ProcrastinateJob

from subscriptions import tasks
from subscriptions.mails.of_accounts import QUEUE_ACCOUNT_MAIL
from subscriptions.models import Mail
from subscriptions.models.mail import ABOUT_AN_ACCOUNT, MailState
from tests.database import as_owner


def jobs_asked_for() -> list[dict]:
    with as_owner():
        return list(ProcrastinateJob.objects.filter(task_name=QUEUE_ACCOUNT_MAIL).values_list("args", flat=True))


def send_account_mails(*, attempts: int = 0) -> None:
    """Every job that was ever asked for: one that is run again does nothing."""
    for arguments in jobs_asked_for():
        tasks.queue_account_mail(**arguments)
    with as_owner():
        waiting = list(
            Mail.objects.filter(kind__in=ABOUT_AN_ACCOUNT, state=MailState.QUEUED).values_list("pk", flat=True)
        )
    for key in waiting:
        tasks.send_mail(SimpleNamespace(job=SimpleNamespace(attempts=attempts)), mail_id=key)


def mails_about_accounts() -> list[tuple[str, str]]:
    """Kind and state of each."""
    with as_owner():
        return list(Mail.objects.filter(kind__in=ABOUT_AN_ACCOUNT).order_by("pk").values_list("kind", "state"))
