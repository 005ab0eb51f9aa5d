"""What may go after a while, so that nothing grows without end. History, audit and mails stay."""

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from subscriptions.models import (
    BulkAct,
    IdempotencyKey,
    ImportRun,
    JobFailure,
    JointAct,
    KeptForm,
    RefusalRecord,
    RequestCounter,
    Snooze,
    WebhookDelivery,
)
from subscriptions.models.jobs.bulk_act import UNDECIDED
from subscriptions.models.requests.kept_form import KEPT_FOR

KEYS_KEPT = timedelta(days=7)
COUNTERS_KEPT = timedelta(days=2)
REFUSALS_KEPT = timedelta(days=90)
JOB_FAILURES_KEPT = timedelta(days=90)
PREVIEWS_KEPT = timedelta(days=1)
IMPORTS_KEPT = timedelta(days=30)
DELIVERIES_KEPT = timedelta(days=30)


def remove_idempotency_keys() -> int:
    """How many were removed: a form older than this is stale by its version anyway."""
    return IdempotencyKey.objects.filter(created__lt=Now() - KEYS_KEPT).delete()[0]


def remove_counters() -> int:
    """How many were removed: of what nothing was asked for longer than any window, and those without any."""
    old = Q(passed__0__lt=Now() - COUNTERS_KEPT) | Q(passed=[])
    return RequestCounter.objects.filter(old).delete()[0]


def remove_refusals() -> int:
    """How many were removed: long enough to look into an attempt, and no attempts are kept for good."""
    return RefusalRecord.objects.filter(at__lt=Now() - REFUSALS_KEPT).delete()[0]


def remove_job_failures() -> int:
    """How many were removed: of rows that no job came back to."""
    return JobFailure.objects.filter(at__lt=Now() - JOB_FAILURES_KEPT).delete()[0]


def remove_kept_forms() -> int:
    """How many were removed: those that nobody came back for."""
    return KeptForm.objects.filter(created__lt=Now() - KEPT_FOR).delete()[0]


def remove_previews() -> int:
    """How many rows were removed: of acts on many that nobody decided, in one organization or in several."""
    joint = JointAct.objects.filter(decided__isnull=True, begun__lt=Now() - PREVIEWS_KEPT).delete()[0]
    return joint + BulkAct.objects.filter(state__in=UNDECIDED, begun__lt=Now() - PREVIEWS_KEPT).delete()[0]


def remove_imports() -> int:
    """How many rows were removed: files and their errors, as people's addresses stand in them."""
    return ImportRun.objects.filter(uploaded_at__lt=Now() - IMPORTS_KEPT).delete()[0]


def remove_snoozes() -> int:
    """How many were removed: those that are over."""
    return Snooze.objects.filter(until__lt=Now()).delete()[0]


def remove_deliveries() -> int:
    """How many were removed: of what was sent to webhooks, as long as it may be asked what came of it."""
    return WebhookDelivery.objects.filter(due__lt=Now() - DELIVERIES_KEPT, tried__isnull=False).delete()[0]
