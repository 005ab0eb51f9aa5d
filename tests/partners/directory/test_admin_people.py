"""Staff: who works for a partner, and what a suspension means before it is done."""

import pytest

from partners.directory.acts import add_person
from partners.models import Partner, PartnerPerson
from partners.models.partner import PartnerState
from subscriptions.access import staff_actor
from subscriptions.db import scopes
from subscriptions.invitations import acts as invitations
from subscriptions.mails.invitation_links import token_of
from subscriptions.models import User
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.delegated_role import AgentRole
from tests.database import as_owner
from tests.desk import act, change_url, events, list_url, rows_of
from tests.factories import (
    make_partner,
    make_partner_of_record,
    make_partner_offer,
    make_partner_person,
    make_subscription,
    make_user,
)
from tests.page import Page
from tests.personas import make_delegate
from tests.post_office import invite_to_partner

PERSON = "partners_partnerperson"


def only_person() -> PartnerPerson:
    with as_owner():
        return PartnerPerson.objects.get()


def test_a_person_comes_by_invitation_is_changed_and_removed(desk):
    invitation = invite_to_partner(make_partner(), email="agent@tailspin.example", name="Agatha Agent")
    invitations.accept(token_of(invitation.uuid), User(email=invitation.email, name=invitation.name))
    person = only_person()
    changed = {"role": AgentRole.ADMIN_AGENT, "reason": "New duties"}
    assert desk.post(change_url(PERSON, person.pk), changed).status_code == 302
    assert only_person().role == AgentRole.ADMIN_AGENT
    act(desk, PERSON, "remove_people", person, reason="Left")
    assert rows_of(PartnerPerson) == []
    kinds = (AuditKind.PARTNER_PERSON_ADDED, AuditKind.PARTNER_PERSON_CHANGED, AuditKind.PARTNER_PERSON_REMOVED)
    trail = [
        (event.subject_name, event.detail["changes"]["role"], event.reason) for k in kinds for event in events(k)
    ]
    assert trail == [
        ("Agatha Agent · 565380 Tailspin Consulting", [None, "sales-agent"], ""),
        ("Agatha Agent · 565380 Tailspin Consulting", ["sales-agent", "admin-agent"], "New duties"),
        ("Agatha Agent · 565380 Tailspin Consulting", ["admin-agent", None], "Left"),
    ]


def test_staff_add_nobody_without_a_reason(staff):
    partner, user = make_partner(), make_user(email="agent@tailspin.example", name="Agatha Agent")
    with pytest.raises(ValueError, match="with a reason only"), scopes.staff():
        add_person(partner=partner, user=user, role=AgentRole.SALES_AGENT, by=staff_actor(staff))
    assert rows_of(PartnerPerson) == []


@pytest.mark.parametrize("how", ["change", "remove"])
def test_nothing_is_done_without_a_reason(desk, how):
    make_partner_person(partner=make_partner(), email="agent@tailspin.example", role=AgentRole.SALES_AGENT)
    person = only_person()
    if how == "change":
        answer = desk.post(change_url(PERSON, person.pk), {"role": AgentRole.ADMIN_AGENT})
    else:
        answer = act(desk, PERSON, "remove_people", person)
    assert answer.status_code == 422
    assert only_person().role == AgentRole.SALES_AGENT


def test_who_is_removed_is_shut_out_with_the_next_request(desk, alpha, sign_in):
    agent = make_delegate(tenant=alpha, partner=make_partner(), roles=("global-reader",))
    client = sign_in(agent)
    assert client.get("/t/alpha/").status_code == 200
    act(desk, PERSON, "remove_people", only_person(), reason="Left")
    assert client.get("/t/alpha/").status_code == 404


def test_the_partners_page_leads_to_its_people(desk):
    partner, other = make_partner(), make_partner(number="935287")
    for number, company in enumerate((partner, other)):
        make_partner_person(partner=company, email=f"{number}@tailspin.example", name=f"Person {number}")
    url = f"{list_url(PERSON)}?q=565380"
    assert url in desk.get(change_url("partners_partner", partner.pk)).content.decode()
    assert [row.user.name for row in desk.get(url).context["cl"].result_list] == ["Person 0"]


def test_the_impact_is_shown_before_a_partner_is_suspended(desk, alpha, beta, sign_in):
    partner, other = make_partner(), make_partner(number="935287", name="Adventure Works")
    for tenant, name in ((alpha, "E1"), (alpha, "E3"), (beta, "E5")):
        make_partner_of_record(subscription=make_subscription(tenant=tenant, name=name), partner=partner)
    make_partner_of_record(subscription=make_subscription(tenant=beta, status="deleted"), partner=partner)
    agent = make_delegate(tenant=alpha, partner=partner, roles=("global-reader",))
    make_partner_offer(tenant=beta, partner=partner)
    page = Page(act(desk, "partners_partner", "change_state", partner, other, state="suspended"))
    assert (page.status, page.rows) == (
        422,
        ["565380 Tailspin Consulting Active 3 2 1 1 1", "935287 Adventure Works Active 0 0 0 0 0"],
    )
    client = sign_in(agent)
    assert client.get("/t/alpha/").status_code == 200
    act(desk, "partners_partner", "change_state", partner, state="suspended", reason="Fraud")
    with as_owner():
        assert Partner.objects.get(pk=partner.pk).state == PartnerState.SUSPENDED
    assert client.get("/t/alpha/").status_code == 404
