"""An answered offer stays to be found on Settings > Partner Relationships, with what can still be created from it."""

import pytest
from django.urls import reverse

from partners.models import OfferedProduct
from partners.models.partner_offer import OfferedPurchase
from tests.database import as_owner
from tests.factories import make_partner_offer, make_sold_product
from tests.partners.offers.facts import accepted, declined
from tests.worlds import PARTNER_STARTS, World, make_world


@pytest.fixture
def vianet(db) -> World:
    return make_world(PARTNER_STARTS)


@pytest.fixture
def trial(vianet):
    product = make_sold_product(cloud=vianet.tenant.cloud, name="Office 365 E1", has_trial=True)
    offer = make_partner_offer(
        tenant=vianet.tenant,
        partner=vianet.partner,
        name="Offer with a trial",
        purchase=OfferedPurchase.TRIAL,
        products=[product],
    )
    declined(offer, vianet.admin)
    return offer


def read(client):
    answer = client.get("/t/lanyun/settings/partner-relationships/", headers={"accept-language": "en"})
    return answer.context["answered"].rows, answer.content.decode()


def create_url(offer) -> str:
    return reverse("from-offer:create", args=["lanyun", offer.uuid])


def offer_url(offer) -> str:
    return reverse("partners:offer", args=["lanyun", offer.uuid])


def test_what_came_with_it_is_still_found_after_no(vianet, trial, sign_in):
    rows, text = read(sign_in(vianet.admin))
    assert [(row["accepted"], row["url"], row["create_url"]) for row in rows] == [
        (False, offer_url(trial), create_url(trial))
    ]
    assert f'href="{create_url(trial)}"' in text and f'href="{offer_url(trial)}"' in text


def test_who_may_buy_but_not_answer_gets_only_what_is_left(vianet, trial, sign_in):
    accepted(make_partner_offer(tenant=vianet.tenant, partner=vianet.partner), vianet.admin)
    (row,), _text = read(sign_in(vianet.billing))
    assert (row["url"], row["create_url"]) == ("", create_url(trial))


def test_who_may_do_neither_sees_none(vianet, trial, sign_in):
    rows, text = read(sign_in(vianet.reader))
    assert rows == []
    assert trial.name not in text and "Answered offers" not in text


def test_what_is_created_stays_listed_without_the_way_there(vianet, trial, sign_in):
    with as_owner():
        OfferedProduct.objects.filter(offer=trial).update(created=vianet.bare)
    (row,), text = read(sign_in(vianet.admin))
    assert (row["url"], row["create_url"]) == (offer_url(trial), "")
    assert f'href="{create_url(trial)}"' not in text
    assert read(sign_in(vianet.billing))[0] == []
