"""Microsoft Graph's own client for Python: subscriptions with their partner of record, and a partner's request."""

import asyncio
from contextlib import contextmanager
from datetime import timedelta

import httpx
from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    BaseBearerTokenAuthenticationProvider,
)
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphServiceClient
from msgraph.generated.directory.subscriptions.subscriptions_request_builder import SubscriptionsRequestBuilder
from msgraph.generated.models.company_subscription import CompanySubscription
from msgraph.generated.models.delegated_admin_access_details import DelegatedAdminAccessDetails
from msgraph.generated.models.delegated_admin_relationship import DelegatedAdminRelationship
from msgraph.generated.models.delegated_admin_relationship_customer_participant import (
    DelegatedAdminRelationshipCustomerParticipant,
)
from msgraph.generated.models.delegated_admin_relationship_request import DelegatedAdminRelationshipRequest
from msgraph.generated.models.delegated_admin_relationship_request_action import (
    DelegatedAdminRelationshipRequestAction,
)
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.unified_role import UnifiedRole
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph_core import GraphClientFactory
from msgraph_core.tasks.page_iterator import PageIterator

from tests.clients.place import Place, read, say, undo_by_the_api

BILLING = "b0f54661-2d74-4c50-afa3-1ec803f12efe"


class Static(AccessTokenProvider):
    def __init__(self, place: Place, token: str):
        self.place, self.token = place, token

    async def get_authorization_token(self, uri, additional_authentication_context=None):
        return self.token

    def get_allowed_hosts_validator(self):
        return AllowedHostsValidator([self.place.host])


def client_of(place: Place, token: str) -> GraphServiceClient:
    http = GraphClientFactory.create_with_default_middleware(client=httpx.AsyncClient(verify=place.certificate))
    adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(Static(place, token)), client=http)
    adapter.base_url = f"{place.site}/graph/v1.0"
    return GraphServiceClient(request_adapter=adapter)


def seen(tag: str | None) -> RequestConfiguration:
    config = RequestConfiguration()
    if tag:
        config.headers.add("If-Match", tag)
    return config


def named(number: str | None) -> CompanySubscription:
    partner = {"partnerId": number} if number else None
    return CompanySubscription(additional_data={"partnerOfRecord": partner})


def tag_of(row) -> str:
    return row.additional_data["@odata.etag"]


@contextmanager
def refused(step: str):
    try:
        yield
    except ODataError as error:
        inner = error.error.inner_error.additional_data
        say(step, f"{error.response_status_code} {inner['reasonCode']}: {error.error.message}")
    else:
        raise AssertionError(f"{step}: nothing was refused")


async def partner_of_record(place: Place) -> None:
    graph = client_of(place, place.token)
    query = SubscriptionsRequestBuilder.SubscriptionsRequestBuilderGetQueryParameters(top=3, count=True)
    page = await graph.directory.subscriptions.get(RequestConfiguration(query_parameters=query))
    found = []
    await PageIterator(page, graph.request_adapter).iterate(lambda row: found.append(row) or True)
    assert len(found) == page.odata_count, (len(found), page.odata_count)
    say("list by $top=3", f"{page.odata_count} subscriptions by following nextLink")
    one = graph.directory.subscriptions.by_company_subscription_id(place.subscription)
    row = await one.get()
    first = row.additional_data["partnerOfRecord"]
    say("get", f"{row.sku_part_number}, {row.status}, partner of record {first and first['partnerId']}")
    by_key = await graph.directory.subscriptions_with_commerce_subscription_id(place.subscription).get()
    assert by_key.id == row.id
    with refused("check (unknown ID)"):
        await one.patch(named("9999999"), seen(tag_of(row)))
    with refused("set without If-Match"):
        await one.patch(named(place.partner_number), seen(None))
    changed = await one.patch(named(place.partner_number), seen(tag_of(row)))
    say("set", changed.additional_data["partnerOfRecord"]["displayName"])
    with refused("set with a stale tag"):
        await one.patch(named(None), seen(tag_of(row)))
    cleared = await one.patch(named(None), seen(tag_of(changed)))
    say("clear", cleared.additional_data["partnerOfRecord"])
    undo_by_the_api(place)
    row = await one.get()
    if first:
        back = await one.patch(named(first["partnerId"]), seen(tag_of(row)))
        say("put back", back.additional_data["partnerOfRecord"]["displayName"])


async def offer(place: Place) -> None:
    graph = client_of(place, place.partner_token)
    asked = graph.tenant_relationships.delegated_admin_relationships
    made = await asked.post(
        DelegatedAdminRelationship(
            display_name="By msgraph-sdk",
            duration=timedelta(days=730),
            customer=DelegatedAdminRelationshipCustomerParticipant(tenant_id=place.customer),
            access_details=DelegatedAdminAccessDetails(unified_roles=[UnifiedRole(role_definition_id=BILLING)]),
        )
    )
    say("offer: draft", f"{made.status.value}, {made.duration}, for {made.customer.display_name}")
    one = asked.by_delegated_admin_relationship_id(made.id)
    changed = await one.patch(DelegatedAdminRelationship(duration=timedelta(days=30)), seen(tag_of(made)))
    say("offer: change", changed.duration)
    act = DelegatedAdminRelationshipRequestAction
    sent = await one.requests.post(DelegatedAdminRelationshipRequest(action=act.LockForApproval))
    say("offer: send", f"{sent.status}, then {(await one.get()).status.value}")
    with refused("offer: approve"):
        await one.requests.post(DelegatedAdminRelationshipRequest(action=act.Approve))
    await one.requests.post(DelegatedAdminRelationshipRequest(action=act.Terminate))
    say("offer: terminate", (await one.get()).status.value)


async def main() -> None:
    place = read()
    await partner_of_record(place)
    await offer(place)


if __name__ == "__main__":
    asyncio.run(main())
