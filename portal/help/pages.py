"""Help: what the page is from which somebody comes, whom to ask, a request to staff, and the person's requests."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.access import enter_workspace
from portal.addresses import help_url
from portal.help.forms import HelpForm
from portal.help.texts import about
from subscriptions.access import Actor, Permission
from subscriptions.base import formats
from subscriptions.base.formats import DASH
from subscriptions.base.markup import markup
from subscriptions.clouds import Capability
from subscriptions.db import scopes
from subscriptions.db.limits import Limit, limits_of
from subscriptions.help import acts as help_requests
from subscriptions.help.acts import Question
from subscriptions.models import HelpRequest, Membership, Tenant
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.help_request import HelpState, HelpTopic
from subscriptions.models.people.membership import Role
from subscriptions.web import cells
from subscriptions.web.acts import Crumb
from subscriptions.web.page_access import enter_tenant
from subscriptions.web.paging import Sort, page_by_key
from subscriptions.web.tables import Column, Table
from subscriptions.web.tenant_acts import PersonAct

MOST_NAMED = 3
LONGEST_ADDRESS = 1000  # of an address; of a longer one the filters stay at home
STATE_TAGS = {HelpState.OPEN: "info", HelpState.ANSWERED: "ok", HelpState.CLOSED: "neutral"}


def _asked(row: dict[str, Any]) -> SafeString:
    return markup('<pre>{}</pre><span class="muted small">{}</span>', row["text"], HelpTopic(row["topic"]).label)


def _answered(row: dict[str, Any]) -> SafeString:
    return markup("<pre>{}</pre>", row["answer"]) if row["answer"] else cells.muted(DASH)


def _state(row: dict[str, Any]) -> SafeString:
    state = HelpState(row["state"])
    return cells.tag(STATE_TAGS[state], state.label)


REQUESTS = [
    Column(gettext_lazy("What you asked"), _asked),
    Column(gettext_lazy("State"), _state),
    Column(gettext_lazy("Answer"), _answered),
    Column(gettext_lazy("When"), lambda row: formats.moment(row["requested_at"])),
]


class AskForHelp(PersonAct):
    """A person's own, wherever it is asked; the frame of the page is that of the place that the address names."""

    name = "help"
    is_keyed = True
    title = gettext_lazy("Help")
    button = gettext_lazy("Send request")
    template = "portal/help.html"
    form_class: ClassVar[type[forms.Form]] = HelpForm

    def find(self) -> None:
        """Who asks and where: in an organization or workspace only who may enter it."""
        place = self.match.kwargs if self.match else {}
        is_inside = ("slug" in place and enter_tenant(self.request, place["slug"])) or (
            "number" in place and enter_workspace(self.request, place["number"])
        )
        user = self.request.user
        anybody = Actor(kind=ActorKind.MEMBER, name=user.name, user_id=user.pk)
        self.by = self.request.actor if is_inside else anybody

    @cached_property
    def page_address_asked(self) -> str:
        """The address from which somebody comes, if it is one of the portal's."""
        sources: tuple[Any, ...] = (self.request.POST, self.request.GET, self.typed or {})
        url = next((source["about"] for source in sources if source.get("about")), "")
        if len(url) > LONGEST_ADDRESS:
            url = url.partition("?")[0]
        is_text = url.isprintable() and len(url) <= LONGEST_ADDRESS
        is_ours = url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
        return url if is_text and is_ours else ""

    @cached_property
    def match(self) -> ResolverMatch | None:
        try:
            return resolve(self.page_address_asked.partition("?")[0])
        except Resolver404:
            return None

    @property
    def tenant(self) -> Tenant | None:
        return getattr(self.request, "tenant", None)

    def limits(self) -> list[Limit]:
        return limits_of("help-request", person=self.request.user.pk)

    def form_arguments(self) -> dict[str, Any]:
        return {"page": self.page_address_asked}

    def carried(self) -> dict[str, str]:
        return {"about": self.page_address_asked} if self.page_address_asked else {}

    @property
    def back_url(self) -> str:
        return self.page_address_asked or reverse("home")

    def breadcrumbs(self) -> list[Crumb]:
        return [(about(self.match).title, self.back_url), (self.title, None)]

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        rows = help_requests.requests_of(self.request.user.pk).values()
        page = page_by_key(rows, Sort("id", descending=True), self.request.GET)
        return {
            "help": {"about": about(self.match), "url": help_url(self.page_address_asked)},
            "admins": self._admins(),
            "finder_url": self._finder_url(),
            "page": page,
            "requests": Table(_("Your requests"), REQUESTS, page.rows),
        }

    def _admins(self) -> list[str]:
        """Of the organization, to its own people."""
        if self.tenant is None or self.by.is_partner:
            return []
        with scopes.tenant(self.tenant.pk):
            admins = Membership.objects.active().filter(tenant=self.tenant, role=Role.GLOBAL_ADMIN)
            names = admins.order_by("user__name_key", "user_id").values_list("user__name", flat=True)
            return list(names[:MOST_NAMED])

    def _finder_url(self) -> str:
        if self.tenant is None or not self.by.can(Permission.READ_SHOP):
            return ""
        offered = self.tenant.cloud_profile.allows(Capability.FIND_PARTNER)
        return reverse("partners:find-partner", args=[self.tenant.slug]) if offered else ""

    def do(self, wanted: Mapping[str, Any]) -> HelpRequest:
        question = Question(
            topic=HelpTopic(wanted["topic"]),
            text=wanted["text"],
            page=self.page_address_asked if wanted.get("with_page") else "",
        )
        return help_requests.ask_for_help(question=question, tenant=self.tenant, by=self.by)

    def done(self, outcome: HelpRequest) -> str:
        return _("Your request is on its way to staff. Below you see what becomes of it; the answer comes by mail.")

    def destination(self, outcome: HelpRequest) -> str:
        return help_url(self.page_address_asked)
