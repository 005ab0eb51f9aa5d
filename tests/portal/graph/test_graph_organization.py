"""organization, subscribedSkus and delegatedAdminCustomers."""

from datetime import timedelta

from django.utils import timezone

from tests.factories import make_partner, make_product, make_relationship, make_subscription
from tests.portal.graph.client import of_partner, of_tenant

CUSTOMERS = "tenantRelationships/delegatedAdminCustomers"


def test_an_organizations_program_reads_its_organization_and_no_other(alpha, beta):
    program = of_tenant(alpha)
    (told,) = program("get", "organization").json()["value"]
    assert (told["id"], told["displayName"]) == (str(alpha.uuid), "Alpha Ltd")
    assert program("get", f"organization/{alpha.uuid}").json() == told
    assert program("get", f"organization/{beta.uuid}").status_code == 404


def test_a_partners_program_reads_its_company(alpha):
    partner = make_partner()
    (told,) = of_partner(partner)("get", "organization?$select=displayName,partnerId").json()["value"]
    assert told == {"id": str(partner.uuid), "displayName": "Tailspin Consulting", "partnerId": "565380"}


def test_products_are_told_with_their_licenses_by_state(alpha, beta):
    product, today = make_product(sku="E3"), timezone.localdate()
    make_subscription(tenant=alpha, product=product, licenses_total=10, licenses_assigned=4)
    over = {"status": "expired", "term_ends_on": today - timedelta(days=2)}
    make_subscription(tenant=alpha, product=product, licenses_total=5, licenses_assigned=0, **over)
    make_subscription(tenant=beta, product=product, licenses_total=99)
    (told,) = of_tenant(alpha)("get", "subscribedSkus").json()["value"]
    units = {"enabled": 10, "warning": 5, "suspended": 0, "lockedOut": 0}
    assert (told["consumedUnits"], told["prepaidUnits"]) == (4, units)
    assert (told["skuPartNumber"], told["skuId"], told["capabilityStatus"]) == ("E3", str(product.uuid), "Enabled")


def test_a_partner_reads_its_customers_and_nobody_elses(alpha, beta):
    partner, other = make_partner(), make_partner(number="935287", name="Other")
    make_relationship(tenant=alpha, partner=partner)
    make_relationship(tenant=beta, partner=other)
    program = of_partner(partner)
    page = program("get", f"{CUSTOMERS}?$count=true").json()
    told = {"id": str(alpha.uuid), "tenantId": str(alpha.uuid), "displayName": "Alpha Ltd"}
    assert page == {"@odata.count": 1, "value": [told]}
    assert program("get", f"{CUSTOMERS}/{alpha.uuid}").json() == told
    assert program("get", f"{CUSTOMERS}/{beta.uuid}").status_code == 404
    assert program("get", f"{CUSTOMERS}?$filter=displayName eq 'Alpha Ltd'").json()["value"] == [told]
    assert program("get", f"{CUSTOMERS}?$filter=tenantId eq '{beta.uuid}'").json()["value"] == []
