"""A price that changes between the page of an act and its form: shown, and accepted or not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from subscriptions.base.formats import day, money
from tests.factories import make_price
from tests.facts import audit_rows
from tests.subscriptions.subscriptions.facts import now, put


@pytest.fixture
def at_home(person, contoso):
    make_price(product=contoso.bare.product)
    put(contoso.bare, unit_price="12.00", cost="240.00", payment_method="invoice")
    person.comes_back(contoso.billing)
    return person


def new_price(world) -> None:
    make_price(product=world.bare.product, monthly="13.00", annual="11.00", since=timezone.localdate())


def has_lapsed(world) -> None:
    ended = timezone.localdate() - timedelta(days=3)
    facts = {"began_as_trial": True, "payment_method": "", "unit_price": 0, "cost": 0}
    put(world.bare, status="expired", term_ends_on=ended, **facts)


def test_another_billing_frequency(at_home, contoso):
    at_home.open(contoso.url(contoso.bare))
    at_home.choose("More actions", "Edit billing frequency")
    new_price(contoso)
    page = at_home.press("Bill annually")
    assert page.status == 409
    assert "The price has changed since you opened this page. Nothing has changed yet." in page.text
    assert "Office 365 E3: $9.00 before, $11.00 now, per user and month" in page.text
    assert f"{money(11 * 20 * 12, 'USD')} per year" in page.text
    assert (now(contoso.bare).version, audit_rows()) == (1, [])
    done = at_home.press("Bill annually")
    assert (done.status, done.url) == (200, contoso.url(contoso.bare))
    assert (now(contoso.bare).unit_price, now(contoso.bare).billing_frequency) == (11, "annual")


def test_a_trial_that_lapsed_and_what_was_typed_meanwhile(at_home, contoso):
    has_lapsed(contoso)
    at_home.open(contoso.url(contoso.bare, "reactivate/"))
    new_price(contoso)
    page = at_home.press("Reactivate", purchase_order_number="PO 7")
    assert page.status == 409
    assert "Office 365 E3: $10.00 before, $13.00 now, per user and month" in page.text
    assert (page.value("purchase_order_number"), now(contoso.bare).status, audit_rows()) == ("PO 7", "expired", [])
    at_home.press("Reactivate")
    row = now(contoso.bare)
    assert (row.status, row.unit_price, row.purchase_order_number) == ("active", 13, "PO 7")


def test_the_payment_of_a_trial_whose_price_changed_after_it_was_shown(at_home, contoso):
    put(contoso.bare, status="trial", began_as_trial=True, payment_method="", cost=0)
    at_home.open(contoso.url(contoso.bare, "payment-method/"))
    at_home.press("Next", payment_method="invoice")
    new_price(contoso)
    buy = f"Buy from {day(now(contoso.bare).term_ends_on)} on"
    page = at_home.press(buy)
    assert (page.status, page.has(f"{buy}, +{money(13 * 20, 'USD')} a month")) == (409, True)
    assert "The price has changed since you opened this page." in page.text
    assert (now(contoso.bare).payment_method, audit_rows()) == ("", [])
    at_home.press(buy)
    assert now(contoso.bare).payment_method == "invoice"


def test_a_price_that_nobody_saw_is_not_taken_from_a_form_without_one(at_home, contoso):
    at_home.open(contoso.url(contoso.bare, "billing-frequency/"))
    page = at_home.send(contoso.url(contoso.bare, "billing-frequency/"), version="1", frequency="annual")
    assert (page.status, now(contoso.bare).billing_frequency) == (422, "monthly")
