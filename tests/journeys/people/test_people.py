"""Settings > Members: who belongs here, and a new sign-in for who cannot get in."""

import re

import pytest
from django.test import Client

from subscriptions.db import scopes
from subscriptions.db.limits import TooManyRequests, count_request, limits_of
from subscriptions.mails import acts as outgoing
from subscriptions.models import Mail, Membership, User
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from tests.database import as_owner
from tests.factories import PASSWORD, make_member
from tests.facts import audit_rows, mailed
from tests.page import attribute, words
from tests.personas import make_delegate

PEOPLE = "/t/contoso/settings/members/"
RESET = "member.sign-in-reset"


def reset_url(user: User) -> str:
    with as_owner():
        return f"{PEOPLE}{Membership.objects.get(user=user, tenant__slug='contoso').uuid}/reset-sign-in/"


def mail_sent() -> str:
    """The body of the only mail in the queue, as the worker composes it."""
    with scopes.worker():
        return outgoing.compose(Mail.objects.select_related("tenant", "event", "to_user").get()).body


@pytest.fixture
def helpdesk(person, contoso):
    """A partner's helpdesk agent among Contoso's people."""
    agent = make_delegate(
        tenant=contoso.tenant,
        partner=contoso.partner,
        roles=(DelegatedRole.HELPDESK_ADMINISTRATOR,),
        role=AgentRole.HELPDESK_AGENT,
    )
    person.comes_back(agent)
    person.open("/t/contoso/")
    person.choose("Settings", "Members")
    return person


def test_names_and_roles_and_nothing_more(helpdesk):
    assert [row.partition(" Active ")[0] for row in helpdesk.page.rows] == [
        "Alex Wilber Global admin",
        "Bianca Pisani Billing admin",
        "Ravi Nair Global reader",
    ]
    assert "@" not in helpdesk.page.text


def test_a_partner_resets_the_sign_in_of_who_is_no_admin(helpdesk, contoso):
    page = helpdesk.follow("Reset sign-in Ravi Nair")
    assert page.heading == "Reset the sign-in of Ravi Nair?"
    done = helpdesk.press("Reset sign-in")
    assert (done.url, done.banner) == (PEOPLE, "Ravi Nair is sent a mail with a link for a new password.")
    assert audit_rows() == [(RESET, "Agatha Agent", "Ravi Nair", "")]
    assert mailed() == {("sign-in-reset", contoso.reader.email)}


def test_the_link_of_the_mail_sets_a_new_password_once(helpdesk, contoso):
    helpdesk.follow("Reset sign-in Ravi Nair")
    helpdesk.press("Reset sign-in")
    body = mail_sent()
    assert "Agatha Agent of 565380 Tailspin Consulting, a partner that works on behalf of Contoso Ltd" in body
    path = re.search(r"/accounts/password/reset/key/\S+", body)[0]
    receiver = Client()
    form = receiver.get(path, follow=True)
    assert password_is(contoso.reader, PASSWORD)
    sent = {"password1": "a-new-password-2026", "password2": "a-new-password-2026"}
    receiver.post(form.redirect_chain[-1][0], sent)
    assert password_is(contoso.reader, "a-new-password-2026")
    assert "This link no longer works" in Client().get(path, follow=True).content.decode()


def password_is(user: User, password: str) -> bool:
    with as_owner():
        return User.objects.get(pk=user.pk).check_password(password)


@pytest.mark.parametrize("who", ["admin", "billing"])
def test_a_partner_never_resets_an_admin(helpdesk, contoso, who):
    user = getattr(contoso, who)
    button = helpdesk.page.button(f"Reset sign-in {user.name}")
    assert attribute(button, "aria-disabled") == "true"
    assert words(helpdesk.page.by_id(attribute(button, "aria-describedby"))).startswith(
        "A partner never resets the sign-in of an organization's admin."
        " Who can help: A Global admin of the organization can do it."
    )
    assert helpdesk.open(reset_url(user)).status == 403
    assert helpdesk.send(reset_url(user), key="0b0f5f0e-5d38-4f57-8f0c-111111111111").status == 403
    assert (audit_rows(), mailed()) == ([], set())


@pytest.mark.parametrize("path", ["/staff/subscriptions/membership/add/", "/staff/subscriptions/user/add/"])
def test_a_partner_adds_no_member(helpdesk, path):
    """There is no other door for it than the staff's."""
    before = _memberships()
    assert helpdesk.send(path, role="global-admin").status == 403
    assert _memberships() == before


def _memberships() -> int:
    with as_owner():
        return Membership.objects.count()


def test_a_global_admin_resets_anybody(person, contoso):
    person.comes_back(contoso.admin)
    person.open(PEOPLE)
    person.follow("Reset sign-in Bianca Pisani")
    person.press("Reset sign-in")
    assert mailed() == {("sign-in-reset", contoso.billing.email)}
    assert "Alex Wilber has reset your sign-in at Contoso Ltd." in mail_sent()


@pytest.mark.parametrize("who", ["billing", "reader"])
def test_others_read_it_and_see_why_they_cannot(person, contoso, who):
    person.comes_back(getattr(contoso, who))
    page = person.open(PEOPLE)
    button = page.button("Reset sign-in Ravi Nair")
    told = words(page.by_id(attribute(button, "aria-describedby")))
    assert "A Global admin of your organization can do it." in told
    assert person.open(reset_url(contoso.reader)).status == 403


def test_a_form_sent_twice_mails_once(helpdesk):
    helpdesk.follow("Reset sign-in Ravi Nair")
    form = helpdesk.page.sending("Reset sign-in", {})
    for _time in range(2):
        assert helpdesk.send(form.action, **form.fields).url == PEOPLE
    assert len(audit_rows()) == len(mailed()) == 1


def test_nobodys_mailbox_is_flooded(helpdesk, contoso):
    for _time in range(5):
        helpdesk.open(reset_url(contoso.reader))
        assert helpdesk.press("Reset sign-in").url == PEOPLE
    helpdesk.open(reset_url(contoso.reader))
    assert helpdesk.press("Reset sign-in").status == 429
    assert len(audit_rows()) == 5


def test_another_organizations_resets_take_nothing_away(helpdesk, contoso):
    elsewhere = limits_of("reset-sign-in", tenant=contoso.tenant.pk + 1, person=contoso.reader.pk)
    for _time in range(5):
        count_request(*elsewhere)
    with pytest.raises(TooManyRequests):
        count_request(*elsewhere)
    helpdesk.open(reset_url(contoso.reader))
    assert helpdesk.press("Reset sign-in").url == PEOPLE


def test_an_account_that_is_closed_is_not_reset(helpdesk, contoso):
    gone = make_member(tenant=contoso.tenant, role="global-reader", email="g@c.example", name="Gone", is_active=False)
    page = helpdesk.open(PEOPLE)
    assert attribute(page.button("Reset sign-in Gone"), "aria-disabled") == "true"
    assert helpdesk.send(reset_url(gone)).status == 409


def test_a_person_of_another_organization_is_not_found(helpdesk, contoso, beta, admin_of_beta):
    with as_owner():
        theirs = Membership.objects.get(user=admin_of_beta).uuid
    assert helpdesk.open(f"{PEOPLE}{theirs}/reset-sign-in/").status == 404


def test_people_are_found_by_name(helpdesk):
    assert [row.split()[0] for row in helpdesk.press("Filter", q="ravi").rows] == ["Ravi"]
    assert "Nobody matches these filters." in helpdesk.press("Filter", q="nobody").text
    assert "Nobody matches these filters." in helpdesk.press("Filter", q="contoso.example").text
