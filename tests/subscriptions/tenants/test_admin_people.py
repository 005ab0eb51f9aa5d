"""Staff look after members and accounts."""

import pytest
from allauth.account.models import EmailAddress

from subscriptions.access import staff_actor
from subscriptions.db import scopes
from subscriptions.invitations import acts as invitations
from subscriptions.mails import acts as mails
from subscriptions.mails.invitation_links import token_of
from subscriptions.models import Mail, Membership, User
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.people.membership import Role
from subscriptions.tenants import accounts
from tests.database import as_owner
from tests.desk import act, add_url, change_url, errors_of, events, list_url, messages_of, rows_of, trail_of
from tests.factories import make_audit_event, make_member, make_user
from tests.post_office import invite_member


def kinds(trail) -> list[str]:
    return [event.kind for event in trail]


def test_a_members_history_is_what_happened_to_it(desk, alpha, global_admin):
    person = come_by_invitation(alpha)
    membership = membership_of(person)
    raised = {"role": Role.BILLING_ADMIN, "reason": "Asked for"}
    desk.post(change_url("subscriptions_membership", membership.pk), raised)
    trail = trail_of(desk, "subscriptions_membership", membership.pk)
    assert kinds(trail) == [AuditKind.MEMBER_CHANGED, AuditKind.MEMBER_ADDED]
    act(desk, "subscriptions_membership", "remove_members", membership, reason="Left")
    assert [event.subject_uuid for event in events(AuditKind.MEMBER_REMOVED)] == [membership.uuid]


def test_an_accounts_history_says_why_it_was_closed(desk, alpha, global_admin):
    make_audit_event(tenant=alpha, subject_name="Another one")
    act(desk, "subscriptions_user", "deactivate", global_admin, reason="Lost laptop")
    (event,) = trail_of(desk, "subscriptions_user", global_admin.pk)
    assert (event.reason, event.detail) == ("Lost laptop", {"changes": {"is_active": [True, False]}})


def membership_of(user) -> Membership:
    with as_owner():
        return Membership.objects.get(user=user)


def come_by_invitation(tenant) -> User:
    invitation = invite_member(tenant, role=Role.GLOBAL_READER, email="ravi@alpha.example", name="Ravi Nair")
    user = User(email=invitation.email, name=invitation.name)
    invitations.accept(token_of(invitation.uuid), user)
    return user


def test_a_member_comes_by_invitation_is_changed_and_removed(desk, alpha, global_admin):
    person = come_by_invitation(alpha)
    membership = membership_of(person)
    url = change_url("subscriptions_membership", membership.pk)
    assert desk.post(url, {"role": Role.BILLING_ADMIN, "reason": "Asked for"}).status_code == 302
    assert membership_of(person).role == Role.BILLING_ADMIN
    act(desk, "subscriptions_membership", "remove_members", membership, reason="Left")
    assert [row.user_id for row in rows_of(Membership)] == [global_admin.pk]
    trail = [
        (event.subject_name, event.detail["changes"]["role"])
        for kind in (AuditKind.MEMBER_ADDED, AuditKind.MEMBER_CHANGED, AuditKind.MEMBER_REMOVED)
        for event in events(kind)
    ]
    assert trail == [
        ("Ravi Nair", [None, "global-reader"]),
        ("Ravi Nair", ["global-reader", "billing-admin"]),
        ("Ravi Nair", ["billing-admin", None]),
    ]


def test_the_last_global_admin_stays(desk, alpha, global_admin):
    make_member(tenant=alpha, role=Role.GLOBAL_ADMIN, is_active=False)
    membership = membership_of(global_admin)
    url = change_url("subscriptions_membership", membership.pk)
    response = desk.post(url, {"role": Role.GLOBAL_READER, "reason": "Asked for"})
    assert response.status_code == 422
    assert "only Global admin" in str(errors_of(response)["role"])
    response = act(desk, "subscriptions_membership", "remove_members", membership, reason="Left")
    assert "only Global admin" in messages_of(response)[0]
    assert membership_of(global_admin).role == Role.GLOBAL_ADMIN


@pytest.mark.parametrize("who", ["reader", "billing_admin", "global_admin", "admin_of_beta"])
def test_nobody_but_staff_raises_a_role_there(who, alpha, reader, billing_admin, global_admin, request, sign_in):
    """The same requests that staff send: for oneself, for another, for somebody new, and for all by the list."""
    person = request.getfixturevalue(who)
    client, before = sign_in(person), roles()
    raised = {"role": Role.GLOBAL_ADMIN, "reason": "I should have it"}
    for membership in rows_of(Membership):
        assert client.post(change_url("subscriptions_membership", membership.pk), raised).status_code == 403
    facts = raised | {"kind": "member", "tenant": alpha.pk, "name": "Eve", "email": "eve@alpha.example"}
    assert client.post(add_url("subscriptions_invitation"), facts).status_code == 403
    response = act(client, "subscriptions_membership", "remove_members", *rows_of(Membership), reason="Mine alone")
    assert (response.status_code, roles()) == (403, before)


def roles() -> list[tuple[int, str]]:
    return [(membership.user_id, membership.role) for membership in rows_of(Membership)]


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        ("subscriptions_user", ""),
        ("subscriptions_membership", "member"),
        ("partners_partnerperson", "partner-person"),
    ],
)
def test_people_are_not_added_but_invited(model, kind, desk):
    answer = desk.get(f"{add_url(model)}?_popup=1")
    kind = f"kind={kind}&" if kind else ""
    assert answer.url == f"{add_url('subscriptions_invitation')}?{kind}_popup=1"
    assert desk.post(add_url(model), {"password1": "correct-horse-2026"}).status_code == 302
    assert rows_of(User) == [desk.get("/staff/").wsgi_request.user]


def test_the_sign_in_address_follows_the_account(desk):
    person = make_user(email="old@people.example", name="Ada")
    password = person.password
    facts = {"email": "new@people.example", "name": "Ada", "reason": "Married"}
    assert desk.post(change_url("subscriptions_user", person.pk), facts).status_code == 302
    with as_owner():
        assert [row.email for row in EmailAddress.objects.filter(user=person)] == ["new@people.example"]
        assert User.objects.get(pk=person.pk).password == password
    (event,) = events(AuditKind.ACCOUNT_CHANGED)
    assert event.detail == {"changes": {"email": ["…", "…"]}}
    (mail,) = rows_of(Mail)
    with scopes.worker():
        told = mails.message_to_send(mail.pk)
        assert (told.to, "Married" in told.body) == (["Ada <old@people.example>"], True)
        mails.mark_sent(mail.pk)
    assert rows_of(Mail)[0].former_address == ""  # addresses live in accounts alone
    desk.post(change_url("subscriptions_user", person.pk), facts | {"name": "Ada L", "reason": "Name"})
    assert len(rows_of(Mail)) == 1


def test_an_account_is_closed_and_opened(desk, staff, global_admin, sign_in):
    session = sign_in(global_admin)
    response = act(desk, "subscriptions_user", "deactivate", global_admin, staff, reason="Lost laptop")
    assert sorted(messages_of(response)) == [
        "Alpha Ltd has no Global admin who can sign in now.",
        "Deactivate: done for Gloria Admin.",
        "Sam Staff: This is your own account.",
    ]
    assert session.get("/").status_code == 302
    act(desk, "subscriptions_user", "activate", global_admin, reason="Found")
    assert session.get("/").status_code == 200


def test_staff_do_not_close_their_own_account(staff):
    with scopes.staff(), pytest.raises(accounts.OwnAccount):
        accounts.set_active(user=staff, active=False, by=staff_actor(staff), reason="R")
    assert [row.is_active for row in rows_of(User)] == [True]


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        ("subscriptions_user", "password__startswith"),
        ("subscriptions_user", "password"),
        ("subscriptions_membership", "user__password__startswith"),
        ("subscriptions_auditevent", "actor__password__startswith"),
        ("subscriptions_mail", "to_user__password__startswith"),
        ("subscriptions_refusalrecord", "user__password__startswith"),
        ("subscriptions_tenant", "memberships__user__password__startswith"),
    ],
)
def test_no_list_can_be_asked_for_a_passwords_hash(desk, model, lookup):
    assert desk.get(list_url(model), {lookup: "md5$"}).status_code == 400


def test_a_list_is_filtered_by_what_it_offers(desk, staff):
    make_user(email="closed@people.example", is_active=False)
    shown = desk.get(list_url("subscriptions_user"), {"is_active__exact": "1"}).context["cl"].result_list
    assert [person.email for person in shown] == [staff.email]
