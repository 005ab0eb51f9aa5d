"""Staff see who asked for what, answer, and close."""

import pytest

from subscriptions.models import HelpRequest
from subscriptions.models.audit_event import AuditKind
from tests.desk import act, events, list_url, rows_of
from tests.factories import make_help_request
from tests.post_office import open_for_mail

MODEL = "subscriptions_helprequest"


@pytest.fixture
def request_(alpha, global_admin) -> HelpRequest:
    return make_help_request(user=global_admin, tenant=alpha, text="Who may name a partner?")


def test_requests_are_found_by_the_person_and_the_organization(desk, request_, global_admin):
    for wanted in ("", global_admin.email, "alpha", str(request_.uuid), global_admin.name):
        assert "Who may name a partner?" in desk.get(list_url(MODEL), {"q": wanted}).content.decode()
    assert "Who may name a partner?" not in desk.get(list_url(MODEL), {"q": "nobody"}).content.decode()


def test_a_request_is_answered_then_closed(desk, request_, alpha):
    assert act(desk, MODEL, "answer_help", request_, reason="").status_code == 422
    act(desk, MODEL, "answer_help", request_, reason="Each Billing admin.")
    act(desk, MODEL, "close_help", request_, reason="Said thanks")
    (row,) = rows_of(HelpRequest)
    assert (row.state, row.answer, row.answered_by, row.closed_by) == (
        "closed", "Each Billing admin.", "Sam Staff", "Sam Staff",
    )  # fmt: skip
    for kind in (AuditKind.HELP_ANSWERED, AuditKind.HELP_CLOSED):
        (event,) = events(kind)
        assert (event.tenant_id, event.subject_uuid) == (alpha.pk, request_.uuid)


def test_the_person_reads_the_answer_in_the_mail(desk, request_, global_admin):
    with open_for_mail() as office:
        act(desk, MODEL, "answer_help", request_, reason="Each Billing admin.")
        office.deliver()
        subject, text = office.newest(global_admin.email)
    assert subject == "Staff have answered your request"
    assert "> Who may name a partner?" in text
    assert "Each Billing admin." in text
