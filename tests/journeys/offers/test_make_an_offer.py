"""Where partners start, from the partner's side: an offer is written, previewed, and sent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from subscriptions.clouds import Cloud
from subscriptions.models.delegated_role import AgentRole
from tests.database import as_owner
from tests.factories import make_partner_offer, make_partner_person, make_relationship, make_sold_product
from tests.facts import audit_rows, mailed

ADMINISTRATION = {"roles": ["helpdesk-administrator", "global-administrator"], "days": "365"}
NO_CREDIT = {"credit": "nothing", "known": [], "purchase": "none", "products": []}
DRAFT = {"name": "A year", "terms": "We look after you.\n\nDaily.", **ADMINISTRATION, **NO_CREDIT}


@pytest.fixture
def product(vianet):
    return make_sold_product(cloud=Cloud.OPERATED_BY_21VIANET, name="Visio", has_trial=True)


@pytest.fixture
def agent(vianet, product):
    return make_partner_person(partner=vianet.partner, email="agent@yunhuoban.example", name="Agatha Agent")


@pytest.fixture
def at_the_form(person, vianet, agent):
    """The page on which an offer is written, for the organization of this address."""
    person.comes_back(agent)
    person.open(address(vianet))
    person.follow("New offer")
    return person.press("Next", organization=vianet.tenant.slug)


@pytest.fixture
def sent(vianet):
    return make_partner_offer(tenant=vianet.tenant, partner=vianet.partner)


def address(world, offer=None, rest="") -> str:
    return f"/p/{world.partner.number}/offers/" + (f"{offer.uuid}/{rest}" if offer else rest)


def test_write_an_offer_read_it_as_the_customer_will_and_send_it(person, vianet, product, at_the_form):
    page = at_the_form
    assert page.heading == "New offer"
    assert f"For {vianet.tenant.name}, China." in page.text
    assert "Global administrator Highest risk" in page.text
    assert vianet.named.name in page.text
    assert vianet.bare.name not in page.text
    pasted = {"credit": "named", "known": [str(vianet.named.uuid)], "subscriptions": str(vianet.bare.uuid)}
    trial = {"purchase": "trial", "products": [str(product.uuid)]}
    page = person.press("Save and preview", **DRAFT | pasted | trial)
    assert page.heading == "Preview and send"
    for text in ("A year", "Global administrator Highest risk", "365", "25 × Visio", vianet.named.name,
                 vianet.bare.name, "We look after you. Daily."):  # fmt: skip
        assert text in page.text
    assert (audit_rows(), mailed()) == ([], set())
    page = person.press("Send")
    assert page.banner == f"The offer is on its way to the Global admins of {vianet.tenant.name}."
    assert "Waiting for an answer" in page.text
    assert audit_rows() == [("offer.sent", "Agatha Agent", "A year", "")]
    assert mailed() == {("offer-received", vianet.admin.email)}
    page = person.follow("Offers")
    assert page.rows[0].startswith(f"A year {vianet.tenant.name} Waiting for an answer")
    assert "Delegated administration: 2 roles, 365 days" in page.rows[0]
    assert "Partner of record on 2 subscriptions A free trial" in page.rows[0]


def test_the_preview_says_what_was_left_out_of_the_terms(person, at_the_form):
    page = person.press("Save and preview", **DRAFT | {"terms": "<h1>Terms</h1><p>Fine</p><img src=x><form></form>"})
    assert page.heading == "Preview and send"
    assert "Left out of the terms" in page.banner
    assert page.banner.endswith("<img>")


def test_both_sides_read_the_versions_before(person, another_person, vianet, agent, sent):
    person.comes_back(agent)
    person.open(address(vianet, sent))
    first = person.page.text.partition("Version 1 of")[2][:120]
    person.follow("Change the terms")
    page = person.press("Save the terms", terms="<p>Twice as much.</p>")
    assert ("Version 1 of" in page.text, "Version 2 of" in page.text, "Twice as much." in page.text) == (True,) * 3
    another_person.comes_back(vianet.admin)
    offers = f"/t/{vianet.tenant.slug}/settings/partner-relationships/offers/{sent.uuid}/"
    page = another_person.open(offers)
    assert ("Version 1 of" in page.text, "Version 2 of" in page.text, bool(first)) == (True,) * 3


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(person, at_the_form):
    wrong = {"name": "x" * 51, "days": "731", "terms": ""}
    page = person.press("Save draft", **DRAFT | wrong | {"subscriptions": "no-id"})
    assert page.status == 422
    assert page.errors == ["Enter subscription IDs only, as the organization's page of the subscription shows them."]
    page = person.press("Save draft", **DRAFT | wrong | {"subscriptions": ""})
    assert page.status == 422
    assert page.errors == [
        "The name has 51 characters; 50 are possible.",
        "Delegated administration lasts from 1 to 730 days.",
        "Write the terms that the organization agrees to.",
    ]
    assert page.value("name") == "x" * 51
    assert page.value("days") == "731"


@pytest.mark.parametrize(
    ("name", "character"), [("A\r\nBcc: spy@elsewhere.example", "U+000D"), ("A\u2028B", "U+2028 LINE SEPARATOR")]
)
def test_a_line_break_in_the_name_is_refused(person, at_the_form, name, character):
    page = person.press("Save draft", **DRAFT | {"name": name})
    assert page.status == 422
    assert f"This contains the character {character}" in page.errors[0]


def test_an_address_of_nobody_and_one_of_another_cloud_get_the_same_answer(person, vianet, contoso, agent):
    person.comes_back(agent)
    person.open(address(vianet, rest="new/"))
    answers = [person.press("Next", organization=slug) for slug in ("nobody", contoso.tenant.slug)]
    assert {page.status for page in answers} == {422}
    assert len({tuple(page.errors) for page in answers}) == 1
    assert "No organization of your cloud (Operated by 21Vianet) has this address." in answers[0].errors[0]


def test_the_eleventh_search_in_a_minute_is_turned_away(person, vianet, agent, settings):
    settings.LIMITS = {"find-organization": {"person": (2, 60)}}
    person.comes_back(agent)
    person.open(address(vianet, rest="new/"))
    assert [person.send(person.page.url, organization="nobody").status for _time in range(3)] == [422, 422, 429]


@pytest.mark.parametrize("typed", ["https://portal.example/t/lanyun/billing/", "/t/lanyun/", "t/lanyun", " LANYUN/"])
def test_a_whole_address_is_understood(person, vianet, agent, typed):
    assert vianet.tenant.slug == "lanyun"
    person.comes_back(agent)
    person.open(address(vianet, rest="new/"))
    page = person.press("Next", organization=typed)
    assert page.heading == "New offer"
    assert vianet.tenant.name in page.text


def test_each_product_has_its_own_number_and_billing_frequency(person, vianet, product, at_the_form):
    other = make_sold_product(cloud=Cloud.OPERATED_BY_21VIANET, name="Project")
    person.open(person.page.url)
    lines = {f"licenses-{product.uuid}": "3", f"frequency-{product.uuid}": "annual", f"licenses-{other.uuid}": "4"}
    bought = DRAFT | {"purchase": "purchase", "products": [str(product.uuid), str(other.uuid)]}
    page = person.press("Save draft", **bought | lines)
    assert "4 × Project, billed monthly: CN¥10.00 per user and month, CN¥40.00 for each billing period" in page.text
    assert "3 × Visio, billed annually: CN¥9.00 per user and month, CN¥324.00 for each billing period" in page.text
    person.follow("Edit")
    page = person.press("Save draft", **bought | {f"licenses-{product.uuid}": "5"})
    assert ("4 × Project, billed monthly" in page.text, "5 × Visio, billed annually" in page.text) == (True, True)


def test_a_billing_frequency_that_there_is_not_is_refused_at_its_product(person, product, at_the_form):
    bought = {"purchase": "purchase", "products": [str(product.uuid)], f"frequency-{product.uuid}": "daily"}
    page = person.press("Save draft", **DRAFT | bought)
    assert (page.status, len(page.errors)) == (422, 1)
    assert page.errors == ["Billing frequency of Visio: choose one of the possibilities."]


def test_what_is_no_longer_sold_stays_in_the_draft_until_somebody_takes_it_out(person, product, at_the_form):
    person.press("Save draft", **DRAFT | {"purchase": "purchase", "products": [str(product.uuid)]})
    with as_owner():
        product.prices.all().delete()
    page = person.follow("Edit")
    assert "Visio No longer sold: the draft can only be saved without it." in page.text
    page = person.press("Save draft", terms="Ours")
    assert page.errors == ["A product that you chose is not sold in the organization's cloud today."]
    assert "Visio No longer sold" in page.text
    page = person.press("Save draft", **DRAFT)
    assert (page.status, "Visio" in page.text) == (200, False)


def test_a_draft_is_edited(person, vianet, at_the_form):
    person.press("Save draft", **DRAFT)
    page = person.follow("Edit")
    assert page.value("name") == "A year"
    page = person.press("Save draft", **DRAFT | {"name": "Two years", "days": "730"})
    assert (page.heading, "730" in page.text) == ("Two years", True)


def test_the_same_form_twice_is_one_draft(person, at_the_form):
    form = person.page
    first = person.press("Save draft", **DRAFT)
    person.page = form
    assert person.press("Save draft", **DRAFT).url == first.url


def test_the_same_form_with_other_words_changes_nothing(person, at_the_form):
    form = person.page
    person.press("Save draft", **DRAFT)
    person.page = form
    page = person.press("Save draft", **DRAFT | {"name": "Other"})
    assert (page.status, page.heading) == (409, "Somebody was faster")


def test_two_who_edit_one_draft(person, another_person, vianet, agent):
    offer = make_partner_offer(tenant=vianet.tenant, partner=vianet.partner, state="draft")
    for somebody in (person, another_person):
        somebody.comes_back(agent)
        somebody.open(address(vianet, offer, "edit/"))
    another_person.press("Save draft", **DRAFT)
    page = person.press("Save draft", **DRAFT | {"name": "Mine"})
    assert (page.status, page.heading) == (409, "Somebody was faster")
    conflict = page
    assert person.follow("Leave it as it is").heading == "A year"
    person.page = conflict
    assert person.press("Open the form again").value("name") == "Mine"
    assert person.press("Save draft", terms="Ours").heading == "Mine"


def test_send_again(person, vianet, agent, sent):
    person.comes_back(agent)
    person.open(address(vianet, sent))
    page = person.follow("Send again")
    assert "The link of the mail before is dead from then on." in page.text
    page = person.press("Send again")
    assert "Times sent 2" in page.text
    assert mailed() == {("offer-received", vianet.admin.email)}
    assert audit_rows()[-1][0] == "offer.sent-again"


def test_change_the_terms(person, vianet, agent, sent):
    person.comes_back(agent)
    person.open(address(vianet, sent))
    person.follow("Change the terms")
    page = person.press("Save the terms", terms="<p>Better</p><script>alert(1)</script>")
    assert page.banner.startswith("The new terms are in force. Left out of the terms")
    assert "Version 2" in page.text
    assert "alert" not in page.text
    person.follow("Change the terms")
    assert person.press("Save the terms", terms="<p>Better</p>").banner == "No change: everything stays as it was."
    person.follow("Change the terms")
    assert person.press("Save the terms", terms=" ").status == 422


def test_withdraw(person, vianet, agent, sent):
    person.comes_back(agent)
    person.open(address(vianet, sent))
    person.follow("Withdraw")
    page = person.press("Withdraw", reason="A better one follows.")
    assert "A better one follows." in page.text
    assert mailed() == {("offer-withdrawn", vianet.admin.email)}
    for label in ("Edit", "Send again", "Withdraw"):
        assert page.has(label)
    assert "The offer is in the state “Withdrawn”. Next step: Make a new offer if it is needed again." in page.text
    for rest in ("send/", "send-again/", "withdraw/", "terms/", "edit/"):
        assert person.open(address(vianet, sent, rest)).status == 409


def test_the_states_of_the_list(person, vianet, agent):
    usual = {"tenant": vianet.tenant, "partner": vianet.partner}
    make_partner_offer(**usual, name="Draft of mine", state="draft")
    make_partner_offer(**usual, name="Waiting")
    make_partner_offer(**usual, name="Too late", expires_in=-timedelta(days=1),
                       sent_at=timezone.now() - timedelta(days=31))  # fmt: skip
    make_partner_offer(tenant=vianet.tenant, partner=vianet.other, name="Of somebody else")
    person.comes_back(agent)
    page = person.open(address(vianet))
    assert [row.split(vianet.tenant.name)[0].strip() for row in page.rows] == ["Too late", "Waiting", "Draft of mine"]
    assert "Expired You: make a new offer, if it is still wanted." in page.rows[0]
    page = person.press("Filter", state="sent")
    assert [row.split()[0] for row in page.rows] == ["Waiting"]
    assert person.press("Filter", state="declined").rows == []
    assert person.page.has("Clear all")


@pytest.mark.parametrize(("role", "may"), [(AgentRole.SALES_AGENT, True), (AgentRole.HELPDESK_AGENT, False)])
def test_who_makes_offers(person, vianet, sent, role, may):
    agent = make_partner_person(partner=vianet.partner, email="other@yunhuoban.example", role=role)
    person.comes_back(agent)
    page = person.open(address(vianet))
    assert page.has("New offer")
    assert ("Who can help:" in page.text) is not may
    for rest in ("new/", f"{sent.uuid}/withdraw/", f"{sent.uuid}/send-again/"):
        assert person.open(address(vianet, rest=rest)).status == (200 if may else 403)


def test_another_partners_offer_is_not_there(person, vianet, agent):
    offer = make_partner_offer(tenant=vianet.tenant, partner=vianet.other)
    person.comes_back(agent)
    person.open(address(vianet, rest="new/"))
    for rest in ("", "withdraw/", "send/", "edit/"):
        assert person.open(address(vianet, offer, rest)).status == 404
    assert person.send(address(vianet, offer, "withdraw/"), reason="", version="1").status == 404
    assert audit_rows() == []


def test_no_offer_is_answered_or_made_from_inside_a_customers_portal(person, vianet, agent):
    make_relationship(tenant=vianet.tenant, partner=vianet.partner, roles=("global-administrator",))
    person.comes_back(agent)
    page = person.open(f"/t/{vianet.tenant.slug}/")
    assert page.status == 200
    assert not page.has("Offers")
