"""Every list of staff as a file: as it is filtered, all pages, without formulas."""

import pytest
from django.contrib import admin
from django.urls import reverse

from subscriptions.models.audit_event import AuditKind
from tests.desk import events, list_url
from tests.factories import make_partner, make_tenant

LISTS = [page for page in admin.site._registry.values() if page.exports]


def lines_of(response) -> list[str]:
    return b"".join(response.streaming_content).decode("utf-8-sig").splitlines()


def exported(desk, model: str, **filters) -> list[str]:
    return lines_of(desk.get(reverse(f"admin:{model}_export"), filters))


def test_the_file_has_what_the_list_is_filtered_to_on_all_pages(desk, alpha, monkeypatch):
    monkeypatch.setattr("subscriptions.staff.admin.StaffModelAdmin.list_per_page", 1)
    make_tenant(slug="beta", name="Beta", city="Bonn")
    make_tenant(slug="gamma", name="=Gamma", cloud="o365-germany", country="DE")
    assert exported(desk, "subscriptions_tenant", p="2") == [
        "name,address in the portal,state,cloud,country or region,city",
        "'=Gamma,gamma,Active,Germany,Germany,Redmond",
        "Beta,beta,Active,Worldwide,United States,Bonn",
        "Alpha Ltd,alpha,Active,Worldwide,United States,Redmond",
    ]
    assert exported(desk, "subscriptions_tenant", cloud__exact="o365-germany")[1:] == [
        "'=Gamma,gamma,Active,Germany,Germany,Redmond"
    ]
    assert exported(desk, "subscriptions_tenant", q="beta")[1:] == ["Beta,beta,Active,Worldwide,United States,Bonn"]


def test_each_file_is_audited_with_its_list_filters_and_rows(desk, staff, alpha):
    make_tenant(slug="beta", name="Beta")
    exported(desk, "subscriptions_tenant")
    exported(desk, "subscriptions_tenant", q="beta")
    told = [
        (event.actor, event.tenant, event.subject_name, event.detail) for event in events(AuditKind.LIST_EXPORTED)
    ]
    assert told == [
        (staff, None, "Organizations", {"rows": 2}),
        (staff, None, "Organizations", {"rows": 1, "filters": "q=beta"}),
    ]


def test_the_list_leads_to_its_file_with_its_filters(desk, alpha):
    page = desk.get(list_url("subscriptions_tenant"), {"q": "alpha"}).content.decode()
    assert f'href="{reverse("admin:subscriptions_tenant_export")}?q=alpha"' in page


@pytest.mark.parametrize("page", LISTS, ids=lambda page: page.opts.label)
def test_every_list_can_be_downloaded(page, desk, alpha):
    make_partner()
    assert len(lines_of(desk.get(page.export_url))) >= 1
