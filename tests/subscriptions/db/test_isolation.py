"""For one organization the others do not exist, however it asks."""

import pytest
from django.urls import reverse

from tests.factories import make_member, make_partner, make_partner_of_record, make_relationship, make_subscription
from tests.facts import footprint, periods
from tests.partners.partner_of_record import client as acts


@pytest.fixture
def of_beta(beta):
    """Beta's subscription with a partner of record: something that could leak."""
    subscription = make_subscription(tenant=beta, name="Beta Secret Suite")
    make_partner_of_record(subscription=subscription, partner=make_partner(number="424242", name="Secret Partner"))
    return subscription


@pytest.mark.parametrize(
    "path",
    ["", "billing/subscriptions/", "settings/partner-relationships/", "settings/audit-log/", "no/such/page/"],
)
def test_another_tenant_and_an_unknown_one_give_the_same_bytes(alpha, admin_of_beta, sign_in, path):
    client = sign_in(admin_of_beta)
    real, unknown = client.get(f"/t/alpha/{path}"), client.get(f"/t/nowhere/{path}")
    assert (real.status_code, unknown.status_code) == (404, 404)
    assert real.content == unknown.content
    own = {"X-Request-ID"}  # of each answer
    assert {*real.headers} == {*unknown.headers} > own
    headers = [{name: value for name, value in each.headers.items() if name not in own} for each in (real, unknown)]
    assert headers[0] == headers[1]


def test_the_404_page_is_a_shell_without_facts(alpha, admin_of_beta, sign_in):
    text = sign_in(admin_of_beta).get("/t/alpha/").content.decode()
    assert [word for word in ("csrf", "alpha", "Otto", "beta") if word in text] == []


def test_a_visit_is_logged(alpha, admin_of_beta, sign_in, caplog):
    sign_in(admin_of_beta).get("/t/alpha/billing/subscriptions/")
    (line,) = [record.msg for record in caplog.records if record.name == "portal.access"]
    assert (line["event"], line["code"], line["path"]) == (
        "authz_fail",
        "not-a-member",
        "/t/alpha/billing/subscriptions/",
    )


@pytest.mark.parametrize("name", ["subscriptions:detail", "partners:partner-of-record-edit"])
def test_another_tenants_subscription_is_not_found(alpha, global_admin, of_beta, sign_in, name):
    client = sign_in(global_admin)
    answer = client.get(reverse(name, args=["alpha", of_beta.uuid]))
    assert answer.status_code == 404
    assert answer.content == client.get("/t/nowhere/").content


def test_another_tenants_relationship_is_not_found(alpha, beta, global_admin, sign_in):
    relationship = make_relationship(tenant=beta, partner=make_partner(name="Secret Partner"))
    client = sign_in(global_admin)
    for name in ("relationship-detail", "relationship-end"):
        assert client.get(reverse(f"partners:{name}", args=["alpha", relationship.uuid])).status_code == 404


@pytest.mark.parametrize("name", ["edit", "check", "undo"])
def test_an_act_on_another_tenants_subscription_changes_nothing(alpha, global_admin, of_beta, sign_in, name):
    before = footprint(of_beta)
    url = reverse(f"partners:partner-of-record-{name}", args=["alpha", of_beta.uuid])
    answer = sign_in(global_admin).post(url, {"partner_id": "", "version": "1", "key": str(of_beta.uuid)})
    assert answer.status_code == 404
    assert footprint(of_beta) == before


def test_a_tenant_id_in_the_form_is_ignored(alpha, beta, global_admin, of_beta, sign_in):
    client, subscription, partner = sign_in(global_admin), make_subscription(tenant=alpha), make_partner()
    before = footprint(of_beta)[:2]
    fields = acts.checked(client, subscription, partner.number)
    others = {"tenant_id": beta.pk, "tenant": beta.pk, "subscription": of_beta.pk, "subscription_id": of_beta.pk}
    assert acts.submit(client, subscription, fields | others).status_code == 303
    assert periods(subscription) == [(partner.number, True)]
    assert footprint(of_beta)[:2] == before


def test_two_tabs_never_mix(alpha, beta, global_admin, of_beta, sign_in):
    make_member(tenant=beta, user=global_admin)
    client, subscription, partner = sign_in(global_admin), make_subscription(tenant=alpha), make_partner()
    fields = acts.checked(client, subscription, partner.number)
    before = footprint(of_beta)[:2]
    assert client.get("/t/beta/billing/subscriptions/?order=name").status_code == 200
    assert acts.submit(client, subscription, fields).status_code == 303
    assert periods(subscription) == [(partner.number, True)]
    assert footprint(of_beta)[:2] == before


@pytest.mark.parametrize("words", ["Beta Secret", "424242", "Secret Partner", "uuid"])
def test_a_search_finds_nothing_of_another_tenant(alpha, global_admin, of_beta, sign_in, words):
    make_subscription(tenant=alpha, name="Own Suite")
    words = str(of_beta.uuid) if words == "uuid" else words
    answer = sign_in(global_admin).get("/t/alpha/billing/subscriptions/", {"q": words})
    assert answer.status_code == 200
    assert answer.context["list"].rows == []


@pytest.mark.parametrize("order", ["tenant__name", "password", "set_by__password", "-id", "cost;drop", "name_key"])
def test_only_listed_orders_are_taken(global_admin, sign_in, order):
    assert sign_in(global_admin).get("/t/alpha/billing/subscriptions/", {"order": order}).status_code == 422


@pytest.mark.parametrize("field", ["tenant__slug", "tenant", "password", "subscription__tenant"])
def test_an_unknown_filter_filters_nothing(alpha, global_admin, of_beta, sign_in, field):
    make_subscription(tenant=alpha, name="Own Suite")
    answer = sign_in(global_admin).get("/t/alpha/billing/subscriptions/", {"order": "name", field: "beta"})
    assert len(answer.context["list"].rows) == 1
