"""Mails about offers: what is asked, until when, one link of their own sending, and no header of the partner's."""

from dataclasses import replace

import pytest
from django.core import mail as outbox
from django.utils import timezone, translation

from partners.offers import acts as offers
from partners.offers.acts import expire_batch
from partners.offers.links import read_link
from partners.offers.reads import Line, OfferFacts
from subscriptions.base import formats
from subscriptions.base.time_zones import zone_in_force
from subscriptions.clouds import Cloud
from subscriptions.db import scopes
from subscriptions.mails import acts as mails
from subscriptions.models import Mail, Tenant, User
from tests.database import as_owner
from tests.factories import make_partner_offer, make_sold_product, make_subscription
from tests.partners.offers.facts import OfferWorld, declined

pytestmark = pytest.mark.django_db
FACTS = OfferFacts(
    name="Administration",
    terms="<h3>Our terms</h3><p>We look after you &amp; yours.</p>",
    roles=("global-administrator",),
    days=365,
)


@pytest.fixture
def world():
    made = OfferWorld()
    with as_owner():
        User.objects.filter(pk=made.admin.pk).update(language="en", time_zone="America/New_York")
        Tenant.objects.filter(pk=made.tenant.pk).update(time_zone="Asia/Shanghai")
    return made


def composed(place: int = -1):
    with scopes.worker():
        rows = list(Mail.objects.select_related("tenant", "event", "to_user").order_by("pk"))
        return mails.compose(rows[place])


def link_in(message) -> str:
    lines = [line for line in message.body.splitlines() if "://" in line]
    assert len(lines) == 1
    return lines[0]


def test_it_says_what_is_asked_until_when_and_where(world, settings):
    settings.SITE_URL = "https://portal.example"
    product = make_sold_product(cloud=Cloud.OPERATED_BY_21VIANET, name="Visio", has_trial=True)
    subscription = make_subscription(tenant=world.tenant, name="Office 365 E1")
    more = {"credit": "named", "subscriptions": (subscription.uuid,)}
    offer = world.draft(replace(FACTS, **more, purchase="trial", lines=(Line(product=product.uuid),)))
    world.act(offers.send, offer)
    message = composed()
    assert message.subject == "Yunhuoban asks for your permission at Lanyun"
    for text in ("Yunhuoban (880021)", "365 days", "- Global administrator", "- Office 365 E1", "- 25 × Visio",
                 "> Our terms\n> We look after you & yours."):  # fmt: skip
        assert text in message.body
    assert "<" not in message.body
    assert "Monthly" not in message.body
    assert link_in(message).startswith("https://portal.example/offers/")


def test_it_says_how_each_product_is_billed(world):
    visio, project = (make_sold_product(cloud=Cloud.OPERATED_BY_21VIANET, name=name) for name in ("Visio", "Project"))
    lines = (Line(product=visio.uuid, licenses=3, billing_frequency="annual"), Line(product=project.uuid))
    world.sent(replace(FACTS, purchase="purchase", lines=lines))
    body = composed().body
    assert "- 25 × Project, billed monthly: CN¥10.00 per user and month, CN¥250.00 for each billing period\n" in body
    assert "- 3 × Visio, billed annually: CN¥9.00 per user and month, CN¥324.00 for each billing period\n" in body
    assert "Total of the first billing period at today's prices: CN¥574.00, plus taxes." in body
    assert "Each subscription then renews by itself until recurring billing is turned off." in body


def test_the_whole_terms_stand_in_it(world):
    terms = "".join(f"<p>Paragraph {number} of our terms.</p>" for number in range(200))
    world.sent(replace(FACTS, terms=terms))
    body = composed().body
    assert ("> Paragraph 0 of our terms.\n> Paragraph 1 " in body, "> Paragraph 199 of our terms." in body) == (
        True,
    ) * 2


def test_each_mail_has_the_link_of_its_own_sending(world):
    offer = world.sent(FACTS)
    world.act(offers.send_again, offer)
    sendings = [read_link(link_in(composed(place)).split("/")[-2]) for place in (0, 1)]
    assert sendings == [(offer.uuid, 1), (offer.uuid, 2)]


@pytest.mark.parametrize("language", ["de", "zh-hans", "en"])
def test_it_is_in_the_receivers_language_and_the_organizations_time_zone(world, language):
    with as_owner():
        User.objects.filter(pk=world.admin.pk).update(language=language)
    offer = world.sent(FACTS)
    with translation.override(language), timezone.override("Asia/Shanghai"):
        until, zone = formats.moment(offer.expires_on), zone_in_force(offer.sent_at)
    assert until in composed().body
    assert composed().body.splitlines()[-1].endswith(zone)


def test_no_name_becomes_a_header(world, monkeypatch):
    """Even if a row had such a name: what was entered by hand, or by an import."""
    name = "A\r\nBcc: spy@elsewhere.example\r\n\r\nB"
    with monkeypatch.context() as by_hand:
        by_hand.setattr("subscriptions.base.names.normalize_name", str)
        make_partner_offer(tenant=world.tenant, partner=world.partner, name=name)
    with as_owner():
        offer = world.partner.offers.get()
    assert offer.name == name
    world.act(offers.withdraw, offer)
    message = composed()
    message.send()
    sent = outbox.outbox[-1].message()
    assert sent["Bcc"] is None
    assert sent["Subject"] == "Yunhuoban has withdrawn its offer to Lanyun"
    assert outbox.outbox[-1].recipients() == ["Lan Yun <admin@lanyun.example>"]


def test_the_partners_words_do_not_pass_for_the_portals(world, settings):
    """Each of their lines is marked, none of them is a link, and the portal's own link stands before them."""
    settings.SITE_URL = "https://portal.example"
    fake = "<p>You sign in first:</p><p>https://portal.example.evil/offers/</p>"
    world.act(offers.send, world.draft(replace(FACTS, terms=fake)))
    message = composed()
    assert "> You sign in first:\n> https: //portal.example.evil/offers/" in message.body
    assert link_in(message).startswith("https://portal.example/offers/")
    assert message.body.index(link_in(message)) < message.body.index("> You sign in first:")


def test_a_reason_does_not_leave_its_line(world):
    offer = world.sent(FACTS)
    world.act(offers.withdraw, offer, reason="Wrong price.\r\n\r\nSign in here:\u2028https://evil.example/")
    assert "\nReason: Wrong price. Sign in here: https: //evil.example/\n" in composed().body


def test_who_is_told_of_the_end_finds_the_offer_where_they_work(world, settings):
    settings.SITE_URL = "https://portal.example"
    offer = world.sent(FACTS)
    world.age(offer, days=31)
    with scopes.worker():
        expire_batch()
    to_partner, to_admin = composed(-2), composed(-1)
    assert link_in(to_partner) == f"https://portal.example/p/880021/offers/{offer.uuid}/"
    in_the_organization = f"https://portal.example/t/lanyun/settings/partner-relationships/offers/{offer.uuid}/"
    assert link_in(to_admin) == in_the_organization
    other = world.sent(replace(FACTS, name="Another"))
    world.act(offers.withdraw, other)
    assert link_in(composed()) == in_the_organization.replace(str(offer.uuid), str(other.uuid))


def test_the_answer_leads_the_partner_to_its_workspace(world, settings):
    settings.SITE_URL = "https://portal.example"
    offer = world.sent(FACTS)
    declined(offer, world.admin)
    assert link_in(composed(-2)) == f"https://portal.example/p/880021/offers/{offer.uuid}/"
