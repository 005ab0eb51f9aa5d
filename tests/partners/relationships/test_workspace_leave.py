"""A reseller ends its relationship unasked: who may, what blocks it, what is recorded, and that it happens once."""

from uuid import uuid4

import pytest

from partners.delegation import partners_person
from partners.models import PartnerRelationship
from partners.models.partner_relationship import RelationshipKind
from partners.relationships.releases import acts as release_requests
from subscriptions.audit import acts as audit
from subscriptions.db import scopes
from subscriptions.models import AuditEvent
from subscriptions.models.delegated_role import AgentRole
from subscriptions.verdicts import Refused
from tests.database import as_owner
from tests.factories import (
    make_partner,
    make_partner_person,
    make_relationship,
    make_release_request,
    make_subscription,
)
from tests.facts import audit_kinds, mails
from tests.page import Page
from tests.partners.client import get
from tests.partners.relationships.releases.client import is_ended, requests, steps, workspace_url

BUTTON = "Release the organization"
ENDED = [
    ("relationship-ended", "partner-565380@partners.example"),
    ("relationship-ended", "admin@alpha.example"),
]


@pytest.fixture
def reseller(alpha, partner, global_admin):
    return make_relationship(tenant=alpha, partner=partner, kind=RelationshipKind.RESELLER)


def leave(client, relationship, **fields):
    url = f"/p/565380/relationships/{relationship.uuid}/leave/"
    return client.post(url, {"reason": "", "key": str(uuid4()), **fields})


def test_it_ends_in_the_organizations_own_log_and_both_sides_are_mailed(agent, alpha, reseller):
    page = Page(get(agent, "customer", alpha.uuid))
    assert page.link(BUTTON) == f"/p/565380/relationships/{reseller.uuid}/leave/"
    answer = leave(agent, reseller, reason="We close our shop")
    assert (answer.status_code, answer.url) == (303, f"/p/565380/customers/{alpha.uuid}/")
    with as_owner():
        ended, event = PartnerRelationship.objects.get(), AuditEvent.objects.get()
    assert (ended.ended_by, ended.end_reason) == ("Agatha Agent", "We close our shop")
    assert (event.kind, event.tenant_id, event.actor_kind, event.reason) == (
        "partner-relationship.ended", alpha.pk, "partner", "We close our shop",
    )  # fmt: skip
    assert sorted(mails()) == sorted(ENDED)


def test_an_open_request_is_granted_by_it_and_linked_before(agent, alpha, reseller):
    sent = make_release_request(relationship=reseller)
    assert workspace_url(sent) in get(agent, "customer", alpha.uuid).content.decode()
    leave(agent, reseller)
    assert (requests()[0].state, steps(sent)[-1]) == ("released", ("released", "Agatha Agent"))
    assert sorted(audit_kinds()) == ["partner-relationship.ended", "release-request.released"]
    assert f"/p/565380/customers/{alpha.uuid}/" in agent.get(workspace_url(sent)).content.decode()


def test_managed_subscriptions_block_it_with_the_reason_beside_the_button(agent, alpha, reseller):
    key, page = str(uuid4()), f"/p/565380/relationships/{reseller.uuid}/leave/"
    make_subscription(tenant=alpha, reseller_managed=True)
    shown = Page(get(agent, "customer", alpha.uuid))
    assert shown.has(BUTTON)
    assert "Your company still manages 1 active subscription of the organization." in shown.text
    assert [agent.get(page).status_code, leave(agent, reseller, key=key).status_code] == [409, 409]
    assert (is_ended(reseller), audit_kinds()) == (False, [])


def test_the_same_form_sent_twice_acts_once(agent, reseller):
    key = str(uuid4())
    assert [leave(agent, reseller, key=key).status_code for _ in range(2)] == [303, 303]
    assert audit_kinds() == ["partner-relationship.ended"]
    assert leave(agent, reseller).status_code == 409


@pytest.mark.parametrize("fields", [{"key": ""}, {"reason": "x" * 501}])
def test_what_is_not_valid_ends_nothing(agent, reseller, fields):
    assert leave(agent, reseller, **fields).status_code == 422
    assert not is_ended(reseller)


@pytest.mark.parametrize("role", [AgentRole.HELPDESK_AGENT, AgentRole.SALES_AGENT])
def test_other_agents_read_why_they_may_not(partner, alpha, reseller, sign_in, role):
    client = sign_in(make_partner_person(partner=partner, email="x@tailspin.example", role=role))
    shown = Page(get(client, "customer", alpha.uuid))
    assert shown.has(BUTTON)
    assert "In your company, people with this role can do it: Admin agent." in shown.text
    assert leave(client, reseller).status_code == 403
    assert not is_ended(reseller)


def test_delegated_administration_is_not_left_by_it(agent, alpha, partner):
    delegated = make_relationship(tenant=alpha, partner=partner)
    assert leave(agent, delegated).status_code == 404
    assert not is_ended(delegated)


def test_the_domain_refuses_another_partners_person_and_one_without_a_role(alpha, reseller, partner):
    person = make_partner_person(partner=partner, email="agent@tailspin.example")
    other = partners_person(person, make_partner(number="935287"), agent_role=AgentRole.ADMIN_AGENT)
    for by, refused in [(other, PartnerRelationship.DoesNotExist), (partners_person(person, partner), Refused)]:
        with pytest.raises(refused), scopes.tenant(alpha.pk):
            release_requests.leave(tenant=alpha, relationship=reseller, by=by)
    assert not is_ended(reseller)


def test_when_the_audit_fails_nothing_has_ended(agent, reseller, monkeypatch):
    def fail(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(ZeroDivisionError):
        leave(agent, reseller)
    assert not is_ended(reseller)
