"""Staff enter a reseller relationship, and end one that the customer cannot."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from partners.models import PartnerRelationship
from partners.models.partner_relationship import RelationshipKind
from partners.relationships.resellers import CannotResell, add_delegated_admin, add_reseller
from subscriptions.access import staff_actor
from subscriptions.clouds import Cloud
from subscriptions.db import scopes
from subscriptions.models import Mail
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.mail import MailKind
from tests.desk import act, add_url, change_url, errors_of, events, messages_of, page_of, rows_of
from tests.factories import make_partner, make_relationship
from tests.page import parse, words


def end(client, *rows, **wanted):
    return act(client, "partners_partnerrelationship", "end_relationships", *rows, **wanted)


def test_staff_enter_a_reseller_once(desk, staff, alpha):
    partner = make_partner()
    url = add_url("partners_partnerrelationship")
    facts = {"tenant": alpha.pk, "partner": partner.pk}
    assert list(errors_of(desk.post(url, facts))) == ["reason"]
    facts["reason"] = "Contract of June"
    assert desk.post(url, facts).status_code == 302
    (relationship,) = rows_of(PartnerRelationship)
    assert (relationship.kind, relationship.started_by, relationship.roles) == ("reseller", "Sam Staff", [])
    (event,) = events(AuditKind.RELATIONSHIP_ADDED)
    assert (event.actor_kind, event.actor_id, event.tenant_id) == (ActorKind.STAFF, staff.pk, alpha.pk)
    assert event.reason == "Contract of June"
    again = desk.post(url, facts)
    assert again.status_code == 422
    assert "reseller of the organization already" in str(again.context["errors"])


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("2020-01-01T12:00", "Choose a moment in the future."),
        ("9999-12-31T23:59", "Choose a day between 2000 and 2200."),
    ],
)
def test_a_reseller_has_an_end_to_come_that_every_time_zone_can_tell(desk, alpha, moment, why):
    facts = {"tenant": alpha.pk, "partner": make_partner().pk, "expires_on": moment, "reason": "Contract"}
    assert errors_of(desk.post(add_url("partners_partnerrelationship"), facts)) == {"expires_on": [why]}
    assert rows_of(PartnerRelationship) == []


def test_a_reseller_of_another_cloud_is_refused(desk, alpha):
    partner = make_partner(cloud=Cloud.GERMANY)
    url = add_url("partners_partnerrelationship")
    answer = desk.post(url, {"tenant": alpha.pk, "partner": partner.pk, "reason": "Contract"})
    assert (answer.status_code, list(errors_of(answer))) == (422, ["partner"])
    assert rows_of(PartnerRelationship) == []


def test_staff_end_a_reseller_relationship_with_a_reason(desk, alpha, global_admin):
    relationship = make_relationship(tenant=alpha, partner=make_partner(), kind=RelationshipKind.RESELLER)
    assert end(desk, relationship, reason="").status_code == 422
    page = page_of(desk, "partners_partnerrelationship", "end_relationships", relationship)
    asked = words(parse(page.content.decode()))
    assert "Tailspin Consulting · Reseller, Alpha Ltd" in asked
    done = end(desk, relationship, reason="Partner asked")
    assert messages_of(done) == ["End relationship: done for Tailspin Consulting · Reseller, Alpha Ltd."]
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
    url = change_url("partners_partnerrelationship", relationship.pk)
    assert desk.get(url).status_code == 200
    assert desk.post(url, {"end_reason": "x"}).status_code == 403


def test_staff_remove_roles_with_a_reason(desk, alpha, global_admin):
    roles = ("global-reader", "helpdesk-administrator")
    several = make_relationship(tenant=alpha, partner=make_partner(), roles=roles)
    one = make_relationship(tenant=alpha, partner=make_partner(number="1"), roles=("global-reader",))
    none = make_relationship(tenant=alpha, partner=make_partner(number="2"), roles=("license-administrator",))
    remove = partial(act, desk, "partners_partnerrelationship", "remove_roles", several, one, none)
    assert remove(roles="global-reader", reason="").status_code == 422
    assert remove(reason="R").status_code == 422
    said = messages_of(remove(roles="global-reader", reason="Partner asked"))
    assert [row.roles for row in rows_of(PartnerRelationship)] == [[roles[1]], ["global-reader"], [none.roles[0]]]
    assert [row.ended_by for row in rows_of(PartnerRelationship)] == ["", "Sam Staff", ""]
    assert [line for line in said if "none of these roles" in line]
    (event,) = events(AuditKind.ROLES_REMOVED)
    assert (event.actor_kind, event.reason) == (ActorKind.STAFF, "Partner asked")


def test_staff_stop_an_extension_with_a_reason(desk, alpha):
    end = timezone.now() + timedelta(days=50)
    extended = make_relationship(tenant=alpha, partner=make_partner(), expires_on=end, auto_extend=True)
    stop = partial(act, desk, "partners_partnerrelationship", "stop_extending", extended)
    assert stop(reason="").status_code == 422
    stop(reason="Partner asked")
    assert not rows_of(PartnerRelationship)[0].auto_extend
    (event,) = events(AuditKind.RELATIONSHIP_AUTO_EXTEND)
    assert (event.actor_kind, event.reason) == (ActorKind.STAFF, "Partner asked")
    assert "not extended automatically" in messages_of(stop(reason="Again"))[0]


def test_staff_enter_a_delegated_admin_with_roles_and_days(desk, alpha):
    wanted = {"tenant": alpha.pk, "partner": make_partner().pk, "kind": "delegated-admin"}
    url = add_url("partners_partnerrelationship")
    for missing in ({"days": 30}, {"roles": "global-reader"}, {"roles": "global-reader", "days": 731}):
        assert desk.post(url, wanted | missing).status_code == 422
    assert desk.post(url, wanted | {"roles": "global-reader", "days": 30, "reason": "By mail"}).status_code == 302
    (row,) = rows_of(PartnerRelationship)
    assert (row.kind, row.roles, row.expires_on - row.started_at) == (
        "delegated-admin",
        ["global-reader"],
        timedelta(days=30),
    )
    (event,) = events(AuditKind.RELATIONSHIP_ADDED)
    assert (event.actor_kind, event.reason) == (ActorKind.STAFF, "By mail")


def test_what_only_the_other_type_has_is_not_silently_left_out(desk, alpha):
    wanted = {"tenant": alpha.pk, "partner": make_partner().pk, "reason": "By mail"}
    url = add_url("partners_partnerrelationship")
    told = ["The type that you chose does not have this. Leave it empty."]
    reseller = desk.post(url, wanted | {"kind": "reseller", "days": 30})
    assert (reseller.status_code, errors_of(reseller)) == (422, {"days": told})
    delegated = {"kind": "delegated-admin", "roles": "global-reader", "days": 30, "expires_on": "2099-01-01T00:00"}
    assert errors_of(desk.post(url, wanted | delegated)) == {"expires_on": told}
    assert rows_of(PartnerRelationship) == []


def test_the_form_puts_each_fact_under_the_type_that_has_it(desk):
    page = desk.get(add_url("partners_partnerrelationship"))
    parts = [(part.name, list(part.fields)) for part in page.context["adminform"]]
    assert parts[1:3] == [("Reseller", ["expires_on"]), ("Delegated administrator", ["roles", "days"])]


def test_roles_are_shown_by_their_names(desk, alpha):
    relationship = make_relationship(tenant=alpha, partner=make_partner(), roles=("global-reader",))
    page = desk.get(change_url("partners_partnerrelationship", relationship.pk)).content.decode()
    assert ("Global reader" in page, "global-reader" in page) == (True, False)


@pytest.mark.parametrize("days", [-1, 80_000])
def test_an_end_that_staff_cannot_mean_is_refused_by_the_act_itself(staff, alpha, days):
    partner, end = make_partner(), timezone.now() + timedelta(days=days)
    with pytest.raises(CannotResell, match="Choose a"), scopes.staff():
        add_reseller(tenant=alpha, partner=partner, expires_on=end, by=staff_actor(staff), reason="Contract")
    assert rows_of(PartnerRelationship) == []


@pytest.mark.parametrize("days", [0, 731])
def test_a_grant_longer_than_the_longest_is_refused_by_the_act_itself(staff, alpha, days):
    facts = {"tenant": alpha, "partner": make_partner(), "roles": ["global-reader"], "by": staff_actor(staff)}
    with pytest.raises(CannotResell, match="from 1 to 730 days"), scopes.staff():
        add_delegated_admin(days=days, reason="Granted elsewhere", **facts)
    assert rows_of(PartnerRelationship) == []
