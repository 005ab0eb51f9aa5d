"""Settings > Members: who belongs to the organization and who is invited, and a new sign-in for who cannot get in."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.db.limits import Limit, limits_of
from subscriptions.invitations.places import InOrganization
from subscriptions.models import Invitation, Membership
from subscriptions.models.people.membership import Role
from subscriptions.tenants import members, sign_ins
from subscriptions.tenants.waiting_tables import waiting_table
from subscriptions.verdicts import Verdict
from subscriptions.web import cells
from subscriptions.web.files.file_rows import moment_cell
from subscriptions.web.forms import PeopleFilterForm
from subscriptions.web.lists import Empty, List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.paging import Page
from subscriptions.web.tables import Column, Place, Table
from subscriptions.web.tenant_acts import TenantAct


def _last_sign_in(row: dict) -> str:
    seen = row["user__last_login"]
    return formats.moment(seen) if seen else _("Never")


def _second_factor(row: dict) -> SafeString:
    return cells.tag("ok", _("On")) if row["has_factor"] else cells.tag("neutral", _("Off"))


VALUES = ("uuid", "role", "user__name", "user__is_active")
ADDRESS = ("user__email", "user__last_login", "has_factor")
ADDRESSES = (
    Column(gettext_lazy("Email address"), itemgetter("user__email"), place=Place.LINE),
    Column(gettext_lazy("Last sign-in"), _last_sign_in),
    Column(gettext_lazy("Second factor"), _second_factor),
)
ADDRESSES_IN_FILE = (
    Column(gettext_lazy("Email address"), value="user__email"),
    Column(gettext_lazy("Last sign-in"), value=lambda row: moment_cell(row["user__last_login"]), in_zone=True),
    Column(gettext_lazy("Second factor"), value=lambda row: _("Yes") if row["has_factor"] else _("No")),
)
# Tables below the members, which the rooms above add; None where one has nothing to say
BESIDE_MEMBERS: list[Callable[[TenantRequest], Table | None]] = []


class MemberList(List[TenantRequest]):
    title, section = gettext_lazy("Members"), gettext_lazy("Settings")
    subtitle = gettext_lazy("Who belongs to your organization, what they may do, and who is invited.")
    template = "subscriptions/members.html"
    form_class = PeopleFilterForm
    filter_label = gettext_lazy("Filter people")
    is_always_filtered = True
    order = "user__name_key"
    file_name = pgettext_lazy("file", "members")
    none_matches = Empty(gettext_lazy("Nobody matches these filters."))

    def found(self, wanted: dict) -> QuerySet:
        rows: QuerySet = Membership.objects.filter(tenant=self.request.tenant)
        has = members.named
        if self.reads_addresses:
            rows, has = members.with_second_factor(rows), members.named_or_addressed
        return rows.filter(has(wanted["q"])) if wanted["q"] else rows

    @property
    def values(self) -> Sequence[str]:  # type: ignore[override]
        return (*VALUES, *(ADDRESS if self.reads_addresses else ()))

    @cached_property
    def page(self) -> Page:
        with self.reading():
            return super().page

    def filters(self) -> PeopleFilterForm:
        form = PeopleFilterForm(self.request.GET)
        if self.reads_addresses:
            form.fields["q"].label = _("Search by name or email address")
        return form

    @cached_property
    def may_reset(self) -> Verdict:
        return self.request.actor.may(Permission.RESET_SIGN_IN)

    @property
    def reads_addresses(self) -> bool:
        return self.request.actor.can(Permission.READ_ADDRESSES)

    @property
    def columns(self) -> list[Column]:
        states = {True: cells.tag("ok", pgettext("person", "Active")), False: cells.tag("neutral", _("Not active"))}
        return [
            Column(pgettext("person", "Name"), lambda row: cells.name(row["user__name"])),
            *(ADDRESSES if self.reads_addresses else ()),
            Column(_("Role"), lambda row: Role(row["role"]).label, place=Place.WHOM),
            Column(_("Status"), lambda row: states[row["user__is_active"]], place=Place.STATE),
            Column(_("Action"), self._act, place=Place.LINE),
        ]

    @property
    def file_columns(self) -> list[Column]:
        return [
            Column(_("Name"), value="user__name"),
            *(ADDRESSES_IN_FILE if self.reads_addresses else ()),
            Column(_("Role"), value=lambda row: Role(row["role"]).label),
            Column(_("Can sign in"), value=lambda row: _("Yes") if row["user__is_active"] else _("No")),
        ]

    def reading(self) -> AbstractContextManager[Any]:
        """Names and addresses by one statement, for those who may read both."""
        if not self.reads_addresses:
            return nullcontext()
        return members.reading_addresses(self.request.actor, self.request.tenant)

    def _act(self, row: dict) -> SafeString:
        may = sign_ins.may_reset_sign_in(self.request.actor, role=row["role"], is_active=row["user__is_active"])
        url = reverse("subscriptions:sign-in-reset", args=[self.request.tenant.slug, row["uuid"]])
        part = "subscriptions/_person_act.html"
        acts = self._manage(row) if self.may_manage.allowed else {}
        return cells.part(part, person=row, verdict=may, url=url, may_reset=self.may_reset, **acts)

    def _manage(self, row: dict) -> dict:
        """Change and removal, which the last Global admin is kept from."""
        here = [self.request.tenant.slug, row["uuid"]]
        return {
            "role_url": reverse("subscriptions:member-role", args=here),
            "remove_url": reverse("subscriptions:member-remove", args=here),
            "may_lose": members.may_go(row["role"], has_other_admins=row["id"] != self.only_admin),
        }

    def _waiting(self, row: Invitation) -> dict[str, str]:
        here = [self.request.tenant.slug, row.uuid]
        return {
            "send_again_url": reverse("subscriptions:invitation-send-again", args=here),
            "withdraw_url": reverse("subscriptions:invitation-withdraw", args=here),
        }

    @cached_property
    def may_manage(self) -> Verdict:
        return self.request.actor.may(Permission.MANAGE_MEMBERS)

    @cached_property
    def only_admin(self) -> int | None:
        """The Global admin without whom there would be none."""
        return members.only_admin_of(self.request.tenant)

    def context(self) -> dict:
        tenant = self.request.tenant
        waiting = waiting_table(InOrganization(tenant, ""), self._waiting) if self.may_manage.allowed else None
        return {
            "may_reset": self.may_reset,
            "may_manage": self.may_manage,
            "may_let_view": self.request.actor.may(Permission.LET_STAFF_VIEW),
            "invite_url": reverse("subscriptions:member-invite", args=[tenant.slug]),
            "waiting": waiting,
            "beside": [table for make in BESIDE_MEMBERS if (table := make(self.request))],
        }


member_list = tenant_page(Permission.READ_PEOPLE)(MemberList.view)


@tenant_page(Permission.READ_PEOPLE)
def people_before(request: TenantRequest) -> HttpResponse:
    """Where the list of members was, for bookmarks and mails."""
    query = request.GET.urlencode()
    url = reverse("subscriptions:members", args=[request.tenant.slug])
    return HttpResponsePermanentRedirect(f"{url}?{query}" if query else url)


class ResetSignIn(TenantAct):
    name = "subscriptions:sign-in-reset"
    permission = Permission.RESET_SIGN_IN
    button = gettext_lazy("Reset sign-in")
    membership: Membership

    def find(self) -> None:
        rows = Membership.objects.with_person()
        self.membership = get_object_or_404(rows, tenant=self.tenant, uuid=self.address["uuid"])

    def may(self) -> Verdict:
        person = self.membership
        return sign_ins.may_reset_sign_in(self.by, role=person.role, is_active=person.user.is_active)

    @property
    def person(self) -> dict[str, str]:
        return {"name": self.membership.user.name}

    @property
    def title(self):  # type: ignore[override]
        return _("Reset the sign-in of %(name)s?") % self.person

    def sentences(self):
        return [
            _(
                "%(name)s is sent a mail with a link for a new password. The link works once and for an hour; "
                "you do not see it."
            )
            % self.person,
            _(
                "The password of today works until the link is used. The mail says who asked for it, and the audit "
                "log does too."
            ),
        ]

    def limits(self) -> list[Limit]:
        """Nobody's mailbox is flooded, and no organization uses up another's share."""
        return limits_of("reset-sign-in", tenant=self.tenant.pk, person=self.membership.user_id)

    def do(self, wanted):
        return sign_ins.reset_sign_in(tenant=self.tenant, membership=self.membership, by=self.by)

    def done(self, outcome):
        return _("%(name)s is sent a mail with a link for a new password.") % self.person

    @property
    def back_url(self):
        return self.url_of("subscriptions:members", slug=self.tenant.slug)

    def breadcrumbs(self):
        return [(_("Settings"), None), (_("Members"), self.back_url), (self.membership.user.name, None)]
