"""Who is told of a match request, in which language, and what each of them learns."""

import pytest
from django.conf import settings

from partners.models import Partner
from tests.factories import make_actor, make_family, make_partner
from tests.facts import mails
from tests.partners.matching.client import STAFF_MAIL, URL, ask, asked, fields, message, stored


@pytest.fixture
def partners(db) -> list[Partner]:
    return [make_partner(number=str(101 + number), name=f"Partner {number}") for number in range(4)]


@pytest.fixture
def client(global_admin, sign_in):
    return sign_in(global_admin)


def test_two_locations_with_one_mailbox_get_one_mail(alpha, global_admin):
    partners = [make_partner(number=str(n), name="Northwind", mailbox="one@partners.example") for n in (1, 2)]
    ask(alpha, make_actor(user=global_admin), *partners)
    assert mails() == [("match-requested", "one@partners.example"), STAFF_MAIL]
    assert asked() == ["1", "2"]


def test_a_partner_is_told_what_it_needs_and_no_address_of_a_person(alpha, client, global_admin):
    make_family(code="visio")
    partner = make_partner(number="101", name="Partner 0", language="en")
    client.post(URL, fields(partner, make_partner(number="102", name="Rival"), service="visio", language="de"))
    mail = message("match-requested")
    assert mail.subject == "Alpha Ltd asks for your help"
    for words in ("Help us to move our mail", "Gloria Admin", "United States", "Visio", "Deutsch"):
        assert words in mail.body
    assert settings.STAFF_MAILBOX in mail.body
    assert str(stored()[0].uuid) in mail.body
    assert global_admin.email not in mail.body
    assert "Rival" not in mail.body and "102" not in mail.body.replace(str(stored()[0].uuid), "")


def test_a_partners_mail_speaks_the_companys_language(client):
    make_family(code="security")
    client.post(URL, fields(make_partner(language="de"), service="security", country="DE"))
    body = message("match-requested").body
    assert "Sicherheit und Geräteverwaltung" in body
    assert "Vereinigte Staaten" in body and "Deutschland" in body


def test_staff_learn_whom_it_went_to_and_where_to_answer(client, partners):
    client.post(URL, fields(*partners[:2]))
    mail = message("match-to-arrange")
    assert mail.to == [f"Staff <{settings.STAFF_MAILBOX}>"]
    assert "101 Partner 0" in mail.body and "102 Partner 1" in mail.body
    assert f"/staff/partners/matchrequest/{stored()[0].pk}/change/" in mail.body
