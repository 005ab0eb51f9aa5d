"""The steps of a subscription's history, where it is longer than what is shown."""

from datetime import timedelta
from itertools import pairwise

from django.utils import timezone

from partners.domain import history
from subscriptions import scopes
from tests.factories import make_partner, make_partner_of_record, make_subscription


def test_the_oldest_step_that_is_shown_tells_who_came_before(alpha, monkeypatch):
    monkeypatch.setattr(history, "PERIODS_SHOWN", 2)
    subscription, now = make_subscription(tenant=alpha), timezone.now()
    days = [now - timedelta(days=number) for number in (40, 30, 20, 10)] + [None]
    for number, (since, until) in enumerate(pairwise(days), start=1):
        partner = make_partner(partner_id=f"900{number}")
        make_partner_of_record(subscription=subscription, partner=partner, since=since, until=until)
    with scopes.tenant(alpha.pk):
        _row, periods = history.subscription_with_periods(tenant=alpha, uuid=subscription.uuid)
    told = [(step.before.partner_id, step.after.partner_id) for step in history.steps(periods)]
    assert told == [("9003", "9004"), ("9002", "9003")]
