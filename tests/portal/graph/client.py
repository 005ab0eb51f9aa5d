"""A program with a token that speaks as Graph's clients do."""

from typing import Any

from django.test import Client

from partners.models import Partner
from subscriptions.models import Tenant
from tests.factories.applications import make_application, make_token

ASKED = "tenantRelationships/delegatedAdminRelationships"
OF_TENANT = ("subscriptions.read", "partner-of-record.write", "relationships.read")
OF_PARTNER = ("workspace.read", "offers.read", "offers.write", "relationships.read", "relationships.write")


class Program:
    def __init__(self, token: str, base: str = "/graph/v1.0/"):
        self.token, self.base = token, base
        self.client = Client(headers={"authorization": f"Bearer {token}", "accept-language": "en"})

    def __call__(self, method: str, path: str, body: Any = None, *, match: str | None = None, **headers: str):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if match is not None:
            sent["if-match"] = match
        content: dict[str, Any] = {}
        if body is not None:
            content = {"data": body, "content_type": "application/json"}
        url = path if path.startswith("/") else self.base + path
        return getattr(self.client, method)(url, headers=sent, **content)


def of_tenant(tenant: Tenant, scopes=OF_TENANT, **fields) -> Program:
    return Program(make_token(make_application(tenant=tenant, scopes=scopes, **fields)))


def of_partner(partner: Partner, scopes=OF_PARTNER, **fields) -> Program:
    return Program(make_token(make_application(partner=partner, scopes=scopes, **fields)))


def error_of(response) -> dict[str, Any]:
    """What is wrong, in Graph's shape alone."""
    told = response.json()
    assert list(told) == ["error"]
    assert {"code", "message", "innerError"} <= told["error"].keys()
    assert {"date", "request-id", "client-request-id", "reasonCode"} <= told["error"]["innerError"].keys()
    return told["error"]


def reason_of(response) -> str:
    return error_of(response)["innerError"]["reasonCode"]
