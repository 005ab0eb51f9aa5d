"""Jobs of the ground floor. Their arguments are ids only; each opens its own scope."""

from datetime import UTC, datetime, timedelta
from time import perf_counter

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app as jobs
from procrastinate.jobs import Job

from subscriptions.approvals import requests as approvals
from subscriptions.bulk import runs as bulk_runs
from subscriptions.bulk.states import RUN_BULK
from subscriptions.db import housekeeping, scopes
from subscriptions.db.batches import work_off
from subscriptions.imports import acts as imports
from subscriptions.imports import runs
from subscriptions.invitations import acts as invitations
from subscriptions.mails import acts as mails
from subscriptions.mails import audit_digests, digests, of_accounts
from subscriptions.mails.failures import MailNotSent, Tried, describe_failure, tried_in_vain
from subscriptions.models.mail_try import TryOutcome
from subscriptions.orders import acts as orders
from subscriptions.subscriptions import upkeep
from subscriptions.tenants import deletion

MAIL_ATTEMPTS = 105
LONGEST_PAUSE = 60 * 60


class LongerPauses(BaseRetryStrategy):
    """Each pause is twice the one before, up to an hour: four days in all, so that no weekend loses a mail."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= MAIL_ATTEMPTS:
            return None
        first = settings.MAIL_RETRY_SECONDS
        return RetryDecision(retry_in={"seconds": min(first * 2**job.attempts, max(first, LONGEST_PAUSE))})


@jobs.task(name=mails.SEND_MAIL, pass_context=True, retry=LongerPauses())
def send_mail(context: JobContext, *, mail_id: int) -> None:
    """The job's lock keeps two workers from the same mail. Raises MailNotSent, which is logged."""
    try:
        _send_mail(mail_id)
    except MailNotSent as failure:
        with scopes.worker():
            final = context.job.attempts >= MAIL_ATTEMPTS
            mails.note_failure(mail_id, str(failure), final=final, tried=failure.tried)
        raise


def _send_mail(mail_id: int) -> None:
    """The mail server is asked outside any transaction. Raises MailNotSent."""
    began = perf_counter()
    try:
        with scopes.worker():
            message = mails.message_to_send(mail_id)
        if message:
            began = perf_counter()
            message.send()
            with scopes.worker():
                mails.mark_sent(mail_id, tried=Tried(TryOutcome.TAKEN, seconds=perf_counter() - began))
    except Exception as error:  # noqa: BLE001 - its text is withheld, its place is kept
        failure = MailNotSent(describe_failure(error))
        failure.tried = tried_in_vain(error, seconds=perf_counter() - began)
        raise failure.with_traceback(error.__traceback__) from None


@jobs.task(name=of_accounts.QUEUE_ACCOUNT_MAIL, retry=LongerPauses())
def queue_account_mail(*, user_id: int | None, kind: str, uuid: str, at: str, language: str) -> None:
    """Without an account there is nobody to write to, which who asked is not told."""
    if user_id is not None:
        with scopes.worker():
            of_accounts.queue_account_mail(user_id=user_id, kind=kind, uuid=uuid, at=at, language=language)


@jobs.task(name=RUN_BULK, retry=LongerPauses())
def run_bulk(*, tenant_id: int, act_id: int) -> None:
    """Where the database is away the job is tried again, and goes on with the rows that have no outcome yet."""
    bulk_runs.work_off(tenant_id=tenant_id, act_id=act_id)


@jobs.periodic(cron="*/2 * * * *")
@jobs.task(name="subscriptions.retry_stalled_jobs", queueing_lock="retry-stalled-jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """A job whose worker was killed is done again by another one."""
    for job in await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=30):
        await jobs.job_manager.retry_job(job)


@jobs.periodic(cron="20 3 * * *")
@jobs.task(name="subscriptions.tidy_up", queueing_lock="tidy-up")
def tidy_up(timestamp: int) -> None:
    """Old counters, keys and kept forms, refusals, failures of jobs, files of imports, previews, and old sessions."""
    with scopes.worker():
        housekeeping.remove_counters()
        housekeeping.remove_idempotency_keys()
        housekeeping.remove_refusals()
        housekeeping.remove_job_failures()
        housekeeping.remove_kept_forms()
        housekeeping.remove_previews()
        housekeeping.remove_imports()
        housekeeping.remove_snoozes()
    call_command("clearsessions")


@jobs.periodic(cron="*/15 * * * *")
@jobs.task(name="subscriptions.erase_late_addresses", queueing_lock="erase-late-addresses")
def erase_late_addresses(timestamp: int) -> None:
    """An invitation's address goes with its time."""
    with scopes.worker():
        invitations.erase_late_addresses()


@jobs.periodic(cron="*/15 * * * *")
@jobs.task(name="subscriptions.queue_digests", queueing_lock="queue-digests", lock="queue-digests")
def queue_digests(timestamp: int) -> None:
    """It is 08:00 somewhere at each quarter of an hour."""
    with scopes.worker():
        digests.queue_digests(now=timezone.now())


@jobs.periodic(cron="20 * * * *")
@jobs.task(name="subscriptions.expire_drafts", queueing_lock="expire-drafts")
def expire_drafts(timestamp: int) -> None:
    """A draft ends with the day until which it is kept, by the clock of UTC; its pages go by the organization's."""
    with scopes.worker():
        orders.expire_drafts(today=datetime.fromtimestamp(timestamp, tz=UTC).date() - timedelta(days=1))


@jobs.periodic(cron="52 * * * *")
@jobs.task(name=approvals.JOB, queueing_lock="expire-approvals", lock="expire-approvals")
def expire_approvals(timestamp: int) -> None:
    """What nobody has decided in time; a page that comes before does not count it any more."""
    approvals.expire_all()


@jobs.periodic(cron="42 * * * *")
@jobs.task(name=deletion.JOB, queueing_lock="delete-closed", lock="delete-closed")
def delete_closed(timestamp: int) -> None:
    """Closed organizations whose last day is over, hourly, as their days end at different hours."""
    work_off(deletion.delete_closed)


@jobs.periodic(cron="40 0 * * *")
@jobs.task(name=audit_digests.JOB, queueing_lock="check-audit-trail", lock="check-audit-trail")
def check_audit_trail(timestamp: int) -> None:
    """So long after midnight that no transaction of the day before is open. Fails where the trail differs."""
    with scopes.worker():
        found = audit_digests.check_audit_trail(today=datetime.fromtimestamp(timestamp, tz=UTC).date())
    if found:
        raise audit_digests.TrailHasChanged(str(found))


@jobs.periodic(cron="10 3 * * *")
@jobs.task(name="subscriptions.remove_old_jobs", queueing_lock="remove-old-jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    await jobs.job_manager.delete_old_jobs(nb_hours=int(timedelta(days=30).total_seconds() // 3600))


@jobs.periodic(cron="7 * * * *")
@jobs.task(name=upkeep.JOB, queueing_lock="bring-up-to-date", lock="bring-up-to-date")
def bring_up_to_date(timestamp: int) -> None:
    work_off(upkeep.bring_batch_up_to_date)


@jobs.task(name=imports.CHECK, retry=LongerPauses())
def check_import(*, run_id: int) -> None:
    """The dry run of a file."""
    runs.check(run_id)


@jobs.task(name=imports.APPLY, retry=LongerPauses())
def apply_import(*, run_id: int) -> None:
    """In batches, each of its own; after a kill it goes on behind the last one."""
    runs.apply(run_id)
