"""The reseller's people answer in the workspace; each act is done and recorded in the organization's own scope."""

from uuid import uuid4

import pytest
from django.utils import timezone, translation

from partners.models import Partner, PartnerRelationship
from partners.models.partner_relationship import RelationshipKind
from partners.relationships import acts as relationships
from partners.relationships.releases import acts as release_requests
from subscriptions.access import staff_actor
from subscriptions.db import scopes
from subscriptions.mails.acts import compose
from subscriptions.models import AuditEvent, Mail
from subscriptions.models.delegated_role import AgentRole
from subscriptions.verdicts import Refused, VerdictCode
from tests.database import as_owner
from tests.factories import (
    make_member,
    make_partner,
    make_partner_person,
    make_relationship,
    make_release_request,
    make_subscription,
)
from tests.facts import audit_kinds, mails
from tests.partners.relationships.releases.client import (
    answer,
    due,
    is_ended,
    page_url,
    requests,
    steps,
    workspace_url,
)

LIST = "/p/935287/release-requests/"


@pytest.fixture
def reseller(alpha) -> PartnerRelationship:
    partner = make_partner(number="935287", name="Adventure Works")
    return make_relationship(tenant=alpha, partner=partner, kind=RelationshipKind.RESELLER)


@pytest.fixture
def sent(reseller, global_admin, billing_admin):
    return make_release_request(relationship=reseller)


@pytest.fixture
def agent(reseller, sign_in):
    person = make_partner_person(partner=reseller.partner, email="agent@adventure.example", name="Agatha Agent")
    return sign_in(person)


def words(page) -> str:
    return page.content.decode().replace("&#x27;", "'")


def test_the_list_says_who_asks_who_must_act_and_what_is_overdue(agent, sent, beta):
    late = make_relationship(tenant=beta, partner=sent.partner, kind=RelationshipKind.RESELLER)
    due(make_release_request(relationship=late), in_days=-1)
    page = agent.get(LIST)
    shown = [(row["tenant__name"], str(row["state"]), row["overdue"]) for row in page.context["list"].rows]
    assert shown == [("Beta Secret GmbH", "Sent", True), ("Alpha Ltd", "Sent", False)]
    assert "You: acknowledge it" in words(page)


@pytest.mark.parametrize(
    ("wanted", "organizations"),
    [
        ("", ["Beta Secret GmbH", "Alpha Ltd"]),
        ("open", ["Alpha Ltd"]),
        ("overdue", []),
        ("declined", ["Beta Secret GmbH"]),
    ],
)
def test_the_list_is_narrowed_by_state(agent, sent, beta, wanted, organizations):
    other = make_relationship(tenant=beta, partner=sent.partner, kind=RelationshipKind.RESELLER)
    closed = {"closed_at": timezone.now(), "closed_by": "Agatha Agent"}
    make_release_request(relationship=other, state="declined", decline_reason="No", **closed)
    page = agent.get(LIST, {"state": wanted} if wanted else {})
    assert [row["tenant__name"] for row in page.context["list"].rows] == organizations


def test_a_filter_that_is_none_is_refused(agent):
    assert agent.get(LIST, {"state": "x"}).status_code == 422
    assert "No organization has asked you" in words(agent.get(LIST))


def test_both_sides_read_the_same_timeline(agent, sent, reseller, global_admin, sign_in):
    answer(agent, sent, "acknowledge")
    timelines = [
        [(step.kind, step.by, step.at) for step in found["steps"]]
        for found in (
            agent.get(workspace_url(sent)).context["found"],
            sign_in(global_admin).get(page_url(reseller)).context["current"],
        )
    ]
    assert timelines[0] == timelines[1]
    assert [kind for kind, _by, _at in timelines[0]] == ["sent", "acknowledged"]


def test_it_is_acknowledged_in_the_organizations_own_log(agent, sent, alpha):
    assert answer(agent, sent, "acknowledge").status_code == 303
    assert requests()[0].state == "acknowledged"
    assert steps(sent) == [("sent", "Alex Wilber"), ("acknowledged", "Agatha Agent")]
    with as_owner():
        event = AuditEvent.objects.get()
    assert (event.kind, event.tenant_id, event.actor_kind, event.actor_name, event.actor_partner) == (
        "release-request.acknowledged", alpha.pk, "partner", "Agatha Agent", "935287 Adventure Works",
    )  # fmt: skip
    assert mails() == [("release-answered", "admin@alpha.example")]


def test_a_second_acknowledgement_is_refused_unless_it_is_the_same_form(agent, sent):
    key = str(uuid4())
    url = workspace_url(sent, "acknowledge/")
    assert agent.post(url, {}).status_code == 422
    assert [agent.post(url, {"key": key}).status_code for _ in range(2)] == [303, 303]
    assert agent.post(url, {"key": str(uuid4())}).status_code == 409
    assert audit_kinds() == ["release-request.acknowledged"]


def test_it_is_declined_with_a_reason(agent, sent, reseller):
    assert answer(agent, sent, "decline", reason=" ").status_code == 422
    assert requests()[0].state == "sent"
    assert answer(agent, sent, "decline", reason="An invoice is open.").status_code == 303
    (request,) = requests()
    assert (request.state, request.decline_reason, request.closed_by) == (
        "declined", "An invoice is open.", "Agatha Agent",
    )  # fmt: skip
    assert not is_ended(reseller)
    assert (audit_kinds(), mails()) == (
        ["release-request.declined"],
        [("release-answered", "admin@alpha.example")],
    )


def test_released_the_relationship_ends_with_its_history(agent, sent, reseller, global_admin, sign_in):
    released = answer(agent, sent, "release")
    assert (released.status_code, released.url) == (303, workspace_url(sent))
    (request,) = requests()
    assert (request.state, request.closed_by) == ("released", "Agatha Agent")
    with as_owner():
        ended = PartnerRelationship.objects.get()
    assert (ended.ended_by, ended.end_reason) == ("Agatha Agent", "We buy directly now.")
    assert audit_kinds() == ["partner-relationship.ended", "release-request.released"]
    assert sorted(mails()) == [
        ("relationship-ended", "partner-935287@partners.example"),
        ("release-answered", "admin@alpha.example"),
    ]
    assert "Released: the relationship has ended" in words(sign_in(global_admin).get(page_url(reseller)))
    assert agent.get(workspace_url(sent)).context["found"]["is_open"] is False


def test_what_blocks_is_counted_in_the_organization_and_named(agent, sent, reseller, alpha, beta):
    make_subscription(tenant=beta, reseller_managed=True)
    assert agent.get(workspace_url(sent)).context["may_release"].allowed
    for name in ("One", "Two"):
        make_subscription(tenant=alpha, name=name, reseller_managed=True)
    page = agent.get(workspace_url(sent))
    assert page.context["may_release"].code is VerdictCode.BLOCKED_BY_SUBSCRIPTIONS
    assert "Your company still manages 2 active subscriptions of the organization." in words(page)
    assert agent.get(workspace_url(sent, "release/")).status_code == 409
    assert agent.post(workspace_url(sent, "release/"), {"key": str(uuid4())}).status_code == 409
    assert (is_ended(reseller), audit_kinds()) == (False, [])


def test_the_same_release_twice_acts_once(agent, sent):
    fields = {"key": str(uuid4())}
    answers = [agent.post(workspace_url(sent, "release/"), fields) for _ in range(2)]
    assert [found.status_code for found in answers] == [303, 303]
    assert len(audit_kinds()) == 2


@pytest.mark.parametrize("act", ["acknowledge", "decline", "release"])
def test_what_is_closed_is_not_answered_again(agent, reseller, act):
    closed = {"state": "taken-back", "closed_at": timezone.now(), "closed_by": "Gloria Admin"}
    taken_back = make_release_request(relationship=reseller, **closed)
    answered = agent.post(workspace_url(taken_back, f"{act}/"), {"key": str(uuid4()), "reason": "No"})
    assert (answered.status_code, audit_kinds()) == (409, [])
    assert "Taken back" in words(answered)


@pytest.mark.parametrize("role", [AgentRole.SALES_AGENT, AgentRole.HELPDESK_AGENT])
@pytest.mark.parametrize("act", ["acknowledge", "decline", "release"])
def test_others_of_the_reseller_read_it_and_why_they_may_not(sent, sign_in, role, act):
    person = sign_in(make_partner_person(partner=sent.partner, email="other@adventure.example", role=role))
    page = person.get(workspace_url(sent))
    assert (page.status_code, page.context[f"may_{act}"].code) == (200, VerdictCode.ROLE)
    assert "In your company, people with this role can do it: Admin agent." in words(page)
    answered = person.post(workspace_url(sent, f"{act}/"), {"key": str(uuid4()), "reason": "No"})
    assert (answered.status_code, requests()[0].state) == (403, "sent")


@pytest.mark.parametrize("act", ["", "acknowledge/", "decline/", "release/"])
def test_a_person_of_another_partner_finds_nothing(sent, sign_in, act):
    other = make_partner(number="777001", name="Another")
    person = sign_in(make_partner_person(partner=other, email="spy@other.example"))
    own = workspace_url(sent, act).replace("935287", "777001")
    for url in (workspace_url(sent, act), own):
        assert person.post(url, {"key": str(uuid4()), "reason": "No"}).status_code in {404, 405}
        assert act == "acknowledge/" or person.get(url).status_code == 404
    assert person.get(LIST.replace("935287", "777001")).context["list"].rows == []
    assert requests()[0].state == "sent"


def test_a_suspended_resellers_people_are_out_at_once(agent, sent):
    with as_owner():
        Partner.objects.update(state="suspended")
    assert agent.get(workspace_url(sent)).status_code == 404
    assert agent.post(workspace_url(sent, "release/"), {"key": str(uuid4())}).status_code == 404


def test_a_relationship_that_staff_end_closes_its_request(alpha, sent, reseller, staff):
    with scopes.staff():
        relationships.end_relationship(tenant=alpha, relationship=reseller, by=staff_actor(staff), reason="Agreed")
    (request,) = requests()
    assert (request.state, request.closed_by) == ("released", "Sam Staff")
    assert steps(sent)[-1] == ("released", "Sam Staff")
    assert sorted(audit_kinds()) == ["partner-relationship.ended", "release-request.released"]
    with as_owner():
        granted = AuditEvent.objects.get(kind="release-request.released")
    assert (granted.subject_uuid, granted.reason) == (sent.uuid, "Agreed")


def test_staff_do_not_say_that_the_reseller_has_seen_it(alpha, sent, staff):
    with scopes.staff(), pytest.raises(Refused) as refused:
        release_requests.acknowledge(tenant=alpha, request=sent, by=staff_actor(staff))
    assert refused.value.verdict.code is VerdictCode.ROLE
    assert requests()[0].state == "sent"


@pytest.mark.parametrize(
    ("act", "said", "subject"),
    [
        ("acknowledge", {}, "Adventure Works has seen your request"),
        ("decline", {"reason": "Open invoice"}, "Adventure Works has declined to remove the reseller relationship"),
        ("release", {}, "Adventure Works has removed the reseller relationship"),
    ],
)
def test_the_mail_to_the_admins_says_what_was_answered(agent, sent, act, said, subject):
    make_member(tenant=sent.tenant, email="second@alpha.example")
    answer(agent, sent, act, **said)
    with as_owner(), translation.override("zh-hans"):
        sent_mails = Mail.objects.filter(kind="release-answered").select_related("tenant", "event", "to_user")
        messages = [compose(mail) for mail in sent_mails]
    assert [message.subject for message in messages] == [subject, subject]
    assert all(said.get("reason", "Agatha Agent") in message.body for message in messages)
    assert f"/t/alpha/settings/partner-relationships/{sent.relationship.uuid}/release/" in messages[0].body
