"""What needs attention in an organization or for a partner: kinds of rows, which rooms add beside their lists."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from subscriptions.access import Actor, Permission
from subscriptions.clouds import Capability, Text, profile_of
from subscriptions.models import Tenant


class Urgency(Enum):
    """In the order of the page, with a heading and an icon."""

    NOW = ("now", _("Now"), "error_circle")
    SOON = ("soon", _("Soon"), "clock")
    SOMETIME = ("sometime", _("When you have time"), "info")

    def __init__(self, css: str, label: Text, icon: str):
        self.css = css
        self.label = label
        self.icon = icon


@dataclass(frozen=True, kw_only=True)
class AttentionKind:
    """Rows that somebody should look at, and the list of exactly these rows.

    `name` is kept with whoever puts it off. `told` is what there is, without the number: a lazy plural by `count`,
    with the `figures` of a rule that it names.
    `day` is a column of which the first one is named by `when`, with the place `%(day)s`; without it `when` stands
    alone. `verb` says what somebody does there who has the permission `acts_by`; others only look. `key` is the
    column by which rows are told apart.
    """

    name: str
    urgency: Urgency
    told: Any
    figures: Mapping[str, Any] = field(default_factory=dict)
    rows: Callable[[Any], QuerySet[Any]]  # of an organization, or of a partner
    key: str = "pk"
    list_name: str
    filters: str = ""
    permission: Permission
    verb: Text
    acts_by: Permission | None = None
    when: Text = ""
    day: str = ""
    capability: Capability | None = None
    for_partners: bool = True  # for a partner's person with the permission in the organization too

    def is_read_by(self, actor: Actor, cloud: str) -> bool:
        offered = self.capability is None or profile_of(cloud).allows(self.capability)
        return offered and actor.can(self.permission) and (self.for_partners or not actor.is_partner)


PAGES = ("snoozed", "snooze", "wake")  # what is put off, and the acts


class Board:
    """The home of an organization, or of a partner: the kinds that stand there, in the order of the page within an
    urgency. `column` is that of the place in a snooze, `address` that of the place by which addresses name it.
    `permission` is that of who sees the page `home`; the names of its other addresses begin with `pages`.
    """

    def __init__(
        self,
        *,
        column: str,
        address: str,
        pages: str,
        home: str,
        permission: Permission,
        headings: Mapping[Urgency, Text] | None = None,
    ):
        self.column, self.address, self.permission = column, address, permission
        self.home, self.snoozed, self.snooze, self.wake = home, *(f"{pages}-{each}" for each in PAGES)
        self.headings = headings or {}
        self.kinds: dict[str, AttentionKind] = {}

    def add(self, *kinds: AttentionKind) -> None:
        self.kinds.update({kind.name: kind for kind in kinds})

    def heading(self, urgency: Urgency) -> Text:
        return self.headings.get(urgency, urgency.label)

    def url(self, name: str, place: Any) -> str:
        """Of a page that belongs to the place."""
        return reverse(name, args=[getattr(place, self.address)])


ORGANIZATIONS = Board(
    column="tenant",
    address="slug",
    pages="subscriptions:attention",
    home="admin-home",
    permission=Permission.READ,
)
BOARDS: dict[type[Model], Board] = {Tenant: ORGANIZATIONS}  # by what it is the home of
KINDS = ORGANIZATIONS.kinds


def add_attention(*kinds: AttentionKind) -> None:
    """Of a room's own rows of an organization."""
    ORGANIZATIONS.add(*kinds)
