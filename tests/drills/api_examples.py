"""A call of each operation that writes, with which it succeeds: the rows, numbers and days of a world with all."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.architecture.acts.walked import WALKS
from tests.architecture.acts.walked_acts import PUBLIC
from tests.architecture.acts.walks import World
from tests.architecture.facts import ROOT
from tests.factories import make_subscription
from tests.portal.api.client import Program, make_program
from tests.portal.api.test_acts import BODIES, SERVED
from tests.portal.api.test_operations_on_many import work

DOCUMENT = json.loads((ROOT / "docs" / "openapi.json").read_text())
PEOPLE = "is for people: no program accepts, grants, approves, or keeps members"
ADMINS = "is a Global admin's, and no program has that role"
# What no program reaches, with the answer and why
REFUSED = {
    **dict.fromkeys(
        (
            "answer_offer", "approve_change", "refuse_change", "switch_second_person", "let_staff_view",
            "review_relationships", "set_relationship_auto_extend", "invite_member", "change_member_role",
            "remove_member", "reset_member_sign_in", "send_invitation_again", "withdraw_invitation",
            "invite_colleague", "change_colleague_role", "remove_colleague", "send_colleague_invitation_again",
            "withdraw_colleague_invitation", "say_who_serves", "keep_profile",
        ),
        ("applications-never", PEOPLE),
    ),
    **dict.fromkeys(
        (
            "add_default_partner", "remove_default_partner", "approve_partner", "take_partner_off", "set_off_list",
            "exempt_subscription", "end_exemption", "end_relationship", "remove_relationship_roles",
            "ask_for_release", "take_back_release_request",
        ),
        ("role", ADMINS),
    ),
    "withdraw_change": ("role", "is of who asked, and here a person did"),
}  # fmt: skip


@dataclass(frozen=True)
class Example:
    """A call; `file` stands in the place of a body."""

    operation: str
    method: str
    path: str  # as the document has it
    place: dict[str, str]
    body: Any = None
    version: Any = None
    file: bytes = b""

    @property
    def url(self) -> str:
        return self.path.format(**self.place)

    def call(self, program: Program, body: Any = None, *, key: str = "example") -> Any:
        headers = {"Idempotency-Key": key} | ({"If-Match": f'"{self.version}"'} if self.version else {})
        if not self.file:
            return program.ask(self.method, self.url, self.body if body is None else body, **headers)
        sent = headers | {"Authorization": f"Bearer {program.token}"}
        answer: Any = program.client.post(self.url, {"file": SimpleUploadedFile("a.csv", self.file)}, headers=sent)
        answer.said = answer.json()
        return answer


def writes() -> Iterator[tuple[str, str, str]]:
    """Operation, method and path of each that is no GET."""
    for path, operations in DOCUMENT["paths"].items():
        for method, told in operations.items():
            if method in ("post", "put", "delete", "patch"):
                yield told["operationId"], method.upper(), path


def programs(world: World) -> dict[str, Program]:
    """One of each owner, by what its addresses begin with."""
    tenants, partners = (world.tenant, world.lanyun), (world.partner, world.offering)
    return {each.slug: make_program(tenant=each) for each in tenants} | {
        each.number: make_program(partner=each) for each in partners
    }


def examples(world: World, who: dict[str, Program]) -> dict[str, Example]:
    places = {operation: (method, path) for operation, method, path in writes()}
    found = {}
    for name, served in SERVED.items():
        if walk := WALKS.get(name):
            method, path = places[served.operation]
            typed = walk.typed(world) if callable(walk.typed) else walk.typed
            whom = world.of_whom[walk.by]
            found[served.operation] = _of(
                served.operation, method, path, whom, walk.row(world), BODIES.get(name, typed)
            )
    for operation, (whom, row, body) in _otherwise(world, who).items():
        method, path = places[operation]
        file = body if isinstance(body, bytes) else b""
        found[operation] = _of(operation, method, path, whom, row, None if file else body, file=file)
    return found


def _of(operation: str, method: str, path: str, whom: str, row: Any, body: Any, *, file: bytes = b"") -> Example:
    place = {"slug" if "{slug}" in path else "number": whom}
    if "{uuid}" in path:
        place["uuid"] = str(getattr(row, "uuid", row))
    version = getattr(row, "version", None)
    return Example(operation, method, path, place, body, version, file)


def _otherwise(world: World, who: dict[str, Program]) -> dict[str, tuple[str, Any, Any]]:
    """Of operations that are no row of a table: whose, the row, and the body."""
    own, theirs, offering = world.tenant.slug, world.partner.number, world.offering.number
    row, day = world.subscription, str(timezone.localdate() + timedelta(days=9))
    named = {"partner_id": "935287"}
    file = f"subscription_id,partner_id,own_name\n{row.uuid},,Berlin\n".encode()
    return {
        "set_partner_of_record": (own, row, named),
        "delete_partner_of_record": (own, row, None),
        "undo_partner_of_record": (own, row, None),
        "undo_last_change": (own, _Switched(who[own], world), None),
        "check_partner": (own, None, {"partner_id": "935287", "subscription": str(row.uuid)}),
        "schedule_partner_of_record": (own, row, {"partner_id": "935287", "on": day}),
        "change_many": (own, None, {"kind": "partner-of-record", "subscriptions": [str(row.uuid)], "wanted": named}),
        "undo_many": (own, _DoneToMany(who[own], world), None),
        "upload_import": (own, None, file),
        "apply_import": (own, _Brought(who[own], own, file), None),
        "begin_export": (own, None, {"list": "subscriptions", "filters": {"order": "name"}}),
        "begin_partner_export": (theirs, None, {"list": "customers", "filters": {}}),
        "draft_offer": (offering, None, BODIES["workspace:offer-edit"] | {"organization": world.lanyun.slug}),
        "upload_customers": (offering, world.template, f"organization_address\n{world.lanyun.slug}\n".encode()),
        "make_offer_round": (offering, world.offered_to_many, {"send": False}),
        **_webhooks("webhook", own, world.webhook, world.delivery),
        **_webhooks("partner_webhook", theirs, world.partners_webhook, world.partners_delivery),
    }


def _webhooks(name: str, whom: str, row: Any, delivery: Any) -> dict[str, tuple[str, Any, Any]]:
    body = {"label": "Ours", "url": PUBLIC, "kinds": []}
    about: dict[str, Callable[[], Any]] = {
        f"change_{name}": lambda: body,
        f"delete_{name}": lambda: None,
        f"renew_{name}_secret": lambda: None,
        f"switch_{name}": lambda: {"on": False},
        f"test_{name}": lambda: None,
        f"replay_{name}": lambda: {"since": "2026-11-01"},
    }
    found = {operation: (whom, row, said()) for operation, said in about.items()}
    return found | {f"add_{name}": (whom, None, body), f"send_{name}_delivery_again": (whom, delivery, None)}


class _Brought:
    """A file that the program has brought and looked at; its version is the digest of what it saw."""

    def __init__(self, program: Program, slug: str, file: bytes):
        place = {"slug": slug}
        seen = Example("upload_import", "POST", "/api/v1/t/{slug}/imports", place, file=file).call(
            program, key="file"
        )
        self.uuid, self.version = seen.said["id"], seen.said["version"]


class _DoneToMany:
    """What the program has done to many, and a worker with it."""

    version = None

    def __init__(self, program: Program, world: World):
        rows = [str(make_subscription(tenant=world.tenant, name="Of many").uuid)]
        body = {"kind": "partner-of-record", "subscriptions": rows, "wanted": {"partner_id": "935287"}}
        place = {"slug": world.tenant.slug}
        example = Example("change_many", "POST", "/api/v1/t/{slug}/bulk-acts", place, body)
        self.uuid = example.call(program, key="many").said["id"]
        work(world)


class _Switched:
    """A subscription that the program has changed, so that there is something to undo."""

    def __init__(self, program: Program, world: World):
        row = make_subscription(tenant=world.tenant, name="Switched")
        place = {"slug": world.tenant.slug, "uuid": str(row.uuid)}
        path = "/api/v1/t/{slug}/subscriptions/{uuid}/recurring-billing"
        example = Example("set_recurring_billing", "POST", path, place, {"recurring": False}, row.version)
        self.uuid, self.version = row.uuid, example.call(program, key="switch").said["version"]
