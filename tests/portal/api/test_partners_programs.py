"""A partner's program in a customer's organization: it reads no more there than the partner's people do."""

import pytest
from django.utils import timezone

from partners.models.partner_relationship import RelationshipKind
from tests.factories import (
    make_partner,
    make_partner_of_record,
    make_partner_offer,
    make_policy,
    make_relationship,
    make_release_request,
    make_subscription,
)
from tests.portal.api.client import Program, make_program


@pytest.fixture
def rival(world):
    return make_partner(number="717171", name="Rival Partner")


@pytest.fixture
def delegate(world) -> Program:
    """Reads all that a partner ever reads there."""
    make_relationship(tenant=world.tenant, partner=world.partner, roles=("global-administrator",))
    program = make_program(partner=world.partner)
    program.base = f"/api/v1/t/{world.tenant.slug}"
    return program


def test_offers_of_other_partners_are_not_there(world, rival, robot, delegate):
    theirs, own = (make_partner_offer(tenant=world.tenant, partner=partner) for partner in (rival, world.partner))
    assert {row["id"] for row in robot.get("/offers").said["data"]} == {str(theirs.uuid), str(own.uuid)}
    assert [row["id"] for row in delegate.get("/offers").said["data"]] == [str(own.uuid)]
    assert delegate.get(f"/offers/{own.uuid}").status_code == 200
    assert delegate.get(f"/offers/{theirs.uuid}").status_code == 404


def test_the_policy_is_the_organizations_own(world, rival, robot, delegate):
    make_policy(tenant=world.tenant, partner=rival, exempt=world.bare)
    assert robot.get("/partner-policy").said["approved"][0]["partner"]["name"] == rival.name
    answer = delegate.get("/partner-policy")
    assert (answer.status_code, answer.said["code"]) == (403, "partners-never")
    assert rival.name not in answer.content.decode()


def test_that_another_partner_was_asked_to_leave_is_not_told(world, rival, robot, delegate):
    reseller = make_relationship(tenant=world.tenant, partner=rival, kind=RelationshipKind.RESELLER)
    make_release_request(relationship=reseller)
    place = f"/relationships/{reseller.uuid}"
    assert robot.get(place).said["release_asked"] is True
    assert delegate.get(place).said["release_asked"] is False


def test_a_reason_is_read_by_the_organizations_own_alone(world, rival, robot, delegate):
    ended = make_relationship(
        tenant=world.tenant, partner=rival, ended_at=timezone.now(), ended_by="Gloria", end_reason="Too dear"
    )
    row = make_subscription(tenant=world.tenant)
    make_partner_of_record(subscription=row, partner=rival, reason="Too dear")
    for place in (f"/relationships/{ended.uuid}", f"/subscriptions/{row.uuid}/partner-of-record/history"):
        assert "Too dear" in robot.get(place).content.decode()
        answer = delegate.get(place)
        assert (answer.status_code, rival.name in answer.content.decode()) == (200, True)
        assert "Too dear" not in answer.content.decode()
