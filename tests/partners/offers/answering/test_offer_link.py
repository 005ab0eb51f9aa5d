"""The link of an offer's mail points, grants nothing, and leads nobody where he may not go."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from partners.models import PartnerOffer
from partners.models.partner_offer import OfferState
from partners.templatetags.offers import path_to
from subscriptions.clouds import Cloud
from tests.cases import lines
from tests.database import as_owner
from tests.factories import PASSWORD, make_member, make_partner, make_partner_offer, make_tenant, make_user
from tests.page import Page
from tests.partners.offers.client import follow_link, footprint, signed_in_just_now, url_of
from tests.worlds import PARTNER_STARTS, World, make_world

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture
def vianet(db) -> World:
    return make_world(PARTNER_STARTS)


@pytest.fixture
def offer(vianet) -> PartnerOffer:
    return make_partner_offer(tenant=vianet.tenant, partner=vianet.partner)


def test_whoever_is_not_signed_in_signs_in_and_is_back_at_the_offer(vianet, offer):
    client = Client(headers={"accept-language": "en"})
    at_sign_in = follow_link(client, offer)
    assert at_sign_in.redirect_chain == [("/offers/", 302), ("/accounts/sign-in/?next=/offers/", 302)]
    sending = Page(at_sign_in).sending("Sign in", {"login": vianet.admin.email, "password": PASSWORD})
    back = client.post(sending.action, sending.fields, follow=True)
    assert back.redirect_chain == [("/offers/", 302), (url_of(offer), 302)]
    assert "上海云伙伴 asks for your permission" in Page(back).text


def test_the_token_stands_in_no_address_after_the_first_and_in_no_script_readable_cookie(offer):
    client = Client()
    first = client.get(path_to(offer.uuid, offer.generation))
    assert (first.status_code, first.url) == (302, "/offers/")
    cookie = client.cookies["offer"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/offers/", True, "Lax")
    assert first["Cache-Control"] == "no-store"
    assert path_to(offer.uuid, offer.generation).split("/")[2] not in cookie.value


@pytest.mark.parametrize("times", [5, 10])
def test_a_scanner_changes_nothing(offer, times):
    before = footprint()
    for method in ("get", "head"):
        for _ in range(times):
            scanner = Client()
            assert getattr(scanner, method)(path_to(offer.uuid, offer.generation)).status_code == 302
            assert getattr(scanner, method)("/offers/").status_code == 302
            assert "session" not in scanner.cookies
    assert footprint() == before
    assert before["PartnerOffer"][0]["state"] == OfferState.SENT


def test_following_the_link_signed_in_changes_nothing_either(vianet, offer):
    client, before = signed_in_just_now(vianet.admin), footprint()
    assert follow_link(client, offer).status_code == 200
    assert footprint() == before


@pytest.mark.parametrize("place", [8, -12])
def test_a_changed_character_is_no_link(offer, place):
    path = path_to(offer.uuid, offer.generation)
    other = "A" if path[place + 5] != "A" else "B"
    changed = path[: place + 5] + other + path[place + 6 :]
    answer = Client().get(changed)
    assert answer.status_code == 404
    assert Page(answer).title.startswith("This link is not valid")
    assert "ask your partner to send the offer again" in Page(answer).text


def test_without_a_link_there_is_nothing_to_open(vianet, offer):
    answer = signed_in_just_now(vianet.admin).get("/offers/")
    assert answer.status_code == 404
    assert Page(answer).title.startswith("This link is not valid")


DEAD = {
    "time is up": {"expires_in": timedelta(seconds=-1)},
    "expired": {"state": OfferState.EXPIRED},
    "withdrawn": {"state": OfferState.WITHDRAWN, "withdrawn_at": timezone.now(), "withdrawn_by": "Agatha Agent"},
}


HEADINGS = {
    OfferState.SENT: "This offer has expired",
    OfferState.EXPIRED: "This offer has expired",
    OfferState.WITHDRAWN: "This offer was withdrawn",
}


@pytest.mark.parametrize("fields", DEAD.values(), ids=DEAD)
def test_a_dead_offer_says_what_to_do(vianet, fields):
    offer = make_partner_offer(tenant=vianet.tenant, partner=vianet.partner, **fields)
    client, before = signed_in_just_now(vianet.admin), footprint()
    answer = follow_link(client, offer)
    assert answer.status_code == 410
    assert Page(answer).heading == HEADINGS[offer.state]
    assert "Ask your partner for a new offer" in Page(answer).text
    assert client.post(url_of(offer), {"choice": "yes"}).status_code == 410
    assert footprint() == before


def test_the_link_of_an_earlier_sending_is_dead(vianet, offer):
    earlier = path_to(offer.uuid, offer.generation)
    with as_owner():
        PartnerOffer.objects.update(generation=2)
    client = signed_in_just_now(vianet.admin)
    answer = client.get(earlier, follow=True)
    assert answer.status_code == 410
    assert "Ask your partner for a new offer" in Page(answer).text
    offer.generation = 2
    assert follow_link(client, offer).status_code == 200


ANSWERED = {"decided_at": timezone.now(), "decided_by": "Alex Wilber", "decided_terms": "0" * 64}


@pytest.mark.parametrize(
    ("fields", "heading", "leads_on"),
    [
        ({}, "This link was replaced by a newer one", True),
        ({"expires_in": timedelta(seconds=-1)}, "This offer has expired", False),
        (DEAD["withdrawn"], "This offer was withdrawn", False),
        ({"state": OfferState.DECLINED, **ANSWERED}, "This offer was answered", True),
    ],
)
@pytest.mark.parametrize("who", ["admin", "reader"])
def test_a_dead_link_says_what_became_of_the_offer_and_leads_on_who_may_read_it(
    vianet, who, fields, heading, leads_on
):
    offer = make_partner_offer(tenant=vianet.tenant, partner=vianet.partner, generation=2, **fields)
    answer = signed_in_just_now(getattr(vianet, who)).get(path_to(offer.uuid, 1), follow=True)
    page = Page(answer)
    assert (answer.status_code, page.heading) == (410, heading)
    assert (f'href="{url_of(offer)}"' in answer.content.decode()) == (leads_on and who == "admin")
    assert '<nav class="side"' in answer.content.decode()


OTHERS = {
    "admin of another organization": lambda: make_member(
        tenant=make_tenant(slug="other"), email="admin@other.example"
    ),
    "person of no organization": lambda: make_user(email="nobody@other.example"),
    "the operator's staff": lambda: make_user(email="staff@other.example", is_staff=True),
}


@pytest.mark.parametrize("who", lines("09-offer-link-in-another-account.txt"))
def test_the_link_in_another_account_says_who_is_signed_in_and_keeps_the_link(vianet, offer, who):
    other = OTHERS[who]()
    client = signed_in_just_now(other)
    answer = follow_link(client, offer)
    page = Page(answer)
    assert (answer.status_code, other.name in page.text, other.email in page.text) == (404, True, True)
    switch = page.sending("Switch account", {})
    at_sign_in = client.post(switch.action, switch.fields, follow=True)
    assert at_sign_in.redirect_chain == [("/offers/", 303), ("/accounts/sign-in/?next=/offers/", 302)]
    sending = Page(at_sign_in).sending("Sign in", {"login": vianet.admin.email, "password": PASSWORD})
    back = client.post(sending.action, sending.fields, follow=True)
    assert back.redirect_chain == [("/offers/", 302), (url_of(offer), 302)]


def test_the_link_in_another_account_is_the_same_page_whether_the_offer_is_there_or_gone(vianet, offer):
    client = signed_in_just_now(make_member(tenant=make_tenant(slug="other"), email="admin@other.example"))
    draft = make_partner_offer(tenant=vianet.tenant, partner=vianet.partner, name="Draft", state=OfferState.DRAFT)
    bodies = []
    for uuid in (offer.uuid, draft.uuid, uuid4()):
        answer = client.get(path_to(uuid, 1), follow=True)
        assert answer.status_code == 404
        bodies.append(TOKEN.sub(b"", answer.content))
    assert bodies[0] == bodies[1] == bodies[2]
    assert offer.tenant.name.encode() not in bodies[0]


def test_for_the_admin_of_another_organization_and_for_staff_there_is_no_such_offer(offer, staff):
    other = make_tenant(slug="other", cloud=Cloud.OPERATED_BY_21VIANET)
    for person in (make_member(tenant=other, email="admin@other.example"), staff):
        client = signed_in_just_now(person)
        for answer in (follow_link(client, offer), client.get(url_of(offer)), client.post(url_of(offer))):
            assert answer.status_code == 404
            assert "上海云伙伴" not in answer.content.decode()


@pytest.mark.parametrize("who", ["reader", "billing"])
def test_whoever_may_not_decide_is_told_whom_to_ask(vianet, offer, who):
    client = signed_in_just_now(getattr(vianet, who))
    before = footprint()
    for answer in (follow_link(client, offer), client.post(url_of(offer), {"choice": "yes"})):
        assert answer.status_code == 403
        assert "Ask an admin of your organization" in Page(answer).text
        assert "A Global admin of your organization can answer it." in Page(answer).text
    assert footprint() == before


@pytest.mark.parametrize("cloud", [Cloud.WORLDWIDE, Cloud.GERMANY])
def test_where_customers_start_a_request_is_answered_and_nothing_is_created_from_it(db, cloud):
    tenant = make_tenant(cloud=cloud)
    offer = make_partner_offer(tenant=tenant, partner=make_partner(cloud=cloud))
    client = signed_in_just_now(make_member(tenant=tenant))
    answer = follow_link(client, offer)
    assert answer.status_code == 200
    assert "This is a request for delegated administration" in Page(answer).text
    for rest in ("create/", "create/trial/", "create/order/"):
        assert client.get(url_of(offer, rest)).status_code == 404
        assert client.post(url_of(offer, rest)).status_code == 404


def test_a_draft_is_nobodys_business_yet(vianet):
    offer = make_partner_offer(tenant=vianet.tenant, partner=vianet.partner, state=OfferState.DRAFT)
    assert signed_in_just_now(vianet.admin).get(url_of(offer)).status_code == 404
