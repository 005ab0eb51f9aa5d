"""The authorization page asks, takes Yes or No once, and says what came of it."""

from datetime import timedelta

import pytest
from django.utils.http import urlencode

from partners.models import OfferTerms, PartnerOffer, PartnerRelationship
from partners.models.partner import PartnerState
from partners.models.partner_offer import CreditWanted, OfferState
from subscriptions.models import AuditEvent, Mail
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.models.subscription import SubscriptionStatus
from tests.database import as_owner
from tests.factories import make_member, make_partner_offer, make_partner_person, make_relationship, make_subscription
from tests.page import Page, attribute, inside
from tests.partners.offers.client import answer, count, fields, footprint, opened, signed_in_just_now, url_of
from tests.partners.offers.facts import accepted, fresh
from tests.personas import prove_identity
from tests.worlds import PARTNER_STARTS, World, make_world

GLOBAL, HELPDESK = DelegatedRole.GLOBAL_ADMINISTRATOR, DelegatedRole.HELPDESK_ADMINISTRATOR
HOSTILE = (
    '<p onclick="x()">We help. <script>alert(1)</script><a href="javascript:x()">here</a><b hx-get="/">b</b></p>'
)


@pytest.fixture
def vianet(db) -> World:
    return make_world(PARTNER_STARTS)


@pytest.fixture
def offer(vianet) -> PartnerOffer:
    return make_partner_offer(tenant=vianet.tenant, partner=vianet.partner, roles=[GLOBAL, HELPDESK], days=365)


@pytest.fixture
def admin(vianet):
    return signed_in_just_now(vianet.admin)


def test_the_page_says_who_asks_for_what_with_which_risk(admin, offer):
    text = opened(admin, offer).text
    for words in (
        "We look after your subscriptions.",
        "Partner Relationships",
        "Legal name 上海云伙伴",
        "Partner ID 880021",
        "Global administrator Highest risk",
        "Helpdesk administrator Changes things",
        "becomes partner of record of nothing",
        "for all 365 days",
    ):
        assert words in text


def test_neither_yes_nor_no_is_chosen_beforehand(admin, offer):
    buttons = [part for part in inside(opened(admin, offer).root, "input") if attribute(part, "type") == "radio"]
    assert [attribute(button, "value") for button in buttons] == ["yes", "no"]
    assert not any("checked" in button.attrib for button in buttons)


def test_stored_terms_are_cleaned_once_more_where_they_are_shown(vianet, admin):
    """Whatever got into the table, nothing of it runs."""
    offer = make_partner_offer(tenant=vianet.tenant, partner=vianet.partner, terms=HOSTILE)
    html = admin.get(url_of(offer)).content.decode()
    shown = html.partition('class="partner-terms prose">')[2].partition("</div>")[0]
    assert "We help." in shown
    assert not any(word in shown for word in ("script", "onclick", "javascript", "hx-get"))


@pytest.mark.parametrize("chosen", [{}, {"choice": "maybe"}, {"choice": ["yes", "no"]}, {"choice": ""}], ids=str)
def test_anything_but_one_yes_or_no_is_asked_again(admin, offer, chosen):
    before = footprint()
    again = answer(admin, offer, **chosen)
    assert again.status_code == 422
    assert "Choose Yes or No." in Page(again).text
    assert footprint() == before


def test_what_was_typed_stays(admin, offer):
    again = answer(admin, offer, days="30", roles=[HELPDESK])
    sent = Page(again).sending("Next", {}).fields
    assert (again.status_code, sent["days"]) == (422, "30")


def test_yes_leads_to_what_was_granted(admin, offer):
    said = answer(admin, offer, choice="yes", roles=[HELPDESK], days="30")
    assert (said.status_code, said.url) == (303, url_of(offer))
    text = opened(admin, offer).text
    for words in ("You said Yes to 上海云伙伴.", "Decided by Alex Wilber", "Helpdesk administrator"):
        assert words in text
    assert "Global administrator" not in text.partition("What was granted")[2].partition("Partner of record")[0]
    assert (fresh(offer).granted_roles, fresh(offer).granted_days) == ([HELPDESK], 30)


def test_no_is_recorded_with_its_reason_and_a_later_yes_is_refused(admin, offer):
    form = fields(admin, offer, choice="no", reason="We have a partner")
    yes = fields(admin, offer, choice="yes")
    assert admin.post(url_of(offer), form).status_code == 303
    before = footprint()
    later = admin.post(url_of(offer), yes)
    assert later.status_code == 409
    assert "Alex Wilber answered it" in Page(later).text
    assert footprint() == before
    assert (fresh(offer).state, fresh(offer).decision_reason) == (OfferState.DECLINED, "We have a partner")
    assert count(PartnerRelationship) == 0


def test_no_does_not_care_about_roles_and_days(admin, offer):
    assert answer(admin, offer, choice="no", roles=["owner"], days="9999").status_code == 303
    assert fresh(offer).state == OfferState.DECLINED


def test_the_same_form_twice_is_one_answer(vianet, admin, offer):
    make_member(tenant=vianet.tenant, email="second@lanyun.example", name="Second Admin")
    form = fields(admin, offer, choice="yes")
    first, second = (admin.post(url_of(offer), form) for _ in range(2))
    assert [(said.status_code, said.url) for said in (first, second)] == [(303, url_of(offer))] * 2
    assert count(PartnerRelationship) == 1
    assert count(AuditEvent, kind="offer.accepted") == 1
    assert count(Mail, kind="offer-answered") == 1
    assert count(Mail, kind="offer-answer-receipt") == 2


def test_the_same_form_with_another_answer_is_no_second_answer(admin, offer):
    form = fields(admin, offer, choice="yes")
    admin.post(url_of(offer), form)
    assert admin.post(url_of(offer), form | {"choice": "no"}).status_code == 409
    assert fresh(offer).state == OfferState.ACCEPTED


def test_changed_terms_are_shown_before_anything_is_recorded(vianet, admin, offer):
    form = fields(admin, offer, choice="yes")
    with as_owner():
        OfferTerms.objects.create(
            tenant=vianet.tenant,
            offer=offer,
            number=2,
            html="<p>Twice the price</p>",
            digest="1" * 64,
            written_by="A",
        )
    before = footprint()
    again = admin.post(url_of(offer), form)
    assert again.status_code == 409
    assert "The terms have changed" in Page(again).text
    assert "Added: Twice the price" in Page(again).text
    assert "Taken out:" in Page(again).text
    assert "Version 1 of" in Page(again).text
    assert footprint() == before
    assert Page(again).sending("Next", {}).fields["terms"] == "1" * 64


def test_where_the_offer_has_changed_the_answer_that_was_typed_stays(admin, offer):
    form = fields(admin, offer, choice="yes", days="30", roles=[HELPDESK], reason="Later")
    with as_owner():
        PartnerOffer.objects.update(version=2)
    again = admin.post(url_of(offer), form)
    assert (again.status_code, "The terms have changed" in Page(again).text) == (409, True)
    typed = again.context["form"]
    assert [typed[name].value() for name in ("days", "roles", "reason", "choice")] == [
        "30",
        [HELPDESK],
        "Later",
        "yes",
    ]
    sent = Page(again).sending("Next", {}).fields
    assert (sent["version"], sent["key"] != form["key"]) == ("2", True)
    assert fresh(offer).state == OfferState.SENT


def test_after_the_confirmation_the_answer_stands_there_as_it_was_typed(admin, offer):
    prove_identity(admin, ago=301)
    form, before = fields(admin, offer, choice="yes", days="30", roles=[HELPDESK]), footprint()
    admin.post(url_of(offer), form)
    prove_identity(admin, ago=0)
    again = admin.get(url_of(offer))
    typed = again.context["form"]
    assert [typed[name].value() for name in ("days", "roles", "choice")] == ["30", [HELPDESK], "yes"]
    assert Page(again).sending("Next", {}).fields["key"] == form["key"]
    assert footprint() == before


def test_the_second_admin_sees_who_accepted(vianet, admin, offer):
    second = make_member(tenant=vianet.tenant, email="second@lanyun.example", name="Second Admin")
    form = fields(admin, offer, choice="yes")
    accepted(offer, second)
    late = admin.post(url_of(offer), form)
    assert late.status_code == 409
    assert "Second Admin answered it" in Page(late).text
    assert count(PartnerRelationship) == 1


def test_an_old_sign_in_is_confirmed_first_and_nothing_is_replayed(admin, offer):
    prove_identity(admin, ago=301)
    assert "Yes needs a sign-in of the last five minutes." in opened(admin, offer).text
    form, before = fields(admin, offer, choice="yes"), footprint()
    moved = admin.post(url_of(offer), form)
    assert (moved.status_code, moved.url) == (303, f"/accounts/confirm/?{urlencode({'next': url_of(offer)})}")
    page = Page(admin.get(moved.url))
    sending = page.sending("Confirm", {"password": "a-password-of-tests"})
    back = admin.post(sending.action, sending.fields, follow=True)
    assert back.redirect_chain == [(url_of(offer), 302)]
    assert "asks for your permission" in Page(back).text
    assert footprint() == before
    assert answer(admin, offer, choice="yes").status_code == 303
    assert fresh(offer).state == OfferState.ACCEPTED


def test_a_wrong_password_does_not_count(admin, offer):
    prove_identity(admin, ago=301)
    wrong = admin.post("/accounts/confirm/", {"password": "wrong", "next": url_of(offer)})
    assert wrong.status_code == 200
    assert answer(admin, offer, choice="yes").url.startswith("/accounts/confirm/")


def test_a_sign_in_of_four_minutes_ago_will_do(admin, offer):
    prove_identity(admin, ago=240)
    assert answer(admin, offer, choice="yes").url == url_of(offer)


def test_no_takes_nothing_away_from_anybody_and_needs_no_confirmation(admin, offer):
    prove_identity(admin, ago=4000)
    assert answer(admin, offer, choice="no").url == url_of(offer)


@pytest.mark.parametrize(
    "more",
    [
        {"roles": [DelegatedRole.BILLING_ADMINISTRATOR]},
        {"days": "3650"},
        {"days": "366"},
        {"days": "0"},
        {"days": ""},
    ],
    ids=str,
)
def test_more_than_offered_is_not_granted(admin, offer, more):
    before = footprint()
    assert answer(admin, offer, choice="yes", **more).status_code == 422
    assert footprint() == before


def test_a_yes_that_grants_nothing_is_asked_again(admin, offer):
    again = answer(admin, offer, choice="yes", roles=[])
    assert again.status_code == 422
    assert "Nothing would be granted." in Page(again).text


def test_credit_alone_can_be_granted_and_what_was_left_out_is_said(vianet, admin):
    disabled = make_subscription(tenant=vianet.tenant, name="Visio", status=SubscriptionStatus.DISABLED)
    offer = make_partner_offer(
        tenant=vianet.tenant,
        partner=vianet.other,
        credit=CreditWanted.NAMED,
        subscriptions=[vianet.named, disabled],
    )
    assert "Office 365 E5 (Active; partner of record now: 上海云伙伴)" in opened(admin, offer).text
    assert answer(admin, offer, choice="yes", roles=[]).status_code == 303
    text = opened(admin, offer).text
    assert "No role was granted." in text
    assert "Visio: it is disabled or deleted" in text


def test_a_suspended_partner_cannot_be_accepted_and_the_page_says_so(vianet, admin, offer):
    form = fields(admin, offer, choice="yes")
    with as_owner():
        type(vianet.partner).objects.update(state=PartnerState.SUSPENDED)
    assert "Yes is not possible now" in opened(admin, offer).text
    refused = admin.post(url_of(offer), form)
    assert refused.status_code == 409
    assert "is not active as a partner now" in Page(refused).text
    assert fresh(offer).state == OfferState.SENT


def test_an_older_relationship_is_pointed_out(vianet, admin, offer):
    make_relationship(tenant=vianet.tenant, partner=vianet.partner)
    assert "This partner is your delegated administrator already" in opened(admin, offer).text


def test_a_banner_leads_to_the_offer_or_to_whoever_may_answer(vianet, admin, offer):
    home, url = f"/t/{vianet.tenant.slug}/", relationships_of(vianet)
    assert Page(admin.get(home)).link("1 partner's offer waits for an answer").startswith(url)
    shown = Page(admin.get(url))
    assert "1 offer waits for an answer" in shown.text
    assert shown.link("Answer the offer") == url_of(offer)
    reader = signed_in_just_now(vianet.reader)
    assert "A Global admin answers until" in Page(reader.get(home)).text
    assert "A Global admin of your organization can answer it." in Page(reader.get(url)).text
    assert "上海云伙伴 asks for your permission" not in Page(reader.get(url)).text


def test_the_banner_counts_all_and_names_the_one_that_runs_out_first(vianet, admin, offer):
    make_partner_offer(tenant=vianet.tenant, partner=vianet.other, name="Sooner", expires_in=timedelta(days=1))
    assert Page(admin.get(f"/t/{vianet.tenant.slug}/")).has("2 partners' offers wait for an answer")
    shown = Page(admin.get(relationships_of(vianet))).text
    assert "2 offers wait for an answer" in shown
    assert f"{vianet.other.name} asks for your permission" in shown


def test_without_offers_there_is_no_banner(vianet, admin):
    for state in (OfferState.DRAFT, OfferState.EXPIRED):
        make_partner_offer(tenant=vianet.tenant, partner=vianet.partner, name=state, state=state)
    for url in (f"/t/{vianet.tenant.slug}/", relationships_of(vianet)):
        assert "waits for an answer" not in Page(admin.get(url)).text


def relationships_of(world) -> str:
    return f"/t/{world.tenant.slug}/settings/partner-relationships/"


def test_nobody_accepts_the_offer_of_the_company_that_he_works_for(admin, vianet, offer):
    """A Global admin who is the partner's person too can only say No."""
    make_partner_person(partner=offer.partner, user=vianet.admin)
    assert "You work for" in opened(admin, offer).text
    assert (answer(admin, offer, choice="yes").status_code, count(PartnerRelationship)) == (403, 0)
    assert answer(admin, offer, choice="no").status_code == 303
