"""Webhooks of an organization and of a partner: the same operations, each with the acts of its own pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from ninja import Query, Router

from partners.webhooks import workspace
from portal.api.access import WRITES, access
from portal.api.answers import ApiRequest
from portal.api.feed import webhook_shapes as shapes
from portal.api.feed.webhook_shapes import (
    DeliveryOut,
    DeliveryPage,
    DeliveryQuery,
    From,
    FromCursor,
    NewSecret,
    OnOrOff,
    ToldInTheAnswer,
    WebhookBody,
    WebhookOut,
    WebhookPage,
)
from portal.api.paging import Paging
from portal.api.tenants.partner_of_record import Version
from subscriptions.access import Permission
from subscriptions.webhooks import pages
from subscriptions.webhooks.reads import Owner

V = TypeVar("V", bound=Callable[..., Any])
BY_UUID = "/webhooks/{uuid:uuid}"


@dataclass(frozen=True)
class Place:
    """Whose they are: the pages of their acts, and how an operation is called there."""

    pages: Any
    permission: Permission
    owner: Callable[[ApiRequest], Owner]
    whose: Callable[[ApiRequest], dict[str, str]]
    beginning: str
    prefix: str = ""

    def act(self, name: str, request: ApiRequest, *joined: type, **more: UUID) -> Any:
        act = getattr(self.pages, name)
        kind = type(name, (*joined, act), {}) if joined else act
        return kind(request, **self.whose(request), **more)

    def address(self, request: ApiRequest) -> str:
        (value,) = self.whose(request).values()
        return f"{self.beginning}{value}"

    def named(self, view: V) -> V:
        view.__name__ = view.__name__.replace("webhook", f"{self.prefix}webhook")
        return view


OF_TENANT = Place(
    pages,
    Permission.KEEP_WEBHOOKS,
    lambda request: Owner(tenant=request.tenant),
    lambda request: {"slug": request.tenant.slug},
    "/api/v1/t/",
)
OF_PARTNER = Place(
    workspace,
    Permission.KEEP_PARTNERS_WEBHOOKS,
    lambda request: Owner(partner=request.partner),
    lambda request: {"number": request.partner.number},
    "/api/v1/p/",
    "partner_",
)


def router_of(place: Place) -> Router:
    router = Router(tags=["Webhooks"])
    _add_reading(router, place)
    _add_keeping(router, place)
    _add_switching(router, place)
    _add_sending(router, place)
    return router


def _add_reading(router: Router, place: Place) -> None:
    reads = access(place.permission)

    @router.get("/webhooks", response=WebhookPage)
    @reads
    @place.named
    def list_webhooks(request: ApiRequest, query: Query[Paging]):
        """Where events are sent."""
        return shapes.listed(request, place.owner(request), query)

    @router.get(BY_UUID, response=WebhookOut)
    @reads
    @place.named
    def read_webhook(request: ApiRequest, uuid: UUID):
        """One of them; its ETag is the version to be sent with a change."""
        return shapes.one(request, place.owner(request), uuid)

    @router.get(f"{BY_UUID}/deliveries", response=DeliveryPage)
    @reads
    @place.named
    def list_webhook_deliveries(request: ApiRequest, uuid: UUID, query: Query[DeliveryQuery]):
        """Each try of the last 30 days, the newest first."""
        return shapes.deliveries(request, place.owner(request), uuid, query)

    @router.get(f"{BY_UUID}/deliveries/{{uuid:delivery_id}}", response=DeliveryOut)
    @reads
    @place.named
    def read_webhook_delivery(request: ApiRequest, uuid: UUID, delivery_id: UUID):
        """One try."""
        return shapes.delivery(place.owner(request), uuid, delivery_id)


def _add_keeping(router: Router, place: Place) -> None:
    writes = access(place.permission, kind=WRITES)

    @router.post("/webhooks", response={201: NewSecret})
    @writes
    @place.named
    def add_webhook(request: ApiRequest, body: WebhookBody):
        """Sends each event there from now on. The answer alone says the secret."""
        act = place.act("AddWebhook", request, ToldInTheAnswer)
        return shapes.added(request, act, body, place.address(request))

    @router.put(BY_UUID, response=WebhookOut)
    @writes
    @place.named
    def change_webhook(request: ApiRequest, uuid: UUID, body: WebhookBody):
        """Says all of it anew."""
        return shapes.changed(request, place.act("ChangeWebhook", request, uuid=uuid), body)

    @router.delete(BY_UUID, response={204: None})
    @writes
    @place.named
    def delete_webhook(request: ApiRequest, uuid: UUID):
        """With all that still waits for it."""
        return shapes.deleted(request, place.act("DeleteWebhook", request, uuid=uuid))


def _add_switching(router: Router, place: Place) -> None:
    writes = access(place.permission, kind=WRITES)

    @router.post(f"{BY_UUID}/secret", response=NewSecret)
    @writes
    @place.named
    def renew_webhook_secret(request: ApiRequest, uuid: UUID, body: Version | None = None):
        """Makes a new secret, which the answer alone says. The old one signs too for 24 hours."""
        return shapes.renewed(request, place.act("NewSecret", request, ToldInTheAnswer, uuid=uuid), body)

    @router.post(f"{BY_UUID}/switch", response=WebhookOut)
    @writes
    @place.named
    def switch_webhook(request: ApiRequest, uuid: UUID, body: OnOrOff):
        """Turned on, it gets what happened meanwhile too."""
        return shapes.switched(request, place.act("SwitchWebhook", request, uuid=uuid), body)


def _add_sending(router: Router, place: Place) -> None:
    writes = access(place.permission, kind=WRITES)

    @router.post(f"{BY_UUID}/test", response={202: DeliveryOut})
    @writes
    @place.named
    def test_webhook(request: ApiRequest, uuid: UUID):
        """Sends a message that is no event. What came of it is read at the Location some seconds later."""
        return shapes.tried(request, place.act("TestWebhook", request, uuid=uuid), place.address(request))

    @router.post(f"{BY_UUID}/replay", response=WebhookOut)
    @writes
    @place.named
    def replay_webhook(request: ApiRequest, uuid: UUID, body: From):
        """Sends events once more, each once and in order: from a day on, or behind a cursor."""
        return shapes.replayed(request, place.act("Replay", request, FromCursor, uuid=uuid), body)

    @router.post("/webhook-deliveries/{uuid:uuid}/send-again", response={204: None})
    @writes
    @place.named
    def send_webhook_delivery_again(request: ApiRequest, uuid: UUID):
        """The same message, under the same ID and signed anew."""
        return shapes.sent_again(request, place.act("SendAgain", request, uuid=uuid))
