"""What the tests of a subscription's life do and read."""

from datetime import date

from subscriptions.db import batches, scopes
from subscriptions.models import AuditEvent, Mail, Subscription
from subscriptions.subscriptions import upkeep
from tests.database import as_owner


def bring_up_to_date(today: date | None = None) -> None:
    """The hourly job, as the worker runs it."""
    after: int | None = 0
    failed: list[int] = []
    while after is not None:
        with scopes.worker():
            after, not_done = upkeep.bring_batch_up_to_date(after=after, today=today)
        failed += not_done
    if failed:
        raise batches.NotUpToDate(failed)


def now(subscription: Subscription) -> Subscription:
    with as_owner():
        return Subscription.objects.select_related("product", "tenant").get(pk=subscription.pk)


def put(subscription: Subscription, **facts) -> Subscription:
    """Straight into the table; the billing day follows an end that it does not fit."""
    with as_owner():
        row = Subscription.objects.get(pk=subscription.pk)
        for name, value in facts.items():
            setattr(row, name, value)
        row.save()
    return now(subscription)


def events(subscription: Subscription) -> list[tuple[str, str]]:
    """Kind and who, oldest first."""
    with as_owner():
        rows = AuditEvent.objects.filter(subject_uuid=subscription.uuid).order_by("id")
        return [(row.kind.removeprefix("subscription."), row.actor_name) for row in rows]


def mails() -> list[tuple[str, str]]:
    """Kind and receiver of each mail, oldest first."""
    with as_owner():
        return list(Mail.objects.order_by("id").values_list("kind", "to_user__email"))
