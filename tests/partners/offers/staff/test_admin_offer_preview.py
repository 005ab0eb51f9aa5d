"""Staff read what an organization will read before they send it, and act on what they have read."""

import pytest
from django.urls import reverse

from partners.models import OfferTerms, PartnerOffer
from subscriptions.clouds import Cloud
from subscriptions.models import AuditEvent
from tests.database import as_owner
from tests.desk import act, change_url, messages_of, page_of, rows_of, send
from tests.factories import make_partner_offer, make_sold_product, make_subscription
from tests.page import Page
from tests.partners.offers.client import MODEL
from tests.partners.offers.facts import OfferWorld


@pytest.fixture
def world(db):
    return OfferWorld()


@pytest.fixture
def draft(world):
    return make_partner_offer(
        tenant=world.tenant,
        partner=world.partner,
        state="draft",
        roles=["global-administrator"],
        credit="named",
        purchase="purchase",
        subscriptions=[make_subscription(tenant=world.tenant, name="Office 365 E1")],
        products=[make_sold_product(cloud=Cloud.OPERATED_BY_21VIANET, name="Visio")],
        terms="<p>Our <em>terms</em></p>",
    )


def preview_url(offer) -> str:
    return reverse("admin:partners_partneroffer_preview", args=[offer.pk])


@pytest.mark.parametrize("where", ["act", "page"])
def test_what_the_global_admins_will_read_is_shown_before_it_is_sent(desk, draft, where):
    response = page_of(desk, MODEL, "send_offers", draft) if where == "act" else desk.get(preview_url(draft))
    text = Page(response).text
    for words in (
        "Lanyun", "Our terms", "Global administrator Highest risk", "365 days", "Office 365 E1",
        "25 × Visio, billed monthly", "Can be answered until", "The mail",
    ):  # fmt: skip
        assert words in text
    assert "<p>Our <em>terms</em></p>" in response.content.decode()
    assert rows_of(PartnerOffer)[0].state == "draft"


def test_terms_are_cleaned_once_more_on_staffs_pages_and_no_name_is_markup(desk, world):
    usual = {"tenant": world.tenant, "partner": world.partner, "state": "draft", "name": "<b>Bad"}
    bad = make_partner_offer(**usual, terms="<p onclick=x>A</p><script>x</script>")
    for response in (page_of(desk, MODEL, "send_offers", bad), desk.get(preview_url(bad))):
        assert "<p>A</p>" in response.content.decode()
        assert "onclick" not in response.content.decode()
        assert "<b>Bad" not in response.content.decode()
        assert "&lt;b&gt;Bad" in response.content.decode().partition('class="mail-text"')[2].partition("</pre>")[0]


def test_several_are_shown_each_with_parts_of_their_own(desk, world, draft):
    other = make_partner_offer(tenant=world.tenant, partner=world.partner, name="Other", state="draft")
    page = page_of(desk, MODEL, "send_offers", draft, other).content.decode()
    ids = [part.split('"')[0] for part in page.split(' id="')[1:]]
    assert sorted(ids) == sorted(set(ids))
    assert page.count('class="offer-preview"') == 2
    names = [part.split('"')[0] for part in page.split(' aria-labelledby="')[1:]]
    parts = {f"offer{number} {part}{number}" for number in (1, 2) for part in ("terms", "asked")}
    assert parts == {name for name in names if set(name.split()) <= set(ids)}


def test_an_act_that_none_of_them_allows_has_no_button_to_press_but_says_why(desk, world, draft):
    sent = make_partner_offer(tenant=world.tenant, partner=world.partner, name="Sent")
    page = page_of(desk, MODEL, "discard_drafts", sent).content.decode()
    assert 'type="submit" class="default"' not in page
    button = page.partition('aria-disabled="true" aria-describedby="why-not">')[2]
    assert button.startswith("Discard draft</button>")
    assert 'id="why-not">This is possible for none of these offers' in page
    assert "Withdraw it and make a new one if something else is to be asked." in page
    page = page_of(desk, MODEL, "discard_drafts", sent, draft).content.decode()
    assert ('type="submit" class="default"' in page, "aria-disabled" in page) == (True, False)


def test_what_is_gone_meanwhile_is_told_so(desk, draft):
    pages = [page_of(desk, MODEL, "discard_drafts", draft) for _ in "ab"]
    said = [messages_of(send(desk, page, reason="Asked")) for page in pages]
    assert said == [[f"Discard drafts: done for {draft}, {draft.tenant}."], ["What you chose is not there any more."]]


def test_at_most_ten_are_chosen_at_once(desk, world):
    rows = [
        make_partner_offer(tenant=world.tenant, partner=world.partner, name=str(number), state="draft")
        for number in range(11)
    ]
    response = act(desk, MODEL, "send_offers", *rows, reason="All")
    assert messages_of(response) == ["Choose at most 10 rows at once."]


def test_the_preview_leads_to_the_act(desk, draft):
    page = desk.get(preview_url(draft))
    assert (page.context["act"].name, page.context["verdict"].allowed) == ("admin:send-offers", True)
    assert f'<input type="hidden" name="ids" value="{draft.pk}">' in page.content.decode()
    assert preview_url(draft) in desk.get(change_url(MODEL, draft.pk)).content.decode()


@pytest.mark.parametrize(("state", "allowed"), [("sent", True), ("expired", False)])
def test_what_was_sent_is_previewed_too(desk, world, state, allowed):
    offer = make_partner_offer(tenant=world.tenant, partner=world.partner, state=state)
    page = desk.get(preview_url(offer))
    assert (page.context["act"].name, page.context["verdict"].allowed) == ("admin:send-offers-again", allowed)
    assert ("Make a new offer: the link of this one is dead." in page.content.decode()) is not allowed


def test_an_offer_that_is_not_there_has_no_preview(desk, draft):
    assert desk.get(reverse("admin:partners_partneroffer_preview", args=[draft.pk + 1])).status_code == 404
    assert desk.get(reverse("admin:partners_partneroffer_preview", args=["x"])).status_code == 404
    assert desk.post(preview_url(draft)).status_code == 405


@pytest.mark.parametrize("action", ["send_offers", "change_terms", "discard_drafts"])
def test_nothing_is_done_to_what_changed_after_it_was_read(desk, draft, action):
    """The page comes back with what the offer says now, and what was typed; the next press acts on that."""
    before = page_of(desk, MODEL, action, draft)
    with as_owner():
        PartnerOffer.objects.update(version=2, days=10)
    page = send(desk, before, reason="Asked", **({"terms": "Mine"} if action == "change_terms" else {}))
    assert (page.status_code, page.context["form"]["reason"].value()) == (409, "Asked")
    assert "For 10 days from the answer on" in page.content.decode()
    assert (rows_of(PartnerOffer)[0].state, rows_of(AuditEvent)) == ("draft", [])
    (said,) = messages_of(send(desk, page))
    assert said.endswith(f"done for {draft}, {draft.tenant}.")


def test_the_present_terms_stand_in_the_box_of_one_offer(desk, world, draft):
    assert page_of(desk, MODEL, "change_terms", draft).context["form"]["terms"].value() == "<p>Our <em>terms</em></p>"
    other = make_partner_offer(tenant=world.tenant, partner=world.partner, name="Other")
    assert page_of(desk, MODEL, "change_terms", draft, other).context["form"]["terms"].value() is None


@pytest.mark.parametrize(
    ("terms", "reason", "field"), [("", "Asked", "terms"), ("x" * 50_001, "Asked", "terms"), ("Mine", "", "reason")]
)
def test_what_was_typed_is_kept_where_something_is_wrong(desk, draft, terms, reason, field):
    page = act(desk, MODEL, "change_terms", draft, terms=terms, reason=reason)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert page.context["form"]["terms"].value() == terms
    assert len(rows_of(OfferTerms)) == 1
