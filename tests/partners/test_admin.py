"""The operator's pages of the upper floor, as the web login in the staff scope."""

import pytest
from django.urls import reverse

from partners.models import Partner, PartnerRelationship
from partners.models.partner import PartnerState
from partners.models.partner_relationship import RelationshipKind
from subscriptions.clouds import Cloud
from subscriptions.models import AuditEvent, Mail
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.mail import MailKind
from subscriptions.names import mixes_scripts
from tests.database import as_owner
from tests.factories import make_partner, make_relationship

FACTS = {
    "partner_id": "MPN ID: 565 380",
    "cloud": "o365-worldwide",
    "kind": "location",
    "name": "Tailspin Consulting",
    "country": "US",
    "city": "Seattle",
    "mailbox": "partner@partners.example",
    "language": "en",
    "authorized_countries": ["US", "DE"],
}
CYRILLIC_O = "C\u043entoso"


@pytest.fixture
def desk(staff, sign_in):
    """A member of staff at work."""
    return sign_in(staff)


def add(client, **facts):
    return client.post(reverse("admin:partners_partner_add"), FACTS | facts, follow=True)


def rows_of(model) -> list:
    with as_owner():
        return list(model.objects.order_by("pk"))


def events(kind: AuditKind) -> list[AuditEvent]:
    with as_owner():
        return list(AuditEvent.objects.filter(kind=kind))


def end(client, *rows, **wanted):
    data = {"action": "end_relationships", "_selected_action": [row.pk for row in rows], "_act": "yes", **wanted}
    return client.post(reverse("admin:partners_partnerrelationship_changelist"), data, follow=True)


def test_a_partner_is_entered_as_one_pastes_it(desk, staff):
    assert add(desk).status_code == 200
    (partner,) = rows_of(Partner)
    assert (partner.partner_id, partner.state, partner.authorized_countries) == ("565380", "active", ["DE", "US"])
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
    assert list(response.context["adminform"].form.errors) == ["name"]
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
    data = {"action": "change_state", "_selected_action": [partner.pk], "_act": "yes", "state": "active"}
    url = reverse("admin:partners_partner_changelist")
    assert desk.post(url, data).status_code == 422
    desk.post(url, data | {"reason": "Papers seen"})
    assert rows_of(Partner)[0].state == PartnerState.ACTIVE
    (event,) = events(AuditKind.PARTNER_CHANGED)
    assert (event.reason, event.detail) == ("Papers seen", {"changes": {"state": ["pending", "active"]}})


def test_a_corrected_partner_keeps_its_id_and_state(desk):
    partner = make_partner(partner_id="565380")
    facts = FACTS | {"partner_id": "1", "state": "suspended", "city": "Tacoma", "reason": "Moved"}
    facts |= {"mailbox": partner.mailbox, "authorized_countries": partner.authorized_countries}
    assert desk.post(reverse("admin:partners_partner_change", args=[partner.pk]), facts).status_code == 302
    (stored,) = rows_of(Partner)
    assert (stored.partner_id, stored.state, stored.city) == ("565380", PartnerState.ACTIVE, "Tacoma")
    changes = events(AuditKind.PARTNER_CHANGED)[0].detail["changes"]
    assert set(changes) == {"city", "authorized_countries"}


def test_a_parent_is_a_global_id_of_the_same_cloud(desk):
    location = make_partner(partner_id="1234567")
    response = add(desk, parent=location.pk)
    assert list(response.context["adminform"].form.errors) == ["parent"]


def test_staff_enter_a_reseller_once(desk, staff, alpha):
    partner = make_partner()
    url = reverse("admin:partners_partnerrelationship_add")
    assert desk.post(url, {"tenant": alpha.pk, "partner": partner.pk}).status_code == 302
    (relationship,) = rows_of(PartnerRelationship)
    assert (relationship.kind, relationship.started_by, relationship.roles) == ("reseller", "Sam Staff", [])
    (event,) = events(AuditKind.RELATIONSHIP_ADDED)
    assert (event.actor_kind, event.actor_id, event.tenant_id) == (ActorKind.STAFF, staff.pk, alpha.pk)
    again = desk.post(url, {"tenant": alpha.pk, "partner": partner.pk})
    assert again.status_code == 422
    assert "reseller of the organization already" in str(again.context["errors"])


def test_a_reseller_of_another_cloud_is_refused(desk, alpha):
    partner = make_partner(cloud=Cloud.GERMANY)
    url = reverse("admin:partners_partnerrelationship_add")
    assert desk.post(url, {"tenant": alpha.pk, "partner": partner.pk}).status_code == 422
    assert rows_of(PartnerRelationship) == []


def test_staff_end_a_reseller_relationship_with_a_reason(desk, alpha, global_admin):
    relationship = make_relationship(tenant=alpha, partner=make_partner(), kind=RelationshipKind.RESELLER)
    assert end(desk, relationship, reason="").status_code == 422
    end(desk, relationship, reason="Partner asked")
    (ended,) = rows_of(PartnerRelationship)
    assert (ended.ended_by, ended.end_reason) == ("Sam Staff", "Partner asked")
    (event,) = events(AuditKind.RELATIONSHIP_ENDED)
    assert (event.actor_kind, event.reason) == (ActorKind.STAFF, "Partner asked")
    assert [mail.kind for mail in rows_of(Mail)] == [MailKind.RELATIONSHIP_ENDED] * 2


def test_an_ended_relationship_cannot_end_again(desk, alpha):
    relationship = make_relationship(tenant=alpha, partner=make_partner())
    end(desk, relationship, reason="First")
    response = end(desk, relationship, reason="Second")
    assert "has ended already" in str(next(iter(response.context["messages"])))
    assert rows_of(PartnerRelationship)[0].end_reason == "First"


def test_a_relationship_is_not_edited(desk, alpha):
    relationship = make_relationship(tenant=alpha, partner=make_partner())
    url = reverse("admin:partners_partnerrelationship_change", args=[relationship.pk])
    assert desk.get(url).status_code == 200
    assert desk.post(url, {"end_reason": "x"}).status_code == 403
