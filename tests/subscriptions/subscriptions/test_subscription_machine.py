"""A subscription's life in any order of acts and days: the database always says what the dates say."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count

import time_machine
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from subscriptions.catalogue import costs
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, Subscription, Tenant
from subscriptions.models.state_by_date import DAYS_AFTER_END
from subscriptions.models.subscription import BillingFrequency, SubscriptionStatus
from subscriptions.subscriptions import acts as subscription_acts
from subscriptions.subscriptions import ends as subscription_ends
from subscriptions.subscriptions.acts import FewerThanAssigned
from subscriptions.verdicts import Refused
from tests.database import as_owner
from tests.factories import make_actor, make_member, make_price, make_product, make_subscription, make_tenant
from tests.machines import ANY_ORDER
from tests.subscriptions.subscriptions.facts import bring_up_to_date, now

TRIAL, ACTIVE, EXPIRED, DISABLED, DELETED = SubscriptionStatus
START = date(2028, 1, 31)  # a month's last day, with a leap day ahead
PRICES = {"monthly": 10, "annual": 9}  # of make_price
numbers = count(1)


class SubscriptionsLife(RuleBasedStateMachine):
    """Days pass, the job runs or is away, and people act; what an act may not do, it refuses and leaves alone."""

    def __init__(self):
        super().__init__()
        self.traveler = None

    @initialize(trial=st.booleans(), frequency=st.sampled_from(BillingFrequency.values))
    def begin(self, trial, frequency):
        self.travel_to(START)
        number = next(numbers)
        self.tenant = make_tenant(slug=f"life-{number}")
        self.actor = make_actor(user=make_member(tenant=self.tenant, email=f"admin-{number}@life.example"))
        product = make_product(name=f"Suite {number}")
        make_price(product=product, since=START)
        facts = {"status": "trial", "began_as_trial": True, "licenses_total": 25} if trial else {"unit_price": 10}
        cost = "0" if trial else str(20 * 10 * BillingFrequency(frequency).months)
        self.subscription = make_subscription(
            tenant=self.tenant,
            product=product,
            cost=cost,
            started_on=START,
            term_ends_on=date(2028, 2, 29),
            billing_frequency=frequency,
            **facts,
        )
        self.version, self.events = 1, 0

    def teardown(self):
        if self.traveler:
            self.traveler.stop()

    def travel_to(self, day):
        if self.traveler:
            self.traveler.stop()
        self.day = day
        self.traveler = time_machine.travel(datetime.combine(day, time(12), UTC), tick=False)
        self.traveler.start()

    @rule(days=st.sampled_from([1, 5, 14, 29, 30, 31, 60]))
    def days_pass_and_the_job_runs(self, days):
        before = self.subscription
        self.travel_to(self.day + timedelta(days=days))
        bring_up_to_date()
        self.subscription = now(self.subscription)
        if before.renews or (before.converts and self.day >= before.term_ends_on):
            assert self.subscription.renews
        done = (self.subscription.version, self.count_events())
        bring_up_to_date()
        assert (now(self.subscription).version, self.count_events()) == done
        assert done[0] - self.version <= done[1] - self.events  # a reminder is an event without a new version
        self.version, self.events = done

    @rule(total=st.integers(0, 60))
    def change_licenses(self, total):
        self.act(subscription_acts.change_licenses, total=total)

    @rule(frequency=st.sampled_from(BillingFrequency.values))
    def change_frequency(self, frequency):
        self.act(subscription_acts.change_frequency, frequency=frequency, unit_price=PRICES[frequency])

    @rule(recurring=st.booleans())
    def set_recurring_billing(self, recurring):
        self.act(subscription_acts.set_recurring_billing, recurring=recurring)

    @rule(when=st.sampled_from(["now", "end-of-term"]))
    def cancel(self, when):
        self.act(subscription_ends.cancel, when=when, reason="R")

    @rule(method=st.just("invoice"))
    def reactivate(self, method):
        row = self.subscription
        price = costs.price_held(row) or PRICES[row.billing_frequency]
        self.act(subscription_ends.reactivate, payment_method=method, unit_price=price)

    @rule()
    def extend_trial(self):
        self.act(subscription_ends.extend_trial)

    @rule(method=st.sampled_from(["", "invoice"]))
    def set_payment_method(self, method):
        self.act(subscription_ends.set_payment_method, method=method)

    def act(self, verb, **wanted):
        before, done = now(self.subscription), None
        try:
            with scopes.tenant(self.tenant.pk):
                tenant = Tenant.objects.with_cloud_status().get()
                done = verb(tenant=tenant, subscription=before, version=before.version, by=self.actor, **wanted)
        except (Refused, FewerThanAssigned):
            pass
        self.subscription = now(self.subscription)
        if done is None:
            assert _facts(self.subscription) == _facts(before)
        else:
            self.version, self.events = self.version + 1, self.events + 1
            assert before.status != DELETED

    def count_events(self) -> int:
        with as_owner():
            return AuditEvent.objects.filter(tenant=self.tenant).count()

    @invariant()
    def every_change_has_its_event_and_its_version(self):
        if self.traveler:
            assert (self.subscription.version, self.count_events()) == (self.version, self.events)

    @invariant()
    def the_state_is_what_the_dates_say(self):
        if not self.traveler:
            return
        row, days = self.subscription, (self.day - self.subscription.term_ends_on).days
        if days < 0:
            assert row.status in (TRIAL, ACTIVE)
        else:
            assert row.status == [state for state, start in DAYS_AFTER_END.items() if days >= start][-1]

    @invariant()
    def the_cost_is_the_price_times_licenses_times_months(self):
        if self.traveler:
            row = self.subscription
            months = BillingFrequency(row.billing_frequency).months
            assert row.cost == row.unit_price * row.licenses_total * months
            assert row.status != ACTIVE or row.cost > 0
            assert row.licenses_total >= row.licenses_assigned

    @invariant()
    def a_trial_stays_what_it_is_and_is_extended_once(self):
        if self.traveler and self.subscription.status == TRIAL:
            assert (self.subscription.licenses_total, self.subscription.cost) == (25, 0)
            assert self.subscription.term_ends_on <= date(2028, 2, 29) + timedelta(days=30)


def _facts(row: Subscription) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_any_order_of_acts_and_days_keeps_the_rule_of_dates(db):
    run_state_machine_as_test(SubscriptionsLife, settings=ANY_ORDER)
