"""Reading delegatedAdminRelationships: all of them in one list, and one with its terms."""

from typing import Any
from uuid import UUID

from partners.offers.reads import Content
from portal.api.access import access
from portal.api.answers import ApiRequest
from portal.graph import options
from portal.graph.operations import needs, takes
from portal.graph.options import LISTED, ONE
from portal.graph.paging import Source, list_page
from portal.graph.relationships import (
    PROPERTIES,
    STATES,
    Asked,
    describe,
    find,
    in_status,
    offers_of,
    ties_of,
    with_ties,
)
from subscriptions.access import Permission
from subscriptions.models.people.application import ApplicationScope
from subscriptions.web.paging import Sort

SORTS = {"createdDateTime": "created"}


def _listed(request: ApiRequest) -> dict[str, Any]:
    wanted = options.read_conditions(request, ("status",))
    order = options.read_order(request, SORTS)
    sources = [Source(offers_of(request), "offer"), Source(ties_of(request), "tie")]
    if "status" in wanted:
        chosen = in_status(options.one_of(wanted["status"], STATES, "status"))
        sources = [
            Source(each.rows.filter(condition), each.name) for each, condition in zip(sources, chosen, strict=True)
        ]
    sort = Sort("created", order is None or order.descending)
    return list_page(request, sources, sort, lambda rows: [*map(describe, with_ties(rows))], PROPERTIES)


def _read(request: ApiRequest, uuid: UUID) -> dict[str, Any]:
    asked = find(request, uuid)
    (told,) = options.select(request, [describe_whole(asked)], PROPERTIES)
    request.answered.version = asked.version
    return told


def describe_whole(asked: Asked) -> dict[str, Any]:
    """With the terms, which only somebody reads who has chosen it."""
    if asked.offer is None:
        return describe(asked)
    return describe(asked) | {"terms": Content(asked.offer).terms.html}


@access(Permission.READ_WORKSPACE)
@needs(ApplicationScope.OFFERS_READ)
@takes(*LISTED)
def list_of_partner(request: ApiRequest) -> dict[str, Any]:
    return _listed(request)


@access(Permission.READ_RELATIONSHIPS)
@takes(*LISTED)
def list_of_organization(request: ApiRequest) -> dict[str, Any]:
    return _listed(request)


@access(Permission.READ_WORKSPACE)
@needs(ApplicationScope.OFFERS_READ)
@takes(*ONE)
def read_of_partner(request: ApiRequest, uuid: UUID) -> dict[str, Any]:
    return _read(request, uuid)


@access(Permission.READ_RELATIONSHIPS)
@takes(*ONE)
def read_of_organization(request: ApiRequest, uuid: UUID) -> dict[str, Any]:
    return _read(request, uuid)
