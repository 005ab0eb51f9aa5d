"""Who of a partner's people serves which customer: said by an Admin agent, read by the customer, no permission."""

import pytest
from django.db import DatabaseError
from django.utils import timezone

from partners.models import PartnerPerson, PartnerRelationship, ServedCustomer
from subscriptions.db import scopes
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.delegated_role import AgentRole
from tests.database import as_owner
from tests.desk import events, rows_of
from tests.factories import make_partner, make_partner_person, make_relationship, make_tenant
from tests.journeys.client import Person


@pytest.fixture
def partner(alpha):
    partner = make_partner()
    make_relationship(tenant=alpha, partner=partner, roles=("global-reader",))
    return partner


@pytest.fixture
def beta(db):
    return make_tenant(slug="beta", name="Beta Ltd")


@pytest.fixture
def seller(partner):
    return make_partner_person(
        partner=partner, role=AgentRole.SALES_AGENT, email="sal@tailspin.example", name="Sal Seller"
    )


@pytest.fixture
def admin(partner) -> Person:
    person = Person()
    person.comes_back(make_partner_person(partner=partner, email="agent@tailspin.example", name="Agatha Agent"))
    return person


def row_of(user) -> PartnerPerson:
    with as_owner():
        return PartnerPerson.objects.get(user=user)


def url_of(tenant) -> str:
    return f"/p/565380/customers/{tenant.uuid}/people/"


@pytest.fixture
def say(admin, alpha):
    def press(*users):
        admin.open(url_of(alpha))
        return admin.press("Save", people=[str(row_of(user).uuid) for user in users])

    return press


@pytest.fixture
def read(alpha, partner, global_admin, sign_in):
    """What the customer reads on the partner's page."""
    client = sign_in(global_admin)
    return lambda: client.get(f"/t/alpha/settings/partner-relationships/partners/{partner.uuid}/").content.decode()


def test_an_admin_agent_says_who_serves_a_customer_which_reads_the_names(say, admin, seller, partner, read):
    assert "Sal Seller" not in read()
    assert "Sal Seller" in say(seller).text
    page = read()
    assert ("Sal Seller" in page, "sal@tailspin.example" in page) == (True, False)
    (event,) = events(AuditKind.SERVING_CHANGED)
    assert (event.tenant_id, event.actor_partner, event.detail["after"]) == (None, str(partner), ["Sal Seller"])
    assert any("Sal Seller" in row and " 1 " in row for row in admin.open("/p/565380/people/").rows)


def test_saying_it_again_changes_nothing_and_saying_nobody_ends_it(say, seller, read):
    say(seller)
    assert "No change" in say(seller).banner
    say()
    assert "Sal Seller" not in read()
    assert len(events(AuditKind.SERVING_CHANGED)) == 2


def test_who_serves_a_customer_may_do_no_more_there(say, seller, sign_in):
    say(seller)
    assert sign_in(seller).get("/t/alpha/").status_code == 404


def test_nobody_but_an_admin_agent_says_who_serves(seller, alpha, sign_in):
    client = sign_in(seller)
    assert [client.get(url_of(alpha)).status_code, client.post(url_of(alpha)).status_code] == [403, 403]


def test_another_partners_person_cannot_be_named(admin, alpha):
    other = make_partner(number="935287", name="Adventure Works")
    stranger = make_partner_person(partner=other, email="ada@adventure.example", name="Ada")
    admin.open(url_of(alpha))
    assert admin.press("Save", people=[str(row_of(stranger).uuid)]).status == 422
    assert rows_of(ServedCustomer) == []


def test_another_organization_reads_nobody(say, seller, beta):
    say(seller)
    with scopes.tenant(beta.pk):
        assert not ServedCustomer.objects.exists()
        assert not PartnerPerson.objects.exists()


def test_who_serves_is_not_told_once_the_tie_has_ended(say, admin, alpha, seller, read):
    say(seller)
    with as_owner():
        PartnerRelationship.objects.update(ended_at=timezone.now(), ended_by="Gloria Admin")
    assert "Sal Seller" not in read()
    assert admin.open(url_of(alpha)).status == 409


def test_a_person_who_leaves_serves_nobody(say, seller, admin):
    say(seller)
    admin.has_just_signed_in(admin_user())
    admin.open(f"/p/565380/people/{row_of(seller).uuid}/remove/")
    admin.press("Remove")
    assert rows_of(ServedCustomer) == []


def admin_user():
    with as_owner():
        return PartnerPerson.objects.select_related("user").get(role=AgentRole.ADMIN_AGENT).user


def test_the_database_lets_a_partner_name_no_one_elses_people_or_customers(partner, seller, beta, alpha):
    other = make_partner(number="935287", name="Adventure Works")
    stranger = make_partner_person(partner=other, email="ada@adventure.example", name="Ada")
    for person, tenant in ((seller, beta), (stranger, alpha)):
        key = row_of(person).pk
        with pytest.raises(DatabaseError, match="row-level security"), scopes.partner(partner.pk):
            ServedCustomer.objects.create(person_id=key, tenant=tenant)
