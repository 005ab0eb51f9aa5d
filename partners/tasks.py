"""Jobs of the upper floor; each opens its own scope, batch by batch, so that nobody waits long for a row."""

from procrastinate.contrib.django import app as jobs

from partners.offers import acts as offers
from partners.partner_of_record.schedule import digest
from partners.partner_of_record.schedule import runs as schedule
from partners.relationships import upkeep as relationship_upkeep
from partners.relationships.releases import follow_up as release_follow_up
from subscriptions.db.batches import work_off


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name=offers.EXPIRY, queueing_lock="expire-offers", lock="expire-offers")
def expire_offers(timestamp: int) -> None:
    work_off(offers.expire_batch)


@jobs.periodic(cron="27 * * * *")
@jobs.task(name=release_follow_up.JOB, queueing_lock="follow-up-releases", lock="follow-up-releases")
def follow_up_releases(timestamp: int) -> None:
    work_off(release_follow_up.follow_up_batch)


@jobs.periodic(cron="12 * * * *")
@jobs.task(
    name=relationship_upkeep.JOB,
    queueing_lock="bring-relationships-up-to-date",
    lock="bring-relationships-up-to-date",
)
def bring_relationships_up_to_date(timestamp: int) -> None:
    work_off(relationship_upkeep.bring_relationships_up_to_date)


@jobs.periodic(cron="*/5 * * * *")
@jobs.task(name=schedule.JOB, queueing_lock="apply-scheduled-changes", lock="apply-scheduled-changes")
def apply_scheduled_changes(timestamp: int) -> None:
    try:
        work_off(schedule.apply_batch)
    finally:
        work_off(digest.tell_batch)
