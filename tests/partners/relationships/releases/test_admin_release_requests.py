"""Staff follow release requests up, and answer in the reseller's place with a reason."""

import pytest
from django.utils import timezone

from partners.models import ReleaseRequest, ReleaseStep
from partners.models.partner_relationship import RelationshipKind
from subscriptions.models.audit_event import AuditKind
from tests.database import as_owner
from tests.desk import act, change_url, events, list_url, messages_of, rows_of
from tests.factories import make_partner, make_relationship, make_release_request, make_subscription
from tests.facts import mails
from tests.partners.relationships.releases.client import due, is_ended

MODEL = "partners_releaserequest"


@pytest.fixture
def reseller(alpha):
    partner = make_partner(number="935287", name="Adventure Works")
    return make_relationship(tenant=alpha, partner=partner, kind=RelationshipKind.RESELLER)


@pytest.fixture
def sent(reseller, global_admin):
    return make_release_request(relationship=reseller)


def listed(client, **wanted) -> list[str]:
    return [row.tenant.slug for row in client.get(list_url(MODEL), wanted).context["cl"].result_list]


def test_they_are_listed_by_what_needs_attention(desk, sent, beta):
    other = make_relationship(tenant=beta, partner=sent.partner, kind=RelationshipKind.RESELLER)
    late = make_release_request(relationship=other)
    due(late, in_days=-1)
    assert listed(desk) == ["beta", "alpha"]
    assert listed(desk, attention="overdue") == ["beta"]
    assert listed(desk, attention="escalated") == []
    with as_owner():
        ReleaseRequest.objects.filter(pk=late.pk).update(escalated_on=timezone.now())
    assert listed(desk, attention="escalated") == ["beta"]
    assert listed(desk, attention="open") == ["beta", "alpha"]
    assert listed(desk, q="935287") == ["beta", "alpha"]


def test_a_list_of_three_costs_no_more(desk, alpha, django_assert_max_num_queries):
    for number in range(3):
        partner = make_partner(number=str(101 + number), name=f"Partner {number}")
        relationship = make_relationship(tenant=alpha, partner=partner, kind=RelationshipKind.RESELLER)
        make_release_request(relationship=relationship)
    with django_assert_max_num_queries(12):
        desk.get(list_url(MODEL))


def test_facts_and_steps_are_read_only(desk, sent, alpha):
    make_subscription(tenant=alpha, reseller_managed=True)
    page = desk.get(change_url(MODEL, sent.pk))
    assert "Sent to the reseller, Alex Wilber" in page.content.decode()
    assert desk.post(change_url(MODEL, sent.pk), {"state": "released"}).status_code == 403


def test_staff_release_on_the_resellers_behalf_even_where_something_blocks(desk, sent, reseller, alpha):
    make_subscription(tenant=alpha, reseller_managed=True)
    assert act(desk, MODEL, "release_on_behalf", sent, reason="").status_code == 422
    assert not is_ended(reseller)
    act(desk, MODEL, "release_on_behalf", sent, reason="It manages none of them")
    (row,) = rows_of(ReleaseRequest)
    assert (row.state, row.closed_by, is_ended(reseller)) == ("released", "Sam Staff", True)
    (event,) = events(AuditKind.RELEASE_GRANTED)
    assert (event.actor_kind, event.reason, event.detail["blocking"]) == ("staff", "It manages none of them", 1)
    assert rows_of(ReleaseStep)[-1].by_staff
    assert sorted(mails()) == [
        ("relationship-ended", "partner-935287@partners.example"),
        ("release-answered", "admin@alpha.example"),
    ]


def test_staff_decline_with_a_reason_and_only_once(desk, sent, reseller):
    act(desk, MODEL, "decline_on_behalf", sent, reason="Contract until May")
    (row,) = rows_of(ReleaseRequest)
    assert (row.state, row.decline_reason, is_ended(reseller)) == ("declined", "Contract until May", False)
    again = act(desk, MODEL, "release_on_behalf", sent, reason="Anyway")
    assert "The request is in the state Declined already." in messages_of(again)[0]
    assert not is_ended(reseller)
