"""What the kept parts of the frame show, as values: whatever is not among these, such a part cannot show."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.addresses import known_address
from portal.help.texts import About
from subscriptions.base import formats
from subscriptions.base.brand import Brand
from subscriptions.base.time_zones import DAYS_OF_ORGANIZATIONS
from subscriptions.clouds import Text, profile_of
from subscriptions.models.tenant import TenantState


@dataclass(frozen=True)
class Person:
    """Who is signed in."""

    name: str
    email: str
    is_staff: bool


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the page is, or where its person may go from the header: an organization, or a partner's workspace."""

    name: str
    slug: str = ""  # of an organization
    number: str = ""  # of a partner
    cloud: str = ""
    state: str = TenantState.ACTIVE.value
    current: bool = False

    @property
    def url(self) -> str:
        if self.slug:
            return known_address("admin-home", self.slug)
        return known_address("workspace:home", self.number)

    @property
    def cloud_label(self) -> Text:
        return profile_of(self.cloud).label

    @property
    def kind(self) -> Text:
        if not self.slug:
            return _("Partner workspace")
        is_active = self.state == TenantState.ACTIVE.value
        return formats.join_facts(self.cloud_label, "" if is_active else TenantState(self.state).label)


@dataclass(frozen=True, kw_only=True)
class TopBar:
    """`workspace_url` is of the partner on whose behalf a page is seen; `sees_all` and `is_at_all` are about the page
    of all of a person's organizations.
    """

    brand: Brand
    person: Person | None
    theme: str
    here: Place | None
    organizations: tuple[Place, ...]
    workspace_url: str
    sees_all: bool
    is_at_all: bool
    about: About


@dataclass(frozen=True)
class Bell:
    """A button that leads there, or a link for who only looks."""

    url: str
    only_looks: bool
    has_news: bool


@dataclass(frozen=True)
class Zone:
    """In which zone a page tells days and times, and whether those of terms are other ones: in a workspace."""

    name: str
    tells_of_organizations: bool

    @property
    def note(self) -> Text:
        return DAYS_OF_ORGANIZATIONS if self.tells_of_organizations else ""
