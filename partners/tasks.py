"""Jobs of the upper floor. Their arguments are ids only; each opens its own scope."""

from procrastinate.contrib.django import app as jobs

from partners.domain import offer_expiry, relationship_upkeep, release_follow_up
from subscriptions import scopes
from subscriptions.domain.upkeep import NotUpToDate


@jobs.periodic(cron="27 * * * *")
@jobs.task(name="partners.follow_up_releases", queueing_lock="follow-up-releases", lock="follow-up-releases")
def follow_up_releases(timestamp: int) -> None:
    """Each batch is a transaction of its own; fails in the end if a row did."""
    after: int | None = 0
    failed: list[int] = []
    while after is not None:
        with scopes.worker():
            after, not_done = release_follow_up.follow_up_batch(after=after)
        failed += not_done
    if failed:
        raise NotUpToDate(failed)


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
        raise NotUpToDate(failed)


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="partners.expire_offers", queueing_lock="expire-offers", lock="expire-offers")
def expire_offers(timestamp: int) -> None:
    """Each batch is a transaction of its own; fails in the end if an offer did."""
    after: int | None = 0
    failed: list[int] = []
    while after is not None:
        with scopes.worker():
            after, not_done = offer_expiry.expire_batch(after=after)
        failed += not_done
    if failed:
        raise offer_expiry.NotExpired(failed)
