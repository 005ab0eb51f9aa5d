"""A partner ends its own delegated access: who may, what the customer's log says of it, and that it happens once."""

from uuid import uuid4

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from partners.delegation import partners_person
from partners.models import PartnerRelationship
from partners.models.partner_relationship import RelationshipKind
from partners.relationships import acts as relationships
from subscriptions.audit import acts as audit
from subscriptions.db import scopes
from subscriptions.mails import acts as mails
from subscriptions.models import AuditEvent, Mail
from subscriptions.models.delegated_role import AgentRole
from subscriptions.verdicts import Refused
from tests.database import as_owner
from tests.factories import make_partner, make_partner_person, make_relationship
from tests.page import Page
from tests.partners.client import get


@pytest.fixture
def person(partner):
    return make_partner_person(partner=partner, email="agent@tailspin.example", name="Agatha Agent")


@pytest.fixture
def agent(person, sign_in):
    return sign_in(person)


@pytest.fixture
def relationship(alpha, partner, global_admin):
    return make_relationship(tenant=alpha, partner=partner)


def give_up(client, relationship, **fields):
    url = f"/p/565380/relationships/{relationship.uuid}/give-up/"
    return client.post(url, {"reason": "", "key": str(uuid4()), **fields})


def stored(relationship) -> PartnerRelationship:
    with as_owner():
        return PartnerRelationship.objects.get(pk=relationship.pk)


def is_live(relationship) -> bool:
    return stored(relationship).ended_at is None


def composed() -> list[EmailMessage]:
    with scopes.worker():
        mails_ = Mail.objects.select_related("tenant", "event", "to_user").order_by("pk")
        return [mails.compose(mail) for mail in mails_]


def test_it_ends_and_the_customers_log_says_who_of_which_partner_by_which_relationship(
    agent, person, partner, alpha, relationship
):
    answer = give_up(agent, relationship, reason="Project is over")
    assert (answer.status_code, answer.url) == (303, f"/p/565380/customers/{alpha.uuid}/")
    ended = stored(relationship)
    assert (ended.ended_by, ended.end_reason) == ("Agatha Agent", "Project is over")
    with scopes.tenant(alpha.pk):
        event = AuditEvent.objects.get()
    assert (event.kind, event.actor_kind, event.actor_id, event.reason) == (
        "partner-relationship.ended", "partner", person.pk, "Project is over",
    )  # fmt: skip
    assert (event.actor_name, event.actor_partner) == ("Agatha Agent", str(partner))
    assert event.actor_relationship == relationship.uuid


def test_after_it_nobody_of_the_partner_gets_in(agent, relationship):
    assert agent.get("/t/alpha/").status_code == 200
    give_up(agent, relationship)
    assert agent.get("/t/alpha/").status_code == 404


def test_the_mails_name_the_partner_as_the_one_who_ended_it(agent, partner, relationship):
    give_up(agent, relationship, reason="Project is over")
    messages = composed()
    assert {message.to[0] for message in messages} == {
        f"{partner.name} <{partner.mailbox}>",
        "Gloria Admin <admin@alpha.example>",
    }
    for message in messages:
        assert message.subject == "Tailspin Consulting has ended its relationship with Alpha Ltd"
        assert "Agatha Agent of the partner 565380 Tailspin Consulting has given up" in message.body
        assert "Reason: Project is over" in message.body


def test_the_same_form_sent_twice_acts_once(agent, alpha, relationship):
    key = str(uuid4())
    answers = [give_up(agent, relationship, key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    with scopes.tenant(alpha.pk):
        assert AuditEvent.objects.count() == 1
    assert give_up(agent, relationship).status_code == 409


def test_a_form_without_a_key_ends_nothing(agent, relationship):
    assert give_up(agent, relationship, key="").status_code == 422
    assert is_live(relationship)


def test_a_reason_that_is_too_long_is_kept_and_ends_nothing(agent, relationship):
    answer = give_up(agent, relationship, reason="x" * 501)
    assert answer.status_code == 422
    assert "x" * 501 in answer.content.decode()
    assert is_live(relationship)


@pytest.mark.parametrize("role", [AgentRole.HELPDESK_AGENT, AgentRole.SALES_AGENT])
def test_other_agents_see_the_button_with_the_reason_and_are_refused(partner, alpha, relationship, sign_in, role):
    client = sign_in(make_partner_person(partner=partner, email="x@tailspin.example", role=role))
    page = Page(get(client, "customer", alpha.uuid))
    assert page.has("Give up access")
    assert "In your company, people with this role can do it: Admin agent." in page.text
    assert get(client, "give-up-access", relationship.uuid).status_code == 403
    assert give_up(client, relationship).status_code == 403
    assert is_live(relationship)


def test_only_delegated_administration_is_given_up(agent, alpha, partner):
    reseller = make_relationship(tenant=alpha, partner=partner, kind=RelationshipKind.RESELLER)
    assert get(agent, "give-up-access", reseller.uuid).status_code == 404
    assert give_up(agent, reseller).status_code == 404
    assert is_live(reseller)


def test_what_is_over_is_said_to_be_over(agent, alpha, partner):
    over = make_relationship(tenant=alpha, partner=partner, ended_at=timezone.now(), ended_by="Ada Admin")
    assert get(agent, "give-up-access", over.uuid).status_code == 409
    page = Page(get(agent, "customer", alpha.uuid))
    assert "ended by Ada Admin" in page.text
    assert not page.has("Give up access")


def test_the_domain_refuses_another_partners_person_and_those_inside_the_organization(alpha, relationship, person):
    other = make_partner(number="935287")
    agents = [
        partners_person(person, other, agent_role=AgentRole.ADMIN_AGENT),
        partners_person(person, relationship.partner),  # no role in the workspace
    ]
    for by in agents:
        with pytest.raises(Refused), scopes.tenant(alpha.pk):
            relationships.end_relationship(tenant=alpha, relationship=relationship, by=by)
    assert is_live(relationship)


def test_when_the_audit_fails_nothing_has_ended(agent, relationship, monkeypatch):
    def fail(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(ZeroDivisionError):
        give_up(agent, relationship)
    assert is_live(relationship)
