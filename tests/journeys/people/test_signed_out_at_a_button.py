"""The session ends before a button is pressed, or while a long text is typed: the sign-in leads back to the page."""

import pytest

from partners.models.partner_relationship import RelationshipKind
from subscriptions.models import ProductPrice
from tests.cases import lines
from tests.database import as_owner
from tests.factories import PASSWORD, make_partner_person, make_relationship, make_release_request
from tests.facts import audit_rows
from tests.journeys.client import Person, add_partner, sell, shop_url, to_review
from tests.page import Page

NOTHING_DONE = "You were signed out, and nothing was done."
KEPT = "Nothing was done, as you had to sign in first. What you typed is still here."


def signed_out(person: Person, user, button: str, **typed: str) -> Page:
    """Presses the button without a session, and signs in on the page that follows."""
    del person.client.cookies["session"]
    page = person.press(button, **typed)
    assert NOTHING_DONE in page.text
    return person.press("Sign in", login=user.email, password=PASSWORD)


def at_the_shop(person: Person, world) -> list[str]:
    sell(world)
    person.open(shop_url(world))
    return ["Buy now Office 365 E1"]


def at_a_subscription(person: Person, world) -> list[str]:
    person.has_just_signed_in(world.admin)
    person.open(world.url(world.named, "partner-of-record/"))
    person.press("Submit", partner_id="")
    person.open(world.url(world.named))
    return ["Undo last change"]


def at_the_review(person: Person, world) -> list[str]:
    sell(world)
    to_review(person, world)
    add_partner(person, world.partner.number)
    with as_owner():
        ProductPrice.objects.filter(product__name="Office 365 E1").update(monthly=77)
    person.open(person.page.url)
    return ["Check ID", "Add to the order", "Remove partner"]


def at_a_relationship(person: Person, world) -> list[str]:
    reseller = make_relationship(tenant=world.tenant, partner=world.partner, kind=RelationshipKind.RESELLER)
    make_release_request(relationship=reseller)
    person.open(f"/t/{world.tenant.slug}/settings/partner-relationships/{reseller.uuid}/release/")
    return ["Take back"]


BUTTONS = dict(
    zip(
        lines("02-post-only-pages-after-sign-in.txt"),
        (at_the_shop, at_a_subscription, at_the_review, at_a_relationship),
        strict=True,
    )
)


@pytest.mark.parametrize("where", BUTTONS)
def test_a_button_pressed_without_a_session_leads_back_to_its_page(person, contoso, where):
    person.comes_back(contoso.admin)
    buttons = BUTTONS[where](person, contoso)
    heading, url = person.page.heading, person.page.url
    before = len(audit_rows())
    for button in buttons:
        page = signed_out(person, contoso.admin, button)
        assert (page.status, page.heading, page.url.partition("?")[0]) == (200, heading, url.partition("?")[0])
    assert len(audit_rows()) == before


def wish(person: Person, world) -> tuple:
    person.comes_back(world.admin)
    person.open(f"/t/{world.tenant.slug}/billing/purchase-services/find-a-partner/ask/")
    return world.admin, "Send request", {"wish": "We have to move. Nobody knows how. Help us, please. " * 5}


def offer(person: Person, world) -> tuple:
    agent = make_partner_person(partner=world.partner, email="agent@yunhuoban.example", name="Agatha Agent")
    person.comes_back(agent)
    person.open(f"/p/{world.partner.number}/offers/")
    person.follow("New offer")
    person.press("Next", organization=world.tenant.slug)
    return agent, "Save and preview", {"name": "For a year", "terms": "We look after it. " * 66}


def other_id(person: Person, world) -> tuple:
    person.has_just_signed_in(world.admin)
    person.open(world.url(world.named, "partner-of-record/"))
    return world.admin, "Submit", {"partner_id": world.other.number}


TEXTS = dict(zip(lines("03-text-typed-before-session-ended.txt"), (wish, offer, other_id), strict=True))


@pytest.mark.parametrize("what", TEXTS)
def test_what_was_typed_before_the_session_ended_is_still_there(person, contoso, vianet, what):
    world = vianet if TEXTS[what] is offer else contoso
    user, button, typed = TEXTS[what](person, world)
    heading = person.page.heading
    page = signed_out(person, user, button, **typed)
    assert page.heading == heading
    assert KEPT in page.text
    boxes = {box.get("name"): box.text or box.get("value") or "" for box in page.root.iter("input", "textarea")}
    assert {name: boxes[name].strip() for name in typed} == {name: text.strip() for name, text in typed.items()}
