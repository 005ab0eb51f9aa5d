"""tenantRelationships/delegatedAdminCustomers: the organizations that a partner works with."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from partners.overview import customers
from portal.api.access import access
from portal.api.answers import ApiRequest
from portal.graph import options
from portal.graph.errors import wrong
from portal.graph.operations import needs, takes
from portal.graph.options import ONE
from portal.graph.paging import Source, list_page
from subscriptions.access import Permission
from subscriptions.models import Tenant
from subscriptions.models.people.application import ApplicationScope
from subscriptions.web.paging import Sort

CUSTOMER = ("id", "tenantId", "displayName")


@access(Permission.READ_WORKSPACE)
@needs(ApplicationScope.WORKSPACE_READ)
@takes("$top", "$skiptoken", "$filter", "$count", "$select")
def list_customers(request: ApiRequest) -> dict[str, Any]:
    """The organizations that have a relationship with the partner, or credit it."""
    rows = customers.organizations(request.partner)
    wanted = options.read_conditions(request, ("tenantId", "displayName"))
    if "tenantId" in wanted:
        rows = rows.filter(uuid=_uuid(wanted["tenantId"]))
    if "displayName" in wanted:
        rows = rows.filter(name=str(wanted["displayName"]))
    return list_page(request, [Source(rows)], Sort("name_key"), lambda found: [*map(_customer, found)], CUSTOMER)


@access(Permission.READ_WORKSPACE)
@needs(ApplicationScope.WORKSPACE_READ)
@takes(*ONE)
def read_customer(request: ApiRequest, uuid: UUID) -> dict[str, Any]:
    found = customers.organizations(request.partner).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return options.select(request, [_customer(found)], CUSTOMER)[0]


def _customer(tenant: Tenant) -> dict[str, Any]:
    return {"id": str(tenant.uuid), "tenantId": str(tenant.uuid), "displayName": tenant.name}


def _uuid(text: Any) -> UUID:
    try:
        return UUID(str(text))
    except ValueError as error:
        raise wrong(_("This is no ID of the portal."), "invalid", "$filter") from error
