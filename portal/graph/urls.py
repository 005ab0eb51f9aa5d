"""The addresses of the facade: what each does by method, for an organization's and for a partner's application."""

from django.urls import path, re_path

from portal.graph import customers, drafts, organization, relationship_lists, requests, subscriptions
from portal.graph.frame import nothing_here, resource
from portal.graph.operations import ORGANIZATION, PARTNER

ONE_SUBSCRIPTION = resource(
    GET={ORGANIZATION: subscriptions.read_subscription},
    PATCH={ORGANIZATION: subscriptions.change_subscription},
)
ASKED = "tenantRelationships/delegatedAdminRelationships"

urlpatterns = [
    path(
        "directory/subscriptions",
        resource(GET={ORGANIZATION: subscriptions.list_subscriptions}),
        name="graph-subscriptions",
    ),
    path("directory/subscriptions/<str:uuid>", ONE_SUBSCRIPTION, name="graph-subscription"),
    path(
        "directory/subscriptions(commerceSubscriptionId='<str:uuid>')",
        ONE_SUBSCRIPTION,
        name="graph-subscription-by-key",
    ),
    path(
        ASKED,
        resource(
            GET={ORGANIZATION: relationship_lists.list_of_organization, PARTNER: relationship_lists.list_of_partner},
            POST={PARTNER: drafts.create},
        ),
        name="graph-relationships",
    ),
    path(
        f"{ASKED}/<uuid:uuid>",
        resource(
            GET={ORGANIZATION: relationship_lists.read_of_organization, PARTNER: relationship_lists.read_of_partner},
            PATCH={PARTNER: drafts.change},
            DELETE={PARTNER: drafts.discard},
        ),
        name="graph-relationship",
    ),
    path(
        f"{ASKED}/<uuid:uuid>/requests",
        resource(
            GET={ORGANIZATION: requests.list_of_organization, PARTNER: requests.list_of_partner},
            POST={ORGANIZATION: requests.ask_of_organization, PARTNER: requests.ask_of_partner},
        ),
        name="graph-requests",
    ),
    path(
        f"{ASKED}/<uuid:uuid>/requests/<uuid:request_id>",
        resource(GET={ORGANIZATION: requests.read_of_organization, PARTNER: requests.read_of_partner}),
        name="graph-request",
    ),
    path(
        "tenantRelationships/delegatedAdminCustomers",
        resource(GET={PARTNER: customers.list_customers}),
        name="graph-customers",
    ),
    path(
        "tenantRelationships/delegatedAdminCustomers/<uuid:uuid>",
        resource(GET={PARTNER: customers.read_customer}),
        name="graph-customer",
    ),
    path("subscribedSkus", resource(GET={ORGANIZATION: organization.list_skus}), name="graph-skus"),
    path(
        "organization",
        resource(GET={ORGANIZATION: organization.list_organization, PARTNER: organization.list_company}),
        name="graph-organizations",
    ),
    path(
        "organization/<uuid:uuid>",
        resource(GET={ORGANIZATION: organization.read_organization, PARTNER: organization.read_company}),
        name="graph-organization",
    ),
    re_path("", nothing_here, name="graph-nothing"),
]
