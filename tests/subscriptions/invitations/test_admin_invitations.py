"""Staff invite people to every kind of place, send invitations again and withdraw them; no form has a password."""

import pytest

from subscriptions.db import limits
from subscriptions.db.limits import HOUR
from subscriptions.models import Invitation, Mail
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.people.staff_role import StaffRole
from tests.desk import act, add_url, change_url, errors_of, events, list_url, messages_of, rows_of
from tests.factories import make_partner, make_user
from tests.page import Page
from tests.post_office import SARA, invite_member, run_out, stored

INVITATION = "subscriptions_invitation"
SARA_FACTS = {"name": "Sara Davis", "email": SARA, "reason": "Contract 2026-118"}


def test_staff_invite_to_an_organization(desk, alpha):
    facts = SARA_FACTS | {"kind": "member", "tenant": alpha.pk, "role": "billing-admin"}
    assert desk.post(add_url(INVITATION), facts).status_code == 302
    (row,) = rows_of(Invitation)
    assert (row.tenant_id, row.role, row.email, row.invited_by) == (alpha.pk, "billing-admin", SARA, "Sam Staff")
    assert [(event.tenant_id, event.reason) for event in events(AuditKind.INVITATION_SENT)] == [
        (alpha.pk, "Contract 2026-118")
    ]
    assert [mail.invitation_id for mail in rows_of(Mail)] == [row.pk]
    told = Page(desk.get(change_url(INVITATION, row.pk))).text
    assert ("Role: Billing admin" in told, "None" in told, "Reason" in told) == (True, False, False)


def test_staff_invite_to_a_partner_and_to_the_staff(desk):
    partner = make_partner()
    to_partner = SARA_FACTS | {"kind": "partner-person", "partner": partner.pk, "role": "sales-agent"}
    to_staff = SARA_FACTS | {"kind": "staff", "groups": ["helps-customers"]}
    assert [desk.post(add_url(INVITATION), facts).status_code for facts in (to_partner, to_staff)] == [302, 302]
    assert [(row.partner_id, row.role, row.groups) for row in rows_of(Invitation)] == [
        (partner.pk, "sales-agent", []),
        (None, "", ["helps-customers"]),
    ]


WRONG = {
    "no place": ({"kind": "member", "role": "billing-admin"}, ["tenant"]),
    "no role": ({"kind": "member", "tenant": True, "role": ""}, ["role"]),
    "a role of another kind": ({"kind": "member", "tenant": True, "role": "sales-agent"}, ["role"]),
    "two places": ({"kind": "partner-person", "tenant": True, "partner": True, "role": "sales-agent"}, ["tenant"]),
    "a place for staff": ({"kind": "staff", "groups": ["helps-customers"], "tenant": True}, ["tenant"]),
    "staff roles for a member": (
        {"kind": "member", "tenant": True, "role": "billing-admin", "groups": ["helps-customers"]},
        ["groups"],
    ),
    "no role of staff": ({"kind": "staff"}, ["groups"]),
    "no address": ({"kind": "staff", "groups": ["helps-customers"], "email": ""}, ["email"]),
    "no reason": ({"kind": "staff", "groups": ["helps-customers"], "reason": ""}, ["reason"]),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_go_together_is_said_at_its_field(what, desk, alpha):
    rows = {"tenant": alpha.pk, "partner": make_partner().pk}
    facts, fields = WRONG[what]
    facts = SARA_FACTS | {name: rows[name] if value is True else value for name, value in facts.items()}
    answer = desk.post(add_url(INVITATION), facts)
    assert (answer.status_code, list(errors_of(answer))) == (422, fields)
    assert rows_of(Invitation) == []


def test_who_is_there_already_is_told_at_the_address(desk, alpha, reader):
    facts = SARA_FACTS | {"kind": "member", "tenant": alpha.pk, "role": "billing-admin", "email": reader.email}
    answer = desk.post(add_url(INVITATION), facts)
    assert errors_of(answer) == {"email": ["Somebody with this address is here already."]}


def test_an_account_of_somebody_elses_place_is_no_hindrance(desk, alpha):
    make_user(email=SARA)
    facts = SARA_FACTS | {"kind": "member", "tenant": alpha.pk, "role": "billing-admin"}
    assert desk.post(add_url(INVITATION), facts).status_code == 302


def test_no_form_of_staff_has_a_password(desk):
    page = desk.get(add_url(INVITATION)).content.decode()
    assert ('name="email"' in page, 'type="password"' in page) == (True, False)


def test_staff_send_again_and_withdraw(desk, alpha):
    first = invite_member(alpha)
    act(desk, INVITATION, "send_invitations_again", first, reason="Lost")
    newest = rows_of(Invitation)[-1]
    act(desk, INVITATION, "withdraw_invitations", newest, reason="A mistake")
    assert [row.state for row in rows_of(Invitation)] == ["replaced", "withdrawn"]


def test_what_has_run_out_is_not_sent_again(desk, alpha):
    invitation = invite_member(alpha)
    run_out(invitation)
    answer = act(desk, INVITATION, "send_invitations_again", invitation, reason="Lost")
    assert "its email address is erased" in messages_of(answer)[0]
    assert stored(invitation).state == "pending"


def test_more_than_twenty_an_hour_are_too_many(desk, alpha, monkeypatch):
    assert limits.LIMITS["invite-by-staff"] == {"person": (20, HOUR)}
    monkeypatch.setitem(limits.LIMITS, "invite-by-staff", {"person": (1, HOUR)})
    facts = SARA_FACTS | {"kind": "member", "tenant": alpha.pk, "role": "billing-admin"}
    assert desk.post(add_url(INVITATION), facts).status_code == 302
    answer = desk.post(add_url(INVITATION), facts | {"email": "tom@contoso.example"})
    assert Page(answer).status == 429
    assert len(rows_of(Invitation)) == 1


KINDS = {
    StaffRole.HELPS_CUSTOMERS: {"member"},
    StaffRole.KEEPS_PARTNERS: {"partner-person"},
    StaffRole.MAKES_STAFF: {"staff"},
}


@pytest.mark.parametrize("role", KINDS)
def test_each_kind_of_place_has_staff_of_its_own_who_invite(role, alpha, sign_in):
    client = sign_in(make_user(email="desk@portal.example", is_staff=True, staff_roles=[role]))
    partner = make_partner()
    for kind, facts in {
        "member": {"tenant": alpha.pk, "role": "billing-admin"},
        "partner-person": {"partner": partner.pk, "role": "sales-agent"},
        "staff": {"groups": ["reads-everything"]},
    }.items():
        answer = client.post(add_url(INVITATION), SARA_FACTS | {"kind": kind} | facts)
        assert (kind, answer.status_code) == (kind, 302 if kind in KINDS[role] else 422)
    assert {row.kind for row in rows_of(Invitation)} == KINDS[role]


def test_an_invitation_whose_time_has_run_out_says_so_in_the_list_and_on_its_page(desk, alpha):
    late = invite_member(alpha)
    run_out(late)
    for url in (list_url("subscriptions_invitation"), change_url("subscriptions_invitation", late.pk)):
        assert "Run out" in desk.get(url).content.decode()
