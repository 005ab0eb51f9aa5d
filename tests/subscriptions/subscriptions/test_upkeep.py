"""The hourly job: what it does to the rows, once and only once, and whom it tells."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from partners.models import PartnerOfRecord
from subscriptions import tasks
from subscriptions.clouds import CloudStatus
from subscriptions.db import batches
from subscriptions.models import AuditEvent, CloudState
from subscriptions.models.subscription import BillingFrequency
from tests.database import as_owner, owner_session
from tests.factories import (
    make_partner,
    make_partner_of_record,
    make_price,
    make_product,
    make_subscription,
    make_tenant,
)
from tests.subscriptions.subscriptions.facts import bring_up_to_date, events, mails, now, put

END = date(2026, 3, 10)
PORTAL = "Portal"


def after(days: int) -> date:
    return END + timedelta(days=days)


@pytest.fixture
def subscription(alpha, global_admin, billing_admin, reader):
    return make_subscription(
        tenant=alpha, started_on=date(2026, 2, 10), term_ends_on=END, unit_price="12.00", cost="240.00"
    )


@pytest.fixture
def lapsing(subscription):
    return put(subscription, recurring_billing=False)


@pytest.fixture
def trial(subscription):
    make_price(product=subscription.product, monthly="8.00", annual="7.00")
    facts = {"status": "trial", "began_as_trial": True, "licenses_total": 25, "cost": 0, "unit_price": 0}
    return put(subscription, recurring_billing=False, **facts)


def test_a_renewal_keeps_the_price_and_writes_one_event(subscription):
    make_price(product=subscription.product, monthly="99.00")
    bring_up_to_date(END)
    row = now(subscription)
    assert (row.status, row.term_ends_on, row.cost, row.unit_price) == ("active", date(2026, 4, 10), 240, 12)
    assert (row.version, events(row), mails()) == (2, [("renewed", PORTAL)], [])


@pytest.mark.parametrize(
    ("days", "status", "kinds"),
    [(-1, "active", 0), (0, "expired", 1), (29, "expired", 1), (30, "disabled", 2), (120, "deleted", 3)],
)
def test_what_lapses_goes_through_its_states(lapsing, days, status, kinds):
    bring_up_to_date(after(days))
    row = now(lapsing)
    assert (row.status, row.term_ends_on) == (status, END)
    assert events(row) == [("state-changed", PORTAL)] * kinds


@pytest.mark.parametrize("days", [0, 30, 75, 120, 1000])
def test_a_second_run_changes_nothing(subscription, lapsing, days):
    renewing = make_subscription(tenant=subscription.tenant, name="Visio", term_ends_on=END)
    bring_up_to_date(after(days))
    once = (now(lapsing).version, events(lapsing), now(renewing).version, events(renewing), mails())
    bring_up_to_date(after(days))
    assert (now(lapsing).version, events(lapsing), now(renewing).version, events(renewing), mails()) == once


@pytest.mark.parametrize("days_of_runs", [range(121), [120], [29, 119, 120], [30, 400]])
def test_a_job_that_was_away_makes_up_for_every_step(lapsing, days_of_runs):
    for days in days_of_runs:
        bring_up_to_date(after(days))
    assert (now(lapsing).status, len(events(lapsing)), now(lapsing).version) == ("deleted", 3, 4)


def test_months_of_downtime_renew_month_by_month(subscription):
    bring_up_to_date(date(2026, 6, 15))
    assert now(subscription).term_ends_on == date(2026, 7, 10)
    assert events(subscription) == [("renewed", PORTAL)] * 4


def test_the_audit_event_says_what_is_different(lapsing):
    bring_up_to_date(END)
    with as_owner():
        event = AuditEvent.objects.get()
    assert event.detail == {
        "changes": {"status": ["active", "expired"]},
        "ends_on": "2026-03-10",
        "disabled_on": "2026-04-09",
        "deleted_on": "2026-07-08",
        "reseller_managed": False,
    }
    assert event.actor_kind == "system"


def test_those_who_pay_are_told_when_it_expires_and_when_it_is_disabled(lapsing):
    people = ["admin@alpha.example", "billing@alpha.example"]
    for days in (0, 1, 29, 30, 31, 119, 120, 121):
        bring_up_to_date(after(days))
    kinds = ["subscription-expired", "subscription-disabled"]
    assert sorted(mails()) == sorted((kind, person) for kind in kinds for person in people)


def test_after_a_downtime_the_mail_says_only_what_is_true_now(lapsing):
    bring_up_to_date(after(40))
    assert {kind for kind, _person in mails()} == {"subscription-disabled"}


def test_the_partner_of_record_is_not_touched(lapsing):
    make_partner_of_record(subscription=lapsing, partner=make_partner())
    with as_owner():
        [before] = PartnerOfRecord.objects.values()
    bring_up_to_date(after(500))
    with as_owner():
        # It is still credited; its copy of what the partner's lists leave out follows the subscription
        assert list(PartnerOfRecord.objects.values()) == [before | {"of_deleted": True, "status": "deleted"}]


def test_a_trial_with_a_payment_method_becomes_paid_at_the_price_of_that_day(trial):
    put(trial, payment_method="invoice")
    make_price(product=trial.product, monthly="11.00", since=after(3))
    bring_up_to_date(after(20))
    row = now(trial)
    assert (row.status, row.licenses_total, row.unit_price, row.cost) == ("active", 25, 8, 200)
    assert (row.term_ends_on, row.recurring_billing, row.began_as_trial) == (date(2026, 4, 10), True, True)
    assert events(row) == [("state-changed", PORTAL)]


def test_a_year_paid_after_a_trial_has_twelve_months(trial):
    put(trial, payment_method="invoice", billing_frequency=BillingFrequency.ANNUAL)
    bring_up_to_date(END)
    assert (now(trial).cost, now(trial).term_ends_on) == (Decimal("2100.00"), date(2027, 3, 10))


def test_a_trial_without_a_payment_method_lapses(trial):
    bring_up_to_date(END)
    assert (now(trial).status, now(trial).cost) == ("expired", 0)


def test_a_trial_of_a_product_without_a_price_lapses(alpha):
    product = make_product(name="Old suite")
    trial = make_subscription(
        tenant=alpha, product=product, status="trial", payment_method="invoice", term_ends_on=END
    )
    bring_up_to_date(END)
    assert now(trial).status == "expired"


def test_a_closed_cloud_converts_no_trial_and_renews_what_runs(alpha, trial):
    put(trial, payment_method="invoice")
    running = make_subscription(tenant=alpha, name="Visio", term_ends_on=END)
    with as_owner():
        CloudState.objects.create(cloud=alpha.cloud, status=CloudStatus.CLOSED)
    bring_up_to_date(END)
    assert (now(trial).status, now(running).status) == ("expired", "active")


@pytest.mark.parametrize(("days", "told"), [(-8, 0), (-7, 1), (-1, 1), (0, 0)])
def test_the_end_of_a_trial_is_announced_seven_days_before(trial, days, told):
    bring_up_to_date(after(days))
    assert [kind for kind, _person in mails()].count("trial-ends-soon") == 2 * told


def test_the_end_of_a_trial_is_announced_once(trial):
    for days in (-7, -7, -6, -1):
        bring_up_to_date(after(days))
    assert (events(trial), len(mails()), now(trial).version) == ([("trial-ends-soon", PORTAL)], 2, 1)


def test_an_extended_trial_has_another_end_to_be_announced(trial):
    bring_up_to_date(after(-7))
    put(trial, term_ends_on=after(30), trial_extended=True)
    bring_up_to_date(after(22))
    assert len(mails()) == 2
    bring_up_to_date(after(23))
    assert len(mails()) == 4


def test_the_day_is_the_organizations_own(db):
    """At 11 in the morning of the 9th in London it is the 10th on Kiritimati, and the 9th in Honolulu."""
    zones = ("Pacific/Kiritimati", "Pacific/Honolulu")
    tenants = [make_tenant(slug=f"zone-{number}", time_zone=zone) for number, zone in enumerate(zones)]
    rows = [make_subscription(tenant=tenant, recurring_billing=False, term_ends_on=END) for tenant in tenants]
    with time_machine.travel(datetime(2026, 3, 9, 11, tzinfo=UTC), tick=False):
        bring_up_to_date()
    assert [now(row).status for row in rows] == ["expired", "active"]


def test_more_rows_than_one_batch_are_all_done(alpha, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 2)
    rows = [
        make_subscription(tenant=alpha, name=f"Suite {number}", recurring_billing=False, term_ends_on=END)
        for number in range(5)
    ]
    bring_up_to_date(END)
    assert {now(row).status for row in rows} == {"expired"}


def test_what_staff_have_disabled_is_not_brought_back(subscription):
    put(subscription, status="disabled", term_ends_on=after(300))
    bring_up_to_date(END)
    assert (now(subscription).status, events(subscription)) == ("disabled", [])


def test_the_job_runs_without_a_day_of_its_own(lapsing):
    with time_machine.travel(datetime(2026, 3, 10, 12, tzinfo=UTC), tick=False):
        tasks.bring_up_to_date.func(timestamp=0)
    assert now(lapsing).status == "expired"


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_holds_is_left_for_the_next_run(alpha):
    held, free = (
        make_subscription(tenant=alpha, name=name, recurring_billing=False, term_ends_on=END) for name in "AB"
    )
    with owner_session() as owner, owner.transaction():
        owner.execute("SELECT 1 FROM subscriptions_subscription WHERE id = %s FOR UPDATE", [held.pk])
        bring_up_to_date(END)
    assert (now(held).status, now(free).status) == ("active", "expired")
    bring_up_to_date(END)
    assert now(held).status == "expired"


def test_a_step_and_its_event_stand_or_fall_together(lapsing, monkeypatch):
    monkeypatch.setattr("subscriptions.mails.acts.mails_to_members", lambda *_: 1 / 0)
    with pytest.raises(batches.NotUpToDate):
        bring_up_to_date(END)
    assert (now(lapsing).status, events(lapsing)) == ("active", [])


def test_a_row_that_fails_stops_no_other(alpha, subscription):
    """The end of its next term lies behind the last day that there is."""
    bad = put(subscription, term_ends_on=date(9999, 6, 30), billing_frequency="annual")
    free = make_subscription(tenant=alpha, term_ends_on=date(9999, 6, 15), recurring_billing=False)
    with pytest.raises(batches.NotUpToDate) as failure:
        bring_up_to_date(date(9999, 7, 1))
    assert failure.value.args == ([bad.pk],)
    assert (now(bad).status, events(bad), now(free).status) == ("active", [], "expired")


def test_a_trial_that_would_cost_more_than_can_be_stored_lapses(trial):
    put(trial, licenses_total=2_000_000_000, payment_method="invoice")
    bring_up_to_date(END)
    assert now(trial).status == "expired"
