"""Reactivating, and the payment of a trial, where the Fapiao asks for more; as in the check-out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from subscriptions.base.formats import day
from tests.factories import make_price
from tests.journeys.client import FAPIAO
from tests.subscriptions.subscriptions.facts import now, put

TITLE = "Fapiao title 蓝云科技有限公司"
NEEDED = ["Fapiao title: nothing is entered yet.", "Enter a taxpayer number: 15 to 20 digits and capital letters."]


@pytest.fixture
def at_home(person, vianet):
    """The billing admin of an organization that pays by Fapiao."""
    make_price(product=vianet.bare.product)
    person.comes_back(vianet.billing)
    return person


def has_lapsed(world) -> None:
    ended = timezone.localdate() - timedelta(days=3)
    put(world.bare, status="expired", term_ends_on=ended, unit_price="12.00", payment_method="fapiao-invoice")


def is_a_trial(world) -> None:
    put(world.bare, status="trial", began_as_trial=True, payment_method="", cost=0)


@pytest.mark.parametrize(
    ("becomes", "act", "button"),
    [(has_lapsed, "Reactivate subscription", "Reactivate"), (is_a_trial, "Payment method", "Next")],
)
def test_the_fapiao_is_asked_for_and_kept(at_home, vianet, becomes, act, button):
    becomes(vianet)
    at_home.open(vianet.url(vianet.bare))
    at_home.choose("More actions", act)
    page = at_home.press(button, payment_method="fapiao-invoice", fapiao_tax_number="abc")
    assert (page.status, page.errors) == (422, NEEDED)
    assert now(vianet.bare).version == 1
    done = at_home.press(button, **FAPIAO)
    if button == "Next":
        done = at_home.press(f"Buy from {day(now(vianet.bare).term_ends_on)} on")
    assert (done.url, TITLE in done.text) == (vianet.url(vianet.bare), True)
    assert {name: getattr(now(vianet.bare), name) for name in FAPIAO} == FAPIAO


def test_a_trial_that_is_not_to_be_paid_is_asked_for_nothing(at_home, vianet):
    is_a_trial(vianet)
    put(vianet.bare, payment_method="fapiao-invoice")
    at_home.open(vianet.url(vianet.bare, "payment-method/"))
    done = at_home.press("Next", payment_method="", fapiao_tax_number="abc")
    assert done.url == vianet.url(vianet.bare)
    assert (now(vianet.bare).payment_method, now(vianet.bare).fapiao_tax_number) == ("", "")


def test_what_is_known_stands_in_the_form(at_home, vianet):
    has_lapsed(vianet)
    put(vianet.bare, **FAPIAO)
    page = at_home.open(vianet.url(vianet.bare, "reactivate/"))
    assert {name: page.value(name) for name in FAPIAO} == FAPIAO


def test_where_there_is_no_fapiao_nobody_is_asked_for_one(person, contoso):
    has_lapsed(contoso)
    person.comes_back(contoso.billing)
    page = person.open(contoso.url(contoso.bare, "reactivate/"))
    assert ("Fapiao" in page.text, "Purchase order number" in page.text) == (False, True)
