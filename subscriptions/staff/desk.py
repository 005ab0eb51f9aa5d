"""Where staff find things: every list by what it is for, and the pages beside the lists, which rooms register."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from subscriptions.access import Actor, StaffPermission
from subscriptions.clouds import Text

View = Callable[..., Any]


class Group(Enum):
    """What staff do with a list, in the order of the navigation: its name and its icon."""

    CUSTOMERS = (_("Customers"), "building_multiple")
    PARTNERS = (_("Partners"), "handshake")
    REQUESTS = (_("Requests"), "question_circle")
    CATALOGUE = (_("Catalog"), "box")
    PROOF = (_("Proof"), "history")
    RUNNING = (_("Running it"), "settings")

    def __init__(self, label: Text, icon: str):
        self.label, self.icon = label, icon


@dataclass(frozen=True)
class DeskPage:
    """A page of staff that is no list of rows, at a path below the staff's address.

    In a group it stands in the navigation; what `starts_work` has a button on the home too.
    """

    path: str
    name: str
    view: View
    staff_permission: StaffPermission
    label: Text = ""
    group: Group | None = None
    starts_work: bool = False

    @property
    def url(self) -> str:
        return reverse(f"admin:{self.name}")


@dataclass(frozen=True)
class Entry:
    """A line of the navigation."""

    label: Text
    url: str
    add_url: str = ""


@dataclass
class NavigationGroup:
    group: Group
    entries: list[Entry] = field(default_factory=list)

    @property
    def label(self) -> Text:
        return self.group.label

    @property
    def icon(self) -> str:
        return self.group.icon


DESK_PAGES: dict[str, DeskPage] = {}


def desk_page(
    path: str,
    *,
    name: str,
    staff_permission: StaffPermission,
    label: Text = "",
    group: Group | None = None,
    starts_work: bool = False,
) -> Callable[[View], View]:
    """Registers a view below the staff's address, for those with the permission; its URL is named `admin:<name>`."""

    def register(view: View) -> View:
        DESK_PAGES[name] = DeskPage(path, name, view, staff_permission, label, group, starts_work)
        view.staff_permission = staff_permission  # type: ignore[attr-defined]
        return view

    return register


def pages_for(actor: Actor) -> list[DeskPage]:
    return [page for page in DESK_PAGES.values() if actor.may_staff(page.staff_permission).allowed]


def work_to_start(actor: Actor) -> list[DeskPage]:
    """The pages that the home has a button for."""
    return [page for page in pages_for(actor) if page.starts_work]


def navigation(actor: Actor, lists: Iterable[tuple[Group, dict[str, Any]]]) -> list[NavigationGroup]:
    """All that the person may open, by group: `lists` are Django's descriptions of models, each with its group."""
    groups = {group: NavigationGroup(group) for group in Group}
    for group, model in lists:
        groups[group].entries.append(Entry(capfirst(model["name"]), model["admin_url"], model["add_url"] or ""))
    for page in pages_for(actor):
        if page.group:
            groups[page.group].entries.append(Entry(page.label, page.url))
    return [group for group in groups.values() if group.entries]
