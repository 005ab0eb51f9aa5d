"""Staff edit a draft, and nothing but a draft, and discard it; each with a reason."""

import pytest

from partners.models import OfferTerms, PartnerOffer
from partners.models.partner import PartnerState
from partners.offers.reads import Content, Line
from subscriptions.clouds import Cloud
from subscriptions.models import AuditEvent, Mail
from tests.database import as_owner
from tests.desk import act, add_url, change_url, errors_of, messages_of, page_of, rows_of
from tests.factories import make_partner_offer, make_sold_product, make_subscription
from tests.page import Page
from tests.partners.offers.client import MODEL, lines, wanted
from tests.partners.offers.facts import OfferWorld


@pytest.fixture
def world(db):
    return OfferWorld()


@pytest.fixture
def visio(world):
    return make_sold_product(cloud=Cloud.OPERATED_BY_21VIANET, name="Visio", has_trial=True)


@pytest.fixture
def project(world):
    return make_sold_product(cloud=Cloud.OPERATED_BY_21VIANET, name="Project")


@pytest.fixture
def draft(world):
    return make_partner_offer(tenant=world.tenant, partner=world.partner, name="Draft", state="draft")


def edit(desk, world, draft, **fields):
    """The fields that the page of a draft sends: organization and partner stay."""
    sent = {"seen": draft.version, **wanted(world, name="Draft")} | fields
    return desk.post(change_url(MODEL, draft.pk), {**sent, "tenant": "0", "partner": "0"})


def stored() -> PartnerOffer:
    (offer,) = rows_of(PartnerOffer)
    return offer


@as_owner()
def lines_of(offer) -> tuple[Line, ...]:
    return Content(offer).facts.lines


def test_each_product_has_its_own_number_and_frequency(desk, world, visio, project):
    bought = lines((visio.uuid, 3, "annual"), (project.uuid, 4, "monthly"))
    fields = wanted(world, credit="bought", purchase="purchase", **bought)
    assert desk.post(add_url(MODEL), fields).status_code == 302
    assert lines_of(stored()) == (
        Line(product=project.uuid, licenses=4, billing_frequency="monthly"),
        Line(product=visio.uuid, licenses=3, billing_frequency="annual"),
    )


def test_the_page_of_a_draft_starts_from_what_it_says(desk, world, visio, project):
    subscription = make_subscription(tenant=world.tenant)
    offer = make_partner_offer(
        tenant=world.tenant, partner=world.partner, state="draft", credit="named", purchase="trial",
        subscriptions=[subscription], products=[visio], terms="<p>Ours</p>",
    )  # fmt: skip
    form = desk.get(change_url(MODEL, offer.pk)).context["adminform"].form
    shown = {
        name: form[name].value() for name in ("name", "roles", "days", "terms", "subscriptions", "purchase", "seen")
    }
    assert shown == {
        "name": offer.name, "roles": offer.roles, "days": 365, "terms": "<p>Ours</p>", "purchase": "trial",
        "subscriptions": str(subscription.uuid), "seen": 1,
    }  # fmt: skip
    assert form["products"].value() == [str(visio.uuid)]
    assert form[f"licenses-{visio.uuid}"].value() == 25
    assert [row["name"] for row in form.product_rows] == ["Project", "Visio"]


@pytest.mark.parametrize(("state", "buttons"), [("draft", 3), ("sent", 0)])
def test_a_draft_alone_has_buttons_to_save_it(desk, world, state, buttons):
    offer = make_partner_offer(tenant=world.tenant, partner=world.partner, state=state)
    page = desk.get(change_url(MODEL, offer.pk)).content.decode()
    assert sum(f'name="{name}"' in page for name in ("_save", "_continue", "_addanother")) == buttons


def test_a_draft_is_edited_with_a_reason_which_stands_in_staffs_log(desk, world, draft, visio):
    assert edit(desk, world, draft, reason="").status_code == 422
    changed = edit(desk, world, draft, name="Better", purchase="trial", credit="bought", **lines((visio.uuid,)))
    assert changed.status_code == 302
    offer = stored()
    assert (offer.name, offer.version, offer.drafted_by) == ("Better", 2, "Agatha Agent")
    assert (offer.tenant_id, offer.partner_id) == (world.tenant.pk, world.partner.pk)
    assert [terms.html for terms in rows_of(OfferTerms)][1:] == ["<p>Terms</p>"]
    (event,) = rows_of(AuditEvent)
    assert (event.kind, event.reason, event.tenant) == ("offer.drafted", "Asked by phone", None)
    assert rows_of(Mail) == []


def test_a_draft_that_changed_meanwhile_is_not_overwritten(desk, world, draft):
    answer = edit(desk, world, draft, seen=7, name="Mine")
    assert answer.status_code == 409
    assert "Somebody has changed this draft since you opened it." in answer.content.decode()
    assert answer.context["adminform"].form["name"].value() == "Mine"
    assert stored().name == "Draft"


@pytest.mark.parametrize("seen", ["", "x"])
def test_without_its_version_a_draft_is_not_changed(desk, world, draft, seen):
    assert edit(desk, world, draft, seen=seen, name="Mine").status_code in (409, 422)
    assert stored().name == "Draft"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"days": 731}, "days"),
        ({"terms": ""}, "terms"),
        ({"purchase": "purchase"}, "products"),
        ({"purchase": "trial", **lines(("no-product", 1, "monthly"))}, "products"),
        ({"name": "Taken"}, "name"),
    ],
)
def test_what_cannot_be_offered_is_refused_by_its_field(desk, world, draft, fields, field):
    make_partner_offer(tenant=world.tenant, partner=world.partner, name="Taken")
    answer = edit(desk, world, draft, **fields)
    assert (answer.status_code, list(errors_of(answer))) == (422, [field])
    assert rows_of(AuditEvent) == []


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ((0, "monthly"), "The number of licenses lies from 1 to 100000."),
        (("many", "monthly"), "Something is wrong in a line: see below."),
        ((1, "daily"), "Something is wrong in a line: see below."),
    ],
)
def test_a_line_that_cannot_be_is_refused_and_kept(desk, world, draft, visio, line, sentence):
    answer = edit(desk, world, draft, purchase="purchase", **lines((visio.uuid, *line)))
    assert (answer.status_code, errors_of(answer)["products"]) == (422, [sentence])
    form = answer.context["adminform"].form
    assert form["products"].value() == [str(visio.uuid)]
    assert form[f"licenses-{visio.uuid}"].value() == str(line[0])


def test_only_what_is_sold_in_the_partners_cloud_is_chosen_and_taken(desk, world, draft, visio):
    make_sold_product(cloud=Cloud.WORLDWIDE, name="Elsewhere")
    for url in (add_url(MODEL), change_url(MODEL, draft.pk)):
        page = Page(desk.get(url)).text
        assert ("Visio Yes" in page, "Elsewhere" in page) == (True, False)


def test_what_is_no_longer_sold_stays_in_the_draft_until_somebody_takes_it_out(desk, world, visio):
    usual = {"tenant": world.tenant, "partner": world.partner, "name": "Draft", "state": "draft"}
    draft = make_partner_offer(**usual, purchase="trial", products=[visio])
    with as_owner():
        visio.prices.all().delete()
    page = desk.get(change_url(MODEL, draft.pk))
    assert "Visio No longer sold: the draft can only be saved without it." in Page(page).text
    assert page.context["adminform"].form["products"].value() == [str(visio.uuid)]
    kept = edit(desk, world, draft, purchase="trial", **lines((visio.uuid,)))
    assert errors_of(kept)["products"] == ["A product that you chose is not sold in the organization's cloud today."]
    assert kept.context["adminform"].form["products"].value() == [str(visio.uuid)]
    assert edit(desk, world, draft, **lines()).status_code == 302
    assert lines_of(draft) == ()


def test_a_draft_of_a_partner_that_is_not_active_is_read_only_and_says_why(desk, world, draft):
    with as_owner():
        world.partner.state = PartnerState.SUSPENDED
        world.partner.save()
    assert "no longer active" in desk.get(change_url(MODEL, draft.pk)).content.decode()
    assert edit(desk, world, draft, name="Mine").status_code == 403
    assert stored().name == "Draft"


def test_drafts_are_discarded_with_a_reason(desk, world, draft):
    assert act(desk, MODEL, "discard_drafts", draft, reason="").status_code == 422
    assert stored() == draft
    response = act(desk, MODEL, "discard_drafts", draft, reason="Asked by phone")
    assert messages_of(response) == [f"Discard drafts: done for Draft, {world.tenant}."]
    assert (rows_of(PartnerOffer), rows_of(Mail)) == ([], [])
    (event,) = rows_of(AuditEvent)
    assert (event.kind, event.actor_name, event.reason) == ("offer.discarded", "Sam Staff", "Asked by phone")
    assert desk.get(change_url(MODEL, draft.pk)).status_code == 302  # to the start, which says that it is gone


def test_what_was_sent_is_not_discarded_and_the_page_says_so(desk, world, draft):
    sent = make_partner_offer(tenant=world.tenant, partner=world.partner)
    page = page_of(desk, MODEL, "discard_drafts", sent, draft).content.decode()
    assert page.count("The offer is in the state “Waiting for an answer”.") == 1
    response = act(desk, MODEL, "discard_drafts", sent, draft, reason="Asked by phone")
    assert messages_of(response)[0].endswith("The offer is in the state “Waiting for an answer”.")
    assert rows_of(PartnerOffer) == [sent]
