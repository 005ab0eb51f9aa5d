"""People of organizations from a file: each is invited by mail, and nobody's password is typed."""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from subscriptions.access import StaffPermission
from subscriptions.imports import cells
from subscriptions.imports.kinds import Column, ImportKind, Row
from subscriptions.imports.problems import Wrong
from subscriptions.invitations.acts import AlreadyThere, invite
from subscriptions.invitations.places import InOrganization, Place
from subscriptions.models.people.membership import Role
from subscriptions.tenants.imports import ORGANIZATION, find_tenants

PERSON = (
    Column("email", _("Email address"), cells.email),
    Column("name", pgettext_lazy("person", "Name"), cells.name(120)),
)


class InvitationImport(ImportKind):
    """Somebody who is there, or was invited to the same role and has not come yet, is invited no second time."""

    mails = True
    refusals = (AlreadyThere,)

    def place_of(self, row: Row) -> Place | None:
        """Tells of one that is not there."""
        raise NotImplementedError

    def check(self, row: Row) -> None:
        row.made = place = self.place_of(row)
        if place is None:
            return
        waiting = place.invitations().waiting().filter(email=row["email"]).first()
        row.is_there = place.has(row["email"]) or waiting is not None
        if waiting and waiting.role != row["role"]:
            row.differs("role", waiting.role)

    def store(self, rows: Sequence[Row]) -> None:
        for row in rows:
            invite(row.made, email=row["email"], name=row["name"], by=self.by, reason=self.reason)


class MemberImport(InvitationImport):
    name = "members"
    permission, read_permission = StaffPermission.HELP_CUSTOMERS, StaffPermission.READ_CUSTOMERS
    label = _("People of organizations")
    about = _("A line is a person who is invited to an organization, its first admin too; known again by address.")
    key: ClassVar[tuple[str, ...]] = ("organization", "email")
    columns = (
        ORGANIZATION,
        *PERSON,
        Column("role", _("Role"), cells.choice(Role), is_required=False, default=Role.GLOBAL_ADMIN.value),
    )

    def look_up(self, rows: Sequence[Row]) -> None:
        self.tenants = find_tenants(row["organization"] for row in rows)

    def place_of(self, row: Row) -> Place | None:
        tenant = self.tenants.get(row["organization"])
        if tenant is None:
            row.refuse("organization", Wrong.UNKNOWN)
            return None
        return InOrganization(tenant, row["role"])
