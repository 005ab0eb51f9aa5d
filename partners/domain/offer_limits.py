"""How often one of a partner's people may do what sends mails or finds organisations."""

from django.conf import settings

from subscriptions.access import Actor
from subscriptions.domain.limits import Limit, count_request


def count_sending(*, by: Actor) -> None:
    """Counts one sending, which sends mails; raises TooManyRequests past a person's limit of changes."""
    times, seconds = settings.CHANGE_LIMIT_PERSON
    count_request(Limit(f"send-offer:person:{by.user_id}", times, seconds))


def count_search(*, by: Actor) -> None:
    """Counts one look-up of an organisation by its address; raises TooManyRequests past a person's limit."""
    times, seconds = settings.FIND_ORGANISATION_LIMIT_PERSON
    count_request(Limit(f"find-organisation:person:{by.user_id}", times, seconds))
