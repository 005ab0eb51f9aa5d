"""What may go after a while goes, and nothing else."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from subscriptions import tasks
from subscriptions.models import IdempotencyKey, RefusalRecord, RequestCounter
from tests.database import as_owner


def test_counters_and_keys_that_are_over_are_removed(alpha, global_admin):
    now = timezone.now()
    long_ago = now - timedelta(days=3)
    with as_owner():
        for key, passed in (("old", [long_ago]), ("new", [now, long_ago])):
            RequestCounter.objects.create(key=key, passed=passed)
        keys = [IdempotencyKey.objects.create(tenant=alpha, user=global_admin, key=uuid4(), digest="") for _ in "ab"]
        IdempotencyKey.objects.filter(pk=keys[0].pk).update(created=now - timedelta(days=8))
    tasks.tidy_up(timestamp=0)
    with as_owner():
        assert list(RequestCounter.objects.values_list("key", flat=True)) == ["new"]
        assert list(IdempotencyKey.objects.all()) == [keys[1]]


def test_refusals_are_kept_for_ninety_days(global_admin):
    with as_owner():
        for days in (1, 89, 91, 400):
            at = timezone.now() - timedelta(days=days)
            RefusalRecord.objects.create(
                at=at, user=global_admin, method="GET", path=f"/{days}", status=403, code="x"
            )
    tasks.tidy_up(timestamp=0)
    with as_owner():
        assert set(RefusalRecord.objects.values_list("path", flat=True)) == {"/1", "/89"}
