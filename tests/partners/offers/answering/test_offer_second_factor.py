"""Who has a second factor gives power away by it; the password alone is not enough, at offers and elsewhere."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.http import urlencode

from partners.models import PartnerRelationship
from partners.models.partner_offer import OfferState
from tests.database import as_owner
from tests.factories import PASSWORD, make_partner_offer, make_relationship
from tests.page import Page
from tests.partners.offers.client import answer, fields, footprint, opened, signed_in_just_now, url_of
from tests.partners.offers.facts import fresh
from tests.personas import PERIOD, code_of, make_second_factor, prove_identity, type_code, typed_password, wrong_code
from tests.worlds import PARTNER_STARTS, World, make_world

pytestmark = pytest.mark.usefixtures("clock")
CONFIRM, BY_CODE = "/accounts/confirm/", "/accounts/2fa/reauthenticate/"
MUST_CONFIRM = "Yes needs a sign-in of the last five minutes."


@pytest.fixture
def vianet(db) -> World:
    return make_world(PARTNER_STARTS)


@pytest.fixture
def offer(vianet):
    return make_partner_offer(tenant=vianet.tenant, partner=vianet.partner)


@pytest.fixture
def admin(vianet):
    """Signed in by password and code just now."""
    make_second_factor(vianet.admin)
    client = typed_password(vianet.admin)
    assert type_code(client, code_of()).status_code == 302
    return client


def test_a_code_of_four_minutes_ago_will_do(admin, offer, clock):
    clock.shift(240)
    assert MUST_CONFIRM not in opened(admin, offer).text
    assert answer(admin, offer, choice="yes").url == url_of(offer)


def test_the_password_alone_confirms_nothing_and_the_code_does(admin, offer, clock):
    clock.shift(301)
    assert MUST_CONFIRM in opened(admin, offer).text
    form, before, back = fields(admin, offer, choice="yes"), footprint(), urlencode({"next": url_of(offer)})
    moved = admin.post(url_of(offer), form)
    assert (moved.status_code, moved.url) == (303, f"{CONFIRM}?{back}")
    password = admin.post(CONFIRM, {"password": PASSWORD, "next": url_of(offer)})
    assert (password.status_code, password.url) == (302, f"{BY_CODE}?{back}")
    assert admin.post(url_of(offer), form).url.startswith(CONFIRM)
    sending = Page(admin.get(password.url)).sending("Confirm", {"code": code_of()})
    returned = admin.post(sending.action, sending.fields, follow=True)
    assert returned.redirect_chain == [(url_of(offer), 302)]
    assert "asks for your permission" in Page(returned).text
    assert footprint() == before
    assert answer(admin, offer, choice="yes").url == url_of(offer)
    assert fresh(offer).state == OfferState.ACCEPTED


def test_the_page_for_the_password_leads_on_to_the_one_for_the_code(admin, offer, clock):
    clock.shift(301)
    shown = admin.get(opened(admin, offer).link("Confirm that it is you"), follow=True)
    assert shown.redirect_chain == [(f"{BY_CODE}?{urlencode({'next': url_of(offer)})}", 302)]
    assert "the password alone is not enough" in Page(shown).text


def test_a_wrong_code_does_not_count(admin, offer, clock):
    clock.shift(301)
    assert admin.post(BY_CODE, {"code": wrong_code(), "next": url_of(offer)}).status_code == 200
    assert answer(admin, offer, choice="yes").url.startswith(CONFIRM)


def test_a_session_from_before_the_factor_is_asked_for_it(vianet, offer):
    """However young the password is: the factor was set up somewhere else meanwhile."""
    other = signed_in_just_now(vianet.admin)
    make_second_factor(vianet.admin)
    assert answer(other, offer, choice="yes").url.startswith(CONFIRM)
    prove_identity(other, ago=0)
    assert other.get("/accounts/2fa/recovery-codes/").url.startswith(CONFIRM)
    assert other.post("/accounts/2fa/totp/deactivate/").url.startswith(CONFIRM)
    assert fresh(offer).state == OfferState.SENT


def test_prolonging_access_asks_for_the_code_too(vianet, admin, clock):
    relationship = make_relationship(
        tenant=vianet.tenant, partner=vianet.other, expires_on=timezone.now() + timedelta(days=100)
    )
    url = f"/t/{vianet.tenant.slug}/settings/partner-relationships/{relationship.uuid}/auto-extend/"
    clock.shift(301)
    admin.post(CONFIRM, {"password": PASSWORD})
    sending = Page(admin.get(url)).sending("Extend automatically", {})
    assert admin.post(url, sending.fields).url.startswith(CONFIRM)
    admin.post(BY_CODE, {"code": code_of()})
    assert admin.post(url, sending.fields).status_code == 303
    clock.shift(PERIOD)
    with as_owner():
        assert PartnerRelationship.objects.get(pk=relationship.pk).auto_extend


def test_without_a_factor_the_password_is_enough(vianet, offer):
    admin = signed_in_just_now(vianet.admin)
    prove_identity(admin, ago=301)
    assert admin.post(CONFIRM, {"password": PASSWORD, "next": url_of(offer)}).url == url_of(offer)
    assert answer(admin, offer, choice="yes").url == url_of(offer)
