"""Each day: who is told that a token ends soon, and that who made an application is gone."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from subscriptions.access import the_portal
from subscriptions.applications.events import ApplicationFacts, TokenFacts
from subscriptions.applications.owners import OfOrganization, OfTheOperator, Owner
from subscriptions.audit import acts as audit
from subscriptions.audit.facts import Facts
from subscriptions.db.batches import Batch, next_batch
from subscriptions.mails.receivers import tell
from subscriptions.models import Application, ApplicationToken
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.people.application import ApplicationScope

JOB, MAKERS_JOB = "subscriptions.remind_of_tokens", "subscriptions.find_gone_makers"
REMINDED_BEFORE = (30, 7, 1)  # days before the end of a token, each once
KEPT_AFTER_END = timedelta(days=30)
# Whose an application with that column is, where it is not an organization's; the upper app adds partners'
OWNERS: dict[str, Callable[[Application], Owner]] = {}


def owner_of(application: Application) -> Owner:
    if application.tenant:
        return OfOrganization(application.tenant)
    for column, of in OWNERS.items():
        if getattr(application, column):
            return of(application)
    return OfTheOperator()


def remind_batch(*, after: int = 0) -> Batch:
    """Of each token that ends within so many days and has not been told of yet. Needs the worker's scope."""
    due = Q(pk__isnull=True)
    for days in REMINDED_BEFORE:
        due |= Q(expires_on__lte=Now() + timedelta(days=days)) & (Q(reminded__isnull=True) | Q(reminded__gt=days))
    rows = ApplicationToken.objects.live().filter(due)
    with_owner = rows.select_related("application__tenant", "application__partner")
    return next_batch(with_owner, _remind, job=JOB, after=after)


def _remind(row: ApplicationToken) -> None:
    """A token made for fewer days is told of by the nearest of the days alone."""
    left = row.expires_on - timezone.now()
    ApplicationToken.objects.filter(pk=row.pk).update(
        reminded=min(days for days in REMINDED_BEFORE if left <= timedelta(days=days))
    )
    if row.expires_on - row.made_at > timedelta(days=1):
        facts = TokenFacts(token=row.hint, until=row.expires_on)
        _tell(AuditKind.APPLICATION_TOKEN_ENDS_SOON, row.application, facts)


def find_gone_makers(*, after: int = 0) -> Batch:
    """Each application whose maker has gone since, once. Needs the worker's scope."""
    rows = Application.objects.filter(reminded=False, maker__isnull=False).select_related("tenant", "partner")
    return next_batch(rows, _find_gone, job=MAKERS_JOB, after=after)


def _find_gone(row: Application) -> None:
    if not owner_of(row).without_maker().filter(pk=row.pk).exists():
        return
    Application.objects.filter(pk=row.pk).update(reminded=True)
    scopes = tuple(map(ApplicationScope, row.scopes))
    _tell(AuditKind.APPLICATION_MAKER_GONE, row, ApplicationFacts(role=row.role_label, scopes=scopes))


def _tell(kind: AuditKind, application: Application, facts: Facts) -> None:
    owner = owner_of(application)
    event = audit.record(
        kind,
        by=the_portal(),
        tenant=owner.tenant,
        subject_name=application.name,
        subject_uuid=application.uuid,
        facts=facts,
    )
    tell(event, only=owner.receivers, partner=owner.company)


def remove_old_tokens() -> int:
    """Those whose time ran out a month ago. Needs the worker's scope."""
    return ApplicationToken.objects.filter(expires_on__lt=Now() - KEPT_AFTER_END).delete()[0]
