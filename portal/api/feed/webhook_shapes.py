"""Webhooks as programs keep them, alike for an organization and for a partner: what is said and what is answered."""

import json
from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.responses import Status
from pydantic import Field

from portal.api.acts import perform
from portal.api.answers import ApiRequest
from portal.api.bodies import Body
from portal.api.formats import Moment, OpenText
from portal.api.kinds import BAD_CURSOR, INVALID
from portal.api.paging import Found, Paging, cut
from portal.api.problems import Problem, Wrong, absolute
from subscriptions.audit.feed import Feed, InvalidCursor, Position, read_cursor
from subscriptions.models import WebhookDelivery, WebhookEndpoint
from subscriptions.web.acts import Act
from subscriptions.web.forms import ActForm, DayField
from subscriptions.web.paging import Sort
from subscriptions.webhooks import acts as webhooks
from subscriptions.webhooks.acts import Added
from subscriptions.webhooks.reads import Owner, deliveries_of, endpoints_of, find_endpoint, with_outcome

ANY_KIND = "None for all kinds, new ones too."


class WebhookOut(Schema):
    """Where events are sent. Its secret is never read."""

    id: str
    label: str
    url: str
    kinds: list[OpenText] = Field(description=ANY_KIND)
    state: OpenText = Field(examples=["on", "off"])
    why_off: OpenText
    failing_since: Moment | None
    off_since: Moment | None
    old_secret_until: Moment | None
    added: Moment
    added_by: str
    version: int


class WebhookPage(Found):
    data: list[WebhookOut]


class WebhookBody(Body):
    """All of it."""

    label: str = Field(max_length=200)
    url: str = Field(max_length=2_000, description="https, of the public internet.")
    kinds: list[str] = Field(max_length=200, description=ANY_KIND)
    version: int | None = Field(default=None, description="In the place of If-Match.")


class NewSecret(Schema):
    """The secret is said here and nowhere else, and not again to the same Idempotency-Key."""

    id: str
    version: int
    secret: str | None
    note: str


class DeliveryOut(Schema):
    """One try. Of what the receiver said its number is kept."""

    id: str
    message_id: str = Field(description="The header webhook-id, and the id of the event.")
    kind: OpenText
    cause: OpenText
    attempt: int
    due: Moment
    tried: Moment | None
    outcome: OpenText
    status: int | None
    milliseconds: int
    next: Moment | None = Field(description="When it is tried again.")


class DeliveryPage(Found):
    data: list[DeliveryOut]


class DeliveryQuery(Paging):
    outcome: Literal["waiting", "failed", "delivered"] | None = None


class From(Body):
    """A day on which to begin, or a cursor of the feed behind which."""

    since: str | None = Field(default=None, max_length=10, examples=["2026-12-01"])
    after: str | None = Field(default=None, max_length=500)
    version: int | None = Field(default=None, description="In the place of If-Match.")


class OnOrOff(Body):
    on: bool
    version: int | None = Field(default=None, description="In the place of If-Match.")


class ToldInTheAnswer:
    """Joined to an act that makes a secret: the answer says it, and no session keeps it."""

    def show_once(self, added: Added) -> None:
        pass


class FromForm(ActForm):
    since = DayField(required=False)
    after = forms.CharField(required=False)


class FromCursor:
    """Joined to the act that sends events once more: it begins on a day, or behind a cursor."""

    form_class = FromForm

    def do(self: Any, wanted: Mapping[str, Any]) -> WebhookEndpoint:
        if not wanted["after"]:
            return super().do(wanted)  # type: ignore[misc]
        position = cursor_sent(self.owner.feed, wanted["after"])
        found = {"owner": self.owner, "endpoint": self.endpoint, "version": wanted["version"]}
        return webhooks.replay(**found, position=position, by=self.by)


def cursor_sent(feed: Feed, cursor: str, **place: str) -> Position:
    """Raises Problem for one of another feed."""
    try:
        return read_cursor(feed, cursor)
    except InvalidCursor as error:
        wrong = Wrong(str(BAD_CURSOR.meaning), BAD_CURSOR.code, **(place or {"pointer": "/after"}))
        raise Problem(BAD_CURSOR, errors=[wrong]) from error


def listed(request: ApiRequest, owner: Owner, query: Paging) -> dict[str, Any]:
    page = cut(request, endpoints_of(owner), Sort("id"), query)
    return {"data": [_written(row) for row in page.rows], **page.facts}


def one(request: ApiRequest, owner: Owner, uuid: UUID) -> WebhookOut:
    row = _found(owner, uuid)
    request.answered.version = row.version
    return _written(row)


def added(request: ApiRequest, act: Act, body: WebhookBody, place: str) -> Any:
    made = perform(request, act, _typed(body))
    request.answered.headers["Location"] = absolute(f"{place}/webhooks/{made.endpoint.uuid}")
    return Status(201, _with_secret(request, made))


def changed(request: ApiRequest, act: Any, body: WebhookBody) -> WebhookOut:
    perform(request, act, _typed(body), body=body)
    return one(request, act.owner, act.endpoint.uuid)


def renewed(request: ApiRequest, act: Act, body: Any) -> NewSecret:
    return _with_secret(request, perform(request, act, {}, body=body))


def switched(request: ApiRequest, act: Any, body: OnOrOff) -> WebhookOut:
    """Nothing happens where it is so already."""
    act.find()
    if act.endpoint.is_on != body.on:
        perform(request, act, {}, body=body)
    return one(request, act.owner, act.endpoint.uuid)


def deleted(request: ApiRequest, act: Act) -> Any:
    perform(request, act, {})
    return Status(204, None)


def tried(request: ApiRequest, act: Any, place: str) -> Any:
    row = perform(request, act, {})
    where = f"{place}/webhooks/{act.endpoint.uuid}/deliveries/{row.uuid}"
    request.answered.headers |= {"Location": absolute(where), "Retry-After": "2"}
    row.refresh_from_db()
    return Status(202, _try_written(row))


def replayed(request: ApiRequest, act: Any, body: From) -> WebhookOut:
    if bool(body.since) == bool(body.after):
        raise Problem(INVALID, errors=[Wrong(_("Say either since or after."), "one-of", pointer="")])
    perform(request, act, {"since": body.since, "after": body.after}, body=body)
    return one(request, act.owner, act.endpoint.uuid)


def sent_again(request: ApiRequest, act: Act) -> Any:
    perform(request, act, {})
    return Status(204, None)


def deliveries(request: ApiRequest, owner: Owner, uuid: UUID, query: DeliveryQuery) -> dict[str, Any]:
    rows = with_outcome(deliveries_of(_found(owner, uuid)), query.outcome or "")
    page = cut(request, rows, Sort("id", descending=True), query)
    return {"data": [_try_written(row) for row in page.rows], **page.facts}


def delivery(owner: Owner, uuid: UUID, delivery_id: UUID) -> DeliveryOut:
    row = deliveries_of(_found(owner, uuid)).filter(uuid=delivery_id).first()
    if row is None:
        raise Http404
    return _try_written(row)


def _found(owner: Owner, uuid: UUID) -> WebhookEndpoint:
    row = find_endpoint(owner, uuid)
    if row is None:
        raise Http404
    return row


def _typed(body: WebhookBody) -> dict[str, Any]:
    """Kinds may be written as the type of a CloudEvent is, too."""
    said = body.model_dump(exclude={"version"})
    return {**said, "kinds": [kind.replace("_", "-") for kind in said["kinds"]]}


def _with_secret(request: ApiRequest, made: Added) -> NewSecret:
    """What is kept for the same key has no secret in it."""
    endpoint = made.endpoint
    request.answered.version = endpoint.version
    shown = _("The secret was said once, to the first call with this key. If it was lost, make a new one.")
    kept = NewSecret(id=str(endpoint.uuid), version=endpoint.version, secret=None, note=shown)
    request.answered.kept = json.dumps(kept.model_dump(), ensure_ascii=False)
    if request.dry_run:
        return NewSecret(**{**kept.model_dump(), "note": ""})
    return NewSecret(id=str(endpoint.uuid), version=endpoint.version, secret=made.secret, note="")


def _written(row: WebhookEndpoint) -> WebhookOut:
    same = ("label", "url", "state", "why_off", "failing_since", "off_since", "old_secret_until", "version")
    facts = {name: getattr(row, name) for name in same}
    return WebhookOut(id=str(row.uuid), kinds=list(row.kinds), added=row.added_at, added_by=row.added_by, **facts)


def _try_written(row: WebhookDelivery) -> DeliveryOut:
    same = ("kind", "cause", "attempt", "due", "tried", "outcome", "status", "milliseconds")
    facts = {name: getattr(row, name) for name in same}
    return DeliveryOut(id=str(row.uuid), message_id=str(row.message), next=row.next_due, **facts)
