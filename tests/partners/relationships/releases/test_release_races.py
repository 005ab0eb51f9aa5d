"""Two people at the same moment: real transactions, one winner, and the other is told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from partners.models.partner_relationship import RelationshipKind
from tests.database import at_once
from tests.factories import make_partner, make_partner_person, make_relationship, make_release_request
from tests.facts import audit_kinds
from tests.partners.relationships.releases.client import back_url, is_ended, page_url, requests, workspace_url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reseller(alpha):
    partner = make_partner(number="935287", name="Adventure Works")
    return make_relationship(tenant=alpha, partner=partner, kind=RelationshipKind.RESELLER)


@pytest.fixture
def agent(reseller, sign_in):
    return sign_in(make_partner_person(partner=reseller.partner, email="agent@adventure.example"))


def test_two_admins_ask_at_once_and_one_request_is_sent(reseller, global_admin, sign_in):
    clients = [sign_in(global_admin) for _ in range(2)]
    due_on = str(timezone.localdate() + timedelta(days=14))
    answers = at_once(
        *[
            lambda client=client: client.post(
                page_url(reseller), {"reason": "R", "due_on": due_on, "key": str(uuid4())}
            )
            for client in clients
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert (len(requests()), audit_kinds()) == (1, ["release-request.sent"])


def test_a_release_and_a_take_back_at_once_have_one_winner(reseller, global_admin, agent, sign_in):
    sent, admin = make_release_request(relationship=reseller), sign_in(global_admin)
    fields = {"key": str(uuid4()), "request": str(sent.uuid)}
    taken_back, released = at_once(
        lambda: admin.post(back_url(reseller), fields),
        lambda: agent.post(workspace_url(sent, "release/"), {"key": str(uuid4())}),
    )
    assert sorted([taken_back.status_code, released.status_code]) == [303, 409]
    assert is_ended(reseller) == (released.status_code == 303)
    assert requests()[0].state == ("released" if released.status_code == 303 else "taken-back")


def test_one_form_sent_twice_at_once_releases_once(reseller, agent):
    sent, fields = make_release_request(relationship=reseller), {"key": str(uuid4())}
    answers = at_once(*[lambda: agent.post(workspace_url(sent, "release/"), fields)] * 2)
    assert [answer.status_code for answer in answers] == [303, 303]
    assert audit_kinds() == ["partner-relationship.ended", "release-request.released"]
