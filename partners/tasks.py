"""Jobs of the upper floor; each opens its own scope."""

from procrastinate.contrib.django import app as jobs

from partners.domain import offer_expiry
from subscriptions import scopes


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
