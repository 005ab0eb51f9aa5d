"""What an offer may say: each rule is refused at creation by a sentence of its own."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from partners.models import PartnerOffer
from partners.offers import acts as offers
from partners.offers.checks import NotOfferable
from partners.offers.reads import Line, OfferFacts
from subscriptions.clouds import Cloud
from subscriptions.models.subscription import SubscriptionStatus
from tests.database import as_owner
from tests.factories import make_partner_offer, make_sold_product, make_subscription, make_tenant
from tests.partners.offers.facts import OfferWorld

pytestmark = pytest.mark.django_db
FACTS = OfferFacts(name="Administration", terms="Terms", roles=("global-reader",), days=365)
NOBODYS = UUID(int=5)


@pytest.fixture
def world():
    return OfferWorld()


def problems(world, **facts) -> dict[str, str]:
    with pytest.raises(NotOfferable) as refusal:
        world.draft(replace(FACTS, **facts))
    with as_owner():
        assert not PartnerOffer.objects.exists()
    return refusal.value.problems


@pytest.mark.parametrize("days", [0, 731, -1, None])
def test_days_lie_from_1_to_730(world, days):
    assert problems(world, days=days) == {"days": "Delegated administration lasts from 1 to 730 days."}


@pytest.mark.parametrize("days", [1, 730])
def test_the_first_and_the_last_day_that_is_possible(world, days):
    assert world.draft(replace(FACTS, days=days)).days == days


def test_a_name_of_50_characters_is_possible_and_one_of_51_is_not(world):
    assert world.draft(replace(FACTS, name="x" * 50)).pk
    with pytest.raises(NotOfferable) as refusal:
        world.draft(replace(FACTS, name="x" * 51))
    assert refusal.value.problems == {"name": "The name has 51 characters; 50 are possible."}


@pytest.mark.parametrize("name", ["", "   "])
def test_an_offer_has_a_name(world, name):
    assert problems(world, name=name) == {"name": "Give the offer a name."}


@pytest.mark.parametrize("name", ["A\r\nBcc: x@y.example", "A\nB", "A\u2028B", "A\u202eB", "A\0B", "A\u200bB"])
def test_a_name_has_no_line_break_and_nothing_invisible(world, name):
    assert "which cannot be part of it" in problems(world, name=name)["name"]


def test_a_name_is_used_once_by_a_partner_whichever_organization_it_is_for(world):
    elsewhere = make_tenant(slug="beta", cloud=Cloud.OPERATED_BY_21VIANET, country="CN")
    make_partner_offer(tenant=elsewhere, partner=world.partner, name="Administration")
    with pytest.raises(NotOfferable) as refusal:
        world.draft(FACTS)
    assert refusal.value.problems == {"name": "You have an offer of that name already."}


def test_something_is_asked_for(world):
    assert "Ask for at least one role" in problems(world, roles=())["roles"]


def test_days_without_roles_are_no_matter(world):
    subscription = make_subscription(tenant=world.tenant)
    offer = world.draft(replace(FACTS, roles=(), credit="named", subscriptions=(subscription.uuid,)))
    assert (offer.roles, offer.days) == ([], None)


def test_roles_are_those_of_the_list(world):
    assert problems(world, roles=("global-reader", "emperor")) == {"roles": "Choose roles of the list only."}


def test_what_is_chosen_is_one_of_the_possibilities(world):
    assert set(problems(world, credit="all", purchase="gift")) >= {"credit", "purchase"}


def test_named_subscriptions_are_the_organizations_own(world):
    elsewhere = make_tenant(slug="beta", cloud=Cloud.OPERATED_BY_21VIANET, country="CN")
    others = make_subscription(tenant=elsewhere)
    for uuid in (others.uuid, NOBODYS):
        assert str(uuid) in problems(world, credit="named", subscriptions=(uuid,))["subscriptions"]


def test_a_disabled_subscription_is_refused_with_the_words_of_one_that_is_not_there(world):
    disabled = make_subscription(tenant=world.tenant, status=SubscriptionStatus.DISABLED)
    of_disabled = problems(world, credit="named", subscriptions=(disabled.uuid,))["subscriptions"]
    of_nobodys = problems(world, credit="named", subscriptions=(NOBODYS,))["subscriptions"]
    assert of_disabled.replace(str(disabled.uuid), "") == of_nobodys.replace(str(NOBODYS), "")


def test_how_many_subscriptions_are_named(world):
    assert "at least one" in problems(world, credit="named")["subscriptions"]
    many = tuple(uuid4() for _number in range(51))
    assert problems(world, credit="named", subscriptions=many)["subscriptions"] == "Name 50 subscriptions at most."


def test_credit_on_what_is_created_needs_something_to_create(world):
    assert "Nothing is created" in problems(world, credit="bought")["credit"]


@pytest.fixture
def sold():
    return make_sold_product(cloud=Cloud.OPERATED_BY_21VIANET, name="Visio", has_trial=False, family="visio")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "Choose at least one product."),
        ([(1, 1)], "There is no free trial of Visio."),
        ([(0, 1)], "not sold in the organization's cloud"),
    ],
)
def test_a_trial_is_of_what_has_one(world, sold, lines, sentence):
    chosen = tuple(Line(product=sold.uuid if known else NOBODYS, licenses=number) for known, number in lines)
    assert sentence in problems(world, purchase="trial", lines=chosen)["products"]


@pytest.mark.parametrize("licenses", [0, -1, 100_001])
def test_a_purchase_has_a_number_of_licenses(world, sold, licenses):
    lines = (Line(product=sold.uuid, licenses=licenses),)
    assert "from 1 to 100000" in problems(world, purchase="purchase", lines=lines)["products"]


def test_the_product_of_another_cloud_is_not_offered(world):
    lines = (Line(product=make_sold_product(name="Visio").uuid),)
    assert "not sold" in problems(world, purchase="purchase", lines=lines)["products"]


def test_a_product_is_chosen_once(world, sold):
    line = Line(product=sold.uuid, licenses=1)
    assert "each once" in problems(world, purchase="purchase", lines=(line, line))["products"]


def test_a_partner_is_credited_only_for_what_it_is_authorized_for(world, sold):
    with as_owner():
        world.partner.authorized_families, world.partner.authorized_for_all = ["exchange"], False
        world.partner.save()
    lines = (Line(product=sold.uuid, licenses=1),)
    found = problems(world, credit="bought", purchase="purchase", lines=lines)
    assert found == {"products": "You are not authorized for Visio (Visio), so you cannot be credited for it."}
    assert world.draft(replace(FACTS, purchase="purchase", lines=lines)).pk


def test_there_are_terms(world):
    for terms in ("", " \n ", "<script>x</script>", "<p> </p>"):
        assert problems(world, terms=terms) == {"terms": "Write the terms that the organization agrees to."}
    assert "too long" in problems(world, terms="x" * 50_001)["terms"]


def test_terms_that_grow_when_they_are_stored_are_refused_as_a_draft_already(world):
    """What is saved can be sent: it is not found too long only then."""
    assert "with their markup they have 100007 characters" in problems(world, terms="&" * 20_000)["terms"]
    longest = world.draft(replace(FACTS, terms="&" * 9_998))
    assert world.act(offers.send, longest).state == "sent"
