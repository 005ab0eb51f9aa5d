"""A partner's scope: what concerns that partner, whole and nothing else, to read and not to change."""

from contextlib import contextmanager

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from partners.models import PartnerOfRecord, PartnerRelationship
from partners.overview.credited_subscriptions import COLUMNS, credits_listed
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, Membership, Subscription, Tenant
from subscriptions.web.files.list_file import read_again
from tests.factories import (
    make_audit_event,
    make_partner,
    make_partner_of_record,
    make_partner_person,
    make_relationship,
    make_subscription,
)


@pytest.fixture
def two_partners(alpha, beta):
    """One works with alpha, the other with beta; each is also named where the other is not."""
    ours, theirs = make_partner(number="1001", name="Ours"), make_partner(number="2002", name="Theirs")
    for tenant, partner in ((alpha, ours), (beta, theirs)):
        make_relationship(tenant=tenant, partner=partner)
        make_partner_of_record(subscription=make_subscription(tenant=tenant, name="Named"), partner=partner)
        make_subscription(tenant=tenant, name="Nobody's")
    return ours, theirs


@pytest.fixture
def client(two_partners, sign_in):
    return sign_in(make_partner_person(partner=two_partners[0], email="agent@ours.example"))


@contextmanager
def refused():
    with pytest.raises(ProgrammingError) as raised, transaction.atomic():
        yield
    assert raised.value.__cause__.sqlstate == "42501"


def test_without_any_filter_there_are_own_rows_only(two_partners, alpha):
    ours, _theirs = two_partners
    with scopes.partner(ours.pk):
        assert list(Tenant.objects.values_list("slug", flat=True)) == ["alpha"]
        assert list(Subscription.objects.values_list("name", flat=True)) == ["Named"]
        assert list(PartnerOfRecord.objects.values_list("partner_id", flat=True)) == [ours.pk]
        assert list(PartnerRelationship.objects.values_list("partner_id", flat=True)) == [ours.pk]


def test_nobodys_scope_has_no_rows(two_partners):
    with scopes.partner(""):
        for model in (Tenant, Subscription, PartnerOfRecord, PartnerRelationship):
            assert model.objects.count() == 0


@pytest.mark.parametrize("model", [Tenant, Subscription, PartnerOfRecord, PartnerRelationship])
def test_nothing_is_written_in_it(two_partners, model):
    with scopes.partner(two_partners[0].pk):
        row = model.objects.values("id").get()
        with refused():
            model.objects.filter(pk=row["id"]).update(uuid="00000000-0000-0000-0000-000000000000")
        with refused():
            model.objects.filter(pk=row["id"])._raw_delete("default")
        with refused():
            model(pk=None).save(force_insert=True)


def test_people_and_logs_of_organizations_are_closed(two_partners, alpha):
    make_audit_event(tenant=alpha)
    with scopes.partner(two_partners[0].pk), refused():
        Membership.objects.count()
    # Of what it wrote about its own people and company it reads that it stands there, and nothing of any organization
    with scopes.partner(two_partners[0].pk):
        assert AuditEvent.objects.count() == 0
    with scopes.partner(two_partners[0].pk), refused():
        AuditEvent.objects.values_list("detail").first()


@pytest.mark.parametrize(
    ("model", "column"),
    [
        (Subscription, "cost"),
        (Subscription, "unit_price"),
        (PartnerOfRecord, "reason"),
        (PartnerOfRecord, "set_by_name"),
    ],
)
def test_cost_reasons_and_names_are_not_even_readable(two_partners, model, column):
    with scopes.partner(two_partners[0].pk), refused():
        model.objects.values_list(column, flat=True).get()


@pytest.mark.parametrize("file", ["", "csv"])
@pytest.mark.parametrize("name", ["customers", "partner-of-record"])
def test_no_list_shows_another_partners_customers(client, name, file):
    answer = client.get(reverse(f"workspace:{name}", args=["1001"]), {"file": file}, follow=True)
    text = (answer.getvalue() if answer.streaming else answer.content).decode()
    assert "Alpha Ltd" in text
    assert "Beta Secret" not in text


def test_another_partners_workspace_does_not_exist(client):
    for name in ("customers", "partner-of-record", "credit-changes"):
        url = reverse(f"workspace:{name}", args=["2002"])
        assert [client.get(url).status_code, client.get(url.replace("2002", "9999")).status_code] == [404, 404]


def test_another_partners_customer_and_relationship_are_not_found(client, beta):
    urls = [
        reverse("workspace:customer", args=["1001", beta.uuid]),
        reverse("workspace:give-up-access", args=["1001", uuid_of_relationship(beta)]),
    ]
    assert [client.get(url).status_code for url in urls] == [404, 404]
    assert client.post(urls[1], {"reason": "", "key": str(beta.uuid)}).status_code == 404
    with scopes.tenant(beta.pk):
        assert PartnerRelationship.objects.live().count() == 1


def uuid_of_relationship(tenant):
    with scopes.tenant(tenant.pk):
        return PartnerRelationship.objects.values_list("uuid", flat=True).get()


def test_an_organization_that_is_not_seen_is_no_filter(client, beta):
    answer = client.get(reverse("workspace:partner-of-record", args=["1001"]), {"customer": str(beta.uuid)})
    assert answer.status_code == 422
    assert "Beta Secret" not in answer.content.decode()


def test_the_export_reads_in_its_own_scope_and_another_partner_gets_other_rows(two_partners):
    for partner, organization in zip(two_partners, ("Alpha Ltd", "Beta Secret GmbH"), strict=True):
        rows = list(read_there(partner))
        assert [row["tenant__name"] for row in rows] == [organization]


def read_there(partner):
    """The rows of a file, which are read when the scope of its page is over."""
    with scopes.partner(partner.pk):
        return read_again(credits_listed(partner).order_by("pk").values(*COLUMNS), filled=list, person_id=1)


def test_without_its_scope_the_export_is_an_error(two_partners, monkeypatch):
    monkeypatch.setattr(scopes, "again", lambda setting: transaction.atomic())
    with refused():
        list(read_there(two_partners[0]))


def test_after_the_export_there_is_no_scope(client):
    client.get(reverse("workspace:partner-of-record", args=["1001"]), {"file": "csv"}).getvalue()
    assert scopes.current() == scopes.Setting()
    with refused():
        Subscription.objects.count()
