"""Workspace > People: an Admin agent invites, changes and removes colleagues of its own company, and of no other."""

import pytest

from partners.models import PartnerPerson
from subscriptions.models import Invitation, Mail
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.delegated_role import AgentRole
from subscriptions.models.mail import MailKind
from tests.database import as_owner
from tests.desk import events, rows_of
from tests.factories import make_invitation, make_partner, make_partner_person
from tests.journeys.client import Person
from tests.post_office import link_to

PEOPLE = "/p/565380/people/"
NORA = "nora@tailspin.example"


@pytest.fixture
def agent(partner):
    return make_partner_person(partner=partner, email="agent@tailspin.example", name="Agatha Agent")


@pytest.fixture
def seller(partner):
    return make_partner_person(
        partner=partner, role=AgentRole.SALES_AGENT, email="sales@tailspin.example", name="Sal Seller"
    )


@pytest.fixture
def admin(agent) -> Person:
    person = Person()
    person.has_just_signed_in(agent)
    return person


def person_of(user) -> PartnerPerson:
    with as_owner():
        return PartnerPerson.objects.get(user=user)


def test_an_admin_agent_invites_a_colleague_who_comes(admin, partner):
    admin.open(PEOPLE)
    admin.follow("Invite a colleague")
    page = admin.press("Invite", name="Nora", email=NORA, role="sales-agent")
    assert page.url == PEOPLE
    assert NORA in page.text
    (invitation,) = rows_of(Invitation)
    assert (invitation.partner_id, invitation.role, invitation.tenant_id) == (partner.pk, "sales-agent", None)
    assert [event.actor_partner for event in events(AuditKind.INVITATION_SENT)] == [str(partner)]
    nora, words = Person(), "correct-horse-2026"
    nora.open(link_to(invitation))
    page = nora.press("Set password and go to Tailspin Consulting", password1=words, password2=words)
    assert (page.url, page.status) == ("/p/565380/", 200)


def test_what_a_role_may_do_there_stands_beside_it(admin):
    page = admin.open(f"{PEOPLE}invite/")
    assert "Admin agent Highest risk" in page.text
    assert "Not: Invite and remove colleagues, change their roles, and say whom they serve" in page.text


def test_a_colleagues_role_is_changed_audited_and_mailed(admin, partner, seller):
    admin.open(f"{PEOPLE}{person_of(seller).uuid}/role/")
    admin.press("Change role", role="helpdesk-agent")
    assert person_of(seller).role == AgentRole.HELPDESK_AGENT
    (event,) = events(AuditKind.PARTNER_PERSON_CHANGED)
    assert (event.actor_name, event.actor_partner) == ("Agatha Agent", str(partner))
    assert sorted(mail.kind for mail in rows_of(Mail)) == [MailKind.OWN_ROLE_CHANGED, MailKind.PARTNER_PEOPLE_CHANGED]


def test_a_removed_colleague_is_out_on_the_next_request(admin, seller, sign_in):
    client = sign_in(seller)
    assert client.get("/p/565380/").status_code == 200
    admin.open(f"{PEOPLE}{person_of(seller).uuid}/remove/")
    admin.press("Remove")
    assert client.get("/p/565380/").status_code == 404


@pytest.mark.parametrize("act", ["role", "remove"])
def test_the_last_admin_agent_stays(admin, agent, act):
    page = admin.open(f"{PEOPLE}{person_of(agent).uuid}/{act}/")
    assert (page.status, "This is the only Admin agent of your company." in page.text) == (409, True)


def test_nobody_but_an_admin_agent_manages_people(partner, agent, seller, sign_in):
    client, target = sign_in(seller), person_of(agent)
    for url in (f"{PEOPLE}invite/", f"{PEOPLE}{target.uuid}/role/", f"{PEOPLE}{target.uuid}/remove/"):
        assert (url, client.get(url).status_code, client.post(url).status_code) == (url, 403, 403)
    page = client.get(PEOPLE).content.decode()
    assert "Agatha Agent" in page
    assert "agent@tailspin.example" not in page


def test_another_partners_people_and_invitations_are_not_found(admin):
    other = make_partner(number="935287", name="Adventure Works")
    stranger = make_partner_person(partner=other, email="a@adventure.example", name="Ada")
    theirs = make_invitation(partner=other, kind="partner-person", role="sales-agent", place=other.name)
    for url in (f"{PEOPLE}{person_of(stranger).uuid}/remove/", f"{PEOPLE}invitations/{theirs.uuid}/withdraw/"):
        assert admin.open(url).status == 404
    assert "Ada" not in admin.open(PEOPLE).text


def test_a_sign_in_that_is_old_invites_nobody(agent):
    person = Person()
    person.comes_back(agent)
    person.open(f"{PEOPLE}invite/")
    assert person.press("Invite", name="Nora", email=NORA, role="sales-agent").url.startswith("/accounts/confirm/")
    assert rows_of(Invitation) == []


def test_a_colleagues_invitation_is_sent_again_and_withdrawn(admin, partner):
    first = make_invitation(partner=partner, kind="partner-person", role="sales-agent", place=partner.name)
    admin.open(f"{PEOPLE}invitations/{first.uuid}/send-again/")
    admin.press("Send again")
    admin.open(f"{PEOPLE}invitations/{rows_of(Invitation)[-1].uuid}/withdraw/")
    admin.press("Withdraw")
    assert [row.state for row in rows_of(Invitation)] == ["replaced", "withdrawn"]
