"""Place order: all of it or nothing, by the domain function itself."""

import time

import pytest

from partners.directory.reads import PartnerUnusable
from partners.directory.rules import Problem
from partners.models import PartnerOfRecord
from partners.models.partner import PartnerState
from partners.models.partner_of_record import Source
from portal.checkout.acts import name_partner, place_order
from subscriptions.access import Actor, SignInTooOld
from subscriptions.audit import acts as audit
from subscriptions.clouds import Cloud, PaymentMethod
from subscriptions.db import scopes
from subscriptions.mails import acts as mails
from subscriptions.models import AuditEvent, Mail, Order, Subscription, Tenant
from subscriptions.models.order import OrderState
from subscriptions.models.people.membership import Role
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.orders import acts as orders
from subscriptions.orders.acts import PriceChanged, StaleOrder
from subscriptions.verdicts import Refused, VerdictCode
from tests.database import as_owner
from tests.factories import (
    make_actor,
    make_order,
    make_partner,
    make_partner_of_record,
    make_sold_product,
    make_subscription,
    make_tenant,
    placed,
)

NAMED = {"partner_number": "565380", "partner_name": "Tailspin Consulting"}
INVOICE = {"payment_method": PaymentMethod.INVOICE, "purchase_order_number": "PO 7"}


@pytest.fixture
def buyer(global_admin) -> Actor:
    return make_actor(user=global_admin)


def place(order: Order, by: Actor, *, version: int = 1) -> Order:
    with scopes.tenant(order.tenant_id):
        tenant = Tenant.objects.with_cloud_status().get()
        return place_order(tenant=tenant, order=order, version=version, payment=INVOICE, by=by)


def counts() -> dict[str, int]:
    models = (Subscription, PartnerOfRecord, AuditEvent, Mail)
    with as_owner():
        return {model.__name__: model.objects.count() for model in models}


NOTHING = {"Subscription": 0, "PartnerOfRecord": 0, "AuditEvent": 0, "Mail": 0}


def state_of(order: Order) -> str:
    with as_owner():
        return Order.objects.get(pk=order.pk).state


def test_the_partner_of_record_begins_with_the_purchase(alpha, buyer):
    make_partner()
    place(make_order(tenant=alpha, **NAMED), buyer)
    with as_owner():
        period = PartnerOfRecord.objects.get()
    assert (period.source, period.set_by_name, period.valid.upper) == (Source.PURCHASE, "Gloria Admin", None)
    assert counts() == {"Subscription": 1, "PartnerOfRecord": 1, "AuditEvent": 2, "Mail": 2}


def test_an_order_that_names_a_partner_needs_a_sign_in_of_the_last_hour(alpha, global_admin):
    make_partner()
    order = make_order(tenant=alpha, **NAMED)
    for proved_at in (None, time.time() - 3601):
        with pytest.raises(SignInTooOld):
            place(order, make_actor(user=global_admin, proved_at=proved_at))
    assert (counts(), state_of(order)) == (NOTHING, OrderState.DRAFT)
    place(order, make_actor(user=global_admin, proved_at=time.time() - 3590))
    assert state_of(order) == OrderState.PLACED


def test_an_order_that_names_nobody_needs_none(alpha, global_admin):
    order = make_order(tenant=alpha)
    place(order, make_actor(user=global_admin, proved_at=None))
    assert state_of(order) == OrderState.PLACED


@pytest.mark.parametrize(("module", "name"), [(audit, "record"), (mails, "mails_to_members")])
def test_a_write_that_fails_takes_everything_back(alpha, buyer, monkeypatch, module, name):
    make_partner()
    order = make_order(tenant=alpha, **NAMED)

    def fail(*args, **kwargs):
        raise RuntimeError("disk full")

    monkeypatch.setattr(module, name, fail)
    with pytest.raises(RuntimeError):
        place(order, buyer)
    assert (counts(), state_of(order)) == (NOTHING, OrderState.DRAFT)


def test_a_stale_version_buys_nothing(alpha, buyer):
    order = make_order(tenant=alpha)
    with pytest.raises(StaleOrder):
        place(order, buyer, version=2)
    assert counts() == NOTHING


def test_a_changed_price_buys_nothing_and_names_both_prices(alpha, buyer):
    order = make_order(tenant=alpha)
    make_sold_product(name="Office 365 E1", monthly="11.00", since=order.started_at.date())
    with pytest.raises(PriceChanged) as raised:
        place(order, buyer)
    assert [(change.line.unit_price, change.after) for change in raised.value.changes] == [(10, 11)]
    assert counts() == NOTHING


def test_a_partner_that_is_not_usable_any_more_buys_nothing(alpha, buyer):
    make_partner(state=PartnerState.INACTIVE)
    with pytest.raises(PartnerUnusable) as raised:
        place(make_order(tenant=alpha, **NAMED), buyer)
    assert raised.value.problem is Problem.NOT_ACTIVE
    assert counts() == NOTHING


def test_a_reader_buys_nothing(alpha, reader):
    with pytest.raises(Refused) as raised:
        place(make_order(tenant=alpha), make_actor(user=reader, role=Role.GLOBAL_READER))
    assert raised.value.verdict.code is VerdictCode.ROLE


@pytest.mark.parametrize("facts", [placed("2026-000007"), {"state": OrderState.EXPIRED}])
def test_only_a_draft_is_placed(alpha, buyer, facts):
    with pytest.raises(Refused) as raised:
        place(make_order(tenant=alpha, **facts), buyer)
    assert raised.value.verdict.code is VerdictCode.ORDER_NOT_DRAFT
    assert counts() == NOTHING


def test_an_empty_order_is_not_placed(alpha, buyer):
    order = make_order(tenant=alpha)
    with as_owner():
        order.lines.all().delete()
    with pytest.raises(Refused) as raised:
        place(order, buyer)
    assert raised.value.verdict.code is VerdictCode.ORDER_NOT_READY


def trial_order(alpha, **trial) -> tuple[Order, Subscription]:
    order = make_order(tenant=alpha)
    with as_owner():
        line = order.lines.get()
        facts = {"status": SubscriptionStatus.TRIAL, "began_as_trial": True, "cost": "0"}
        subscription = make_subscription(tenant=alpha, product=line.product, **facts | trial)
        order.lines.update(trial=subscription)
    return order, subscription


@pytest.mark.parametrize(
    "trial",
    [
        {"licenses_assigned": 6},
        {"status": SubscriptionStatus.ACTIVE, "licenses_assigned": 0},
        {"status": SubscriptionStatus.DELETED, "licenses_assigned": 0},
    ],
)
def test_a_trial_that_cannot_be_bought_as_the_line_says_is_refused(alpha, buyer, trial):
    order, _subscription = trial_order(alpha, **trial)
    with pytest.raises(Refused) as raised:
        place(order, buyer)
    assert raised.value.verdict.code is VerdictCode.ORDER_NOT_READY
    assert state_of(order) == OrderState.DRAFT


@pytest.mark.parametrize("status", [SubscriptionStatus.TRIAL, SubscriptionStatus.EXPIRED])
def test_a_trial_becomes_the_paid_subscription_also_in_grace(alpha, buyer, status):
    make_partner()
    order, trial = trial_order(alpha, status=status, licenses_assigned=2)
    with as_owner():
        Order.objects.update(**NAMED)
    place(order, buyer)
    with as_owner():
        paid = Subscription.objects.get()
        assert (paid.pk, paid.status, paid.licenses_total) == (trial.pk, SubscriptionStatus.ACTIVE, 5)
        assert PartnerOfRecord.objects.get().subscription_id == trial.pk


def test_a_trial_that_began_after_the_line_was_added_is_bought(alpha, buyer):
    order, trial = trial_order(alpha, licenses_assigned=2)
    with as_owner():
        order.lines.update(trial=None)
    place(order, buyer)
    with as_owner():
        assert Subscription.objects.get().pk == trial.pk
        assert order.lines.get().trial_id == trial.pk


def test_a_partner_that_is_credited_for_nothing_is_not_said_to_be_told(alpha, buyer, global_admin, sign_in):
    make_partner()
    order, trial = trial_order(alpha, licenses_assigned=2)
    other = make_partner(number="935287", name="Fabrikam Partners")
    make_partner_of_record(subscription=trial, partner=other)
    with as_owner():
        Order.objects.update(**NAMED)
    place(order, buyer)
    client = sign_in(global_admin)
    for page in (f"purchase-services/check-out/{order.uuid}/confirmation/", f"orders/{order.uuid}/"):
        answer = client.get(f"/t/alpha/billing/{page}")
        assert (answer.status_code, "Tailspin" in answer.content.decode()) == (200, False)
    with as_owner():
        assert not Mail.objects.filter(kind="partner-named").exists()


def test_a_trial_that_a_reseller_manages_is_left_alone(alpha, buyer):
    order, trial = trial_order(alpha, licenses_assigned=2, reseller_managed=True)
    with as_owner():
        order.lines.update(trial=None)
    place(order, buyer)
    with as_owner():
        assert Subscription.objects.get(pk=trial.pk).status == SubscriptionStatus.TRIAL
        assert Subscription.objects.exclude(pk=trial.pk).count() == 1


def test_where_no_partner_is_named_at_purchase_the_domain_refuses_it_too(db, global_admin, buyer):
    tenant = make_tenant(slug="lanyun", cloud=Cloud.OPERATED_BY_21VIANET, country="CN")
    partner = make_partner(cloud=Cloud.OPERATED_BY_21VIANET)
    order = make_order(tenant=tenant)
    with scopes.tenant(tenant.pk), pytest.raises(Refused) as raised:
        found = Tenant.objects.with_cloud_status().get()
        name_partner(tenant=found, order=order, version=1, partner=partner, by=buyer)
    assert raised.value.verdict.code is VerdictCode.NOT_IN_THIS_CLOUD


def test_drafts_end_after_thirty_days_and_the_job_may_run_twice(alpha):
    old, new = make_order(tenant=alpha), make_order(tenant=alpha)
    done = make_order(tenant=alpha, **placed("2026-000001"))
    with as_owner():
        Order.objects.exclude(pk=new.pk).update(expires_on="2026-01-31")
    with scopes.worker():
        ended = [orders.expire_drafts(today=new.expires_on) for _ in range(2)]
    assert ended == [1, 0]
    assert [state_of(order) for order in (old, new, done)] == ["expired", "draft", "placed"]


def test_an_order_whose_cost_cannot_be_stored_is_refused(alpha, buyer):
    order = make_order(tenant=alpha, product=make_sold_product(name="Gold", monthly="99999999.99"))
    with as_owner():
        order.lines.update(licenses=100_000)
    with pytest.raises(Refused) as raised:
        place(order, buyer)
    assert raised.value.verdict.code is VerdictCode.NO_PRICE
    assert counts() == NOTHING
