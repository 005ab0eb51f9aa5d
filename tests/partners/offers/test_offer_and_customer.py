"""Between an offer and its customer's page in the workspace there is a way in both directions."""

import pytest

from tests.factories import make_partner_offer, make_partner_person, make_relationship
from tests.page import Page
from tests.worlds import PARTNER_STARTS, World, make_world


@pytest.fixture
def vianet(db) -> World:
    return make_world(PARTNER_STARTS)


@pytest.fixture
def agent(vianet, sign_in):
    return sign_in(make_partner_person(partner=vianet.partner, email="agent@yunhuoban.example", name="Agatha"))


def read(client, path: str) -> Page:
    return Page(client.get(path, headers={"accept-language": "en"}))


def test_a_customer_leads_to_its_offers_and_to_a_new_one(vianet, agent):
    make_relationship(tenant=vianet.tenant, partner=vianet.partner)
    offer = make_partner_offer(tenant=vianet.tenant, partner=vianet.partner, name="For a year")
    customer = f"/p/880021/customers/{vianet.tenant.uuid}/"
    page = read(agent, customer)
    assert page.link("For a year") == f"/p/880021/offers/{offer.uuid}/"
    form = read(agent, page.link("New offer"))
    assert (form.status, form.heading) == (200, "New offer")
    assert vianet.tenant.name in form.text
    assert read(agent, f"/p/880021/offers/{offer.uuid}/").link(vianet.tenant.name) == customer


def test_an_organization_that_is_no_customer_has_no_page(vianet, sign_in):
    offer = make_partner_offer(tenant=vianet.tenant, partner=vianet.other)
    client = sign_in(make_partner_person(partner=vianet.other, email="other@beijing.example", name="Otto"))
    assert f"customers/{vianet.tenant.uuid}" not in client.get(f"/p/880022/offers/{offer.uuid}/").content.decode()
