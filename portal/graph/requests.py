"""delegatedAdminRelationships/{id}/requests: to ask for approval, or to end what was asked for or granted.

An answer is a person's, so it is never taken here.
"""

from typing import Any, Literal
from uuid import UUID, uuid5

from django.http import Http404

from partners.offers.workspace.acts import Send, Withdraw
from partners.relationships.pages.acts import End
from partners.relationships.workspace import GiveUpAccess
from portal.api.access import WRITES, access
from portal.api.acts import perform
from portal.api.answers import ApiRequest
from portal.graph import bodies, options
from portal.graph.formats import moment
from portal.graph.frame import application_of
from portal.graph.operations import needs, takes
from portal.graph.options import ONE
from portal.graph.relationships import Asked, find
from subscriptions.access import Permission
from subscriptions.models.people.application import ApplicationScope

LOCK, APPROVE, TERMINATE, REJECT = "lockForApproval", "approve", "terminate", "reject"
PROPERTIES = ("id", "action", "status", "createdDateTime", "lastModifiedDateTime")


class Action(bodies.Body):
    action: Literal["lockForApproval", "approve", "terminate", "reject"]


@access(Permission.READ_WORKSPACE, kind=WRITES)
def ask_of_partner(request: ApiRequest, uuid: UUID) -> Any:
    """Sends a draft, withdraws what waits, or gives up what was granted."""
    asked = find(request, uuid)
    action = bodies.read(request, Action).action
    address = {"number": request.partner.number, "uuid": asked.row.uuid}
    if action in (APPROVE, REJECT):
        application_of(request).never("workspace:offer-list").require()
    if asked.tie:
        perform(request, GiveUpAccess(request, **address | {"uuid": asked.tie.uuid}), {})
    else:
        request.seen = str(asked.offer.version)
        perform(request, (Send if action == LOCK else Withdraw)(request, **address), {})
    return 201, _made(find(request, uuid), action)


@access(Permission.READ_RELATIONSHIPS, kind=WRITES)
def ask_of_organization(request: ApiRequest, uuid: UUID) -> Any:
    """Ends what was granted, where its role and scopes let it."""
    asked = find(request, uuid)
    action = bodies.read(request, Action).action
    if action == TERMINATE and asked.tie:
        perform(request, End(request, slug=request.tenant.slug, uuid=asked.tie.uuid), {})
        return 201, _made(find(request, uuid), action)
    request.actor.may(Permission.ANSWER_OFFERS if action != LOCK else Permission.MAKE_OFFERS).require()
    raise Http404


@access(Permission.READ_WORKSPACE)
@needs(ApplicationScope.OFFERS_READ)
@takes(*ONE)
def list_of_partner(request: ApiRequest, uuid: UUID) -> dict[str, Any]:
    return _listed(request, uuid)


@access(Permission.READ_RELATIONSHIPS)
@takes(*ONE)
def list_of_organization(request: ApiRequest, uuid: UUID) -> dict[str, Any]:
    return _listed(request, uuid)


@access(Permission.READ_WORKSPACE)
@needs(ApplicationScope.OFFERS_READ)
@takes(*ONE)
def read_of_partner(request: ApiRequest, uuid: UUID, request_id: UUID) -> dict[str, Any]:
    return _one(request, uuid, request_id)


@access(Permission.READ_RELATIONSHIPS)
@takes(*ONE)
def read_of_organization(request: ApiRequest, uuid: UUID, request_id: UUID) -> dict[str, Any]:
    return _one(request, uuid, request_id)


def _listed(request: ApiRequest, uuid: UUID) -> dict[str, Any]:
    return {"value": options.select(request, _made_of(find(request, uuid)), PROPERTIES)}


def _one(request: ApiRequest, uuid: UUID, request_id: UUID) -> dict[str, Any]:
    found = [each for each in _made_of(find(request, uuid)) if each["id"] == str(request_id)]
    if not found:
        raise Http404
    return options.select(request, found, PROPERTIES)[0]


def _made_of(asked: Asked) -> list[dict[str, Any]]:
    """What was asked for so far, as the offer and the relationship tell it."""
    offer, tie = asked.offer, asked.tie
    done = [(LOCK, offer.sent_at), (APPROVE, offer.decided_at if tie else None)] if offer else []
    ended = tie.ended_at if tie else offer.withdrawn_at
    return [_told(asked, action, at) for action, at in [*done, (TERMINATE, ended)] if at]


def _made(asked: Asked, action: str) -> dict[str, Any]:
    return next(each for each in _made_of(asked) if each["action"] == action)


def _told(asked: Asked, action: str, at: Any) -> dict[str, Any]:
    return {
        "id": str(uuid5(asked.row.uuid, action)),
        "action": action,
        "status": "succeeded",
        "createdDateTime": moment(at),
        "lastModifiedDateTime": moment(at),
    }
