"""Staff enter, correct and release partners of the directory."""

import pytest

from partners.directory import acts as partners
from partners.directory.rules import Problem, problem_for
from partners.models import Partner
from partners.models.partner import PartnerState
from subscriptions.access import staff_actor
from subscriptions.base.names import mixes_scripts
from subscriptions.db import scopes
from subscriptions.models.audit_event import ActorKind, AuditKind
from tests.desk import act, add_url, change_url, errors_of, events, page_of, rows_of, send
from tests.factories import make_family, make_partner, make_product

FACTS = {
    "number": "MPN ID: 565 380",
    "cloud": "o365-worldwide",
    "kind": "location",
    "name": "Tailspin Consulting",
    "country": "US",
    "city": "Seattle",
    "mailbox": "partner@partners.example",
    "language": "en",
    "authorized_countries": ["US", "DE"],
    "authorized_for_all": "on",
}
CYRILLIC_O = "C\u043entoso"


def add(client, **facts):
    return client.post(add_url("partners_partner"), FACTS | facts, follow=True)


def test_a_partner_is_entered_as_one_pastes_it(desk, staff):
    assert add(desk).status_code == 200
    (partner,) = rows_of(Partner)
    assert (partner.number, partner.state, partner.authorized_countries) == ("565380", "active", ["US", "DE"])
    assert partner.authorized_families == []
    (event,) = events(AuditKind.PARTNER_ADDED)
    assert (event.actor_id, event.actor_kind, event.subject_name) == (
        staff.pk,
        ActorKind.STAFF,
        "Tailspin Consulting",
    )


@pytest.mark.parametrize("character", ["\u202e", "\u200b", "\x00", "\n"])
def test_invisible_characters_in_a_name_are_refused(character, desk):
    response = add(desk, name=f"Con{character}toso")
    assert response.status_code == 422
    assert list(errors_of(response)) == ["name"]
    assert rows_of(Partner) == []


def test_a_name_that_mixes_scripts_makes_the_partner_pending(desk):
    response = add(desk, name=CYRILLIC_O)
    assert any("mixes scripts" in str(message) for message in response.context["messages"])
    (partner,) = rows_of(Partner)
    assert (partner.name, partner.state) == (CYRILLIC_O, PartnerState.PENDING)


@pytest.mark.parametrize(
    "name", ["株式会社コントソ", "Contoso 한국", "上海云伙伴 Cloud", "Contoso-4 & Söhne", "Контосо"]
)
def test_names_of_scripts_that_go_together_are_accepted(name, desk):
    add(desk, name=name)
    (partner,) = rows_of(Partner)
    assert (partner.name, partner.state) == (name, PartnerState.ACTIVE)


@pytest.mark.parametrize(
    ("name", "mixed"),
    [
        (CYRILLIC_O, True),
        ("Cοntoso", True),
        ("한국コントソ", True),
        ("", False),
        ("Ⅷ 42", False),
        ("ＡＢＣ商事", False),
    ],
)
def test_mixed_scripts(name, mixed):
    assert mixes_scripts(name) is mixed


def test_staff_release_a_pending_partner_with_a_reason(desk):
    partner = make_partner(name=CYRILLIC_O, state=PartnerState.PENDING)
    assert act(desk, "partners_partner", "change_state", partner, state="active").status_code == 422
    act(desk, "partners_partner", "change_state", partner, state="active", reason="Papers seen")
    assert rows_of(Partner)[0].state == PartnerState.ACTIVE
    (event,) = events(AuditKind.PARTNER_CHANGED)
    assert (event.reason, event.detail) == ("Papers seen", {"changes": {"state": ["pending", "active"]}})


def test_a_corrected_partner_keeps_its_id_and_state(desk):
    partner = make_partner(number="565380")
    facts = FACTS | {"number": "1", "state": "suspended", "city": "Tacoma", "reason": "Moved"}
    facts |= {"mailbox": partner.mailbox, "authorized_countries": partner.authorized_countries}
    assert desk.post(change_url("partners_partner", partner.pk), facts).status_code == 302
    (stored,) = rows_of(Partner)
    assert (stored.number, stored.state, stored.city) == ("565380", PartnerState.ACTIVE, "Tacoma")
    changes = events(AuditKind.PARTNER_CHANGED)[0].detail["changes"]
    assert set(changes) == {"city"}


def test_a_correction_does_not_undo_a_suspension_of_meanwhile(staff):
    corrected, suspended = make_partner(), rows_of(Partner)[0]
    corrected.city = "Tacoma"
    with scopes.staff():
        partners.set_state(partner=suspended, state=PartnerState.SUSPENDED, by=staff_actor(staff), reason="Fraud")
        partners.save_partner(partner=corrected, by=staff_actor(staff), reason="Moved")
    (stored,) = rows_of(Partner)
    assert (stored.city, stored.state) == ("Tacoma", PartnerState.SUSPENDED)
    assert [set(event.detail["changes"]) for event in events(AuditKind.PARTNER_CHANGED)] == [{"state"}, {"city"}]


def test_staff_are_asked_before_a_name_is_corrected_into_two_scripts(desk):
    """The company's people stay at work: the partner keeps its state."""
    partner = make_partner()
    url = change_url("partners_partner", partner.pk)
    facts = FACTS | {"name": CYRILLIC_O, "reason": "Renamed"}
    facts |= {"mailbox": partner.mailbox, "authorized_countries": partner.authorized_countries}
    asked = desk.post(url, facts)
    assert (asked.status_code, list(errors_of(asked))) == (422, ["name"])
    assert '<input type="checkbox" name="name_is_right"' in asked.content.decode()
    assert [(row.name, row.state) for row in rows_of(Partner)] == [(partner.name, PartnerState.ACTIVE)]
    assert desk.post(url, facts | {"name_is_right": "on"}).status_code == 302
    assert [(row.name, row.state) for row in rows_of(Partner)] == [(CYRILLIC_O, PartnerState.ACTIVE)]


def test_no_other_way_leads_to_such_a_name(staff):
    partner = make_partner()
    partner.name = CYRILLIC_O
    with scopes.staff(), pytest.raises(partners.NameMixesScripts):
        partners.save_partner(partner=partner, by=staff_actor(staff), reason="Renamed")


def test_unknown_countries_are_refused(desk):
    response = add(desk, authorized_countries=["US", "XY"])
    assert (response.status_code, list(errors_of(response))) == (422, ["authorized_countries"])


def test_a_partner_can_be_authorized_for_nothing_and_nowhere(desk, alpha):
    """It is stored as such, and Check ID says so; without both it would be authorized for all."""
    make_family(code="office")
    response = desk.post(add_url("partners_partner"), {**FACTS, "authorized_for_all": ""}, follow=True)
    assert response.status_code == 200
    (partner,) = rows_of(Partner)
    assert (partner.authorized_for_all, partner.authorized_families) == (False, [])
    assert problem_for(partner, alpha, make_product()) is Problem.PRODUCT
    response = desk.get(add_url("partners_partner")).content.decode()
    assert "None chosen means nothing, so that it can be named on no subscription." in response
    assert "None chosen means nowhere: no organization can name the partner" in response
    facts = {name: value for name, value in FACTS.items() if name != "authorized_countries"}
    assert desk.post(change_url("partners_partner", partner.pk), facts | {"reason": "Asked"}).status_code == 302
    (partner,) = rows_of(Partner)
    assert (partner.authorized_for_all, partner.authorized_countries) == (True, [])
    assert problem_for(partner, alpha, make_product()) is Problem.COUNTRY


def test_a_partner_is_authorized_for_all_or_for_chosen_categories(desk):
    make_family(code="office"), make_family(code="visio")
    refused = add(desk, authorized_families=["office"])
    assert refused.status_code == 422
    assert "Choose categories, or say that it is authorized for all products." in refused.content.decode()
    assert add(desk, authorized_families=["office", "visio"], authorized_for_all="").status_code == 200
    assert rows_of(Partner)[0].authorized_families == ["office", "visio"]


def test_a_parent_is_a_global_id_of_the_same_cloud(desk):
    location = make_partner(number="1234567")
    response = add(desk, parent=location.pk)
    assert list(errors_of(response)) == ["parent"]


def test_no_state_is_chosen_beforehand(desk):
    partner = make_partner()
    page = page_of(desk, "partners_partner", "change_state", partner)
    assert page.context["form"]["state"].value() is None
    assert send(desk, page, state="", reason="R").status_code == 422


def test_a_parent_that_is_no_global_id_is_refused_by_the_act_itself(staff):
    location, other = make_partner(number="1234567"), make_partner(number="2345678")
    other.parent = location
    with pytest.raises(partners.CannotBelong, match="global ID of the same cloud"), scopes.staff():
        partners.save_partner(partner=other, by=staff_actor(staff), reason="Moved")
    assert {row.parent_id for row in rows_of(Partner)} == {None}
