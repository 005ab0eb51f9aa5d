"""New customer: an organization and its first Global admin's invitation, at once or not at all."""

import pytest
from django.db import connection

from portal.desk import admin_new_customer
from subscriptions.models import Invitation, Mail, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.people.staff_role import StaffRole
from tests.database import as_owner
from tests.desk import events, rows_of
from tests.factories import make_tenant, make_user
from tests.journeys.client import Person
from tests.post_office import link_to

NEW = "/staff/customers/new/"
FACTS = {
    "name": "Wide World Importers GmbH",
    "slug": "wide-world",
    "cloud": "o365-worldwide",
    "country": "DE",
    "city": "Hamburg",
    "person": "Jana Vogel",
    "email": "jana.vogel@wideworld.example",
    "reason": "Contract 2026-118",
}
MAKE = "Make customer and invite"


@pytest.fixture
def clerk(staff) -> Person:
    person = Person()
    person.comes_back(staff)
    return person


def test_an_organization_and_its_first_admin_in_one_form(clerk):
    clerk.open("/staff/")
    clerk.follow("New customer")
    page = clerk.press(MAKE, **FACTS)
    (tenant,), (invitation,) = rows_of(Tenant), rows_of(Invitation)
    assert page.url == f"/staff/customers/{tenant.uuid}/"
    assert (tenant.slug, tenant.country_code, tenant.time_zone) == ("wide-world", "DE", "UTC")
    assert (invitation.tenant_id, invitation.role, invitation.name) == (tenant.pk, "global-admin", "Jana Vogel")
    assert [mail.invitation_id for mail in rows_of(Mail)] == [invitation.pk]
    reasons = [event.reason for kind in (AuditKind.TENANT_ADDED, AuditKind.INVITATION_SENT) for event in events(kind)]
    assert reasons == ["Contract 2026-118"] * 2


def test_the_invited_admin_runs_the_organization(clerk):
    clerk.open(NEW)
    clerk.press(MAKE, **FACTS)
    jana = Person()
    jana.open(link_to(rows_of(Invitation)[0]))
    words = "correct-horse-2026"
    page = jana.press("Set password and go to Wide World Importers GmbH", password1=words, password2=words)
    assert page.url == "/t/wide-world/"
    assert jana.open("/t/wide-world/settings/members/invite/").status == 200


def test_nearly_the_same_name_is_a_warning_and_no_error(clerk):
    make_tenant(slug="wwi", name="Wide World Importers")
    make_tenant(slug="fabrikam", name="Fabrikam")
    clerk.open(NEW)
    page = clerk.press(MAKE, **FACTS)
    assert (page.status, len(rows_of(Tenant))) == (200, 2)
    assert "These organizations have nearly this name." in page.text
    assert page.link("Wide World Importers")
    assert "Fabrikam" not in page.text
    clerk.press(MAKE)
    assert len(rows_of(Tenant)) == 3


WRONG = {
    "name": "",
    "slug": "alpha",
    "cloud": "moon",
    "country": "XX",
    "email": "jana.vogel@wideworld",
    "person": "",
    "reason": "",
}


@pytest.mark.parametrize("field", WRONG)
def test_what_is_wrong_is_said_and_nothing_is_made(field, desk, alpha):
    answer = desk.post(NEW, FACTS | {"key": "4f0a8f3a-9d0b-4a8e-8f0e-2f3b1f0c9d11", field: WRONG[field]})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert (len(rows_of(Tenant)), rows_of(Invitation)) == (1, [])


def test_a_closing_cloud_takes_no_new_customer(clerk):
    clerk.open(NEW)
    page = clerk.press(MAKE, **FACTS | {"cloud": "o365-germany"})
    assert (page.status, rows_of(Tenant)) == (422, [])
    assert "This cloud takes no new organizations." in page.text


def test_without_its_invitation_there_is_no_organization(staff, sign_in, monkeypatch):
    monkeypatch.setattr(admin_new_customer, "invite", lambda *args, **kwargs: 1 / 0)
    client = sign_in(staff)
    client.raise_request_exception = False
    sent = FACTS | {"key": "4f0a8f3a-9d0b-4a8e-8f0e-2f3b1f0c9d11"}
    assert client.post(NEW, sent).status_code == 500
    assert rows_of(Tenant) == []


def test_the_same_form_twice_makes_one_customer(desk):
    sent = FACTS | {"key": "4f0a8f3a-9d0b-4a8e-8f0e-2f3b1f0c9d11"}
    first, second = desk.post(NEW, sent), desk.post(NEW, sent)
    assert (first.status_code, first.url) == (303, second.url)
    assert len(rows_of(Tenant)) == 1


def test_who_does_not_help_customers_makes_none(db, sign_in):
    client = sign_in(make_user(email="k@portal.example", is_staff=True, staff_roles=[StaffRole.KEEPS_PARTNERS]))
    assert client.get(NEW).status_code == 403
    assert "New customer" not in client.get("/staff/").content.decode()


def test_the_names_are_looked_for_by_an_index(staff):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM subscriptions_tenant WHERE 'wide world' <% search_text")
        plan = " ".join(line for (line,) in cursor.fetchall())
    assert "tenant_by_words" in plan
