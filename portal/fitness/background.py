"""Does a worker run, and does it keep up?"""

from datetime import timedelta

from babel.dates import format_timedelta
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.fitness.findings import Finding, State, good, warning, wrong
from subscriptions.base import formats
from subscriptions.db import scopes
from subscriptions.models import JobFailure

SEEN_WITHIN = timedelta(minutes=1)
SLOW, STUCK = timedelta(minutes=5), timedelta(hours=1)
MOST_COUNTED = 1000

WORKERS = """
    SELECT count(*) FILTER (WHERE now() - last_heartbeat < make_interval(secs => %s)), now() - max(last_heartbeat)
      FROM procrastinate_workers
"""
OLDEST_JOB = """
    SELECT now() - coalesce(job.scheduled_at, min(event.at))
      FROM (SELECT id, scheduled_at FROM procrastinate_jobs
             WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at < now())
             ORDER BY priority DESC, id LIMIT 1) job
      LEFT JOIN procrastinate_events event ON event.job_id = job.id
     GROUP BY job.id, job.scheduled_at
"""


def ago(age: timedelta) -> str:
    """“4 seconds”, in the reader's language."""
    return format_timedelta(max(age, timedelta()), locale=formats.current_locale())


def ask_worker() -> Finding:
    with scopes.nobody(), connection.cursor() as cursor:
        cursor.execute(WORKERS, [SEEN_WITHIN.total_seconds()])
        number, age = cursor.fetchone()
    if number:
        sentence = ngettext(
            "%(number)s runs, last seen %(ago)s ago.", "%(number)s run, last seen %(ago)s ago.", number
        )
        return good(sentence % {"number": formats.number(number), "ago": ago(age)})
    if age is None:
        return wrong(_("None runs, so no mail is sent. Start one: manage.py procrastinate worker"))
    return wrong(
        _("Last seen %(ago)s ago, so no mail is sent. Start one: manage.py procrastinate worker") % {"ago": ago(age)}
    )


def ask_jobs() -> Finding:
    with scopes.staff(), connection.cursor() as cursor:
        cursor.execute(OLDEST_JOB)
        row = cursor.fetchone()
    if row is None or row[0] is None:
        return good(_("None waits."))
    sentence = _("The oldest has waited for %(ago)s.") % {"ago": ago(row[0])}
    if row[0] < SLOW:
        return good(sentence)
    return Finding(State.WARNING if row[0] < STUCK else State.ERROR, sentence)


def ask_rows_left_over() -> Finding:
    """What a job could not do for one row while it did the others; it tries again each time."""
    with scopes.staff():
        jobs = list(JobFailure.objects.order_by("job").values_list("job", flat=True)[:MOST_COUNTED])
    if not jobs:
        return good(_("Every job does all of its rows."))
    sentence = ngettext(
        "%(number)s row could not be done by its job, which tries again: %(jobs)s.",
        "%(number)s rows could not be done by their jobs, which try again: %(jobs)s.",
        len(jobs),
    )
    facts = {"number": formats.number(len(jobs)), "jobs": formats.join_list(sorted(set(jobs)))}
    return warning(
        sentence % facts, reverse("admin:subscriptions_jobfailure_changelist"), gettext_lazy("Failures of jobs")
    )
