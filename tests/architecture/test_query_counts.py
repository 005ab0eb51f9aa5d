"""Four statements a list or a thing, BEGIN and COMMIT not counted, however many rows there are."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners.models.partner_relationship import RelationshipKind
from subscriptions.clouds import Cloud
from subscriptions.models import Membership
from tests.database import as_owner
from tests.factories import (
    make_audit_event,
    make_bulk_act,
    make_match_request,
    make_member,
    make_offer_round,
    make_offer_template,
    make_order,
    make_partner,
    make_partner_of_record,
    make_partner_offer,
    make_partner_person,
    make_relationship,
    make_release_request,
    make_sold_product,
    make_subscription,
    make_tenant,
    placed,
)

pytestmark = pytest.mark.django_db(transaction=True)  # within a test's transaction there would be savepoints

# Session, person, memberships: after these three come the page's own. A scope comes with the first that needs it.
PAGES = {
    # A list whose filters a person can name reads the own views beside its rows
    "subscriptions:views": 4,
    # What needs attention, and what of it is put off; credits over twelve months, and cost by partner
    "admin-home": 7,
    "subscriptions:attention-snoozed": 5,
    "subscriptions:what-happened": 4,
    "subscriptions:missed-mails": 4,
    "subscriptions:list?order=name": 5,
    "subscriptions:detail": 6,  # beside it, what waits for a day to come, and for a second person
    "subscriptions:approval-list?state=waiting": 5,
    "subscriptions:licenses": 4,
    "subscriptions:recurring-billing": 4,
    "subscriptions:names": 4,
    "subscriptions:cancel": 4,
    "partners:partner-of-record-edit": 4,  # one more where a change waits for a day to come
    "partners:scheduled-list": 5,
    "partners:policy": 9,  # defaults, the list twice, exemptions, and twice what the count needs of them
    "partners:find-partner": 6,  # beside the partners, what the person's open orders hold
    "partners:match-request-new": 4,
    "partners:match-request-list": 5,
    # Beside its partners and their rows: requests that wait, whether a review is due, and offers, answered ones too
    "partners:relationship-list": 10,
    # Beside the relationship: the partner's people, its other relationships, and what happened
    "partners:relationship-detail": 7,
    "partners:relationship-remove-roles": 5,
    "partners:relationship-auto-extend": 4,
    "partners:relationship-review": 5,
    # The partner with its number of credits; its relationships, a page of credits, what waits, who serves, events
    "partners:partner-detail": 10,
    "partners:release-request": 7,
    "subscriptions:audit-log": 6,
    # The list in the scope of addresses; beside it the only Global admin, and the invitations that wait
    "subscriptions:members": 7,
    "subscriptions:members?q=100": 7,
    "subscriptions:sign-in-reset": 4,
    "subscriptions:purchase-services": 6,  # beside the plans, what the person's open orders hold
    "subscriptions:order-list": 5,
    "subscriptions:order-list?q=office": 6,  # beside the list, the subscriptions that have the word
    "subscriptions:order-detail": 4,
    "checkout:products": 6,  # beside the order, the person's other ones
    "checkout:review": 6,
    "checkout:payment": 5,
    "checkout:confirmation": 6,
}

# Session, person, whose person, memberships: after these four the page's own.
# What keeps a reseller from leaving is counted in the organization's scope.
WORKSPACE_PAGES = {
    # What is due in one statement, products with their prices, gained, lost, and whether mails arrive
    "home": 10,  # with what the person has put off
    "attention-snoozed": 6,
    # Beside what ends soon its organizations, and the offers that it came of with their terms
    "company": 10,  # for each ID two of its own
    "offer-renew": 8,
    "template-list": 5,
    "offer-many": 5,
    "offer-rounds": 5,
    "offer-round": 5,
    "match-requests": 6,  # beside the list, the names of services
    "customers": 7,
    "mails": 6,
    "customer": 16,
    "give-up-access": 5,
    "leave-customer": 8,
    # Beside the list: products with their prices, and what is credited of each; of what a filter leaves its value
    "partner-of-record": 9,
    "partner-of-record?order=organization": 9,
    "partner-of-record?country=US": 10,
    "credit-changes?what=gained&month=2026-06": 5,
}

ANSWERED = {"state": "accepted", "decided_at": timezone.now(), "decided_by": "Ada", "decided_terms": "0" * 64}


@pytest.fixture
def make_rows(alpha):
    """So many rows of everything; the last of each is what a page of one thing shows."""

    def make(rows: int) -> dict[str, str]:
        partners = [make_partner(number=str(1000 + number)) for number in range(rows)]
        subscriptions = [make_subscription(tenant=alpha, name=f"Suite {number}") for number in range(rows)]
        for partner, subscription in zip(partners, subscriptions, strict=True):
            make_partner_of_record(subscription=subscription, partner=partner)
            relationship = make_relationship(
                tenant=alpha, partner=partner, expires_on=timezone.now() + timedelta(days=100)
            )
            agent = make_partner_person(partner=partners[-1], email=f"agent-{partner.pk}@partners.example")
            make_audit_event(
                tenant=alpha,
                actor_kind="partner",
                actor=agent,
                actor_partner="Tailspin",
                actor_relationship=relationship.uuid,
                subject_uuid=relationship.uuid,
            )
            reseller = make_relationship(tenant=alpha, partner=partner, kind=RelationshipKind.RESELLER)
            make_release_request(relationship=reseller)
            make_subscription(tenant=alpha, name=f"Managed {partner.pk}", reseller_managed=True)
            reader = make_member(tenant=alpha, role="global-reader", email=f"{partner.number}@alpha.example")
            make_match_request(tenant=alpha, partners=partners[:3])
            make_audit_event(tenant=alpha)
            order = make_order(tenant=alpha, **placed(f"2026-{relationship.pk:06}"))
        with as_owner():
            member = Membership.objects.get(user=reader)
        products = [make_sold_product(name=f"Product {number}") for number in range(rows)]
        draft = make_order(tenant=alpha, product=products[0])
        of_subscription = ("detail", "licenses", "recurring-billing", "names", "cancel", "partner-of-record-edit")
        of_relationship = ("relationship-detail", "relationship-remove-roles", "relationship-auto-extend")
        return {
            **dict.fromkeys(of_subscription, subscription.uuid),
            "order-detail": order.uuid,
            "confirmation": order.uuid,
            "products": draft.uuid,
            "review": draft.uuid,
            "payment": draft.uuid,
            **dict.fromkeys(of_relationship, relationship.uuid),
            "partner-detail": partner.uuid,
            "release-request": reseller.uuid,
            "sign-in-reset": member.uuid,
        }

    return make


def statements(client, url: str) -> list[str]:
    contexts = [CaptureQueriesContext(connection) for connection in connections.all()]
    with contexts[0], contexts[1]:
        assert client.get(url).status_code == 200
    queries = [query["sql"] for context in contexts for query in context.captured_queries]
    return [sql for sql in queries if sql not in {"BEGIN", "COMMIT"}]


@pytest.mark.parametrize("rows", [1, 3, 12])
def test_the_number_of_statements_is_the_same_for_any_number_of_rows(alpha, global_admin, sign_in, make_rows, rows):
    uuids, client = make_rows(rows), sign_in(global_admin)
    counts = {}
    for page in PAGES:
        name, _question, query = page.partition("?")
        given = uuids.get(name.rpartition(":")[2])
        url = reverse(name, args=["alpha", given] if given else ["alpha"])
        counts[page] = len(statements(client, f"{url}?{query}"))
    assert counts == PAGES


@pytest.mark.parametrize("customers", [1, 3, 12])
def test_the_workspace_costs_the_same_for_any_number_of_customers(sign_in, customers):
    partner = make_partner()
    for number in range(customers):
        tenant = make_tenant(slug=f"customer-{number}", name=f"Customer {number}")
        soon = timezone.now() + timedelta(days=20)
        relationship = make_relationship(tenant=tenant, partner=partner, expires_on=soon)
        make_partner_offer(tenant=tenant, partner=partner, name=f"No {number}", relationship=relationship, **ANSWERED)
        make_match_request(tenant=tenant, partners=[partner])
        template = make_offer_template(partner=partner, name=f"No {number}")
        reseller = make_relationship(tenant=tenant, partner=partner, kind=RelationshipKind.RESELLER)
        make_release_request(relationship=reseller)
        since = datetime(2026, 6, 15, tzinfo=UTC)
        make_partner_of_record(subscription=make_subscription(tenant=tenant), partner=partner, since=since)
    offered = make_offer_round(partner=partner, tenants=[tenant] * customers)
    uuids = {
        "offer-many": [template.uuid],
        "offer-round": [offered.uuid],
        "customer": [tenant.uuid],
        "give-up-access": [relationship.uuid],
    }
    uuids["leave-customer"] = [reseller.uuid]
    client, counts = sign_in(make_partner_person(partner=partner)), {}
    for page in WORKSPACE_PAGES:
        name, _question, query = page.partition("?")
        url = reverse(f"workspace:{name}", args=[partner.number, *uuids.get(name, [])])
        counts[page] = len(statements(client, f"{url}?{query}"))
    assert counts == WORKSPACE_PAGES


# The list; of one act its receipt with the groups of its rows; its rows; and a preview
CHANGES_ON_MANY = {
    "bulk-list": 4,
    "bulk": 6,
    "bulk-rows": 5,
    "bulk-preview": 8,
}


@pytest.mark.parametrize("rows", [1, 3, 12])
def test_changes_on_many_cost_the_same_for_any_number_of_rows(alpha, global_admin, sign_in, rows):
    decided = {
        "state": "done",
        "proved": timezone.now(),
        "decided_at": timezone.now(),
        "decided_by": "Alex",
        "ended": timezone.now(),
    }
    suites = [make_subscription(tenant=alpha, name=f"Suite {number}") for number in range(rows)]
    for _number in range(rows):
        done = make_bulk_act(tenant=alpha, user=global_admin, rows=suites, **decided)
    preview = make_bulk_act(tenant=alpha, user=global_admin, rows=suites)
    acts = {"bulk": [done.uuid], "bulk-rows": [done.uuid], "bulk-preview": [preview.uuid]}
    client = sign_in(global_admin)
    counts = {
        name: len(statements(client, reverse(f"subscriptions:{name}", args=["alpha", *acts.get(name, [])])))
        for name in CHANGES_ON_MANY
    }
    assert counts == CHANGES_ON_MANY


@pytest.mark.parametrize(("products", "cost"), [(5, 6), (60, 7), (90, 7)])
def test_a_catalog_of_any_size_costs_the_same_statements(alpha, global_admin, sign_in, products, cost):
    """One of them is the cart's, and one reads the rest of a category that goes on on another page."""
    for number in range(products):
        make_sold_product(name=f"Product {number:03}", has_trial=True)
    url = reverse("subscriptions:purchase-services", args=["alpha"])
    assert len(statements(sign_in(global_admin), url)) == cost


def test_a_person_in_many_organizations_costs_no_more(alpha, beta, global_admin, sign_in):
    make_member(tenant=beta, user=global_admin)
    assert len(statements(sign_in(global_admin), "/")) == 4


@pytest.mark.parametrize("rows", [1, 3, 12])
def test_the_release_requests_of_a_workspace_cost_the_same_for_any_number(db, sign_in, rows):
    """One request is read in two scopes: what blocks it only the organization's own can count."""
    partner = make_partner()
    client = sign_in(make_partner_person(partner=partner, email="agent@tailspin.example"))
    for number in range(rows):
        tenant = make_tenant(slug=f"customer-{number}", name=f"Customer {number}")
        make_subscription(tenant=tenant, reseller_managed=True)
        reseller = make_relationship(tenant=tenant, partner=partner, kind=RelationshipKind.RESELLER)
        asked = make_release_request(relationship=reseller)
    url = reverse("workspace:release-requests", args=[partner.number])
    assert len(statements(client, url)) == 5
    assert len(statements(client, f"{url}{asked.uuid}/")) == 8


# Of the workspace: session, person, who works here, memberships
OFFER_PAGES = {
    "workspace:offer-list": 6,
    "workspace:offer-detail": 10,
}


@pytest.mark.parametrize("rows", [1, 3, 12])
def test_a_partners_offers_cost_the_same_for_any_number_of_rows(sign_in, rows):
    cloud = Cloud.OPERATED_BY_21VIANET
    partner, tenant = make_partner(cloud=cloud), make_tenant(cloud=cloud)
    client = sign_in(make_partner_person(partner=partner))
    for number in range(rows):
        offer = make_partner_offer(
            tenant=tenant,
            partner=partner,
            name=f"Offer {number}",
            credit="named",
            purchase="trial",
            subscriptions=[make_subscription(tenant=tenant, name=f"Suite {number} {other}") for other in range(rows)],
            products=[make_sold_product(cloud=cloud, name=f"Product {other}") for other in range(rows)],
        )
    counts = {
        name: len(statements(client, reverse(name, args=[partner.number, *uuid])))
        for name, uuid in (("workspace:offer-list", []), ("workspace:offer-detail", [offer.uuid]))
    }
    assert counts == OFFER_PAGES
