"""Ways of paying: what each cloud's can be used, what they need, and where that is kept."""

import pytest

from subscriptions.clouds import PROFILES, Cloud
from subscriptions.models import Subscription
from subscriptions.subscriptions.payments import DetailsMissing, MethodNotOffered, accept
from tests.factories import make_actor, make_member, make_price, make_subscription, make_tenant
from tests.subscriptions.subscriptions.facts import PAY, REACTIVATE, act, events, in_days, now, put

NUMBER = "91310000MA1FL0000X"
FAPIAO = {"fapiao_title": "Lanyun", "fapiao_tax_number": NUMBER, "purchase_order_number": "PO 7"}
PAID = {"payment_method": "fapiao-invoice", **FAPIAO}


@pytest.fixture
def paid(db) -> Subscription:
    """Of a cloud that bills with a Fapiao, whose details nobody has said yet."""
    tenant = make_tenant(slug="lanyun", cloud=Cloud.OPERATED_BY_21VIANET, country="CN")
    subscription = make_subscription(tenant=tenant, payment_method="fapiao-invoice", unit_price="10.00", cost="200")
    make_price(product=subscription.product)
    return subscription


@pytest.fixture
def lapsed(paid) -> Subscription:
    return put(paid, status="expired", term_ends_on=in_days(-3))


@pytest.fixture
def trial(paid) -> Subscription:
    return put(paid, status="trial", began_as_trial=True, payment_method="", cost=0, unit_price=0)


@pytest.fixture
def by(paid):
    return make_actor(user=make_member(tenant=paid.tenant))


def kept(subscription: Subscription) -> dict[str, str]:
    return {name: getattr(now(subscription), name) for name in PAID}


def test_an_invoice_may_have_a_number_and_needs_nothing():
    profile = PROFILES[Cloud.WORLDWIDE]
    assert accept("invoice", {}, profile=profile) == {"payment_method": "invoice", "purchase_order_number": ""}
    assert accept("invoice", FAPIAO, profile=profile)["purchase_order_number"] == "PO 7"


def test_a_fapiao_needs_a_title_and_a_taxpayer_number():
    profile = PROFILES[Cloud.OPERATED_BY_21VIANET]
    with pytest.raises(DetailsMissing, match="fapiao_tax_number"):
        accept("fapiao-invoice", FAPIAO | {"fapiao_tax_number": ""}, profile=profile)
    assert accept("fapiao-invoice", FAPIAO, profile=profile) == PAID


@pytest.mark.parametrize("wanted", ["", "card", "fapiao-invoice", "cheque"])
def test_what_cannot_be_used_is_not_accepted(wanted):
    with pytest.raises(MethodNotOffered):
        accept(wanted, FAPIAO, profile=PROFILES[Cloud.WORLDWIDE])


def test_reactivating_keeps_the_details(lapsed, by):
    act(REACTIVATE, lapsed, by, payment_method="fapiao-invoice", unit_price=10, details=FAPIAO)
    assert kept(lapsed) == PAID


def test_reactivating_without_them_writes_nothing(lapsed, by):
    with pytest.raises(DetailsMissing):
        act(REACTIVATE, lapsed, by, payment_method="fapiao-invoice", unit_price=10)
    assert (now(lapsed).status, events(lapsed)) == ("expired", [])


def test_the_payment_of_a_trial_keeps_the_details_and_their_corrections(trial, by):
    act(PAY, trial, by, method="fapiao-invoice", details=FAPIAO)
    assert kept(trial) == PAID
    assert act(PAY, now(trial), by, method="fapiao-invoice", details=FAPIAO) is None
    event = act(PAY, now(trial), by, method="fapiao-invoice", details=FAPIAO | {"fapiao_title": "Lanyun Ltd"})
    assert event.detail["changes"] == {"fapiao_title": ["Lanyun", "Lanyun Ltd"]}


def test_a_trial_that_is_not_paid_needs_no_details(trial, by):
    act(PAY, put(trial, payment_method="fapiao-invoice"), by, method="")
    assert now(trial).payment_method == ""
