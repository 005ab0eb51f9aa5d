"""How staff find rows: by an exact ID, by words of the row's own, and by the organization that it belongs to."""

import pytest

from tests.desk import list_url, make_mail
from tests.factories import (
    make_audit_event,
    make_member,
    make_order,
    make_partner,
    make_partner_of_record,
    make_partner_person,
    make_subscription,
    make_tenant,
    make_user,
)


def find_rows(desk, model: str, text: str) -> list:
    return list(desk.get(list_url(model), {"q": text}).context["cl"].result_list)


@pytest.fixture
def fabrikam(db):
    return make_tenant(slug="fabrikam-inc", name="Fabrikam Müller")


def one_of_each(tenant) -> dict[str, object]:
    subscription = make_subscription(tenant=tenant)
    event = make_audit_event(tenant=tenant)
    return {
        "subscriptions_subscription": subscription,
        "subscriptions_order": make_order(tenant=tenant),
        "subscriptions_auditevent": event,
        "subscriptions_mail": make_mail(event, to_user=make_user(email=f"{tenant.slug}@example.com")),
        "partners_partnerofrecord": make_partner_of_record(
            subscription=subscription, partner=make_partner(number=str(565380 + tenant.pk))
        ),
    }


def test_rows_are_found_by_the_name_and_address_of_their_organization(desk, fabrikam, alpha):
    """Events and mails by its address alone: there are too many to look a name's parts up."""
    one_of_each(alpha)
    for model, row in one_of_each(fabrikam).items():
        names = () if model in ("subscriptions_auditevent", "subscriptions_mail") else ("Fabrikam", "muller")
        for text in (*names, "FABRIKAM-INC"):
            assert find_rows(desk, model, text) == [row]


def test_each_word_may_stand_in_the_name_or_in_the_organizations(desk, fabrikam, alpha):
    named = make_subscription(tenant=fabrikam, name="Project Plan 3")
    make_subscription(tenant=fabrikam, name="Visio")
    make_subscription(tenant=alpha, name="Project Plan 3")
    assert find_rows(desk, "subscriptions_subscription", "project fabrikam") == [named]


def test_a_name_of_two_words_is_found_by_its_beginning(desk, alpha):
    event = make_audit_event(tenant=alpha, subject_name="Office 365 E3")
    make_audit_event(tenant=alpha, subject_name="Office 365 E1")
    assert find_rows(desk, "subscriptions_auditevent", "Office 365 E3") == [event]


def test_an_address_is_found_however_its_letters_are_typed(desk):
    person = make_user(email="gloria@alpha.example")
    assert find_rows(desk, "subscriptions_user", "Gloria@Alpha.example") == [person]


@pytest.mark.parametrize("text", ["muller", "Amélie Müller", "amelie fabrikam", "AM@Fabri", "am@fabrikam.example"])
def test_members_are_found_by_who_they_are_and_by_the_beginning_of_their_address(desk, alpha, text):
    fabrikam = make_tenant(slug="fabrikam-inc", name="Fabrikam Inc")
    member = make_member(tenant=fabrikam, email="am@fabrikam.example", name="Amélie Müller")
    make_member(tenant=alpha, email="x.am@fabrikam.example", name="Amélie Huber")
    make_member(tenant=fabrikam, email="x@alpha.example", name="Xaver Huber")
    assert [row.user for row in find_rows(desk, "subscriptions_membership", text)] == [member]


def test_a_partners_people_are_found_in_the_same_ways(desk):
    partner = make_partner(number="565380", name="Tailspin Consulting")
    person = make_partner_person(partner=partner, email="pia@tailspin.example", name="Pia Lind")
    make_partner_person(partner=partner, email="olaf@tailspin.example", name="Olaf Berg")
    for text in ("lind", "pia@tail", "tailspin pia"):
        assert [row.user for row in find_rows(desk, "partners_partnerperson", text)] == [person]
