"""Staff enter and correct subscriptions, organizations and the catalog; each save is audited."""

from datetime import date
from uuid import uuid4

import pytest
from django.forms import modelform_factory
from django.urls import reverse

from partners.models import Partner, PartnerOfRecord, PartnerPerson
from subscriptions.access import staff_actor
from subscriptions.clouds import Cloud
from subscriptions.db import scopes
from subscriptions.models import CloudState, Product, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.staff.form import StaffForm
from subscriptions.subscriptions import corrections
from tests.database import as_owner
from tests.desk import act, add_url, change_url, errors_of, events, list_url, rows_of, sent_by, trail_of
from tests.factories import (
    make_audit_event,
    make_family,
    make_partner,
    make_partner_of_record,
    make_partner_person,
    make_price,
    make_product,
    make_subscription,
)


@pytest.fixture
def named(alpha, global_admin):
    """A subscription of alpha with a partner of record."""
    subscription = make_subscription(tenant=alpha)
    make_partner_of_record(subscription=subscription, partner=make_partner())
    return subscription


def test_a_subscriptions_facts_are_corrected_with_a_reason(desk, staff, named):
    facts = {
        "name": "Office 365 E3 (Berlin)",
        "licenses_total": 22,
        "licenses_assigned": 12,
        "billing_frequency": named.billing_frequency,
        "unit_price": "15",
        "started_on": named.started_on.isoformat(),
        "term_ends_on": named.term_ends_on.isoformat(),
        "recurring_billing": "on",
    }
    url = change_url("subscriptions_subscription", named.pk)
    assert desk.post(url, facts).status_code == 422
    assert desk.post(url, facts | {"reason": "Typing error", "version": 9}).status_code == 302
    (stored,) = rows_of(Subscription)
    assert (stored.name_key, stored.licenses_total, stored.version) == ("office 365 e3 (berlin)", 22, 2)
    (event,) = events(AuditKind.SUBSCRIPTION_CHANGED)
    assert (event.actor, event.reason) == (staff, "Typing error")
    assert event.detail == {
        "changes": {
            "name": ["Office 365 E3", "Office 365 E3 (Berlin)"],
            "licenses_total": [20, 22],
            "unit_price": ["0.00", "15"],
            "cost": ["1234.50", "330"],
        }
    }


def test_a_fact_that_changed_while_the_page_was_open_is_not_written_over(desk, named):
    url = change_url("subscriptions_subscription", named.pk)
    shown = sent_by(desk.get(url))
    with as_owner():
        Subscription.objects.filter(pk=named.pk).update(licenses_total=60, recurring_billing=False)
    typed = shown | {"name": "Office 365 E3 (Berlin)", "licenses_total": "25", "reason": "Typing error"}
    response = desk.post(url, typed)
    assert response.status_code == 409
    told = "Somebody changed this while the page was open: it is “%s” now. Compare, and save again."
    assert errors_of(response) == {"licenses_total": [told % "60"], "recurring_billing": [told % "No"]}
    assert (rows_of(Subscription)[0].name, events(AuditKind.SUBSCRIPTION_CHANGED)) == ("Office 365 E3", [])
    again = sent_by(response)
    assert (again["name"], again["licenses_total"]) == (["Office 365 E3 (Berlin)"], ["25"])
    assert desk.post(url, again).status_code == 302
    (stored,) = rows_of(Subscription)
    assert (stored.name, stored.licenses_total, stored.recurring_billing) == ("Office 365 E3 (Berlin)", 25, False)


def test_what_a_form_does_not_carry_is_what_it_has_become_meanwhile(alpha):
    loaded = rows_of(Tenant)[0]
    with as_owner():
        Tenant.objects.update(city="Berlin")
    with scopes.staff():
        form = modelform_factory(Tenant, form=StaffForm, fields=["name"])(
            {"name": "Alpha AG", "reason": "Renamed"}, instance=loaded
        )
        assert form.is_valid()
    assert (loaded.name, loaded.city) == ("Alpha AG", "Berlin")


def test_a_list_that_was_empty_is_compared_too(desk):
    partner = make_partner(authorized_for_all=False)
    url = change_url("partners_partner", partner.pk)
    make_family(code="office")
    shown = sent_by(desk.get(url)) | {"city": "Bonn", "reason": "Moved"}
    with as_owner():
        Partner.objects.filter(pk=partner.pk).update(authorized_families=["office"])
    response = desk.post(url, shown)
    told = "Somebody changed this while the page was open: it is “Office” now. Compare, and save again."
    assert (response.status_code, errors_of(response)) == (409, {"authorized_families": [told]})
    assert rows_of(Partner)[0].authorized_families == ["office"]


def test_the_first_status_of_a_cloud_is_compared_too(desk):
    url = change_url("subscriptions_cloudstate", "o365-germany")
    shown = sent_by(desk.get(url))
    assert desk.post(url, shown | {"status": "closed", "reason": "Given up"}).status_code == 302
    response = desk.post(url, shown | {"status": "open", "reason": "Reopened"})
    assert (response.status_code, list(errors_of(response))) == (409, ["status"])
    assert [row.status for row in rows_of(CloudState)] == ["closed"]


def test_a_day_that_changed_is_told_as_the_reader_writes_days(desk, named):
    url = change_url("subscriptions_subscription", named.pk)
    shown = sent_by(desk.get(url))
    with as_owner():
        Subscription.objects.filter(pk=named.pk).update(term_ends_on="2031-03-04", anchor_day=4)
    (told,) = errors_of(desk.post(url, shown | {"reason": "Typing error"}))["term_ends_on"]
    assert "it is “Mar 4, 2031” now" in told


def test_what_is_a_list_is_compared_too(desk):
    partner = make_partner(authorized_countries=["DE", "US"], authorized_families=["exchange"])
    make_family(code="office")
    url = change_url("partners_partner", partner.pk)
    shown = sent_by(desk.get(url)) | {"reason": "Moved"}
    with as_owner():
        Partner.objects.filter(pk=partner.pk).update(authorized_countries=["DE"], authorized_families=["office"])
    response = desk.post(url, shown | {"city": "Bonn"})
    assert (response.status_code, set(errors_of(response))) == (409, {"authorized_countries", "authorized_families"})
    assert desk.post(url, sent_by(response)).status_code == 302
    (stored,) = rows_of(Partner)
    assert (stored.city, stored.authorized_countries, stored.authorized_families) == ("Bonn", ["DE"], ["office"])


@pytest.mark.parametrize(("name", "day"), [("term_ends_on", "9999-12-31"), ("started_on", "1999-12-31")])
def test_a_subscriptions_days_are_days_that_somebody_means(desk, named, name, day):
    response = desk.post(change_url("subscriptions_subscription", named.pk), {name: day, "reason": "Typing error"})
    assert response.status_code == 422
    assert response.context["adminform"].errors[name] == ["Choose a day between 2000 and 2200."]
    assert rows_of(Subscription)[0].version == 1


@pytest.mark.parametrize(("name", "day"), [("term_ends_on", date(2200, 1, 2)), ("started_on", date(1999, 12, 31))])
def test_a_day_that_nobody_means_is_refused_by_the_act_itself(staff, named, name, day):
    setattr(named, name, day)
    with pytest.raises(corrections.DayOutOfReach), scopes.staff():
        corrections.save_subscription(subscription=named, by=staff_actor(staff), reason="Typing error")
    assert rows_of(Subscription)[0].version == 1


def test_a_trial_by_staff_uses_up_the_organizations_trial_of_the_product(desk, named):
    second = make_subscription(tenant=named.tenant, product=named.product)
    for row in (named, second):
        act(desk, "subscriptions_subscription", "change_status", row, status="trial", reason="A gift")
    rows = sorted(rows_of(Subscription), key=lambda row: row.pk)
    assert [(row.status, row.began_as_trial, row.version) for row in rows] == [
        ("trial", True, 2),
        ("trial", False, 2),
    ]


def test_a_new_subscription_is_paid_in_the_clouds_currency(desk, alpha):
    product = make_product()
    facts = {
        "tenant": alpha.pk,
        "product": product.pk,
        "status": "active",
        "name": "Office 365 E3",
        "licenses_total": 5,
        "licenses_assigned": 0,
        "billing_frequency": "monthly",
        "unit_price": "20",
        "started_on": "2026-01-01",
        "term_ends_on": "2026-12-31",
    }
    assert desk.post(add_url("subscriptions_subscription"), facts).status_code == 302
    (stored,) = rows_of(Subscription)
    assert (stored.currency, stored.unit_price, stored.cost) == ("USD", 20, 100)
    assert len(events(AuditKind.SUBSCRIPTION_ADDED)) == 1


def test_what_cannot_be_audited_is_not_stored(desk, named, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("subscriptions.models.AuditEvent.save", fail)
    with pytest.raises(RuntimeError):
        act(desk, "subscriptions_subscription", "change_status", named, status="disabled", reason="Not paid")
    assert rows_of(Subscription)[0].status == "active"


def test_the_history_of_a_row_is_its_audit_trail(desk, named):
    make_audit_event(tenant=named.tenant, subject_name="Another one")
    event = make_audit_event(tenant=named.tenant, subject_uuid=named.uuid)
    assert trail_of(desk, "subscriptions_subscription", named.pk) == [event]


def test_the_history_of_what_belongs_to_a_row_is_that_rows(desk, named):
    credited = make_audit_event(tenant=named.tenant, subject_uuid=named.uuid)
    assert trail_of(desk, "partners_partnerofrecord", rows_of(PartnerOfRecord)[0].pk) == [credited]
    priced = make_audit_event(tenant=named.tenant, subject_uuid=named.product.uuid)
    assert trail_of(desk, "subscriptions_productprice", make_price(product=named.product).pk) == [priced]
    (partner,) = rows_of(Partner)
    make_partner_person(partner=partner)
    employed = make_audit_event(tenant=named.tenant, subject_uuid=partner.uuid)
    assert trail_of(desk, "partners_partnerperson", rows_of(PartnerPerson)[0].pk) == [employed]


def test_a_cloud_without_uuid_has_the_history_of_the_desk(desk):
    state = {"status": "open", "reason": "Reopened"}
    desk.post(change_url("subscriptions_cloudstate", "o365-germany"), state)
    (row,) = rows_of(CloudState)
    assert desk.get(reverse("admin:subscriptions_cloudstate_history", args=[row.pk])).status_code == 200


def test_a_status_is_changed_by_an_act(desk, named):
    act(desk, "subscriptions_subscription", "change_status", named, status="disabled", reason="Not paid")
    assert rows_of(Subscription)[0].status == "disabled"
    assert events(AuditKind.SUBSCRIPTION_CHANGED)[0].detail == {"changes": {"status": ["active", "disabled"]}}


def test_a_pasted_uuid_finds_exactly_that_subscription(desk, named):
    make_subscription(tenant=named.tenant, name=f"Mentions {named.uuid}")
    response = desk.get(list_url("subscriptions_subscription"), {"q": f" {named.uuid} "})
    assert list(response.context["cl"].result_list) == [named]
    assert desk.get(list_url("subscriptions_subscription"), {"q": str(uuid4())}).context["cl"].result_count == 0


def test_a_new_organization_is_audited(desk):
    facts = {"name": "Gamma AG", "slug": "gamma", "cloud": "o365-worldwide", "country": "DE", "time_zone": "UTC"}
    assert desk.post(add_url("subscriptions_tenant"), facts).status_code == 302
    (event,) = events(AuditKind.TENANT_ADDED)
    assert (event.tenant_id, event.subject_name) == (rows_of(Tenant)[0].pk, "Gamma AG")


def test_a_closing_cloud_takes_no_new_organization(desk):
    facts = {"name": "Gamma AG", "slug": "gamma", "cloud": "o365-germany", "country": "DE", "time_zone": "UTC"}
    response = desk.post(add_url("subscriptions_tenant"), facts)
    assert response.status_code == 422
    assert rows_of(Tenant) == []


def test_a_clouds_state_and_products_are_audited(desk):
    url = change_url("subscriptions_cloudstate", "o365-germany")
    assert desk.post(url, {"status": "open"}).status_code == 422
    assert desk.post(url, {"status": "open", "reason": "Reopened"}).status_code == 302
    product = {"name": "Visio", "sku": "V-1", "family": make_family().code, "cloud": "o365-worldwide"}
    assert desk.post(add_url("subscriptions_product"), product).status_code == 302
    assert len(events(AuditKind.CATALOG_CHANGED)) == 2
    assert rows_of(Product)[0].name == "Visio"


def test_every_cloud_is_listed_with_the_status_that_it_has(desk):
    with as_owner():
        CloudState.objects.create(cloud=Cloud.WORLDWIDE, status="closed")
    rows = desk.get(list_url("subscriptions_cloudstate")).context["cl"].result_list
    assert [(row.cloud, row.status) for row in rows] == [
        ("o365-worldwide", "closed"),
        ("o365-germany", "closing"),
        ("o365-21vianet", "open"),
    ]
    assert desk.get(add_url("subscriptions_cloudstate")).status_code == 403
    assert desk.get(change_url("subscriptions_cloudstate", "no-cloud")).status_code == 302


def test_a_clouds_status_is_changed_again(desk):
    url = change_url("subscriptions_cloudstate", "o365-germany")
    desk.post(url, {"status": "open", "reason": "Reopened"})
    desk.post(url, sent_by(desk.get(url)) | {"status": "closed", "reason": "Over"})
    assert [(row.cloud, row.status) for row in rows_of(CloudState)] == [("o365-germany", "closed")]
