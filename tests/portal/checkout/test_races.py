"""Two windows, two clicks, two people at the same moment: real transactions in real threads."""

from threading import Barrier
from time import sleep

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client

from subscriptions.models import AuditEvent, Mail, Order, OrderLine, Subscription, Tenant
from tests.database import as_owner, at_once
from tests.factories import make_order, make_partner, make_sold_product, make_subscription, placed

pytestmark = pytest.mark.django_db(transaction=True)
SHOP = "/t/alpha/billing/purchase-services/"


def payment_form(client: Client, order: Order) -> dict[str, str]:
    form = client.get(f"{SHOP}check-out/{order.uuid}/payment/").context["form"]
    fields = {name: str(form[name].value() or "") for name in ("version", "key", "payment_method")}
    return fields | {"terms": "on"}


def place(client: Client, order: Order, fields: dict[str, str]) -> HttpResponse:
    return client.post(f"{SHOP}check-out/{order.uuid}/payment/", fields)


def counts() -> tuple[int, int, int]:
    with as_owner():
        return Subscription.objects.count(), AuditEvent.objects.count(), Mail.objects.count()


@pytest.fixture
def order(alpha: Tenant) -> Order:
    make_partner()
    return make_order(tenant=alpha, partner_number="565380", partner_name="Tailspin Consulting")


def test_place_order_sent_twice_buys_once(order, global_admin, sign_in):
    client = sign_in(global_admin)
    fields = payment_form(client, order)
    first, second = place(client, order, fields), place(client, order, fields)
    assert (first.status_code, second.status_code, first.url) == (303, 303, second.url)
    assert counts() == (1, 2, 2)


def test_place_order_sent_twice_at_once_buys_once(order, global_admin, sign_in):
    one, other = sign_in(global_admin), sign_in(global_admin)
    fields = payment_form(one, order)
    answers = at_once(lambda: place(one, order, fields), lambda: place(other, order, fields))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert counts() == (1, 2, 2)


def test_of_two_windows_that_buy_at_once_one_wins(order, global_admin, billing_admin, sign_in):
    one, other = sign_in(global_admin), sign_in(billing_admin)
    forms = payment_form(one, order), payment_form(other, order)
    answers = at_once(lambda: place(one, order, forms[0]), lambda: place(other, order, forms[1]))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert counts() == (1, 2, 3)  # the partner and both admins of the organization


def test_a_step_that_another_window_has_changed_overwrites_nothing(order, global_admin, sign_in):
    client = sign_in(global_admin)
    fields = payment_form(client, order)
    url = f"{SHOP}check-out/{order.uuid}/products/"
    form = client.get(url).context["form"]
    typed = {name: str(form[name].value()) for name in form.fields}
    licenses = next(name for name in typed if name.startswith("licenses-"))
    assert client.post(url, typed | {licenses: "9", "next": "1"}).status_code == 303
    assert client.post(url, typed | {licenses: "4", "next": "1"}).status_code == 409
    assert place(client, order, fields).status_code == 409
    with as_owner():
        assert [row.licenses for row in order.lines.all()] == [9]
    assert counts() == (0, 0, 0)


def test_buy_now_in_two_windows_at_once_fills_one_draft(alpha, global_admin, sign_in):
    offers = [make_sold_product(name=name) for name in ("Office 365 E1", "Office 365 F1")]
    clients = [sign_in(global_admin) for _ in offers]

    def buy(number: int) -> HttpResponse:
        return clients[number].post(f"{SHOP}check-out/", {"product": str(offers[number].uuid)})

    answers = at_once(lambda: buy(0), lambda: buy(1))
    assert answers[0].url.partition("?")[0] == answers[1].url.partition("?")[0]
    with as_owner():
        assert Order.objects.get().lines.count() == 2


def test_what_is_bought_while_the_order_is_placed_is_placed_with_nothing(order, global_admin, sign_in):
    other = make_sold_product(name="Office 365 F1")
    one, two = sign_in(global_admin), sign_in(global_admin)
    fields = payment_form(one, order)
    at_once(lambda: place(one, order, fields), lambda: two.post(f"{SHOP}check-out/", {"product": str(other.uuid)}))
    with as_owner():
        assert not OrderLine.objects.filter(order__state="placed", subscription=None).exists()
        assert OrderLine.objects.filter(order__state="draft", product=other).exists()


def test_buy_now_waits_for_the_order_that_is_being_placed(order, global_admin, sign_in):
    """The same, with the order of the two forced."""
    other = make_sold_product(name="Office 365 F1")
    client, placing = sign_in(global_admin), Barrier(2)

    def place_slowly() -> None:
        with as_owner(), transaction.atomic():
            Order.objects.filter(pk=order.pk).update(**placed("2026-000001"))
            placing.wait()
            sleep(0.5)

    def buy() -> HttpResponse:
        placing.wait()
        return client.post(f"{SHOP}check-out/", {"product": str(other.uuid)})

    _done, answer = at_once(place_slowly, buy)
    assert str(order.uuid) not in answer.url


def test_of_two_who_start_a_trial_at_once_one_does(alpha, global_admin, billing_admin, sign_in):
    offer = make_sold_product(has_trial=True)
    clients = [sign_in(global_admin), sign_in(billing_admin)]
    url = f"{SHOP}{offer.uuid}/trial/"
    keys = [str(client.get(url).context["form"]["key"].value()) for client in clients]
    answers = at_once(lambda: clients[0].post(url, {"key": keys[0]}), lambda: clients[1].post(url, {"key": keys[1]}))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert counts() == (1, 1, 0)


def test_the_database_refuses_a_second_trial_of_a_product(alpha):
    product = make_sold_product(has_trial=True)
    make_subscription(tenant=alpha, product=product, began_as_trial=True)
    with pytest.raises(IntegrityError, match="subscription_one_trial_per_product"):
        make_subscription(tenant=alpha, product=product, began_as_trial=True)
