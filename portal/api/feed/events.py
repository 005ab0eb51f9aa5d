"""Events in the order of their commits, as CloudEvents: whoever comes back with the last cursor misses none."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from portal.api.access import access
from portal.api.answers import ApiRequest
from portal.api.feed.webhook_shapes import cursor_sent
from portal.api.formats import Moment, OpenText
from portal.api.kinds import INVALID
from portal.api.paging import LONGEST_PAGE, USUAL_PAGE
from portal.api.problems import Problem, Wrong, absolute
from subscriptions.access import Permission
from subscriptions.audit.feed import START, Feed, find_event, position_of, read_feed, write_cursor
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.people.application import ApplicationScope
from subscriptions.webhooks.messages import of_organization, of_partner

V = TypeVar("V", bound=Callable[..., Any])


class CloudEvent(Schema):
    """An event as webhooks send it (CloudEvents 1.0)."""

    specversion: str
    id: str
    source: str
    type: OpenText = Field(examples=["partner_of_record.changed"])
    subject: str
    time: Moment
    timestamp: Moment
    datacontenttype: str
    data: dict[str, Any]


class FeedPage(Schema):
    """`cursor` is for the next call, also where there is nothing new yet."""

    data: list[CloudEvent]
    cursor: str
    more: bool = Field(description="Whether the next page has something already.")


class FeedQuery(Schema):
    model_config = ConfigDict(extra="forbid")

    after: str | None = Field(default=None, max_length=500, description="The cursor of the page before.")
    limit: int = Field(default=USUAL_PAGE, ge=1, le=LONGEST_PAGE)
    type: str | None = Field(default=None, max_length=40, description="Of this type alone.")


@dataclass(frozen=True)
class Place:
    """Whose feed it is, and how an event is told there."""

    permission: Permission
    feed: Callable[[ApiRequest], Feed]
    told: Callable[[ApiRequest, Any], dict[str, Any]]
    prefix: str = ""

    def named(self, view: V) -> V:
        view.__name__ = view.__name__.replace("event", f"{self.prefix}event")
        return view


def _of_organization(request: ApiRequest) -> Feed:
    """The organization's own; a partner reads in its workspace what is about its ties."""
    if request.actor.is_partner:
        raise Http404
    return Feed(tenant_id=request.tenant.pk)


def _of_partner(request: ApiRequest) -> Feed:
    application = request.actor.application
    assert application is not None  # noqa: S101 - nobody else calls here
    application.may_use(ApplicationScope.EVENTS_READ).require()
    return Feed(partner_number=request.partner.number)


OF_TENANT = Place(
    Permission.READ_AUDIT_LOG, _of_organization, lambda request, event: of_organization(event, request.tenant)
)
OF_PARTNER = Place(Permission.READ_WORKSPACE, _of_partner, lambda request, event: of_partner(event), "partner_")


def router_of(place: Place) -> Router:
    router = Router(tags=["Events"])

    @router.get("/events", response=FeedPage)
    @access(place.permission)
    @place.named
    def list_events(request: ApiRequest, query: Query[FeedQuery]):
        """The next events, the oldest first; without a cursor from the first one on. None is ever purged."""
        return _page(request, place, query)

    @router.get("/events/{uuid:uuid}", response=CloudEvent)
    @access(place.permission)
    @place.named
    def read_event(request: ApiRequest, uuid: UUID):
        """One event, by the id that a webhook was sent."""
        event = find_event(place.feed(request), uuid)
        if event is None:
            raise Http404
        return place.told(request, event)

    return router


def _page(request: ApiRequest, place: Place, query: FeedQuery) -> dict[str, Any]:
    feed = place.feed(request)
    after = cursor_sent(feed, query.after, parameter="after") if query.after else START
    found = read_feed(feed, after=after, limit=query.limit + 1, kinds=_kinds(query.type))
    more, rows = len(found) > query.limit, found[: query.limit]
    cursor = write_cursor(feed, position_of(rows[-1]) if rows else after)
    if more:
        asked = request.GET.copy()
        asked["after"] = cursor
        url = absolute(f"{request.path}?{asked.urlencode()}")
        request.answered.headers["Link"] = f'<{url}>; rel="next"'
    return {"data": [place.told(request, row) for row in rows], "cursor": cursor, "more": more}


def _kinds(type_: str | None) -> list[str]:
    if type_ is None:
        return []
    kind = type_.replace("_", "-")
    if kind not in AuditKind.values:
        raise Problem(INVALID, errors=[Wrong(_("There is no such type."), "unknown", parameter="type")])
    return [kind]
