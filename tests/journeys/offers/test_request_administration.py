"""In every cloud a partner asks for delegated administration from its workspace, and the organization answers."""

import pytest

from partners.models import PartnerOffer, PartnerRelationship
from subscriptions.clouds import Capability
from subscriptions.models.delegated_role import DelegatedRole
from tests.database import as_owner
from tests.factories import PASSWORD, make_partner_person
from tests.facts import audit_rows
from tests.journeys.offers.test_partner_starts_by_email import link_in
from tests.post_office import PostOffice, open_for_mail

ASKED = [DelegatedRole.LICENSE_ADMINISTRATOR, DelegatedRole.HELPDESK_ADMINISTRATOR]
REQUEST = {"name": "A year", "roles": ASKED, "days": "365", "terms": "We look after you."}


@pytest.fixture
def post() -> PostOffice:
    with open_for_mail() as office:
        yield office


@pytest.fixture
def agent(world):
    return make_partner_person(partner=world.partner, email="agent@partner.example", name="Agatha Agent")


@pytest.fixture
def at_the_form(another_person, world, agent):
    """Found by the menu of the workspace and the organization's address."""
    another_person.comes_back(agent)
    another_person.open(f"/p/{world.partner.number}/")
    another_person.follow("Offers")
    another_person.follow("New offer")
    return another_person.press("Next", organization=world.tenant.slug)


def test_in_every_cloud_a_partner_asks_for_administration_and_gets_it(
    person, another_person, world, agent, at_the_form, post
):
    more = world.tenant.cloud_profile.allows(Capability.RECEIVE_PARTNER_OFFERS)
    nothing_else = {"credit": "nothing", "known": [], "purchase": "none"} if more else {}
    another_person.press("Save and preview", **REQUEST | nothing_else)
    another_person.press("Send")
    post.deliver()
    subject, text = post.newest(world.admin.email)
    assert world.partner.name in subject
    page = person.open(link_in(text))
    page = person.press("Sign in", login=world.admin.email, password=PASSWORD)
    assert page.heading == f"{world.partner.name} asks for your permission"
    page = person.press("Next", choice="yes", roles=ASKED[:1], days="100")
    assert page.banner == f"You said Yes to {world.partner.name}."
    with as_owner():
        (made,) = PartnerRelationship.objects.all()
        (offer,) = PartnerOffer.objects.all()
    assert (made.partner_id, made.roles, (made.expires_on - made.started_at).days) == (
        world.partner.pk, [ASKED[0]], 100,
    )  # fmt: skip
    assert (offer.state, offer.purchase, offer.credit) == ("accepted", "none", "nothing")
    assert [row[0] for row in audit_rows()] == ["offer.sent", "partner-relationship.added", "offer.accepted"]


def test_where_customers_start_it_is_called_a_request(person, another_person, contoso, post):
    agent = make_partner_person(partner=contoso.partner, email="agent@partner.example", name="Agatha Agent")
    another_person.comes_back(agent)
    another_person.open(f"/p/{contoso.partner.number}/offers/")
    another_person.follow("New offer")
    page = another_person.press("Next", organization="contoso")
    assert not any(words in page.text for words in ("To buy or try", "On what you want to be credited"))
    another_person.press("Save and preview", **REQUEST)
    another_person.press("Send")
    post.deliver()
    subject, text = post.newest(contoso.admin.email)
    assert subject == f"{contoso.partner.name} requests delegated administration of Contoso Ltd"
    assert "Request: A year" in text
    person.comes_back(contoso.admin)
    page = person.open("/t/contoso/settings/partner-relationships/")
    assert "1 request waits for an answer" in page.text
    page = person.follow("Request for delegated administration: A year")
    assert "nothing is bought by it, and nobody becomes partner of record" in page.text
