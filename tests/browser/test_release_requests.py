"""The pages of a release request on both sides: axe finds nothing in light and dark, and phones do not scroll."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from partners.models.partner_relationship import RelationshipKind
from tests.browser.client import faults_on_the_way
from tests.factories import (
    make_partner_person,
    make_relationship,
    make_release_request,
    make_subscription,
    make_tenant,
)
from tests.partners.relationships.releases.client import due, page_url, workspace_url


@pytest.fixture
def addresses(contoso):
    """What an admin of the organization opens, and what the reseller's agent does."""
    reseller = make_relationship(tenant=contoso.tenant, partner=contoso.other, kind=RelationshipKind.RESELLER)
    make_release_request(
        relationship=reseller, state="declined", decline_reason="An invoice is open.",
        closed_at=timezone.now() - timedelta(days=1), closed_by="Agatha Agent",
    )  # fmt: skip
    asked = make_release_request(relationship=reseller)
    due(asked, in_days=-2)
    make_subscription(tenant=contoso.tenant, name="Visio", reseller_managed=True)
    other = make_tenant(slug="tailwind", name="Tailwind Traders")
    free = make_release_request(
        relationship=make_relationship(tenant=other, partner=contoso.other, kind=RelationshipKind.RESELLER)
    )
    not_asked = make_relationship(tenant=contoso.tenant, partner=contoso.partner, kind=RelationshipKind.RESELLER)
    detail = f"/t/contoso/settings/partner-relationships/{reseller.uuid}/"
    workspace = [workspace_url(asked), *(workspace_url(free, rest) for rest in ("", "decline/", "release/"))]
    return {
        "admin": [detail, page_url(reseller), page_url(not_asked)],
        "agent": [f"/p/{contoso.other.number}/release-requests/", *workspace],
    }


@pytest.fixture
def people(contoso):
    agent = make_partner_person(partner=contoso.other, email="agent@reseller.example", name="Agatha Agent")
    return {"admin": contoso.admin, "agent": agent}


@pytest.mark.parametrize("who", ["admin", "agent"])
def test_axe_finds_nothing_in_light_and_dark_and_no_phone_scrolls_sideways(open_as, people, addresses, who):
    page = open_as(people[who])
    assert faults_on_the_way(page, ((url, partial(page.goto, url)) for url in addresses[who])) == []
