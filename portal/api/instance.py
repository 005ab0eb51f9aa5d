"""The API itself: every operation of its rooms, and the document that describes them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from portal.api import me
from portal.api.auth import Bearer
from portal.api.bodies import StrictParser
from portal.api.calls import around
from portal.api.feed import events, webhooks
from portal.api.files import exports
from portal.api.openapi import completed
from portal.api.partners import customers, offer_rounds, offers, release_requests
from portal.api.tenants import (
    approvals,
    audit_log,
    imports,
    members,
    operations,
    orders,
    partner_checks,
    partner_of_record,
    partner_policy,
    relationships,
    scheduled_changes,
    subscription_acts,
    subscriptions,
)
from subscriptions.access import Permission
from subscriptions.access.scopes import scopes_with


class Api(NinjaAPI):
    """Problems rise through the scope, which takes back what was written; `around` answers them."""

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        raise exc

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        """In English, whoever reads it; descriptions are the operations' own."""
        operations = [each for bound in self._get_bound_routers() for each in _operations(bound)]
        kinds = {self.get_openapi_operation_id(each): each.view_func.access.kind for each in operations}
        scopes = {
            self.get_openapi_operation_id(each): _scopes(each.view_func.access.permission) for each in operations
        }
        return completed(dict(super().get_openapi_schema(path_prefix="api/v1/")), kinds, scopes)

    def get_openapi_operation_id(self, operation: Any) -> str:
        return operation.view_func.__name__


def _scopes(permission: Permission | None) -> list[str]:
    """Each of which alone is enough."""
    return [] if permission is None else [scope.value for scope in scopes_with(permission)]


def _operations(bound: Any) -> list[Any]:
    return [operation for view in bound.path_operations.values() for operation in view.operations]


api = Api(
    title="API of the portal",
    version="1",
    parser=StrictParser(),
    auth=Bearer(),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
api.add_decorator(around, mode="view")
IN_TENANT, IN_WORKSPACE = "/t/{slug:slug}", "/p/{slug:number}"
OF_TENANTS = (
    *(subscriptions, partner_of_record, partner_checks, subscription_acts, scheduled_changes, partner_policy),
    *(relationships, orders, approvals, operations, imports, members, audit_log),
)
OF_PARTNERS = (customers, offers, offer_rounds, release_requests)
api.add_router("", me.router)
for room in OF_TENANTS:
    api.add_router(IN_TENANT, room.router)
for room in OF_PARTNERS:
    api.add_router(IN_WORKSPACE, room.router)
for shared in (webhooks, events, exports):
    api.add_router(IN_TENANT, shared.router_of(shared.OF_TENANT))
    api.add_router(IN_WORKSPACE, shared.router_of(shared.OF_PARTNER))
