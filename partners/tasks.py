"""Jobs of the upper floor. Each opens its own scope."""

from procrastinate.contrib.django import app as jobs

from partners.domain import relationship_upkeep
from subscriptions import scopes


@jobs.periodic(cron="12 * * * *")
@jobs.task(
    name="partners.bring_relationships_up_to_date",
    queueing_lock="bring-relationships-up-to-date",
    lock="bring-relationships-up-to-date",
)
def bring_relationships_up_to_date(timestamp: int) -> None:
    """Each batch is a transaction of its own, so that nobody waits long for a row; fails in the end if a row did."""
    after: int | None = 0
    failed: list[int] = []
    while after is not None:
        with scopes.worker():
            after, not_done = relationship_upkeep.bring_relationships_up_to_date(after=after)
        failed += not_done
    if failed:
        raise relationship_upkeep.NotUpToDate(failed)
