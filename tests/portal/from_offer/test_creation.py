"""What came with an offer is created after the answer, once, and credits the partner as was agreed."""

from uuid import uuid4

import pytest

from partners.models import OfferedProduct, PartnerOffer, PartnerOfRecord
from partners.models.partner import PartnerState
from partners.models.partner_of_record import Source
from partners.models.partner_offer import CreditWanted, OfferedPurchase, OfferState
from partners.offers.reads import answered_offers
from subscriptions.db import scopes
from subscriptions.models import Mail, Order, Subscription
from tests.database import as_owner
from tests.factories import make_partner_of_record, make_partner_offer, make_sold_product, make_subscription
from tests.page import Page, words
from tests.partners.offers.client import count, footprint, signed_in_just_now, url_of
from tests.partners.offers.facts import accepted, declined
from tests.worlds import PARTNER_STARTS, World, make_world


@pytest.fixture
def vianet(db) -> World:
    return make_world(PARTNER_STARTS)


@pytest.fixture
def product(vianet):
    return make_sold_product(cloud=vianet.tenant.cloud, name="Office 365 E1", has_trial=True)


@pytest.fixture
def admin(vianet):
    return signed_in_just_now(vianet.admin)


def offer_of(world: World, product, purchase=OfferedPurchase.TRIAL, **fields) -> PartnerOffer:
    usual = {"credit": CreditWanted.BOUGHT, "purchase": purchase, "products": [product]}
    return make_partner_offer(tenant=world.tenant, partner=world.partner, **usual | fields)


def press(client, offer: PartnerOffer, label: str, rest: str):
    """Presses a button of the page; the form is kept, to be sent again."""
    page = Page(client.get(url_of(offer, "create/")))
    fields = next(form for form in page.forms() if "key" in form)
    assert page.has(label)
    return client.post(url_of(offer, rest), fields), fields


def create_trial(client, offer: PartnerOffer):
    return press(client, offer, "Create trial Office 365 E1", "create/trial/")


def credited() -> list[tuple[str, str, str]]:
    with as_owner():
        rows = PartnerOfRecord.objects.in_force().exclude(subscription__name="Office 365 E5")
        return list(rows.values_list("subscription__name", "partner__number", "source"))


@as_owner()
def created(offer: PartnerOffer) -> Subscription | None:
    return OfferedProduct.objects.select_related("created").get(offer=offer).created


@pytest.mark.parametrize("rest", ["create/trial/", "create/order/"])
def test_nothing_is_created_before_an_answer(vianet, admin, product, rest):
    offer = offer_of(vianet, product)
    before = footprint()
    refused = admin.post(url_of(offer, rest), {"product": product.uuid})
    assert refused.status_code == 409
    assert "Choose Yes or No, then Next" in Page(refused).text
    assert admin.get(url_of(offer, "create/")).status_code == 409
    assert footprint() == before


def test_what_came_with_a_dead_offer_is_gone(vianet, admin, product):
    offer = offer_of(vianet, product, state=OfferState.EXPIRED)
    assert admin.get(url_of(offer, "create/")).status_code == 410
    assert admin.post(url_of(offer, "create/trial/"), {"product": product.uuid}).status_code == 410


def test_after_yes_the_trial_has_25_licenses_and_the_partner_of_record_of_the_offer(vianet, admin, product):
    offer = offer_of(vianet, product)
    accepted(offer, vianet.admin)
    said, _fields = create_trial(admin, offer)
    trial = created(offer)
    assert (said.status_code, said.url) == (303, vianet.url(trial))
    assert (trial.status, trial.licenses_total) == ("trial", 25)
    assert credited() == [("Office 365 E1", "880021", Source.OFFER)]
    assert count(Mail, kind="partner-named", to_company_mailbox=vianet.partner.mailbox) == 1
    assert "880021" in words(Page(admin.get(said.url)).root)


def test_after_no_the_trial_can_be_created_and_credits_nobody(vianet, admin, product):
    offer = offer_of(vianet, product)
    declined(offer, vianet.admin)
    said, _fields = create_trial(admin, offer)
    assert said.url == vianet.url(created(offer))
    assert credited() == []


@pytest.mark.parametrize(("answer", "primary"), [(accepted, "Go to check-out"), (declined, "Partner Relationships")])
def test_a_purchase_names_price_and_total_and_is_the_next_step_after_yes_only(vianet, admin, answer, primary):
    product = make_sold_product(cloud=vianet.tenant.cloud, name="Visio")
    offer = offer_of(vianet, product, purchase=OfferedPurchase.PURCHASE)
    asked = Page(admin.get(url_of(offer))).text
    assert "CN¥10.00 per user and month, CN¥250.00 for each billing period" in asked
    assert "Total of the first billing period at today's prices: CN¥250.00, plus taxes." in asked
    answer(offer, vianet.admin)
    page = Page(admin.get(url_of(offer, "create/")))
    assert "25 licenses, billed monthly, CN¥10.00 per user and month = CN¥250.00 per month" in page.text
    assert "Total of the first billing period at today's prices: CN¥250.00, plus taxes." in page.text
    assert [words(part) for part in page.root.xpath("//main//*[contains(@class, 'button primary')]")] == [primary]


def test_after_a_yes_without_credit_on_what_is_created_nobody_is_credited(vianet, admin, product):
    offer = offer_of(vianet, product, credit=CreditWanted.NOTHING)
    accepted(offer, vianet.admin)
    create_trial(admin, offer)
    assert credited() == []


def test_a_trial_that_was_used_leads_to_what_can_be_bought(vianet, admin, product):
    make_subscription(tenant=vianet.tenant, product=product, began_as_trial=True, payment_method="invoice")
    offer = offer_of(vianet, product)
    accepted(offer, vianet.admin)
    page = Page(admin.get(url_of(offer, "create/")))
    assert "Your organization has used the free trial of this product already." in page.text
    main = page.root.find(".//main")
    assert f"/t/{vianet.tenant.slug}/billing/purchase-services/?q=Office+365+E1" in {
        a.get("href") for a in main.iter("a")
    }


def test_the_same_form_twice_is_one_trial_and_another_form_is_refused(vianet, admin, product):
    offer = offer_of(vianet, product)
    accepted(offer, vianet.admin)
    first, fields = create_trial(admin, offer)
    again = admin.post(url_of(offer, "create/trial/"), fields)
    assert (again.status_code, again.url) == (303, first.url)
    other = admin.post(url_of(offer, "create/trial/"), fields | {"key": str(uuid4())})
    assert other.status_code == 409
    assert "Your organization has used the free trial of this product already." in Page(other).text
    assert count(Subscription, began_as_trial=True) == 1
    page = Page(admin.get(url_of(offer, "create/")))
    assert page.link("Office 365 E1") == first.url
    assert not page.has("Create trial Office 365 E1")


def test_a_partner_that_was_suspended_since_is_not_credited_and_that_is_said(vianet, admin, product):
    offer = offer_of(vianet, product)
    accepted(offer, vianet.admin)
    with as_owner():
        type(vianet.partner).objects.update(state=PartnerState.SUSPENDED)
    said, _fields = create_trial(admin, offer)
    assert "could not become partner of record of Office 365 E1" in Page(admin.get(said.url)).text
    assert credited() == []
    assert created(offer) is not None


def put_into_order(client, offer: PartnerOffer) -> str:
    said, _fields = press(client, offer, "Go to check-out", "create/order/")
    assert said.status_code == 303
    return said.url


def buy(client, products_url: str, licenses: str, proposed: str = "25") -> None:
    """Through the check-out: other licenses, invoice with Fapiao, Place order."""
    page = Page(client.get(products_url))
    name = next(name for name in page.forms()[0] if name.startswith("licenses-"))
    assert page.value(name) == proposed
    sending = page.sending("Next", {name: licenses})
    review = client.post(sending.action, sending.fields, follow=True)
    sending = Page(review).sending("Next", {})
    payment = Page(client.post(sending.action, sending.fields, follow=True))
    typed = {"terms": "on", "fapiao_title": "蓝云科技", "fapiao_tax_number": "91310000MA1FL0XXX8"}
    sending = payment.sending("Place order", typed)
    placed = client.post(sending.action, sending.fields, follow=True)
    assert "confirmation" in placed.request["PATH_INFO"], Page(placed).errors


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(accepted, [("Office 365 E1", "880021", Source.OFFER)]), (declined, [])],
    ids=["after yes", "after no"],
)
def test_a_purchase_leads_through_the_check_out_and_credits_as_was_agreed(vianet, admin, product, answer, expected):
    offer = offer_of(vianet, product, OfferedPurchase.PURCHASE)
    answer(offer, vianet.admin)
    url = put_into_order(admin, offer)
    assert (count(Subscription, name="Office 365 E1"), credited()) == (0, [])
    buy(admin, url, "40")
    assert created(offer).licenses_total == 40
    assert credited() == expected
    assert count(Mail, kind="partner-named") == len(expected)
    assert count(Order, partner_number="880021") == len(expected)


def test_the_order_can_be_placed_by_a_billing_admin(vianet, admin, product):
    """The consent is the Global admin's; the buyer carries it out."""
    offer = offer_of(vianet, product, OfferedPurchase.PURCHASE)
    accepted(offer, vianet.admin)
    url = put_into_order(admin, offer)
    buy(signed_in_just_now(vianet.billing), url, "25")
    assert credited() == [("Office 365 E1", "880021", Source.OFFER)]


def test_coming_back_to_the_offer_keeps_what_was_changed_in_the_draft(vianet, admin, product):
    offer = offer_of(vianet, product, OfferedPurchase.PURCHASE)
    accepted(offer, vianet.admin)
    url = put_into_order(admin, offer)
    page = Page(admin.get(url))
    name = next(name for name in page.forms()[0] if name.startswith("licenses-"))
    sending = page.sending("Save for later", {name: "3"})
    admin.post(sending.action, sending.fields)
    assert put_into_order(admin, offer) == url
    assert Page(admin.get(url)).value(name) == "3"


def test_an_order_credits_one_partner_only(vianet, admin, product):
    offers = [
        make_partner_offer(
            tenant=vianet.tenant,
            partner=partner,
            credit=CreditWanted.BOUGHT,
            purchase=OfferedPurchase.PURCHASE,
            products=[product],
        )
        for partner in (vianet.partner, vianet.other)
    ]
    for offer in offers:
        accepted(offer, vianet.admin)
    url = put_into_order(admin, offers[0])
    refused = press(admin, offers[1], "Go to check-out", "create/order/")[0]
    assert refused.status_code == 409
    assert Page(refused).link("Your open order") == url.partition("?")[0]


def remove_from_order(client, products_url: str) -> None:
    page = Page(client.get(products_url))
    name = next(name for name in page.forms()[0] if name.startswith("licenses-"))
    sending = page.sending("Save for later", {})
    sent = {**sending.fields, "remove": name.removeprefix("licenses-")}
    assert client.post(sending.action, sent).status_code == 303


def review_of(client, products_url: str) -> str:
    return Page(client.get(products_url.replace("products", "review"))).text


def test_what_was_taken_out_of_the_order_credits_nobody_when_it_is_bought_by_hand(vianet, admin, product):
    offer = offer_of(vianet, product, OfferedPurchase.PURCHASE)
    accepted(offer, vianet.admin)
    url = put_into_order(admin, offer)
    assert "becomes partner of record of Office 365 E1" in review_of(admin, url)
    remove_from_order(admin, url)
    again = admin.post(f"/t/{vianet.tenant.slug}/billing/purchase-services/check-out/", {"product": product.uuid})
    assert again.url == url
    assert "becomes partner of record" not in review_of(admin, url)
    buy(admin, url, "1", "1")
    assert (credited(), created(offer)) == ([], None)


def test_a_trial_that_is_bought_keeps_the_partner_of_record_that_it_has(vianet, admin, product):
    """The partner that offered the purchase takes no credit away from another one."""
    trial = make_subscription(
        tenant=vianet.tenant, product=product, name=product.name, status="trial", began_as_trial=True,
        licenses_total=25, licenses_assigned=3,
    )  # fmt: skip
    make_partner_of_record(subscription=trial, partner=vianet.other)
    offer = offer_of(vianet, product, OfferedPurchase.PURCHASE)
    accepted(offer, vianet.admin)
    url = put_into_order(admin, offer)
    assert "becomes partner of record" not in review_of(admin, url)
    buy(admin, url, "25")
    assert credited() == [("Office 365 E1", vianet.other.number, Source.TENANT)]
    assert (created(offer), count(Mail, kind="partner-removed")) == (None, 0)
    with scopes.tenant(vianet.tenant.pk):
        assert answered_offers(vianet.tenant, only_left=True) == []


def test_the_reader_creates_nothing(vianet, product):
    offer = offer_of(vianet, product)
    accepted(offer, vianet.admin)
    reader = signed_in_just_now(vianet.reader)
    assert reader.post(url_of(offer, "create/trial/"), {"product": product.uuid}).status_code == 403
    assert created(offer) is None


@pytest.mark.parametrize("rest", ["create/trial/", "create/order/"])
def test_the_acts_lead_to_the_page_that_they_stand_on(vianet, admin, product, rest):
    offer = offer_of(vianet, product)
    answers = [admin.get(url_of(offer, rest)), admin.head(url_of(offer, rest))]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, url_of(offer, "create/"))] * 2
