"""The engine of invitations: what is sent, what dies, what is kept, and what the database lets a link's owner do."""

import pytest
from django.db import ProgrammingError, transaction
from django.db.models import F

from partners.directory.invitations import AtPartner
from subscriptions.access import staff_actor
from subscriptions.db import scopes
from subscriptions.invitations import acts as invitations
from subscriptions.invitations.acts import AlreadyThere
from subscriptions.invitations.places import InOrganization
from subscriptions.mails import acts as mails
from subscriptions.mails.invitation_links import hash_of, token_of
from subscriptions.models import Invitation, Mail, Membership, User
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.mail import MailKind, MailState
from subscriptions.models.people.invitation import GOOD_FOR
from subscriptions.models.people.membership import Role
from subscriptions.verdicts import Refused
from tests.database import as_owner
from tests.desk import events, rows_of
from tests.factories import make_partner, make_user
from tests.post_office import SARA, invite_member, invite_to_partner, invite_to_staff, link_to, run_out, stored

ALEX = staff_actor(User(name="Alex Wilber"))


def mail_of(invitation: Invitation) -> tuple[str, str, list[str]]:
    """Subject, text and receivers, as the worker composes them."""
    with as_owner():
        mail = Mail.objects.get(invitation=invitation)
    with scopes.worker():
        message = mails.message_to_send(mail.pk)
    assert message is not None
    return message.subject, message.body, message.to


def test_the_mail_says_who_invites_to_what_and_has_the_link(alpha):
    invitation = invite_member(alpha)
    subject, body, to = mail_of(invitation)
    assert (subject, to) == ("You are invited to Alpha Ltd", [f"Sara Davis <{SARA}>"])
    assert "Alex Wilber invites you to Alpha Ltd, in the role Billing admin." in body
    assert link_to(invitation) in body


@pytest.mark.parametrize(("language", "word"), [("de", "eingeladen"), ("zh-hans", "邀请")])
def test_the_mail_speaks_the_language_that_was_chosen(alpha, language, word):
    with scopes.staff():
        invitation = invitations.invite(
            InOrganization(alpha, Role.GLOBAL_READER), email=SARA, name="Sara", by=ALEX, language=language
        )
    assert word in mail_of(invitation)[0]


def test_it_is_good_for_seven_days_by_the_databases_clock(alpha):
    invitation = stored(invite_member(alpha))
    assert invitation.expires_on - invitation.invited_at == GOOD_FOR


def test_the_database_has_a_hash_of_the_links_token(alpha):
    invitation = invite_member(alpha)
    assert stored(invitation).token_hash == hash_of(token_of(invitation.uuid))


def test_sending_it_again_makes_another_link_and_ends_the_older_one(alpha):
    first = invite_member(alpha)
    with scopes.tenant(alpha.pk):
        second = invitations.send_again(invitation=first, by=ALEX)
    assert (stored(first).state, stored(second).state) == ("replaced", "pending")
    assert [stored(row).email for row in (first, second)] == ["", SARA]
    assert stored(second).token_hash != stored(first).token_hash
    assert [event.subject_uuid for event in events(AuditKind.INVITATION_SENT_AGAIN)] == [second.uuid]


def test_a_withdrawn_one_has_no_address_and_its_mail_is_not_sent(alpha):
    invitation = invite_member(alpha)
    with scopes.tenant(alpha.pk):
        invitations.withdraw(invitation=invitation, by=ALEX)
    assert (stored(invitation).state, stored(invitation).email) == ("withdrawn", "")
    (mail,) = rows_of(Mail)
    with scopes.worker():
        assert mails.message_to_send(mail.pk) is None
    assert [row.state for row in rows_of(Mail)] == [MailState.FAILED]


@pytest.mark.parametrize("act", [invitations.send_again, invitations.withdraw])
def test_what_is_over_is_neither_sent_again_nor_withdrawn(alpha, act):
    invitation = invite_member(alpha)
    with scopes.tenant(alpha.pk):
        invitations.withdraw(invitation=invitation, by=ALEX)
        with pytest.raises(Refused):
            act(invitation=invitation, by=ALEX)


def test_what_has_run_out_is_not_sent_again_but_taken_from_the_list(alpha):
    invitation = invite_member(alpha)
    run_out(invitation)
    with scopes.tenant(alpha.pk):
        with pytest.raises(Refused):
            invitations.send_again(invitation=invitation, by=ALEX)
        invitations.withdraw(invitation=invitation, by=ALEX)
    assert stored(invitation).state == "withdrawn"


def test_the_address_of_what_has_run_out_is_erased(alpha):
    late, live = invite_member(alpha), invite_member(alpha, email="tom@contoso.example", name="Tom")
    run_out(late)
    with scopes.worker():
        assert invitations.erase_late_addresses() == 1
    assert (stored(late).email, stored(live).email) == ("", "tom@contoso.example")


def test_one_place_has_one_invitation_an_address_and_another_place_its_own(alpha, beta):
    first, other = invite_member(alpha), invite_member(beta)
    second = invite_member(alpha, email=" Sara.Davis@Contoso.EXAMPLE ")
    assert [stored(row).state for row in (first, other, second)] == ["replaced", "pending", "pending"]


def test_who_is_there_already_is_not_invited(alpha, reader):
    with pytest.raises(AlreadyThere):
        invite_member(alpha, email="READER@alpha.example")
    assert rows_of(Invitation) == rows_of(Mail) == []


def test_an_account_elsewhere_makes_no_difference_to_who_invites(alpha, admin_of_beta):
    """The same rows, but for names and addresses; and the organization's scope can see no such account."""
    invite_member(alpha, email=admin_of_beta.email)
    invite_member(alpha, email="nobody@beta.example")
    known, unknown = [
        {name: value for name, value in vars(row).items() if name in ("state", "role", "place", "language", "kind")}
        for row in rows_of(Invitation)
    ]
    assert known == unknown
    with scopes.tenant(alpha.pk):
        assert not User.objects.filter(pk=admin_of_beta.pk).exists()


def test_audit_keeps_who_was_invited_as_what_and_no_address(alpha):
    invite_member(alpha)
    (event,) = events(AuditKind.INVITATION_SENT)
    assert (event.tenant_id, event.subject_name, event.actor_name) == (alpha.pk, "Sara Davis", "Alex Wilber")
    assert (event.detail["role"], SARA in str(event.__dict__)) == ("billing-admin", False)


def test_an_invitation_that_cannot_be_mailed_is_none(alpha, monkeypatch):
    monkeypatch.setattr(invitations, "tell", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        invite_member(alpha)
    assert rows_of(Invitation) == []


def in_scope_of(invitation: Invitation):
    return scopes.invited(hash_of(token_of(invitation.uuid)))


def test_a_link_shows_its_own_invitation_and_no_other_row(alpha, beta, reader, admin_of_beta):
    invitation, _other = invite_member(alpha), invite_member(beta)
    with in_scope_of(invitation):
        assert list(Invitation.objects.values_list("pk", flat=True)) == [invitation.pk]
        assert (User.objects.count(), Membership.objects.count()) == (0, 0)
    with scopes.invited(hash_of("another")):
        assert Invitation.objects.count() == 0


@pytest.mark.parametrize(
    "facts",
    [
        {"email": "other@contoso.example"},
        {"email": SARA, "is_staff": True},
        {"email": SARA, "is_superuser": True},
    ],
)
def test_a_link_makes_no_other_account(alpha, facts):
    invitation = invite_member(alpha)
    with pytest.raises(ProgrammingError, match="row-level security"), in_scope_of(invitation):
        User(name="Sara", **facts).save(force_insert=True)


def test_a_link_gives_no_other_role_no_other_place_and_nothing_to_others(alpha, beta, reader):
    invitation = invite_member(alpha)
    sara = make_user(email=SARA)
    for tenant, user, role in (
        (alpha, sara, Role.GLOBAL_ADMIN),
        (beta, sara, Role.BILLING_ADMIN),
        (alpha, make_user(email="tom@contoso.example"), Role.BILLING_ADMIN),
    ):
        with pytest.raises(ProgrammingError, match="row-level security"), in_scope_of(invitation):
            Membership.objects.create(tenant=tenant, user=user, role=role)


def test_a_link_that_has_run_out_makes_no_account_whatever_the_code_does(alpha):
    invitation = invite_member(alpha)
    run_out(invitation)
    with pytest.raises(ProgrammingError, match="row-level security"), in_scope_of(invitation):
        User(name="Sara", email=SARA).save(force_insert=True)


@pytest.mark.parametrize("column", ["role", "expires_on", "token_hash", "tenant_id"])
def test_nobody_changes_what_an_invitation_was_sent_as(alpha, column):
    invite_member(alpha)
    with pytest.raises(ProgrammingError, match="permission denied"), scopes.tenant(alpha.pk):
        Invitation.objects.update(**{column: F(column)})


def test_another_organization_a_partner_and_staff_have_their_own(alpha, beta):
    partner, other = make_partner(), make_partner(number="935287", name="Adventure Works")
    of_alpha, of_partner = invite_member(alpha), invite_to_partner(partner)
    invite_to_staff()
    seen = {}
    for name, scope in {
        "alpha": scopes.tenant(alpha.pk),
        "beta": scopes.tenant(beta.pk),
        "partner": scopes.partner(partner.pk),
        "other": scopes.partner(other.pk),
    }.items():
        with scope:
            seen[name] = list(Invitation.objects.values_list("pk", flat=True))
    assert seen == {"alpha": [of_alpha.pk], "beta": [], "partner": [of_partner.pk], "other": []}


def test_a_partner_invites_in_its_own_scope_and_for_itself_alone(db):
    partner, other = make_partner(), make_partner(number="935287", name="Adventure Works")
    with scopes.partner(partner.pk):
        invitation = invitations.invite(AtPartner(partner, "sales-agent"), email=SARA, name="Sara", by=ALEX)
    assert [mail.kind for mail in rows_of(Mail)] == [MailKind.INVITATION]
    assert "Tailspin Consulting" in mail_of(invitation)[0]
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
        scopes.partner(partner.pk),
    ):
        invitations.invite(AtPartner(other, "sales-agent"), email=SARA, name="Sara", by=ALEX)
