"""The link of an invitation: who comes by it, and what it says to who cannot."""

import pytest
from django.test import Client

from partners.models import PartnerPerson
from portal.log_lines import left_out
from subscriptions.access import staff_actor
from subscriptions.db import scopes
from subscriptions.invitations import acts as invitations
from subscriptions.models import AuditEvent, Mail, Membership, User
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.mail import MailKind
from subscriptions.models.people.membership import Role
from subscriptions.models.people.staff_role import StaffRole
from tests.database import as_owner
from tests.desk import events, rows_of
from tests.factories import PASSWORD, make_partner, make_user
from tests.journeys.client import Person
from tests.page import Page
from tests.post_office import SARA, invite_member, invite_to_partner, invite_to_staff, link_to, run_out, stored

CHOSEN = "correct-horse-2026"
NEW = {"name": "Sara M. Davis", "password1": CHOSEN, "password2": CHOSEN}


@pytest.fixture
def person(db) -> Person:
    return Person()


def test_somebody_new_sets_a_password_and_lands_in_the_organization(alpha, global_admin, person):
    invitation = invite_member(alpha)
    page = person.open(link_to(invitation))
    assert (page.url, page.heading) == ("/invitations/", "You are invited to Alpha Ltd")
    assert "Add, change and delete the partner of record" in page.text
    page = person.press("Set password and go to Alpha Ltd", **NEW)
    assert (page.url, page.status) == ("/t/alpha/", 200)
    with as_owner():
        membership = Membership.objects.select_related("user").get(user__email=SARA)
    assert (membership.role, membership.user.name) == (Role.BILLING_ADMIN, "Sara M. Davis")
    assert Client().login(email=SARA, password=CHOSEN)


def test_who_came_is_audited_and_told_to_the_global_admins(alpha, global_admin, billing_admin, person):
    person.open(link_to(invite_member(alpha)))
    person.press("Set password and go to Alpha Ltd", **NEW)
    (event,) = events(AuditKind.MEMBER_ADDED)
    assert (event.actor_name, event.detail) == ("Sara M. Davis", {"changes": {"role": [None, "billing-admin"]}})
    told = [mail.to_user_id for mail in rows_of(Mail) if mail.kind == MailKind.MEMBERS_CHANGED]
    assert told == [global_admin.pk]


def test_the_address_is_erased_once_it_is_used(alpha, person):
    invitation = invite_member(alpha)
    person.open(link_to(invitation))
    person.press("Set password and go to Alpha Ltd", **NEW)
    assert (stored(invitation).email, stored(invitation).state) == ("", "accepted")


def test_a_weak_password_makes_no_account(alpha, person):
    invitation = invite_member(alpha)
    person.open(link_to(invitation))
    page = person.press("Set password and go to Alpha Ltd", name="Sara", password1="short", password2="short")
    assert page.status == 422
    assert (rows_of(User), stored(invitation).state) == ([], "pending")


def test_who_has_an_account_signs_in_and_then_accepts(alpha, person):
    user = make_user(email=SARA, name="Sara Davis")
    page = person.open(link_to(invite_member(alpha)))
    assert "You have an account with this address" in page.text
    assert "Password" not in page.text
    person.follow("Sign in")
    page = person.press("Sign in", login=SARA, password=PASSWORD)
    assert page.url == "/invitations/"
    page = person.press("Accept and go to Alpha Ltd")
    assert page.url == "/t/alpha/"
    assert [row.user_id for row in rows_of(Membership)] == [user.pk]
    assert Client().login(email=SARA, password=PASSWORD)


def test_a_password_that_is_sent_all_the_same_changes_no_account(alpha, person):
    make_user(email=SARA)
    invitation = invite_member(alpha)
    person.open(link_to(invitation))
    client = Client()
    client.cookies = person.client.cookies
    assert client.post("/invitations/", NEW)["Location"] == "/accounts/sign-in/?next=%2Finvitations%2F"
    assert not Client().login(email=SARA, password=CHOSEN)
    assert rows_of(Membership) == []


def test_the_wrong_person_is_told_whom_it_is_for_and_keeps_the_link(alpha, reader, person):
    invitation = invite_member(alpha)
    person.comes_back(reader)
    page = person.open(link_to(invitation))
    assert (page.status, page.heading) == (403, "This invitation is for somebody else")
    assert f"It is for {SARA}." in page.text
    assert "You are signed in as Rita Reader" in page.text
    assert "reader@alpha.example" in page.text
    page = person.press("Sign out and keep the link")
    assert (page.status, page.heading) == (200, "You are invited to Alpha Ltd")
    assert stored(invitation).state == "pending"


OVER = {
    "used": "This invitation has been used",
    "late": "This invitation has run out",
    "withdrawn": "This invitation was withdrawn",
    "raised": "There is a newer invitation",
    "again": "There is a newer invitation",
}


def end(how: str, invitation) -> None:
    by = staff_actor(User(name="Alex Wilber"))
    if how == "late":
        run_out(invitation)
    elif how == "raised":
        invite_member(invitation.tenant, role=Role.GLOBAL_ADMIN)
    elif how == "used":
        user = User(email=SARA, name="Sara")
        invitations.accept(link_to(invitation).split("/")[2], user)
    else:
        with scopes.tenant(invitation.tenant_id):
            act = invitations.withdraw if how == "withdrawn" else invitations.send_again
            act(invitation=invitation, by=by)


@pytest.mark.parametrize("how", OVER)
def test_a_link_that_is_over_says_why_and_whom_to_ask(how, alpha, person):
    invitation = invite_member(alpha)
    end(how, invitation)
    page = person.open(link_to(invitation))
    assert (page.status, page.heading) == (410, OVER[how])
    assert "Who can help: Alex Wilber, who sent it." in page.text


@pytest.mark.parametrize("how", OVER)
def test_a_form_that_was_open_when_it_ended_does_nothing(how, alpha, person):
    invitation = invite_member(alpha)
    person.open(link_to(invitation))
    end(how, invitation)
    members = rows_of(Membership)
    page = person.press("Set password and go to Alpha Ltd", **NEW)
    assert (page.status, page.heading) == (410, OVER[how])
    assert rows_of(Membership) == members
    assert not Client().login(email=SARA, password=CHOSEN)


def test_the_newest_of_two_links_works(alpha, person):
    first = invite_member(alpha, role=Role.GLOBAL_READER)
    second = invite_member(alpha, role=Role.GLOBAL_ADMIN)
    assert stored(first).email == ""
    person.open(link_to(second))
    person.press("Set password and go to Alpha Ltd", **NEW)
    assert [row.role for row in rows_of(Membership)] == [Role.GLOBAL_ADMIN]


def test_a_link_raises_nobody_who_is_there_already(alpha, person):
    invitation = invite_member(alpha, role=Role.GLOBAL_ADMIN)
    user = make_user(email=SARA)
    with as_owner():
        Membership.objects.create(tenant=alpha, user=user, role=Role.GLOBAL_READER)
    person.comes_back(user)
    person.open(link_to(invitation))
    person.press("Accept and go to Alpha Ltd")
    assert [row.role for row in rows_of(Membership)] == [Role.GLOBAL_READER]


def test_a_partners_person_lands_in_the_workspace(person):
    partner = make_partner()
    person.open(link_to(invite_to_partner(partner)))
    page = person.press("Set password and go to Tailspin Consulting", **NEW)
    assert (page.url, page.status) == ("/p/565380/", 200)
    (row,) = rows_of(PartnerPerson)
    assert (row.partner_id, row.role) == (partner.pk, "sales-agent")
    assert [event.actor_partner for event in events(AuditKind.PARTNER_PERSON_ADDED)] == [str(partner)]
    mailed = [mail.to_company_mailbox for mail in rows_of(Mail) if mail.kind == MailKind.PARTNER_PEOPLE_CHANGED]
    assert mailed == [partner.mailbox]


def test_one_of_the_staff_lands_at_the_desk_in_the_roles_of_the_invitation(person):
    person.open(link_to(invite_to_staff(StaffRole.HELPS_CUSTOMERS)))
    page = person.press("Set password and go to the operator's staff", **NEW)
    assert (page.url, page.status) == ("/staff/", 200)
    with as_owner():
        user = User.objects.get(email=SARA)
        assert (user.is_staff, user.is_superuser) == (True, False)
        assert user.staff_roles == {StaffRole.HELPS_CUSTOMERS}
    assert [(event.subject_name, event.actor_name) for event in events(AuditKind.STAFF_ROLES_CHANGED)] == [
        ("Sara M. Davis", "Sara M. Davis")
    ]


def test_one_of_the_staff_with_an_account_is_one_of_an_organization_too(alpha, staff, person):
    person.comes_back(staff)
    person.open(link_to(invite_member(alpha, email=staff.email)))
    assert person.press("Accept and go to Alpha Ltd").url == "/t/alpha/"


def test_a_link_that_is_none_opens_nothing(person, db):
    assert person.open("/invitations/").status == 404
    assert person.open("/invitations/nothing/").status == 404


def test_the_links_token_stands_in_no_address_log_or_row(alpha, person):
    invitation = invite_member(alpha)
    token = link_to(invitation).split("/")[2]
    assert person.open(link_to(invitation)).url == "/invitations/"
    assert left_out(link_to(invitation)) == "/invitations/[left out]/"
    with as_owner():
        kept = [str(row.__dict__) for model in (type(invitation), Mail, AuditEvent) for row in model.objects.all()]
    assert [row for row in kept if token in row] == []


def test_fetching_the_link_uses_nothing(alpha, client):
    invitation = invite_member(alpha)
    for _times in range(2):
        assert client.get(link_to(invitation)).status_code == 302
        assert client.head("/invitations/").status_code == 200
    assert stored(invitation).state == "pending"
    assert "Invitation" in Page(client.get("/invitations/")).title
