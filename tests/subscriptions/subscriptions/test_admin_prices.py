"""Staff correct what a subscription costs: the price per user and month, from which the cost follows."""

from decimal import Decimal

import pytest

from subscriptions.models import Subscription
from subscriptions.models.audit_event import AuditKind
from tests.desk import change_url, errors_of, events, rows_of, sent_by
from tests.factories import make_actor, make_sold_product, make_subscription
from tests.subscriptions.subscriptions.facts import LICENSES, act

HELD = {"unit_price": Decimal(20), "cost": "400.00"}


def make(alpha, **facts) -> Subscription:
    return make_subscription(tenant=alpha, product=make_sold_product(), **facts)


def correct(desk, subscription, **typed):
    """What staff send who open the page and type that."""
    url = change_url("subscriptions_subscription", subscription.pk)
    return desk.post(url, sent_by(desk.get(url)) | {"reason": "Agreed"} | typed)


def costs() -> tuple:
    (row,) = rows_of(Subscription)
    return row.licenses_total, row.unit_price, row.cost


def test_a_corrected_price_holds_when_licenses_are_added(desk, alpha, global_admin):
    subscription = make(alpha, **HELD)
    assert correct(desk, subscription, unit_price="15.00").status_code == 302
    assert costs() == (20, 15, 300)
    act(LICENSES, rows_of(Subscription)[0], make_actor(user=global_admin), total=21)
    assert costs() == (21, 15, 315)


@pytest.mark.parametrize(
    ("facts", "typed", "expected"),
    [
        (HELD, {"licenses_total": "30"}, (30, 20, 600)),
        (HELD, {"billing_frequency": "annual"}, (20, 20, 4800)),
        (HELD, {"unit_price": "0"}, (20, 0, 0)),
        ({"cost": "1233.00"}, {"licenses_total": "40"}, (40, Decimal("61.65"), 2466)),
        ({"cost": "1234.50"}, {"unit_price": "60"}, (20, 60, 1200)),
        ({"cost": "1234.50"}, {"name": "Berlin"}, (20, 0, Decimal("1234.50"))),
        ({"cost": "0", "status": "trial"}, {"licenses_total": "25"}, (25, 0, 0)),
    ],
    ids=["licenses", "frequency", "free", "share of the cost", "first price", "cost alone", "trial"],
)
def test_the_cost_follows_what_staff_correct(desk, alpha, facts, typed, expected):
    assert correct(desk, make(alpha, **facts), **typed).status_code == 302
    assert costs() == expected


def test_both_price_and_cost_stand_in_the_audit_trail(desk, alpha):
    correct(desk, make(alpha, **HELD), unit_price="15.00")
    (event,) = events(AuditKind.SUBSCRIPTION_CHANGED)
    assert event.detail == {"changes": {"unit_price": ["20.00", "15.00"], "cost": ["400.00", "300.00"]}}


def test_the_cost_is_shown_and_not_typed(desk, alpha):
    subscription = make(alpha, **HELD)
    page = desk.get(change_url("subscriptions_subscription", subscription.pk))
    assert "cost" not in sent_by(page)
    assert "400.00" in page.text


def test_a_cost_that_cannot_be_stored_is_refused(desk, alpha):
    response = correct(desk, make(alpha, **HELD), unit_price="99999999", licenses_total="2000000000")
    assert response.status_code == 422
    assert errors_of(response) == {"unit_price": ["A billing period would cost more than can be stored."]}
    assert costs() == (20, 20, 400)
