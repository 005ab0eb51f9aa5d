"""Settings > Members: a Global admin invites, changes roles and removes; the last one stays."""

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from partners.models import PartnerPerson, ServedCustomer
from subscriptions.db import limits
from subscriptions.db.limits import HOUR
from subscriptions.models import Invitation, Mail, Membership
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.mail import MailKind
from subscriptions.models.people.membership import Role
from tests.database import as_owner
from tests.desk import events, rows_of
from tests.factories import (
    make_audit_event,
    make_invitation,
    make_member,
    make_partner,
    make_partner_person,
    make_relationship,
)
from tests.journeys.client import Person
from tests.post_office import SARA, run_out

MEMBERS = "/t/alpha/settings/members/"


@pytest.fixture
def admin(global_admin) -> Person:
    person = Person()
    person.has_just_signed_in(global_admin)
    return person


def role_of(user) -> str | None:
    with as_owner():
        return Membership.objects.filter(user=user).values_list("role", flat=True).first()


def membership_of(user) -> Membership:
    with as_owner():
        return Membership.objects.get(user=user)


def mailed() -> list[tuple[str, int | None]]:
    return [(mail.kind, mail.to_user_id) for mail in rows_of(Mail)]


def test_the_old_address_leads_to_the_new_one_for_who_may_read_it(alpha, reader, admin_of_beta, sign_in):
    answer = sign_in(reader).get("/t/alpha/settings/people/", {"q": "rita"})
    assert (answer.status_code, answer.url) == (301, f"{MEMBERS}?q=rita")
    assert sign_in(admin_of_beta).get("/t/alpha/settings/people/").status_code == 404


def test_a_global_admin_invites_a_person(admin):
    admin.open(MEMBERS)
    admin.follow("Invite a person")
    page = admin.press("Invite", name="Sara Davis", email=SARA, role="billing-admin")
    assert page.url == MEMBERS
    (row,) = rows_of(Invitation)
    assert (row.role, row.email, row.invited_by) == ("billing-admin", SARA, "Gloria Admin")
    assert "Sara Davis is invited as Billing admin." in page.text
    assert SARA in page.text


def test_what_a_role_may_do_stands_beside_it(admin):
    page = admin.open(f"{MEMBERS}invite/")
    for words in (
        "Global admin Highest risk",
        "Invite and remove members, change their roles and reset their sign-in",
        "Not: Add, change and delete the partner of record",
    ):
        assert words in page.text


def test_who_is_here_already_is_said_at_the_address(admin, reader):
    admin.open(f"{MEMBERS}invite/")
    page = admin.press("Invite", name="Rita", email=reader.email, role="billing-admin")
    assert page.status == 422
    assert "Somebody with this address is here already." in page.text
    assert rows_of(Invitation) == []


def test_more_than_twenty_invitations_an_hour_are_too_many(admin, monkeypatch):
    assert limits.LIMITS["invite-member"] == {"person": (20, HOUR), "tenant": (20, HOUR)}
    monkeypatch.setitem(limits.LIMITS, "invite-member", {"tenant": (1, HOUR)})
    for email, status in ((SARA, 200), ("tom@contoso.example", 429)):
        admin.open(f"{MEMBERS}invite/")
        assert admin.press("Invite", name="Somebody", email=email, role="global-reader").status == status
    assert len(rows_of(Invitation)) == 1


def test_a_sign_in_that_is_old_is_asked_for_again(global_admin):
    person = Person()
    person.comes_back(global_admin)
    person.open(f"{MEMBERS}invite/")
    page = person.press("Invite", name="Sara", email=SARA, role="billing-admin")
    assert page.url.startswith("/accounts/confirm/")
    assert rows_of(Invitation) == []


def test_a_role_is_changed_audited_and_mailed(admin, global_admin, reader):
    admin.open(f"{MEMBERS}{membership_of(reader).uuid}/role/")
    page = admin.press("Change role", role="billing-admin")
    assert "Rita Reader has another role now." in page.text
    assert role_of(reader) == Role.BILLING_ADMIN
    (event,) = events(AuditKind.MEMBER_CHANGED)
    assert (event.actor_name, event.detail) == (
        "Gloria Admin",
        {"changes": {"role": ["global-reader", "billing-admin"]}},
    )
    assert sorted(mailed()) == [
        (MailKind.MEMBERS_CHANGED, global_admin.pk),
        (MailKind.OWN_ROLE_CHANGED, reader.pk),
    ]


def test_who_is_removed_is_out_on_the_next_request(admin, reader, sign_in):
    client = sign_in(reader)
    assert client.get("/t/alpha/").status_code == 200
    admin.open(f"{MEMBERS}{membership_of(reader).uuid}/remove/")
    admin.press("Remove")
    assert client.get("/t/alpha/").status_code == 404
    assert client.get("/").status_code == 200
    assert (MailKind.OWN_ROLE_CHANGED, reader.pk) in mailed()


def test_a_page_that_showed_another_role_changes_nothing(admin, reader):
    membership = membership_of(reader)
    admin.open(f"{MEMBERS}{membership.uuid}/role/")
    with as_owner():
        Membership.objects.filter(pk=membership.pk).update(role=Role.BILLING_ADMIN)
    assert admin.press("Change role", role="global-admin").status == 409
    assert role_of(reader) == Role.BILLING_ADMIN


@pytest.mark.parametrize("act", ["role", "remove"])
def test_the_last_global_admin_stays_a_member(admin, alpha, global_admin, act):
    make_member(tenant=alpha, email="gone@alpha.example", is_active=False)
    page = admin.open(f"{MEMBERS}{membership_of(global_admin).uuid}/{act}/")
    assert page.status == 409
    assert "This is the only Global admin of the organization." in page.text
    page = admin.open(MEMBERS)
    assert "Make somebody else Global admin first." in page.text


def test_one_of_two_global_admins_may_leave(admin, alpha, global_admin):
    make_member(tenant=alpha, role=Role.GLOBAL_ADMIN, email="second@alpha.example")
    admin.open(f"{MEMBERS}{membership_of(global_admin).uuid}/remove/")
    assert admin.press("Remove").url == "/"
    assert role_of(global_admin) is None


WHO = ["reader", "billing_admin"]


@pytest.mark.parametrize("who", WHO)
def test_nobody_but_a_global_admin_manages_members(who, alpha, global_admin, request, sign_in):
    client = sign_in(request.getfixturevalue(who))
    target, invitation = membership_of(global_admin), make_invitation(tenant=alpha)
    for url in (
        f"{MEMBERS}invite/",
        f"{MEMBERS}{target.uuid}/role/",
        f"{MEMBERS}{target.uuid}/remove/",
        f"{MEMBERS}invitations/{invitation.uuid}/withdraw/",
        f"{MEMBERS}invitations/{invitation.uuid}/send-again/",
    ):
        assert (url, client.get(url).status_code, client.post(url).status_code) == (url, 403, 403)
    page = client.get(MEMBERS).content.decode()
    assert "new@contoso.example" not in page
    assert "A Global admin of your organization can do it." in page


def test_an_invitation_is_sent_again_and_withdrawn(admin, alpha):
    first = make_invitation(tenant=alpha)
    admin.open(f"{MEMBERS}invitations/{first.uuid}/send-again/")
    admin.press("Send again")
    newest = rows_of(Invitation)[-1]
    admin.open(f"{MEMBERS}invitations/{newest.uuid}/withdraw/")
    page = admin.press("Withdraw")
    assert [row.state for row in rows_of(Invitation)] == ["replaced", "withdrawn"]
    assert "Invited, not here yet" not in page.text


def test_what_has_run_out_is_listed_without_its_address(admin, alpha):
    run_out(make_invitation(tenant=alpha))
    page = admin.open(MEMBERS)
    assert "Run out" in page.text
    assert "new@contoso.example" not in page.text
    assert admin.open(f"{MEMBERS}invitations/{rows_of(Invitation)[0].uuid}/send-again/").status == 409


def test_an_invitation_of_another_organization_is_not_found(admin, beta):
    other = make_invitation(tenant=beta)
    assert admin.open(f"{MEMBERS}invitations/{other.uuid}/withdraw/").status == 404


def test_who_reads_addresses_reads_who_has_a_second_factor(alpha, admin, reader, sign_in):
    """Recovery codes alone are none."""
    other = make_member(tenant=alpha, role="billing-admin", email="b@alpha.example", name="Bo Codes")
    with as_owner():
        Authenticator.objects.create(user=reader, type="totp", data={})
        Authenticator.objects.create(user=other, type="recovery_codes", data={})
    page = admin.open(MEMBERS)
    assert "Second factor" in page.text
    rows = {name: row for row in page.rows for name in ("Rita Reader", "Bo Codes") if name in row}
    assert (" On " in rows["Rita Reader"], " Off " in rows["Bo Codes"]) == (True, True)
    assert "Second factor" not in sign_in(reader).get(MEMBERS).content.decode()


def test_an_invitation_whose_mail_did_not_arrive_says_so(alpha, admin):
    arrived = make_invitation(tenant=alpha, email="here@contoso.example", name="Hera Here")
    lost = make_invitation(tenant=alpha, email="lost@contoso.example", name="Lou Lost")
    with as_owner():
        for invitation, states in ((arrived, ("failed", "sent")), (lost, ("sent", "failed"))):
            for state in states:
                mail = {"event": make_audit_event(tenant=alpha), "invitation": invitation, "state": state}
                mail["sent"] = timezone.now() if state == "sent" else None
                Mail.objects.create(tenant=alpha, kind=MailKind.INVITATION, **mail)
    rows = {name: row for row in admin.open(MEMBERS).rows for name in ("Hera Here", "Lou Lost") if name in row}
    assert ("did not arrive" in rows["Hera Here"], "did not arrive" in rows["Lou Lost"]) == (False, True)


def served_by(tenant, number: str, name: str, *, is_live: bool = True):
    partner = make_partner(number=number, name=f"Partner of {name}")
    person = make_partner_person(partner=partner, email=f"{number}@p.example", name=name)
    if is_live:
        make_relationship(tenant=tenant, partner=partner)
    with as_owner():
        ServedCustomer.objects.create(person=PartnerPerson.objects.get(user=person), tenant=tenant)
    return person


def test_the_partners_people_who_serve_it_stand_below_its_members(alpha, beta, admin, sign_in):
    """Of partners that it still works with; a partner's person reads of the own colleagues."""
    assert "serve your organization" not in admin.open(MEMBERS).text
    agatha = served_by(alpha, "565380", "Agatha Agent")
    served_by(alpha, "935287", "Olga Other")
    served_by(alpha, "700100", "Eva Ended", is_live=False)
    served_by(beta, "700200", "Bea Beta")
    page = admin.open(MEMBERS)
    assert "Partners' people who serve your organization" in page.text
    assert [row for row in page.rows if "Partner of" in row] == [
        "Agatha Agent 565380 Partner of Agatha Agent",
        "Olga Other 935287 Partner of Olga Other",
    ]
    text = sign_in(agatha).get(MEMBERS).content.decode()
    assert ("Agatha Agent" in text, "Olga Other" in text) == (True, False)
