"""Ask to be matched: what is stored, who is told, and what holds when something is wrong."""

import pytest
from django.db import IntegrityError

from partners.matching import acts as match_requests
from partners.matching.acts import PartnerGone
from partners.models import Partner
from partners.models.match_request import MatchState
from partners.models.partner import PartnerState
from subscriptions.audit import acts as audit
from subscriptions.clouds import CloudStatus
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, CloudState
from subscriptions.models.people.membership import Role
from subscriptions.verdicts import Refused, VerdictCode
from tests.database import as_owner
from tests.factories import make_actor, make_family, make_match_request, make_partner
from tests.facts import audit_kinds, mails
from tests.partners.matching.client import LIST, STAFF_MAIL, URL, ask, asked, fields, message, stored


@pytest.fixture
def partners(db) -> list[Partner]:
    return [make_partner(number=str(101 + number), name=f"Partner {number}") for number in range(4)]


@pytest.fixture
def client(global_admin, sign_in):
    return sign_in(global_admin)


def test_a_request_goes_to_the_partners_and_to_staff(alpha, client, partners):
    make_family(code="exchange")
    answer = client.post(URL, fields(*partners[:3], service="exchange", language="de"))
    assert (answer.status_code, answer.url) == (303, LIST)
    (request,) = stored()
    assert (request.wish, request.family_id, request.language, request.country) == (
        "Help us to move our mail", "exchange", "de", "US",
    )  # fmt: skip
    assert (request.state, request.requested_by, request.closed_at) == (MatchState.OPEN, "Gloria Admin", None)
    assert asked() == ["101", "102", "103"]
    assert audit_kinds() == ["match-request.sent"]
    assert sorted(mails()) == [
        ("match-requested", "partner-101@partners.example"),
        ("match-requested", "partner-102@partners.example"),
        ("match-requested", "partner-103@partners.example"),
        STAFF_MAIL,
    ]


def test_without_partners_it_goes_to_staff_alone(client, partners):
    assert client.post(URL, fields()).status_code == 303
    assert (asked(), mails()) == ([], [STAFF_MAIL])
    assert "No partner was chosen" in message("match-to-arrange").body


def test_the_page_starts_with_what_was_chosen_on_the_page_before(client, partners):
    chosen = [str(partner.uuid) for partner in partners[:2]]
    page = client.get(URL, {"partners": [*chosen, "x"], "service": "visio", "country": "US", "language": "de"})
    form = page.context["form"]
    assert [form[name].value() for name in ("partners", "service", "language", "country")] == [
        chosen, "visio", "de", "US",
    ]  # fmt: skip
    assert "101 Partner 0, Seattle" in page.content.decode()


@pytest.mark.parametrize("wish", ["", "   ", "a" * 1001, "a\0b"])
def test_a_wish_is_needed_and_may_not_be_endless(client, partners, wish):
    answer = client.post(URL, fields(partners[0], wish=wish))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["wish"]
    assert (stored(), mails(), audit_kinds()) == ([], [], [])


@pytest.mark.parametrize("country", ["ZZZZZ", "ZZ", ""])
def test_a_country_that_is_none_is_refused(client, partners, country):
    answer = client.post(URL, fields(country=country))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["country"])
    assert (stored(), mails()) == ([], [])


def test_requests_have_a_limit(client, partners, settings):
    settings.LIMITS = {"match-request": {"person": (1, 24 * 60 * 60)}}
    answers = [client.post(URL, fields(partners[0])) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 429]
    assert int(answers[1]["Retry-After"]) > 0
    assert len(stored()) == 1


def test_four_partners_are_too_many(client, partners):
    assert "three partners at most" in client.get(URL, {"partners": [p.uuid for p in partners]}).content.decode()
    answer = client.post(URL, fields(*partners))
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"partners": ["Choose three partners at most: you have chosen 4."]}
    assert stored() == []


@pytest.mark.parametrize("gone", [{"state": PartnerState.SUSPENDED}, {"authorized_countries": ["DE"]}])
def test_a_partner_that_left_the_directory_meanwhile_is_told(client, partners, gone):
    with as_owner():
        Partner.objects.filter(pk=partners[0].pk).update(**gone)
    answer = client.post(URL, fields(*partners[:2]))
    assert answer.status_code == 422
    assert "can no longer be asked" in answer.content.decode()
    assert (stored(), mails()) == ([], [])


def test_a_partner_that_leaves_at_the_last_moment_stops_the_request(alpha, global_admin, partners):
    with as_owner():
        Partner.objects.filter(pk=partners[0].pk).update(state=PartnerState.INACTIVE)
    with pytest.raises(PartnerGone):
        ask(alpha, make_actor(user=global_admin), *partners[:2])
    assert (stored(), mails(), audit_kinds()) == ([], [], [])


def test_the_same_form_twice_asks_once(client, partners):
    sent = fields(partners[0])
    answers = [client.post(URL, sent) for _ in range(2)]
    assert [(answer.status_code, answer.url) for answer in answers] == [(303, LIST)] * 2
    assert (len(stored()), len(mails()), audit_kinds()) == (1, 2, ["match-request.sent"])


def test_the_same_form_with_other_words_is_asked_about(client, partners):
    sent = fields(partners[0])
    client.post(URL, sent)
    answer = client.post(URL, sent | {"wish": "Something else"})
    assert answer.status_code == 409
    assert "was sent already with other words" in answer.content.decode()
    assert len(stored()) == 1
    again = answer.context["form"]["key"].value()
    assert client.post(URL, sent | {"wish": "Something else", "key": again}).status_code == 303
    assert [request.wish for request in stored()] == ["Help us to move our mail", "Something else"]


def test_a_reader_is_told_why_not(reader, sign_in, partners):
    client = sign_in(reader)
    for answer in (client.get(URL), client.post(URL, fields(partners[0]))):
        assert answer.status_code == 403
        assert "Your role here is Global reader" in answer.content.decode()
    assert (stored(), mails()) == ([], [])


def test_a_billing_admin_may_ask(billing_admin, sign_in, partners):
    assert sign_in(billing_admin).post(URL, fields(partners[0])).status_code == 303
    assert stored()[0].requested_by == "Bill Payer"


def test_another_tenants_admin_finds_nothing(alpha, admin_of_beta, sign_in, partners):
    client = sign_in(admin_of_beta)
    make_match_request(tenant=alpha, wish="A secret of alpha")
    assert [client.get(URL).status_code, client.post(URL, fields()).status_code] == [404, 404]
    theirs = client.get(LIST.replace("alpha", "beta"))
    assert (theirs.status_code, theirs.context["list"].rows) == (200, [])


def test_a_tenant_named_in_the_form_is_ignored(alpha, beta, client, partners):
    client.post(URL, fields(partners[0], tenant=beta.pk, tenant_id=beta.pk, requested_by="Somebody"))
    assert [(request.tenant_id, request.requested_by) for request in stored()] == [(alpha.pk, "Gloria Admin")]


def test_in_a_closed_cloud_nobody_is_asked(alpha, client, partners):
    with as_owner():
        CloudState.objects.create(cloud=alpha.cloud, status=CloudStatus.CLOSED)
    answer = client.post(URL, fields(partners[0]))
    assert answer.status_code == 409
    assert "This cloud is closed" in answer.content.decode()
    assert stored() == []


def test_the_domain_refuses_what_the_page_refuses(alpha, reader, partners):
    with pytest.raises(Refused) as refusal:
        ask(alpha, make_actor(user=reader, role=Role.GLOBAL_READER), partners[0])
    assert refusal.value.verdict.code is VerdictCode.ROLE


def test_a_request_whose_audit_fails_did_not_happen(alpha, global_admin, partners, monkeypatch):
    monkeypatch.setattr(audit.AuditEvent, "save", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ask(alpha, make_actor(user=global_admin), partners[0])
    assert (stored(), asked(), mails()) == ([], [], [])


def test_the_list_shows_each_request_newest_first(alpha, client, partners):
    make_match_request(tenant=alpha, wish="First", partners=partners[:2], state=MatchState.ANSWERED)
    make_match_request(tenant=alpha, wish="Second", requested_by="Bill Payer")
    second, first = client.get(LIST).context["list"].rows
    assert [second["wish"], second["requested_by"], second["state"], second["partners"]] == [
        "Second",
        "Bill Payer",
        "Open",
        [],
    ]
    assert first["state"] == "Answered"
    assert [partner["id"] for partner in first["partners"]] == ["101", "102"]


def test_without_a_request_the_list_says_so_and_leads_to_the_finder(client):
    page = client.get(LIST).content.decode()
    assert "Your organization has not asked to be matched with a partner yet." in page
    assert 'href="/t/alpha/billing/purchase-services/find-a-partner/"' in page


def test_a_tenant_changes_no_request(alpha, global_admin):
    request = make_match_request(tenant=alpha)
    with pytest.raises(Exception, match="permission denied"), scopes.tenant(alpha.pk):
        match_requests.close(request=request, by=make_actor(user=global_admin), reason="No")


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"wish": ""}, "matchrequest_wish_said"),
        ({"state": "lost"}, "matchrequest_state_known"),
        ({"closed_by": "Ada"}, "matchrequest_closed_by_somebody"),
        ({"requested_by": ""}, "matchrequest_requested_by_somebody"),
    ],
)
def test_the_database_refuses_what_makes_no_sense(alpha, facts, name):
    with pytest.raises(IntegrityError, match=name):
        make_match_request(tenant=alpha, **facts)


def test_the_database_asks_no_partner_twice(alpha, partners):
    with pytest.raises(IntegrityError, match="matchedpartner_once"):
        make_match_request(tenant=alpha, partners=[partners[0], partners[0]])


def test_the_audit_event_keeps_the_facts_as_they_were(client, partners):
    make_family(code="visio")
    client.post(URL, fields(partners[0], service="visio"))
    with as_owner():
        event = AuditEvent.objects.get()
    assert event.detail["partners"] == [{"id": "101", "name": "Partner 0"}]
    assert (event.detail["wish"], event.detail["service"]) == ("Help us to move our mail", "visio")
    assert (event.subject_uuid, event.actor_name) == (stored()[0].uuid, "Gloria Admin")
