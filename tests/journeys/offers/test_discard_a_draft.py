"""A partner's person thinks better of an offer before it is sent: the draft goes for good."""

import pytest

from partners.models import PartnerOffer
from tests.database import as_owner
from tests.factories import make_partner, make_partner_offer, make_partner_person
from tests.facts import audit_rows, mailed


@pytest.fixture
def agent(vianet):
    return make_partner_person(partner=vianet.partner, email="agent@yunhuoban.example", name="Agatha Agent")


@pytest.fixture
def draft(vianet):
    return make_partner_offer(tenant=vianet.tenant, partner=vianet.partner, name="Thought of", state="draft")


def address(world, offer, rest="") -> str:
    return f"/p/{world.partner.number}/offers/{offer.uuid}/{rest}"


def names() -> list[str]:
    with as_owner():
        return list(PartnerOffer.objects.order_by("pk").values_list("name", flat=True))


def test_a_draft_is_discarded_and_the_list_says_so(person, vianet, agent, draft):
    person.comes_back(agent)
    person.open(address(vianet, draft))
    page = person.follow("Discard draft")
    assert page.heading == "Discard the draft?"
    assert f"The draft for {vianet.tenant.name} is deleted for good" in page.text
    page = person.press("Discard draft")
    assert (page.heading, page.banner) == ("Offers", "The draft “Thought of” is discarded.")
    assert names() == []
    assert (audit_rows(), mailed()) == ([], set())
    assert person.open(address(vianet, draft)).status == 404


def test_the_form_sent_twice_gets_one_answer(person, vianet, agent, draft):
    person.comes_back(agent)
    form = person.open(address(vianet, draft, "discard/"))
    first = person.press("Discard draft")
    person.page = form
    second = person.press("Discard draft")
    assert (second.status, second.url) == (200, first.url)


@pytest.mark.parametrize("crafted", [{}, {"seal": ""}, {"seal": "nonsense"}])
def test_a_draft_that_somebody_else_discarded_is_not_there(person, another_person, vianet, agent, draft, crafted):
    for somebody in (person, another_person):
        somebody.comes_back(agent)
        somebody.open(address(vianet, draft, "discard/"))
    another_person.press("Discard draft")
    assert person.press("Discard draft", **crafted).status == 404


def test_a_draft_that_changed_meanwhile_is_not_discarded(person, another_person, vianet, agent, draft):
    for somebody, page in ((person, "discard/"), (another_person, "terms/")):
        somebody.comes_back(agent)
        somebody.open(address(vianet, draft, page))
    another_person.press("Save the terms", terms="Better terms")
    page = person.press("Discard draft")
    assert (page.status, page.heading) == (409, "Somebody was faster")
    assert names() == ["Thought of"]


def test_what_was_sent_says_why_it_is_not_discarded(person, vianet, agent):
    sent = make_partner_offer(tenant=vianet.tenant, partner=vianet.partner)
    person.comes_back(agent)
    page = person.open(address(vianet, sent))
    assert "Discard draft" in page.text
    assert "Withdraw it and make a new one if something else is to be asked." in page.text
    assert person.open(address(vianet, sent, "discard/")).status == 409
    assert person.send(address(vianet, sent, "discard/"), version="1").status == 409
    assert names() == [sent.name]


def test_without_its_version_nothing_is_discarded(person, vianet, agent, draft):
    person.comes_back(agent)
    person.open(address(vianet, draft, "discard/"))
    assert person.press("Discard draft", version="").status == 422
    assert names() == ["Thought of"]


def test_who_makes_no_offers_discards_none(person, vianet, draft):
    helpdesk = make_partner_person(partner=vianet.partner, role="helpdesk-agent", email="help@yunhuoban.example")
    person.comes_back(helpdesk)
    assert person.open(address(vianet, draft, "discard/")).status == 403
    assert person.send(address(vianet, draft, "discard/"), version="1").status == 403
    assert names() == ["Thought of"]


def test_another_partners_draft_is_not_there(person, vianet, agent):
    other = make_partner(number="880099", name="Other", cloud=vianet.tenant.cloud, country="CN")
    theirs = make_partner_offer(tenant=vianet.tenant, partner=other, state="draft")
    person.comes_back(agent)
    person.open(f"/p/{vianet.partner.number}/offers/new/")
    assert person.open(address(vianet, theirs, "discard/")).status == 404
    assert person.send(address(vianet, theirs, "discard/"), version="1").status == 404
    assert names() == [theirs.name]
