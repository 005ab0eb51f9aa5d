"""Staff read offers, and draft, send, send again and withdraw them on a partner's behalf, with a reason."""

import pytest

from partners.models import OfferedSubscription, OfferTerms, PartnerOffer
from subscriptions.clouds import Cloud
from subscriptions.models import AuditEvent, Mail
from subscriptions.models.audit_event import ActorKind, AuditKind
from tests.desk import act, add_url, change_url, errors_of, events, list_url, messages_of, rows_of
from tests.factories import make_partner, make_partner_offer, make_sold_product, make_subscription, make_tenant
from tests.partners.offers.client import MODEL, lines, wanted
from tests.partners.offers.facts import OfferWorld


@pytest.fixture
def world(db):
    return OfferWorld()


def test_staff_draft_an_offer_for_a_partner_with_a_reason(desk, world):
    product = make_sold_product(cloud=Cloud.OPERATED_BY_21VIANET, name="Visio", has_trial=True)
    fields = wanted(world, credit="bought", purchase="trial", **lines((product.uuid, 25, "monthly")))
    assert desk.post(add_url(MODEL), fields | {"reason": ""}).status_code == 422
    assert desk.post(add_url(MODEL), fields).status_code == 302
    (offer,) = rows_of(PartnerOffer)
    assert (offer.state, offer.drafted_by, offer.roles, offer.credit) == (
        "draft", "Sam Staff", ["global-reader"], "bought",
    )  # fmt: skip
    assert "script" not in rows_of(OfferTerms)[0].html
    (event,) = rows_of(AuditEvent)
    assert (event.kind, event.actor_name, event.tenant) == ("offer.drafted", "Sam Staff", None)
    assert event.reason == "Asked by phone"
    assert rows_of(Mail) == []


def test_without_roles_the_days_are_no_matter(desk, world):
    product = make_sold_product(cloud=Cloud.OPERATED_BY_21VIANET, name="Visio")
    fields = wanted(world, roles=[], credit="bought", purchase="purchase", **lines((product.uuid, 25, "monthly")))
    assert desk.post(add_url(MODEL), fields).status_code == 302
    assert rows_of(PartnerOffer)[0].days is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"days": 731}, "days"),
        ({"days": 0}, "days"),
        ({"name": "x" * 51}, "name"),
        ({"name": "A\r\nBcc: x@y"}, "name"),
        ({"roles": []}, "roles"),
        ({"terms": ""}, "terms"),
        ({"purchase": "trial"}, "products"),
    ],
)
def test_what_cannot_be_offered_is_refused_by_its_field(desk, world, fields, field):
    response = desk.post(add_url(MODEL), wanted(world, **fields))
    assert response.status_code == 422
    assert field in errors_of(response)
    assert rows_of(PartnerOffer) == []


def test_a_name_is_used_once(desk, world):
    make_partner_offer(tenant=world.tenant, partner=world.partner, name="A year")
    assert desk.post(add_url(MODEL), wanted(world)).status_code == 422


def test_where_customers_start_roles_and_days_alone_are_drafted(desk, world):
    between = {"tenant": make_tenant().pk, "partner": make_partner().pk}
    response = desk.post(add_url(MODEL), wanted(world, **between, purchase="trial"))
    assert response.status_code == 422
    assert "In this cloud an offer asks for delegated administration only" in errors_of(response)["purchase"][0]
    assert desk.post(add_url(MODEL), wanted(world, **between)).status_code == 302
    (draft,) = rows_of(PartnerOffer)
    assert draft.is_of_roles_only
    form = desk.get(change_url(MODEL, draft.pk)).context["adminform"].form
    assert not {"credit", "subscriptions", "purchase", "products"} & form.fields.keys()


def test_staff_send_send_again_and_withdraw_with_a_reason(desk, staff, world):
    offer = make_partner_offer(tenant=world.tenant, partner=world.partner, state="draft")
    assert act(desk, MODEL, "send_offers", offer, reason="").status_code == 422
    for action in ("send_offers", "send_offers_again", "withdraw_offers"):
        act(desk, MODEL, action, offer, reason=f"Asked by phone: {action}")
    (row,) = rows_of(PartnerOffer)
    assert (row.state, row.generation, row.sent_by, row.withdrawn_by) == ("withdrawn", 2, "Sam Staff", "Sam Staff")
    for kind in (AuditKind.OFFER_SENT, AuditKind.OFFER_SENT_AGAIN, AuditKind.OFFER_WITHDRAWN):
        (event,) = events(kind)
        assert (event.actor_kind, event.actor_id, event.tenant_id) == (ActorKind.STAFF, staff.pk, world.tenant.pk)
        assert event.reason.startswith("Asked by phone")
    assert [mail.kind for mail in rows_of(Mail)] == ["offer-received", "offer-received", "offer-withdrawn"]


def test_what_is_over_is_told_so(desk, world):
    offer = make_partner_offer(tenant=world.tenant, partner=world.partner)
    act(desk, MODEL, "withdraw_offers", offer, reason="First")
    response = act(desk, MODEL, "withdraw_offers", offer, reason="Second")
    assert "The offer is in the state “Withdrawn”." in messages_of(response)[0]
    assert len(events(AuditKind.OFFER_WITHDRAWN)) == 1


def test_what_became_impossible_is_told_so(desk, world):
    product = make_sold_product(cloud=Cloud.OPERATED_BY_21VIANET, name="Visio", has_trial=False)
    offer = make_partner_offer(
        tenant=world.tenant, partner=world.partner, state="draft", purchase="trial", products=[product]
    )
    response = act(desk, MODEL, "send_offers", offer, reason="Asked")
    assert "There is no free trial of Visio." in messages_of(response)[0]
    assert rows_of(PartnerOffer)[0].state == "draft"


def test_what_was_sent_is_read_and_found_but_not_edited(desk, world):
    offer = make_partner_offer(tenant=world.tenant, partner=world.partner, terms="<p>Our <em>terms</em></p>")
    page = desk.get(change_url(MODEL, offer.pk))
    for shown in ("Our terms", "Helpdesk administrator"):
        assert shown in page.content.decode()
    assert "Withdraw it and make a new one if something else is to be asked." in page.content.decode()
    assert desk.post(change_url(MODEL, offer.pk), {"name": "x"}).status_code == 403
    assert offer.name in desk.get(list_url(MODEL), {"q": "880021"}).content.decode()


def test_staff_name_subscriptions_by_their_exact_ids(desk, world):
    subscription = make_subscription(tenant=world.tenant, name="Office 365 E1")
    refused = desk.post(add_url(MODEL), wanted(world, credit="named", subscriptions="Office 365 E1"))
    assert "subscriptions" in errors_of(refused)
    others = make_subscription(tenant=make_tenant(), name="Office 365 E1")
    refused = desk.post(add_url(MODEL), wanted(world, credit="named", subscriptions=str(others.uuid)))
    assert "subscriptions" in errors_of(refused)
    fields = wanted(world, credit="named", subscriptions=f"{subscription.uuid}\n")
    assert desk.post(add_url(MODEL), fields).status_code == 302
    assert [row.subscription_id for row in rows_of(OfferedSubscription)] == [subscription.pk]


def test_staff_change_the_terms_and_the_version_before_stays(desk, world):
    offer = make_partner_offer(tenant=world.tenant, partner=world.partner)
    act(desk, MODEL, "change_terms", offer, terms="Other terms <script>x</script>", reason="Asked by phone")
    before, after = rows_of(OfferTerms)
    assert ("subscriptions" in before.html, after.html) == (True, "<p>Other terms</p>")
    response = act(desk, MODEL, "change_terms", offer, terms="Other terms <script>y</script>", reason="Once more")
    assert messages_of(response) == [f"{offer}, {world.tenant}: No change: everything stays as it was."]
    (event,) = events(AuditKind.OFFER_CHANGED)
    assert (event.actor_kind, event.reason) == (ActorKind.STAFF, "Asked by phone")
