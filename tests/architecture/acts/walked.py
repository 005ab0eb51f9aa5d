"""Each act of the registry in a world, walked in one pass for a question: a part of test_every_act*.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import resolve, reverse

from subscriptions.models import AuditEvent
from subscriptions.web.acts import Act
from tests.architecture.acts import walked_acts, walked_acts_of_staff
from tests.architecture.acts.audited import STAFF
from tests.architecture.acts.walks import Fields, Walk, World, form_on
from tests.architecture.addresses.facts import Address, addresses
from tests.architecture.addresses.test_url_matrix import everything
from tests.database import as_owner

NOT_TYPED = {
    "theme",
    "subscriptions:attention-snooze",
    "subscriptions:attention-wake",
    "workspace:attention-snooze",
    "workspace:attention-wake",
    "subscriptions:bulk-choose",
    "subscriptions:bulk-leave-out",
    "several-choose",
}
WALKS = walked_acts.WALKS | walked_acts_of_staff.WALKS


@dataclass(frozen=True)
class Walked:
    """An act of the registry in a world."""

    address: Address
    walk: Walk
    world: World

    @property
    def act(self) -> type[Act]:
        return self.address.view.act  # type: ignore[attr-defined]

    @property
    def is_typed(self) -> bool:
        """Whether something is typed into a form that says whose it is; boxes of a list and menus do not."""
        return bool(self.typed) and self.act.name not in NOT_TYPED

    @cached_property
    def url(self) -> str:
        row = self.walk.row(self.world)
        if self.walk.by == STAFF:
            return self.act.url_for([row.pk])  # type: ignore[attr-defined]
        place = [self.world.of_whom[self.walk.by]] if "<slug:" in self.address.route else []
        return reverse(self.address.name, args=[*place, *([getattr(row, "uuid", row)] if row else [])])

    @cached_property
    def page_url(self) -> str:
        return self.url if self.walk.by == STAFF else self.act.page_of(resolve(self.url).kwargs)

    @cached_property
    def typed(self) -> Fields:
        return self.walk.typed(self.world) if callable(self.walk.typed) else self.walk.typed

    @cached_property
    def wrong(self) -> Fields:
        return self.walk.wrong(self.world) if callable(self.walk.wrong) else self.walk.wrong

    def opened(self, client: Client) -> Fields:
        """The form on the act's page, as it stands there."""
        return form_on(client.get(self.page_url), self.url)

    def form(self, client: Client) -> Fields:
        """What a browser sends for it once it is filled in."""
        return self.filled(client, self.opened(client))

    def filled(self, client: Client, opened: Fields) -> Fields:
        if self.walk.shown_first:
            opened = form_on(client.post(self.url, opened | self.typed), self.url)
        return opened | self.typed


def registry() -> list[Address]:
    return [address for address in addresses() if hasattr(address.view, "act")]


def walked(world: World) -> list[Walked]:
    """All but those of which nothing is said yet; a test of its own names them."""
    return [Walked(address, WALKS[address.name], world) for address in registry() if address.name in WALKS]


Ask = Callable[[Walked, Client], dict[str, Any]]  # what is asked, and True or what came instead


def wrongs(world: World, ask: Ask, *, which: Callable[[Walked], bool] = lambda one: True) -> dict[str, dict]:
    """What is not as it should be, by act; each is undone before the next."""
    found, clients = {}, world.clients()
    for one in filter(which, walked(world)):
        with undone():
            try:
                said = ask(one, clients[one.walk.by])
            except AssertionError as problem:
                said = {str(problem)[:200]: False}
            if wrong := what_is_not(said):
                found[one.address.name] = wrong
    return found


def what_is_not(said: dict[str, Any]) -> dict[str, Any]:
    return {what: value for what, value in said.items() if value is not True}


def changed_since(before: dict[str, str]) -> set[str]:
    """The tables in which something is not as it was."""
    return {table for table, rows in everything().items() if rows != before[table]}


def as_expected(**pairs: tuple) -> dict:
    return {what: got == expected or (got, expected) for what, (got, expected) in pairs.items()}


@as_owner()
def count_events() -> int:
    return AuditEvent.objects.count()


class Undone(Exception):
    """What was done is taken back; the next act finds the world as it was."""


@contextmanager
def undone() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise Undone
    except Undone:
        pass
