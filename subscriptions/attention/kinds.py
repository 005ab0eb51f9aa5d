"""What needs attention in an organization: kinds of rows, which the rooms above register beside their lists."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from subscriptions.access import Actor, Permission
from subscriptions.clouds import Capability, Text
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
    alone. `verb` says what somebody does there who has the permission `acts_by`; others only look.
    """

    name: str
    urgency: Urgency
    told: Any
    figures: Mapping[str, Any] = field(default_factory=dict)
    rows: Callable[[Tenant], QuerySet[Any]]
    list_name: str
    filters: str
    permission: Permission
    verb: Text
    acts_by: Permission | None = None
    when: Text = ""
    day: str = ""
    capability: Capability | None = None
    for_partners: bool = True  # for a partner's person with the permission in the organization too

    def is_read_by(self, actor: Actor, tenant: Tenant) -> bool:
        offered = self.capability is None or tenant.cloud_profile.allows(self.capability)
        return offered and actor.can(self.permission) and (self.for_partners or not actor.is_partner)


KINDS: dict[str, AttentionKind] = {}


def add_attention(*kinds: AttentionKind) -> None:
    """Of a room's own rows. The order in which kinds are added is that of the page, within an urgency."""
    KINDS.update({kind.name: kind for kind in kinds})
