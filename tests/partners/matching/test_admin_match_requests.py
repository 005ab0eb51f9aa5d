"""Staff see who asked for whom, mark requests as answered and close them."""

from partners.models import MatchRequest
from subscriptions.models.audit_event import ActorKind, AuditKind
from tests.desk import act, change_url, events, list_url, messages_of, rows_of
from tests.factories import make_match_request, make_partner

MODEL = "partners_matchrequest"


def listed(client, **wanted) -> list[str]:
    return [row.wish for row in client.get(list_url(MODEL), wanted).context["cl"].result_list]


def test_requests_are_listed_by_state_with_whom_they_went_to(desk, alpha):
    make_match_request(tenant=alpha, wish="Open one", partners=[make_partner()])
    make_match_request(tenant=alpha, wish="Closed one", state="closed")
    assert listed(desk) == ["Closed one", "Open one"]
    assert listed(desk, state="open") == ["Open one"]
    assert listed(desk, q="565380") == ["Open one"]
    page = desk.get(list_url(MODEL)).content.decode()
    assert "565380 Tailspin Consulting" in page and "staff alone" in page


def test_a_list_of_three_costs_what_a_list_of_one_costs(desk, alpha, django_assert_max_num_queries):
    partner = make_partner()
    for _ in range(3):
        make_match_request(tenant=alpha, partners=[partner])
    with django_assert_max_num_queries(14):
        desk.get(list_url(MODEL))


def test_a_request_is_marked_as_answered_then_closed(desk, alpha):
    request = make_match_request(tenant=alpha)
    assert act(desk, MODEL, "mark_answered", request, reason="").status_code == 422
    act(desk, MODEL, "mark_answered", request, reason="Tailspin called")
    (answered,) = rows_of(MatchRequest)
    assert (answered.state, answered.closed_at) == ("answered", None)
    act(desk, MODEL, "close_requests", request, reason="Contract signed")
    (closed,) = rows_of(MatchRequest)
    assert (closed.state, closed.closed_by) == ("closed", "Sam Staff")
    for kind, reason in ((AuditKind.MATCH_ANSWERED, "Tailspin called"), (AuditKind.MATCH_CLOSED, "Contract signed")):
        (event,) = events(kind)
        assert (event.actor_kind, event.tenant_id, event.subject_uuid, event.reason) == (
            ActorKind.STAFF, alpha.pk, request.uuid, reason,
        )  # fmt: skip


def test_what_is_closed_stays_closed(desk, alpha):
    request = make_match_request(tenant=alpha)
    act(desk, MODEL, "close_requests", request, reason="Spam")
    for action in ("mark_answered", "close_requests"):
        answer = act(desk, MODEL, action, request, reason="Again")
        assert "The request is in the state Closed already." in messages_of(answer)[0]
    assert rows_of(MatchRequest)[0].state == "closed"
    assert [len(events(kind)) for kind in (AuditKind.MATCH_ANSWERED, AuditKind.MATCH_CLOSED)] == [0, 1]


def test_a_request_is_not_edited(desk, alpha):
    request = make_match_request(tenant=alpha, partners=[make_partner()])
    page = desk.get(change_url(MODEL, request.pk))
    assert "565380 Tailspin Consulting" in page.content.decode()
    assert desk.post(change_url(MODEL, request.pk), {"wish": "x", "state": "closed"}).status_code == 403
