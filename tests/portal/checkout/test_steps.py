"""The steps of the check-out as requests: sent twice, sent too late, and back with half of it typed."""

import pytest
from django.http import HttpResponse
from django.test import Client

from subscriptions.clouds import Cloud
from subscriptions.models import Order
from subscriptions.web.kept_forms import COOKIE
from tests.database import as_owner
from tests.factories import make_order, make_partner, make_sold_product
from tests.page import Page
from tests.worlds import make_world

SHOP = "/t/alpha/billing/purchase-services/"


@pytest.fixture
def order(alpha) -> Order:
    make_partner()
    return make_order(tenant=alpha)


def url_of(order: Order, step: str) -> str:
    return f"{SHOP}check-out/{order.uuid}/{step}/"


def fields_of(client: Client, url: str) -> dict[str, str]:
    """What the page's own form sends."""
    form = client.get(url).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields}


def leads(answer: HttpResponse) -> tuple[int, str]:
    return answer.status_code, answer.headers.get("Location", "")


def stored(order: Order) -> Order:
    with as_owner():
        return Order.objects.get(pk=order.pk)


def test_next_sent_twice_names_the_partner_once(order, global_admin, sign_in, settings):
    """And is one look-up."""
    settings.LIMITS = {"check-id": {"person": (1, 3600)}}
    client, url = sign_in(global_admin), url_of(order, "review")
    fields = fields_of(client, url) | {"partner_id": "565380"}
    answers = [leads(client.post(url, fields)) for _ in range(2)]
    assert answers == [(303, url_of(order, "payment"))] * 2
    assert (stored(order).partner_number, stored(order).version) == ("565380", order.version + 1)


def test_products_sent_twice_are_kept_once(order, global_admin, sign_in):
    client, url = sign_in(global_admin), url_of(order, "products")
    fields = fields_of(client, url) | {"next": "1"}
    answers = [leads(client.post(url, fields)) for _ in range(2)]
    assert answers == [(303, url_of(order, "review"))] * 2
    assert stored(order).version == order.version + 1


@pytest.mark.parametrize("sent", [[], ["565380", "565380"]])
def test_a_box_that_is_missing_or_sent_twice_is_told(order, global_admin, sign_in, sent):
    client, url = sign_in(global_admin), url_of(order, "review")
    answer = client.post(url, fields_of(client, url) | {"partner_id": sent})
    assert answer.status_code == 422
    assert "The partner ID is missing or was sent twice. Type it again." in answer.content.decode()
    assert stored(order).partner_number == ""


def test_check_id_answers_in_place(order, global_admin, sign_in):
    client, url = sign_in(global_admin), url_of(order, "review")
    fields, headers = fields_of(client, url), {"HX-Request": "true", "HX-Target": "check-result"}
    check = url_of(order, "review/partner/check")
    found = client.post(check, fields | {"partner_id": "565380"}, headers=headers)
    wrong = client.post(check, fields | {"partner_id": "9999999"}, headers=headers)
    assert [found.status_code, wrong.status_code] == [200, 422]
    assert "Partner found: Tailspin Consulting" in found.content.decode()
    assert "No partner has the ID 9999999" in wrong.content.decode()
    assert [b"<h1" in answer.content for answer in (found, wrong)] == [False, False]
    assert stored(order).version == order.version


@pytest.mark.parametrize("act", ["review/prices", "review/partner", "review/partner/check", "review/partner/remove"])
def test_the_buttons_of_the_review_lead_there(order, global_admin, sign_in, act):
    assert leads(sign_in(global_admin).get(url_of(order, act))) == (302, url_of(order, "review"))


def test_buy_now_leads_to_purchase_services(alpha, global_admin, sign_in):
    assert leads(sign_in(global_admin).get(f"{SHOP}check-out/")) == (302, SHOP)


def test_payment_details_are_not_kept_over_a_sign_in(order, global_admin, sign_in):
    client, url = sign_in(global_admin), url_of(order, "payment")
    fields = fields_of(client, url)
    del client.cookies["session"]
    answer = client.post(url, fields | {"purchase_order_number": "PO 4711"})
    assert answer.url.startswith("/accounts/sign-in/")
    assert COOKIE not in client.cookies


def test_back_keeps_what_can_be_kept_of_a_form_that_is_not_finished(db, sign_in):
    world = make_world(Cloud.OPERATED_BY_21VIANET)
    order = make_order(tenant=world.tenant, product=make_sold_product(cloud=world.tenant.cloud))
    client, steps = sign_in(world.admin), f"/t/lanyun/billing/purchase-services/check-out/{order.uuid}/"
    typed = {"fapiao_title": "蓝云科技", "fapiao_tax_number": "abc", "back": "1"}
    answer = client.post(f"{steps}payment/", fields_of(client, f"{steps}payment/") | typed)
    assert leads(answer) == (303, f"{steps}review/")
    assert (stored(order).fapiao_title, stored(order).fapiao_tax_number) == ("蓝云科技", "")


def test_a_step_of_an_order_that_was_placed_meanwhile_says_so(order, global_admin, sign_in):
    client = sign_in(global_admin)
    review, payment = (fields_of(client, url_of(order, step)) for step in ("review", "payment"))
    client.post(url_of(order, "payment"), payment | {"terms": "on"})
    answer = client.post(url_of(order, "review"), review)
    assert answer.status_code == 409
    assert f"This order was placed already as {stored(order).number}." in Page(answer).text
