"""Every page and state: axe finds nothing in light and dark, and a phone never scrolls sideways."""

import pytest
from playwright.sync_api import expect

from partners.models.partner import PartnerKind
from partners.models.partner_relationship import RelationshipKind
from subscriptions.models import User
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.web import paging
from tests.browser.client import PHONE, faults, faults_on_the_way
from tests.browser.facts import visits, visits_on_behalf, workspace_visits
from tests.factories import (
    make_audit_event,
    make_partner,
    make_partner_of_record,
    make_partner_person,
    make_price,
    make_relationship,
    make_scheduled_change,
    make_sold_product,
    make_subscription,
    make_tenant,
)
from tests.personas import make_delegate
from tests.worlds import World


@pytest.fixture
def full(contoso, monkeypatch) -> World:
    """Contoso with something on each of its pages, and more subscriptions than one page shows."""
    make_relationship(tenant=contoso.tenant, partner=contoso.other, kind=RelationshipKind.RESELLER)
    make_relationship(tenant=contoso.tenant, partner=contoso.other)
    make_audit_event(tenant=contoso.tenant, reason="Because")
    project = make_subscription(tenant=contoso.tenant, name="Project", status=SubscriptionStatus.DISABLED)
    visio = make_subscription(tenant=contoso.tenant, name="Visio", reseller_managed=True)
    changes = {"user": contoso.admin, "partner": contoso.other}
    make_scheduled_change(subscription=visio, **changes)
    make_scheduled_change(subscription=project, state="not-applied", outcome="partner-not-active", **changes)
    make_price(product=contoso.bare.product)
    make_sold_product(name="Office 365 E1", has_trial=True)
    company = make_partner(number="999", name="Northwind", kind=PartnerKind.GLOBAL)
    make_partner(number="1001", name="Northwind", parent=company)
    monkeypatch.setattr(paging, "PAGE_SIZE", 3)
    return contoso


@pytest.fixture
def agent(full) -> User:
    """A person of contoso's other partner, with customers of each kind and more than one page shows."""
    for number in range(3):
        customer = make_tenant(slug=f"customer-{number}", name=f"Customer {number}")
        make_relationship(tenant=customer, partner=full.other, kind=RelationshipKind.RESELLER)
    for tenant in (full.tenant, customer):
        for name in ("Suite", "Project"):
            make_partner_of_record(subscription=make_subscription(tenant=tenant, name=name), partner=full.other)
    return make_partner_person(partner=full.other, email="agent@partner.example", name="Agatha Agent")


def test_axe_finds_nothing_in_light_and_dark_and_no_phone_scrolls_sideways(open_as, full):
    page = open_as(full.admin)
    assert faults_on_the_way(page, visits(page, full)) == []


def test_nor_in_the_workspace(open_as, full, agent):
    page = open_as(agent)
    assert faults_on_the_way(page, workspace_visits(page, full)) == []


def test_nor_for_a_partners_person_on_behalf(open_as, full):
    """What a partner's person sees of a customer, and what is closed."""
    page = open_as(make_delegate(tenant=full.tenant, partner=full.partner, roles=tuple(DelegatedRole)))
    assert faults_on_the_way(page, visits_on_behalf(page, full)) == []
    expect(page.locator(".on-behalf")).to_contain_text("You work on behalf of Contoso Ltd")


@pytest.mark.parametrize("path", ["sign-in/", "password/reset/", "password/reset/done/"])
def test_axe_finds_nothing_before_sign_in(page, site, path):
    assert list(faults(page, lambda: page.goto(f"{site}/accounts/{path}"))) == []


def test_axe_finds_nothing_at_a_sign_in_that_failed(page, site):
    page.goto(f"{site}/accounts/sign-in/")
    page.get_by_label("Email").fill("nobody@contoso.example")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert list(faults(page)) == []


def test_axe_would_find_something(page):
    page.set_content("<title>A page</title><img src=x>")
    assert [issue for issue in faults(page) if "image-alt" in issue] == ["""light: image-alt ['<img src="x">']"""]


def test_a_tag_without_a_space_before_it_is_found(page):
    page.set_content(
        "<title>A page</title><main><p>Placed<b class=tag>New</b></p><p>Due <a href=x>now</a></p></main>"
    )
    assert [fault.endswith(">New</b>") for fault in faults(page) if "glued" in fault] == [True]


def test_axe_would_find_too_little_contrast_in_each_scheme_and_that_of_one_text_once(page):
    page.set_content("""
        <style>
            b { color: #777; background: #888 } i { color: #000 }
            .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip: rect(0 0 0 0) }
            @media (prefers-color-scheme: dark) { body { background: #000 } i { color: #111 } }
        </style>
        <b aria-disabled="true">Off</b> <b class="unseen">Unseen</b> <b>One</b> <b>Alike</b> <i>Other</i>
    """)
    assert [fault for fault in faults(page) if "contrast" in fault] == [
        "light: color-contrast ['<b data-new=\"\">One</b>']",
        "dark: color-contrast ['<b data-new=\"\">One</b>', '<i data-new=\"\">Other</i>']",
    ]


def test_the_phones_menu_opens_the_navigation(open_as, full):
    page = open_as(full.admin, viewport=PHONE)
    page.goto(f"/t/{full.tenant.slug}/")
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Subscriptions")
    expect(link).to_be_hidden()
    page.get_by_text("Menu", exact=True).click()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Subscriptions")
