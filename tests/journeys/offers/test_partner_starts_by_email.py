"""Add a partner to an existing subscription where partners start it, from the partner's mail to the trial."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from partners.models import PartnerOffer, PartnerOfRecord, PartnerRelationship
from subscriptions.models import Subscription, User
from subscriptions.models.delegated_role import DelegatedRole
from tests.database import as_owner
from tests.factories import PASSWORD, make_partner_person, make_sold_product
from tests.journeys.client import Person
from tests.page import Page
from tests.post_office import PostOffice, open_for_mail
from tests.worlds import World

TERMS = "<p>We look after your <strong>subscriptions</strong>, day and night.</p><script>alert(1)</script>"
NINE_TO_ONE = [DelegatedRole.LICENSE_ADMINISTRATOR, DelegatedRole.HELPDESK_ADMINISTRATOR]


@pytest.fixture
def post() -> PostOffice:
    with open_for_mail() as office:
        yield office


@pytest.fixture
def agent(vianet) -> User:
    return make_partner_person(partner=vianet.partner, email="agent@yunhuoban.example", name="Agatha Agent")


@pytest.fixture
def product(vianet):
    return make_sold_product(cloud=vianet.tenant.cloud, name="Office 365 E1", has_trial=True)


def send_offer(partner: Person, agent: User, world: World, product, **chosen) -> Page:
    """The partner's part: find the organization, say what is asked for, read the mail, send."""
    partner.comes_back(agent)
    partner.open(f"/p/{world.partner.number}/offers/")
    partner.follow("New offer")
    partner.press("Next", organization=world.tenant.slug)
    usual = {
        "name": "Administration for a year",
        "roles": NINE_TO_ONE,
        "days": "365",
        "credit": "named",
        "known": [],
        "subscriptions": str(world.bare.uuid),
        "purchase": "trial",
        "products": str(product.uuid),
        "terms": TERMS,
    }
    preview = partner.press("Save and preview", **usual | chosen)
    assert preview.status == 200, preview.errors
    return partner.press("Send")


def link_in(text: str) -> str:
    """The one link of the mail, as a path."""
    (link,) = re.findall(r"https?://\S+", text)
    return urlsplit(link).path


@as_owner()
def credited(subscription: Subscription) -> str:
    period = PartnerOfRecord.objects.in_force().select_related("partner").filter(subscription=subscription).first()
    return period.partner.number if period else ""


@as_owner()
def relationships() -> list[PartnerRelationship]:
    return list(PartnerRelationship.objects.order_by("pk"))


@as_owner()
def trials() -> list[Subscription]:
    return list(Subscription.objects.filter(began_as_trial=True).order_by("pk"))


def test_the_heading_step_by_step(person, another_person, vianet, agent, product, post):
    send_offer(another_person, agent, vianet, product)
    post.deliver()
    subject, text = post.newest(vianet.admin.email)
    assert vianet.partner.name in subject

    # 1. Read the partner's terms in the email.
    assert "We look after your subscriptions, day and night." in text
    assert "alert" not in text

    # 2. To authorize the agreement, click the link, which goes to an authorization page.
    page = person.open(link_in(text))
    assert page.heading == "Sign in"
    page = person.press("Sign in", login=vianet.admin.email, password=PASSWORD)
    assert page.heading == f"{vianet.partner.name} asks for your permission"
    assert "We look after your subscriptions , day and night." in page.text

    # 3. Under Partner Relationships, choose Yes, and then choose Next.
    assert "Partner Relationships" in page.text
    page = person.press("Next", choice="yes", roles=NINE_TO_ONE)
    assert page.banner == f"You said Yes to {vianet.partner.name}."

    # 4. If the offer came with a trial subscription, create your trial account.
    assert page.heading == "Create your trial"
    page = person.press("Create trial Office 365 E1")
    assert page.banner == "Your free trial of Office 365 E1 has started."

    (made,) = relationships()
    assert (made.roles, made.expires_on - made.started_at) == (NINE_TO_ONE, timedelta(days=365))
    assert credited(vianet.bare) == vianet.partner.number
    (trial,) = trials()
    assert (trial.licenses_total, credited(trial)) == (25, "")
    post.deliver()
    assert "said Yes to your offer" in post.newest(vianet.partner.mailbox)[0]
    _subject, receipt = post.newest(vianet.admin.email)  # in the language of the organization's cloud
    assert f"Alex Wilber已代表{vianet.tenant.name}对{vianet.partner.name}答复“是”" in receipt
    assert "以下订阅的在录合作伙伴：Office 365 E3" in receipt


def test_credit_on_what_is_created(person, another_person, vianet, agent, product, post):
    send_offer(another_person, agent, vianet, product, credit="bought", subscriptions="")
    accept(person, vianet, post)
    person.press("Create trial Office 365 E1")
    (trial,) = trials()
    assert credited(trial) == vianet.partner.number


def accept(person: Person, world: World, post: PostOffice, **chosen) -> Page:
    post.deliver()
    person.open(link_in(post.newest(world.admin.email)[1]))
    person.press("Sign in", login=world.admin.email, password=PASSWORD)
    return person.press("Next", **{"choice": "yes", "roles": NINE_TO_ONE} | chosen)


def test_after_no_the_trial_can_be_taken_all_the_same(person, another_person, vianet, agent, product, post):
    send_offer(another_person, agent, vianet, product)
    page = accept(person, vianet, post, choice="no", reason="We have a partner")
    assert page.banner == f"You said No to {vianet.partner.name}. Nothing was granted."
    person.press("Create trial Office 365 E1")
    assert len(trials()) == 1
    assert (relationships(), credited(vianet.bare)) == ([], "")
    post.deliver()
    subject, text = post.newest(vianet.partner.mailbox)
    assert "said No to your offer" in subject
    assert "We have a partner" in text


def test_a_link_that_was_used_leads_to_what_was_decided(person, another_person, vianet, agent, product, post):
    send_offer(another_person, agent, vianet, product)
    link = link_in_first_mail(vianet, post)
    accept(person, vianet, post)
    page = person.open(link)
    assert page.heading == f"Offer of {vianet.partner.name}: accepted"
    assert not page.has("Next")


def link_in_first_mail(world: World, post: PostOffice) -> str:
    post.deliver()
    return link_in(post.newest(world.admin.email)[1])


def test_after_it_was_sent_again_only_the_newest_link_works(person, another_person, vianet, agent, product, post):
    send_offer(another_person, agent, vianet, product)
    first = link_in_first_mail(vianet, post)
    another_person.follow("Send again")
    another_person.press("Send again")
    second = link_in_first_mail(vianet, post)
    assert first != second
    person.comes_back(vianet.admin)
    page = person.open(first)
    assert (page.status, page.heading) == (410, "This link was replaced by a newer one")
    assert person.follow("The newer offer").heading == f"{vianet.partner.name} asks for your permission"
    assert person.open(second).heading == f"{vianet.partner.name} asks for your permission"


def test_a_withdrawn_offer_says_so(person, another_person, vianet, agent, product, post):
    send_offer(another_person, agent, vianet, product)
    link = link_in_first_mail(vianet, post)
    another_person.follow("Withdraw")
    another_person.press("Withdraw")
    person.comes_back(vianet.admin)
    page = person.open(link)
    assert (page.status, page.heading) == (410, "This offer was withdrawn")
    assert "The partner withdrew this offer" in page.text


def test_some_roles_for_fewer_days(person, another_person, vianet, agent, product, post):
    """Nine were asked for at most; the organization keeps one of two, for a month."""
    send_offer(another_person, agent, vianet, product)
    accept(person, vianet, post, roles=[DelegatedRole.HELPDESK_ADMINISTRATOR], days="30")
    (made,) = relationships()
    assert made.roles == [DelegatedRole.HELPDESK_ADMINISTRATOR]
    assert made.expires_on - made.started_at == timedelta(days=30)
    page = another_person.open(another_person.page.url)
    assert "Accepted" in page.text


def test_an_offer_that_nobody_answered_is_dead(person, another_person, vianet, agent, product, post):
    send_offer(another_person, agent, vianet, product)
    link = link_in_first_mail(vianet, post)
    with as_owner():
        offer = PartnerOffer.objects.get()
        offer.sent_at -= timedelta(days=31)
        offer.expires_on -= timedelta(days=31)
        offer.save()
    person.comes_back(vianet.admin)
    page = person.open(link)
    assert (page.status, page.heading) == (410, "This offer has expired")
