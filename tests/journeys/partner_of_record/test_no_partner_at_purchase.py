"""Where no partner is named at purchase: neither a field nor a word of it, and a crafted post finds nothing."""

import pytest

from tests.journeys.client import (
    FAPIAO,
    buy_now,
    sell,
    the_order,
    to_review,
)


def test_operated_by_21vianet_next_takes_no_partner(person, vianet):
    """There is no such field; one that is sent all the same is not read."""
    sell(vianet)
    person.comes_back(vianet.admin)
    page = to_review(person, vianet)
    assert [form for form in page.forms() if "partner_id" in form] == []
    fields = next(form for form in page.forms() if "version" in form)
    page = person.send(page.url, **fields, partner_id=vianet.partner.number)
    assert page.url.endswith("/payment/")
    assert (the_order().partner_number, "partner" in page.text.lower()) == ("", False)


@pytest.mark.parametrize("rest", ["", "check/", "remove/"])
def test_operated_by_21vianet_a_crafted_post_with_a_partner_is_not_found(person, vianet, rest):
    sell(vianet)
    person.comes_back(vianet.admin)
    to_review(person, vianet)
    order = the_order()
    url = f"/t/lanyun/billing/purchase-services/check-out/{order.uuid}/review/partner/{rest}"
    page = person.send(url, partner_id=vianet.partner.number, version=str(order.version))
    assert (page.status, page.heading) == (404, "Page not found")
    assert (the_order().partner_number, the_order().version) == ("", order.version)


def test_operated_by_21vianet_the_shop_has_no_word_of_partners(person, vianet):
    """Every page from the catalog to the printed confirmation."""
    sell(vianet, has_trial=True)
    person.comes_back(vianet.admin)
    pages = [person.open("/t/lanyun/billing/purchase-services/"), buy_now(person, vianet)]
    pages += [person.press("Next"), person.press("Next")]
    pages += [person.press("Place order", terms="on", **FAPIAO)]
    assert pages[-1].heading == "Thank you for your order"
    pages += [person.follow("Order confirmation to print"), person.follow("Orders")]
    assert [page.status for page in pages] == [200] * 7
    assert ["partner" in page.text.lower() for page in pages] == [False] * 7
