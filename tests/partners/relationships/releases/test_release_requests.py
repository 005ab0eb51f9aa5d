"""The way out: an organization asks its reseller to end the relationship, and takes the request back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from partners.models import Partner, ReleaseStep
from partners.models.partner_relationship import RelationshipKind
from partners.relationships.releases import acts as release_requests
from subscriptions.audit import acts as audit
from subscriptions.db import scopes
from subscriptions.models import AuditEvent
from tests.database import as_owner
from tests.factories import (
    make_actor,
    make_member,
    make_partner,
    make_partner_person,
    make_relationship,
    make_release_request,
    make_subscription,
)
from tests.facts import audit_kinds, mails
from tests.partners.relationships.releases.client import (
    REASON,
    ask,
    back_url,
    hidden,
    page_url,
    requests,
    steps,
    take_back,
)
from tests.subscriptions.subscriptions.facts import put

RESELLERS_MAIL = "partner-935287@partners.example"


@pytest.fixture
def reseller(alpha):
    partner = make_partner(number="935287", name="Adventure Works")
    return make_relationship(tenant=alpha, partner=partner, kind=RelationshipKind.RESELLER)


@pytest.fixture
def client(global_admin, sign_in):
    return sign_in(global_admin)


def words(answer) -> str:
    return answer.content.decode().replace("&#x27;", "'")


def test_a_request_is_sent_recorded_and_mailed(client, reseller):
    answered = ask(client, reseller)
    assert (answered.status_code, answered.url) == (303, page_url(reseller))
    (request,) = requests()
    assert (request.state, request.reason, request.sent_by) == ("sent", REASON, "Gloria Admin")
    assert request.due_on == timezone.localdate() + timedelta(days=14)
    assert steps(request) == [("sent", "Gloria Admin")]
    with as_owner():
        event = AuditEvent.objects.get()
    assert (event.kind, event.reason, event.subject_uuid) == ("release-request.sent", REASON, request.uuid)
    assert mails() == [("release-requested", RESELLERS_MAIL)]


def test_the_page_says_who_must_act_and_by_when(client, reseller):
    ask(client, reseller)
    page = client.get(page_url(reseller))
    assert page.context["form"] is None
    assert str(page.context["current"]["who_acts"]) == "Your reseller must answer."
    assert "Sent to the reseller" in words(page)


def test_asking_and_taking_back_again_and_again_floods_no_mailbox(client, reseller, settings):
    settings.LIMITS = {"release-request": {"relationship": (2, 24 * 60 * 60)}}
    for _ in range(2):
        assert ask(client, reseller).status_code == 303
        assert take_back(client, reseller).status_code == 303
    refused = ask(client, reseller)
    assert (refused.status_code, int(refused.headers["Retry-After"]) > 0) == (429, True)
    assert (len(requests()), len(mails())) == (2, 4)


@pytest.mark.parametrize(("days", "status"), [(2, 422), (3, 303), (90, 303), (91, 422)])
def test_the_answer_is_due_in_3_to_90_days(client, reseller, days, status):
    answered = ask(client, reseller, due_on=str(timezone.localdate() + timedelta(days=days)))
    assert answered.status_code == status
    assert len(requests()) == (status == 303)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "a" * 501}, "reason"),
        ({"due_on": ""}, "due_on"),
        ({"due_on": "x"}, "due_on"),
        ({"key": "x"}, "key"),
    ],
)
def test_what_is_missing_or_wrong_is_asked_for_and_the_rest_kept(client, reseller, fields, wrong):
    answered = ask(client, reseller, **fields)
    assert (answered.status_code, list(answered.context["form"].errors)) == (422, [wrong])
    kept = "due_on" if wrong == "reason" else "reason"
    assert answered.context["form"][kept].value()
    assert (requests(), mails(), audit_kinds()) == ([], [], [])


def test_the_same_form_twice_asks_once_and_another_form_is_refused(client, reseller):
    fields = hidden(client.get(page_url(reseller))) | {
        "reason": REASON,
        "due_on": str(timezone.localdate() + timedelta(days=9)),
    }
    assert [client.post(page_url(reseller), fields).status_code for _ in range(2)] == [303, 303]
    other_words = client.post(page_url(reseller), fields | {"reason": "Another reason"})
    assert other_words.status_code == 409
    again = client.post(page_url(reseller), fields | {"key": "11111111-2222-4333-8444-555555555555"})
    assert (again.status_code, "The reseller was asked already." in words(again)) == (409, True)
    assert (len(requests()), len(mails()), len(audit_kinds())) == (1, 1, 1)


@pytest.mark.parametrize("person", ["billing_admin", "reader"])
def test_others_read_the_page_and_why_they_may_not_ask(request, reseller, sign_in, person):
    client = sign_in(request.getfixturevalue(person))
    page = client.get(page_url(reseller))
    assert (page.status_code, page.context["form"]) == (200, None)
    assert "A Global admin of your organization can do it." in words(page)
    detail = words(client.get(f"/t/alpha/settings/partner-relationships/{reseller.uuid}/"))
    assert f'href="{page_url(reseller)}"' not in detail
    assert "Ask the reseller to remove the relationship" in detail
    fields = {"reason": REASON, "due_on": str(timezone.localdate() + timedelta(days=9))}
    assert client.post(page_url(reseller), fields).status_code == 403
    assert requests() == []


def test_others_read_an_open_request_and_cannot_take_it_back(reseller, reader, sign_in):
    sent = make_release_request(relationship=reseller)
    page = sign_in(reader).get(page_url(reseller))
    assert REASON in words(page)
    assert not page.context["may_take_back"].allowed
    answered = sign_in(reader).post(back_url(reseller), hidden(page, "take_back_form"))
    assert (answered.status_code, requests()[0].state) == (403, sent.state)


def test_what_blocks_is_listed_with_links_and_the_request_can_be_sent(client, alpha, reseller):
    managed = make_subscription(tenant=alpha, name="Managed one", reseller_managed=True)
    gone = make_subscription(tenant=alpha, name="Deleted one", reseller_managed=True, status="deleted")
    own = make_subscription(tenant=alpha, name="Own one")
    page = client.get(page_url(reseller))
    assert page.context["blocking"].rows == [managed]
    assert f"/t/alpha/billing/subscriptions/{managed.uuid}/" in words(page)
    assert not any(name in words(page) for name in (gone.name, own.name))
    assert ask(client, reseller).status_code == 303


def test_a_long_list_of_what_blocks_says_how_many_there_are(client, alpha, reseller):
    for number in range(21):
        put(make_subscription(tenant=alpha, name=f"Suite {number:02}"), reseller_managed=True)
    page = client.get(page_url(reseller))
    assert (len(page.context["blocking"].rows), page.context["blocking_total"]) == (20, "21")
    assert "there are 21 in all" in words(page)


def test_taken_back_it_stays_readable_and_can_be_asked_anew(client, reseller):
    ask(client, reseller)
    assert take_back(client, reseller).status_code == 303
    (first,) = requests()
    assert (first.state, first.closed_by) == ("taken-back", "Gloria Admin")
    assert audit_kinds() == ["release-request.sent", "release-request.taken-back"]
    assert mails() == [("release-requested", RESELLERS_MAIL), ("release-taken-back", RESELLERS_MAIL)]
    assert ask(client, reseller, reason="Once more").status_code == 303
    page = client.get(page_url(reseller))
    assert page.context["current"]["request"].reason == "Once more"
    assert [found["request"] for found in page.context["earlier"]] == [first]


def test_take_back_needs_a_form_and_an_open_request(client, reseller):
    ask(client, reseller)
    fields = hidden(client.get(page_url(reseller)), "take_back_form")
    assert client.post(back_url(reseller), {}).status_code == 422
    assert client.post(back_url(reseller), fields).status_code == 303
    assert client.post(back_url(reseller), fields).status_code == 303  # the same form once more
    later = client.post(back_url(reseller), fields | {"key": "11111111-2222-4333-8444-555555555555"})
    assert (later.status_code, len(audit_kinds())) == (409, 2)


def test_a_partners_person_who_administers_here_does_not_read_it(alpha, reseller, sign_in):
    make_release_request(relationship=reseller)
    other = make_partner(number="777001", name="Another")
    make_relationship(tenant=alpha, partner=other, roles=("global-administrator",))
    agent = sign_in(make_partner_person(partner=other, email="agent@other.example"))
    for answered in (agent.get(page_url(reseller)), agent.post(page_url(reseller), {})):
        assert answered.status_code == 403
        assert "A partner never does this for an organization" in words(answered)
        assert REASON not in words(answered)


def test_only_a_reseller_is_asked(client, alpha, reseller):
    delegated = make_relationship(tenant=alpha, partner=reseller.partner)
    assert client.get(page_url(delegated)).status_code == 404
    assert client.post(page_url(delegated), {}).status_code == 404


def test_an_ended_relationship_is_not_asked_for_and_keeps_its_requests(client, reseller):
    make_release_request(
        relationship=reseller, state="declined", decline_reason="No", closed_at=timezone.now(), closed_by="Agatha"
    )
    with as_owner():
        reseller.ended_at, reseller.ended_by = timezone.now(), "Sam Staff"
        reseller.save()
    page = client.get(page_url(reseller))
    assert (page.context["form"], len(page.context["earlier"])) == (None, 1)
    assert "This relationship has ended already." in words(page)
    fields = {"reason": REASON, "due_on": str(timezone.localdate() + timedelta(days=9))}
    assert client.post(page_url(reseller), fields).status_code == 409
    detail = words(client.get(f"/t/alpha/settings/partner-relationships/{reseller.uuid}/"))
    assert page_url(reseller) in detail


@pytest.mark.parametrize("state", ["suspended", "inactive"])
def test_a_reseller_that_cannot_act_is_not_mailed_and_the_page_says_who_will(client, reseller, state):
    with as_owner():
        Partner.objects.update(state=state)
    assert "the operator's staff get the request within the hour" in words(client.get(page_url(reseller)))
    assert ask(client, reseller).status_code == 303
    assert mails() == []


def test_another_organization_finds_nothing(reseller, admin_of_beta, sign_in, beta):
    make_release_request(relationship=reseller)
    client = sign_in(admin_of_beta)
    foreign = page_url(reseller).replace("/alpha/", "/beta/")
    assert [client.get(url).status_code for url in (page_url(reseller), foreign)] == [404, 404]
    assert client.post(f"{foreign}take-back/", {"key": "x"}).status_code == 404
    with scopes.tenant(beta.pk):
        assert ReleaseStep.objects.count() == 0


def test_a_request_whose_audit_fails_was_not_sent(alpha, reseller, global_admin, monkeypatch):
    monkeypatch.setattr(audit.AuditEvent, "save", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError), scopes.tenant(alpha.pk):
        release_requests.request_release(
            tenant=alpha,
            relationship=reseller,
            reason=REASON,
            due_on=timezone.localdate() + timedelta(days=14),
            by=make_actor(user=global_admin),
        )
    assert requests() == []


def test_the_database_refuses_a_second_open_request_and_a_changed_step(alpha, reseller):
    make_release_request(relationship=reseller)
    with pytest.raises(IntegrityError, match="release_one_open"), transaction.atomic():
        make_release_request(relationship=reseller)
    with scopes.tenant(alpha.pk), pytest.raises(ProgrammingError), transaction.atomic():
        ReleaseStep.objects.update(note="another")


def test_a_second_admin_reads_the_same_timeline(client, reseller, alpha, sign_in):
    ask(client, reseller)
    second = sign_in(make_member(tenant=alpha, email="second@alpha.example"))
    assert second.get(page_url(reseller)).context["current"]["steps"][0].by == "Gloria Admin"
