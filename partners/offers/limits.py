"""How often one of a partner's people may do what sends mails or finds organizations."""

from dataclasses import replace

from django.conf import settings

from partners.models import Partner
from subscriptions.access import Actor
from subscriptions.db.limits import Limit, count_request
from subscriptions.models import Tenant

SENDINGS_A_DAY = Limit("", 10, 24 * 60 * 60)


def count_sending(*, tenant: Tenant, partner: Partner, by: Actor) -> None:
    """Counts one sending, which mails every Global admin; raises TooManyRequests past a person's limit of changes,
    and past what one organization gets from one partner in a day.
    """
    times, seconds = settings.CHANGE_LIMIT_PERSON
    count_request(
        Limit(f"send-offer:person:{by.user_id}", times, seconds),
        replace(SENDINGS_A_DAY, key=f"send-offer:tenant:{tenant.pk}:partner:{partner.pk}"),
    )


def count_search(*, by: Actor) -> None:
    """Counts one look-up of an organization by its address; raises TooManyRequests past a person's limit."""
    times, seconds = settings.FIND_ORGANIZATION_LIMIT_PERSON
    count_request(Limit(f"find-organization:person:{by.user_id}", times, seconds))
