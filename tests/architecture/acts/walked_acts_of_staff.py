"""Each act of staff, and how it is walked: a table of test_every_act.py."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.architecture.acts.audited import STAFF
from tests.architecture.acts.walks import NOT_OFFERED, Fields, Walk, World


def walk(row: Callable[[World], Any], *, wrong: Fields | None = None, events: int = 1, **typed: Any) -> Walk:
    """All but one ask for a reason."""
    given = {"reason": "As they asked us", **typed}
    return Walk(by=STAFF, row=row, typed=given, wrong=wrong or {"reason": ""}, events=events)


def of_what_is_gone(row: Callable[[World], Any]) -> Walk:
    """There is no row to show any more: the list says so."""
    return replace(walk(row), reused=303)


WALKS = {
    "admin:send-again": Walk(by=STAFF, row=lambda world: world.mail),
    "admin:end-prices": walk(lambda world: world.price, last_day="2099-12-31"),
    "admin:withdraw-products": walk(lambda world: world.sold),
    "admin:delete-categories": of_what_is_gone(lambda world: world.unused_family),
    "admin:delete-groups": of_what_is_gone(lambda world: world.organization_group),
    "admin:make-application": Walk(
        by=STAFF,
        row=lambda world: world.operators_application,
        typed={"name": "Billing", "scopes": ["orders.read"], "days": "30", "reason": "Their billing reads orders"},
        wrong={"scopes": NOT_OFFERED},
        answer=200,
        second=303,
        events=2,
    ),
    "admin:new-token": Walk(
        by=STAFF,
        row=lambda world: world.operators_application,
        typed={"days": "30", "reason": "As they asked us"},
        wrong={"reason": ""},
        answer=200,
        second=303,
    ),
    "admin:change-scopes": walk(lambda world: world.operators_application, scopes=["orders.read"]),
    "admin:revoke-token": Walk(
        by=STAFF,
        row=lambda world: world.operators_application,
        typed=lambda world: {"token": str(world.operators_token.pk), "reason": "Lost"},
        wrong={"reason": ""},
    ),
    "admin:delete-application": of_what_is_gone(lambda world: world.operators_application),
    "admin:cancel-orders": walk(lambda world: world.order),
    "admin:change-partner-of-record": walk(
        lambda world: world.subscription, delete="on", wrong={"partner_id": "999999"}
    ),
    "admin:change-reseller": Walk(
        by=STAFF,
        row=lambda world: world.subscription,
        typed=lambda world: {"reseller": str(world.partner.pk), "reason": "As they asked us"},
        wrong={"reason": ""},
    ),
    "admin:change-status": walk(lambda world: world.subscription, status="disabled"),
    "admin:new-customer": Walk(
        by=STAFF,
        row=lambda world: world.tenant,
        typed={
            "name": "Wide World Importers",
            "slug": "wide-world",
            "cloud": "o365-worldwide",
            "country": "DE",
            "person": "Jana Vogel",
            "email": "jana.vogel@wideworld.example",
            "reason": "Contract 2026-118",
        },
        wrong={"email": "jana.vogel"},
        events=2,
    ),
    "admin:brand": walk(lambda world: world.logo, cloud="", remove="on"),
    "admin:send-invitations-again": walk(lambda world: world.invitation),
    "admin:withdraw-invitations": walk(lambda world: world.invitation),
    "admin:export-tenant": walk(lambda world: world.tenant),
    "admin:remove-members": of_what_is_gone(lambda world: world.reader),
    "admin:activate": walk(lambda world: world.inactive),
    "admin:deactivate": walk(lambda world: world.reader.user),
    "admin:approve": replace(walk(lambda world: world.approval, events=2), typed={}, wrong={"key": "no key"}),
    "admin:refuse": walk(lambda world: world.approval),
    "admin:suspend-organization": walk(lambda world: world.tenant),
    "admin:close-organization": walk(lambda world: world.tenant, has_data="on", events=8),
    "admin:reopen-organization": walk(lambda world: world.suspended),
    "admin:export-personal-data": walk(lambda world: world.reader.user),
    "admin:erase-person": walk(lambda world: world.inactive),
    "admin:view-as": walk(lambda world: world.reader, wrong={"reason": "too short"}),
    "admin:reset-second-factor": walk(lambda world: world.locked_out),
    "admin:set-staff-roles": walk(lambda world: world.reader.user, roles=["helps-customers"]),
    "admin:change-state": walk(lambda world: world.partner, state="suspended"),
    "admin:remove-people": of_what_is_gone(lambda world: world.agent),
    "admin:mark-answered": walk(lambda world: world.wish),
    "admin:close-requests": walk(lambda world: world.wish),
    "admin:send-offers": walk(lambda world: world.offer("draft")),
    "admin:send-offers-again": walk(lambda world: world.offer("sent")),
    "admin:change-terms": walk(lambda world: world.offer("sent"), terms="Other terms"),
    "admin:discard-drafts": of_what_is_gone(lambda world: world.offer("draft")),
    "admin:withdraw-offers": walk(lambda world: world.offer("sent")),
    "admin:end-relationships": walk(lambda world: world.relationship),
    "admin:remove-roles": walk(lambda world: world.relationship, roles=["global-reader"]),
    "admin:stop-extending": walk(lambda world: world.relationship),
    "admin:apply-import": walk(lambda world: world.checked),
    "admin:stop-import": walk(lambda world: world.applying),
    "admin:set-imports-aside": walk(lambda world: world.checked),
    "admin:answer-help": walk(lambda world: world.help_request),
    "admin:close-help": walk(lambda world: world.help_request),
    "admin:release-on-behalf": walk(lambda world: world.asked, events=2),
    "admin:decline-on-behalf": walk(lambda world: world.asked),
}
