"""Every page and state of an offer and its draft: axe finds nothing, and a phone never scrolls sideways."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from partners.models import PartnerOffer
from partners.models.partner_offer import CreditWanted, OfferedPurchase, OfferState
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.models.subscription import SubscriptionStatus
from tests.browser.client import faults_on_the_way, sign_in
from tests.database import as_owner
from tests.factories import (
    make_offer_round,
    make_offer_template,
    make_partner_offer,
    make_partner_person,
    make_relationship,
    make_sold_product,
    make_subscription,
)
from tests.worlds import PARTNER_STARTS, World, make_world

REPEATED = """() => [...document.querySelectorAll("[id]")].map((part) => part.id)
  .filter((id, place, all) => all.indexOf(id) !== place)"""
TERMS = f"""<h3>Terms</h3><table><tbody><tr><th>What</th><td>{"Support" * 12}</td></tr></tbody></table>
<p>{"https" * 20}: <a href="https://a.example">all of it</a></p>"""


@pytest.fixture
def vianet(live_server) -> World:
    """An offer that asks for everything there is, and one that is over."""
    world = make_world(PARTNER_STARTS)
    product = make_sold_product(cloud=world.tenant.cloud, name="Office 365 E1", has_trial=True)
    disabled = make_subscription(tenant=world.tenant, name="Visio", status=SubscriptionStatus.DISABLED)
    make_relationship(tenant=world.tenant, partner=world.partner)
    usual = {"tenant": world.tenant, "partner": world.partner, "terms": TERMS}
    make_partner_offer(
        **usual,
        roles=list(DelegatedRole),
        credit=CreditWanted.NAMED,
        subscriptions=[world.bare, disabled],
        purchase=OfferedPurchase.TRIAL,
        products=[product],
    )
    make_partner_offer(**usual, name="Old", state=OfferState.EXPIRED)
    return world


def visits(page: Page, site: str, world: World, old: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """From the banner to the trial, with what can go wrong on the way."""
    tenant = f"/t/{world.tenant.slug}/"
    yield "no link", lambda: page.goto(f"{site}/offers/nonsense/")
    yield "signed in", partial(_sign_in, page, site, world)
    yield "home", lambda: page.goto(site + tenant)
    yield "relationships", lambda: page.goto(f"{site}{tenant}settings/partner-relationships/")
    yield "offer", lambda: page.get_by_role("link", name="Answer the offer").click()
    yield "nothing chosen", lambda: _next(page)
    yield "terms changed", partial(_with_other_terms, page)
    yield "create", partial(_yes, page)
    yield "over", lambda: page.goto(f"{site}{old}")
    yield "answered", lambda: page.goto(f"{site}{_path(world)}")
    yield "confirm", lambda: page.goto(f"{site}/accounts/confirm/?next=/")
    yield "wrong password", partial(_wrong_password, page)


def _sign_in(page: Page, site: str, world: World) -> None:
    page.goto(f"{site}/accounts/sign-in/")
    sign_in(page, world.admin)


def _next(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Next").click()


def _with_other_terms(page: Page) -> None:
    page.locator("input[name=terms]").evaluate("field => field.value = '0'.repeat(64)")
    page.get_by_label("No", exact=True).check()
    _next(page)


def _yes(page: Page) -> None:
    page.get_by_label("Yes", exact=True).check()
    _next(page)


def _wrong_password(page: Page) -> None:
    page.get_by_label("Password").fill("wrong")
    with page.expect_navigation():
        page.get_by_role("button", name="Confirm").click()


@as_owner()
def _uuid(name: str) -> str:
    return str(PartnerOffer.objects.get(name=name).uuid)


def _path(world: World, name="Administration for a year") -> str:
    return f"/t/{world.tenant.slug}/settings/partner-relationships/offers/{_uuid(name)}/"


@pytest.fixture
def old(vianet) -> str:
    return _path(vianet, "Old")


def test_axe_finds_nothing_in_light_and_dark_and_no_phone_scrolls_sideways(page, site, vianet, old):
    page.set_extra_http_headers({"Accept-Language": "en"})
    assert faults_on_the_way(page, visits(page, site, vianet, old)) == []


def test_nor_where_a_draft_is_written_and_discarded(open_as, vianet):
    """One of its products is no longer sold."""
    usual = {"tenant": vianet.tenant, "partner": vianet.partner, "name": "Draft", "state": OfferState.DRAFT}
    gone = make_sold_product(cloud=vianet.tenant.cloud, name="Visio Online (Plan 2)")
    draft = make_partner_offer(**usual, purchase=OfferedPurchase.PURCHASE, products=[gone])
    with as_owner():
        gone.prices.all().delete()
    page = open_as(make_partner_person(partner=vianet.partner, email="agent@partner.example"))
    address = f"/p/{vianet.partner.number}/offers/{draft.uuid}/"
    walk = [(act, partial(page.goto, f"{address}{act}/")) for act in ("discard", "edit", "keep")]
    offers, template = address.removesuffix(f"{draft.uuid}/"), make_offer_template(partner=vianet.partner)
    make_relationship(tenant=vianet.tenant, partner=vianet.partner, expires_on=timezone.now() + timedelta(days=20))
    offered = make_offer_round(partner=vianet.partner, tenants=[vianet.tenant])
    for rest in ("renew", "templates", f"templates/{template.uuid}/many", "many", f"many/{offered.uuid}"):
        walk.append((rest, partial(page.goto, f"{offers}{rest}/")))
    assert faults_on_the_way(page, iter(walk)) == []
    assert page.evaluate(REPEATED) == []
