"""Workspace > Profile: an Admin agent keeps what the company says of itself, and nothing else of it."""

import pytest
from django.db import DatabaseError

from partners.models import Partner
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, Mail
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.delegated_role import AgentRole
from subscriptions.models.mail import MailKind
from tests.database import as_owner
from tests.desk import change_url, events, rows_of
from tests.factories import make_partner, make_partner_person
from tests.journeys.client import Person

PROFILE = "/p/565380/profile/"
NEW = "desk@tailspin.example"


@pytest.fixture
def agent(partner):
    return make_partner_person(partner=partner, email="agent@tailspin.example", name="Agatha Agent")


@pytest.fixture
def admin(agent) -> Person:
    person = Person()
    person.has_just_signed_in(agent)
    return person


@pytest.fixture
def save(admin, partner):
    """The page with what is typed; the countries stay chosen."""

    def press(**typed):
        admin.open(PROFILE)
        return admin.press("Save", **{"authorized_countries": partner.authorized_countries} | typed)

    return press


def mailed() -> list[tuple[str, str]]:
    return [(mail.kind, mail.to_company_mailbox) for mail in rows_of(Mail)]


def test_an_admin_agent_keeps_the_companys_profile(admin, partner):
    admin.open(PROFILE)
    page = admin.press(
        "Save", text_en="Helps you to move.", text_de="Hilft beim Umzug.", authorized_countries=["DE", "US"]
    )
    assert (page.status, "The profile is saved." in page.text) == (200, True)
    (row,) = rows_of(Partner)
    assert (row.text_en, row.text_de, set(row.authorized_countries)) == (
        "Helps you to move.",
        "Hilft beim Umzug.",
        {"DE", "US"},
    )
    (event,) = events(AuditKind.PARTNER_CHANGED)
    assert (event.actor_name, event.actor_partner) == ("Agatha Agent", str(partner))
    assert mailed() == []


def test_a_changed_mailbox_is_told_to_the_old_and_the_new_one(save, partner):
    before = partner.mailbox
    assert "The old and the new mailbox are told." in save(mailbox=NEW).banner
    assert rows_of(Partner)[0].mailbox == NEW
    assert sorted(mailed()) == sorted((MailKind.PARTNER_MAILBOX_CHANGED, address) for address in (before, NEW))


def test_a_mailbox_that_staff_change_is_told_to_both_too(desk, partner):
    facts = {name: getattr(partner, name) for name in ("name", "city", "country", "language")}
    facts |= {"mailbox": NEW, "reason": "Asked", "authorized_countries": partner.authorized_countries}
    facts |= {"authorized_for_all": "on"}
    assert desk.post(change_url("partners_partner", partner.pk), facts).status_code == 302
    assert sorted(mailed()) == sorted((MailKind.PARTNER_MAILBOX_CHANGED, each) for each in (partner.mailbox, NEW))


def test_nothing_changed_is_no_event(save):
    assert "No change" in save().banner
    assert rows_of(AuditEvent) == []


def test_a_name_or_an_id_that_is_sent_along_changes_nothing(admin, partner):
    sending = admin.open(PROFILE).sending("Save", {"phone": "+1 555 0100"})
    crafted = {"name": "Other", "number": "1", "state": "suspended", "authorized_for_all": ""}
    token = admin.client.cookies["csrf"].value
    answer = admin.client.post(sending.action, {**sending.fields, **crafted}, headers={"X-CSRFToken": token})
    assert answer.status_code in (302, 303)
    (row,) = rows_of(Partner)
    assert row.phone == "+1 555 0100"
    kept = ("name", "number", "state", "authorized_for_all")
    assert [getattr(row, name) for name in kept] == [getattr(partner, name) for name in kept]


def test_what_cannot_be_a_mailbox_is_said_and_what_was_typed_stays(admin):
    admin.open(PROFILE)
    page = admin.press("Save", mailbox="nobody", phone="+1 555 0100")
    assert (page.status, "+1 555 0100" in page.response.content.decode()) == (422, True)


def test_a_profile_that_was_changed_meanwhile_is_not_written_over(admin, partner):
    admin.open(PROFILE)
    with as_owner():
        Partner.objects.update(phone="+49 30 1")
    page = admin.press("Save", phone="+49 30 2")
    assert page.status == 409
    assert rows_of(Partner)[0].phone == "+49 30 1"


def test_only_an_admin_agent_keeps_the_profile(partner, sign_in):
    seller = make_partner_person(partner=partner, role=AgentRole.SALES_AGENT, email="s@tailspin.example")
    client = sign_in(seller)
    assert (client.get(PROFILE).status_code, client.post(PROFILE).status_code) == (403, 403)


def test_a_sign_in_that_is_old_changes_no_profile(agent, partner):
    person = Person()
    person.comes_back(agent)
    person.open(PROFILE)
    assert person.press("Save", mailbox=NEW).url.startswith("/accounts/confirm/")
    assert rows_of(Partner)[0].mailbox == partner.mailbox


@pytest.mark.parametrize("column", ["name", "number", "state", "authorized_for_all"])
def test_the_database_lets_a_partner_change_no_more_than_its_profile(partner, column):
    with pytest.raises(DatabaseError, match="permission denied"), scopes.partner(partner.pk):
        Partner.objects.filter(pk=partner.pk).update(**{column: getattr(partner, column)})


def test_the_database_lets_a_partner_change_no_other_partner(partner):
    other = make_partner(number="935287", name="Adventure Works")
    with scopes.partner(partner.pk):
        assert Partner.objects.filter(pk=other.pk).exists()
    with pytest.raises(DatabaseError, match="row-level security"), scopes.partner(partner.pk):
        Partner.objects.filter(pk=other.pk).update(phone="1")
