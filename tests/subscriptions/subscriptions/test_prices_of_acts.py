"""Acts that cost the price of the day: refused where there is none, in the menu, on the page and by the domain."""

import pytest
from django.urls import reverse

from subscriptions.catalogue.costs import PriceNotAsShown, price_on
from subscriptions.models import ProductPrice
from subscriptions.verdicts import VerdictCode
from tests.database import as_owner
from tests.factories import make_price
from tests.subscriptions.subscriptions.facts import (
    CALLS,
    FREQUENCY,
    PAY,
    REACTIVATE,
    act,
    events,
    in_days,
    now,
    put,
    refused,
    today,
)

LAPSED = {"status": "expired", "began_as_trial": True, "payment_method": "", "cost": 0, "unit_price": 0}
READY = {
    FREQUENCY: {},
    REACTIVATE: LAPSED | {"term_ends_on": in_days(-3)},
    PAY: LAPSED | {"status": "trial"},
}
PAGES = {FREQUENCY: "billing-frequency", REACTIVATE: "reactivate", PAY: "payment-method"}
each_act = pytest.mark.parametrize("verb", READY, ids=lambda verb: verb.__name__)


@as_owner()
def no_price() -> None:
    ProductPrice.objects.all().delete()


@as_owner()
def price_in_another_currency() -> None:
    ProductPrice.objects.update(currency="EUR")


@as_owner()
def too_dear() -> None:
    ProductPrice.objects.update(monthly="99999999", annual="99999999")


@each_act
@pytest.mark.parametrize("why", [no_price, price_in_another_currency], ids=lambda why: why.__name__)
def test_without_a_price_today_it_is_refused(verb, why, subscription, by):
    seen = put(subscription, **READY[verb])
    why()
    assert refused(verb, seen, by, **CALLS[verb]) is VerdictCode.NO_PRICE


@each_act
def test_a_cost_that_cannot_be_stored_is_no_price(verb, subscription, by):
    seen = put(subscription, **READY[verb], licenses_total=1000)
    too_dear()
    assert refused(verb, seen, by, **CALLS[verb]) is VerdictCode.NO_PRICE


@each_act
@pytest.mark.parametrize(("why", "status", "shown"), [(None, 200, True), (no_price, 409, False)])
def test_menu_page_and_post_agree(verb, why, status, shown, subscription, global_admin, sign_in):
    put(subscription, **READY[verb])
    if why:
        why()
    client = sign_in(global_admin)
    url = reverse(f"subscriptions:{PAGES[verb]}", args=["alpha", subscription.uuid])
    detail = client.get(reverse("subscriptions:detail", args=["alpha", subscription.uuid]))
    offered = {entry.url: entry.verdict for entry in detail.context["act_entries"]}
    assert offered[url].allowed is shown
    assert client.get(url).status_code == status
    posted = client.post(url, {"version": "1"})
    assert posted.status_code == (422 if shown else 409)
    assert offered[url].reason in posted.text
    assert now(subscription).version == 1


def test_what_holds_a_price_comes_back_without_one_today(subscription, by):
    no_price()
    act(REACTIVATE, put(subscription, status="expired", term_ends_on=in_days(-3)), by, **CALLS[REACTIVATE])
    assert (now(subscription).status, now(subscription).unit_price) == ("active", 12)


def test_the_price_of_a_day_is_one_in_the_currency_asked_for(subscription):
    facts = {"product": subscription.product, "frequency": "monthly"}
    with as_owner():
        assert (price_on(today(), currency="USD", **facts), price_on(today(), currency="EUR", **facts)) == (10, None)


@pytest.mark.parametrize(("verb", "now_costs"), [(FREQUENCY, 11), (REACTIVATE, 13)], ids=["frequency", "reactivate"])
def test_another_price_than_the_one_shown_writes_nothing(verb, now_costs, subscription, by):
    seen = put(subscription, **READY[verb])
    make_price(product=seen.product, monthly="13.00", annual="11.00", since=today())
    with pytest.raises(PriceNotAsShown) as change:
        act(verb, seen, by, **CALLS[verb])
    assert change.value.now == now_costs
    assert (now(seen).version, now(seen).status, events(seen)) == (1, seen.status, [])
    act(verb, seen, by, **CALLS[verb] | {"unit_price": now_costs})
    assert now(seen).unit_price == now_costs


def test_a_new_list_price_is_nothing_to_what_holds_its_own(subscription, by):
    make_price(product=subscription.product, monthly="13.00", since=today())
    act(REACTIVATE, put(subscription, status="expired", term_ends_on=in_days(-3)), by, **CALLS[REACTIVATE])
    assert now(subscription).unit_price == 12
