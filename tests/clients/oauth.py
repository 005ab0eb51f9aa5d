"""Authlib and Microsoft's azure-identity get tokens by OAuth 2; msgraph-sdk reads by what azure-identity got."""

import asyncio
import warnings

import httpx
from authlib.integrations.httpx_client import OAuth2Client, OAuthError
from azure.core.pipeline.transport import RequestsTransport
from azure.identity import ClientSecretCredential
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphServiceClient
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph_core import GraphClientFactory

from tests.clients.place import Place, read, say


def client_id(place: Place) -> str:
    sent = {"Authorization": f"Bearer {place.token}"}
    return httpx.get(f"{place.site}/api/v1/me", headers=sent, verify=place.certificate).json()["id"]


def by_authlib(place: Place, client: str) -> None:
    address = f"{place.site}/api/oauth/token"
    with OAuth2Client(client, place.token, scope="subscriptions.read", verify=place.certificate) as session:
        token = session.fetch_token(address, grant_type="client_credentials")
        say("Authlib: token", f"{token['token_type']}, {token['expires_in']} s, {token['scope']}")
        at = f"{place.site}/api/v1/t/{place.slug}/subscriptions"
        say("Authlib: list", f"{len(session.get(at, params={'limit': 200}).raise_for_status().json()['data'])}")
        undone = session.post(f"{at}/{place.subscription}/partner-of-record/undo", headers={"Idempotency-Key": "1"})
        say("Authlib: undo", f"{undone.status_code} {undone.json()['code']}")
    for step, secret, scope in (("wrong secret", "por_x", None), ("scope beyond", place.token, "members.read")):
        with OAuth2Client(client, secret, scope=scope, verify=place.certificate) as session:
            try:
                session.fetch_token(address, grant_type="client_credentials")
            except OAuthError as error:
                say(f"Authlib: {step}", error.error)
            else:
                raise AssertionError(f"{step}: nothing was refused")


async def by_azure_identity(place: Place, client: str) -> None:
    credential = ClientSecretCredential(
        "api",
        client,
        place.token,
        authority=place.site,
        disable_instance_discovery=True,
        transport=RequestsTransport(connection_verify=place.certificate),
    )
    scope = f"{place.site}/.default"
    say("azure-identity: token", credential.get_token(scope).token[:4] + "…")
    provider = AzureIdentityAuthenticationProvider(credential, scopes=[scope], allowed_hosts=[place.host])
    http = GraphClientFactory.create_with_default_middleware(client=httpx.AsyncClient(verify=place.certificate))
    adapter = GraphRequestAdapter(provider, client=http)
    adapter.base_url = f"{place.site}/graph/v1.0"
    page = await GraphServiceClient(request_adapter=adapter).directory.subscriptions.get()
    say("msgraph-sdk by it", f"{len(page.value)} subscriptions")


def main() -> None:
    warnings.simplefilter("ignore")  # Authlib prefers another httpx than the one that all use
    place = read()
    client = client_id(place)
    by_authlib(place, client)
    asyncio.run(by_azure_identity(place, client))


if __name__ == "__main__":
    main()
