"""Partners' people from a file: each is invited by mail."""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from partners.directory.imports import PARTNER, find_partners
from partners.directory.invitations import AtPartner
from subscriptions.access import StaffPermission
from subscriptions.imports import cells
from subscriptions.imports.kinds import Column, Row
from subscriptions.imports.problems import Wrong
from subscriptions.invitations.imports import PERSON, InvitationImport
from subscriptions.invitations.places import Place
from subscriptions.models.delegated_role import AgentRole


class PartnerPersonImport(InvitationImport):
    name = "partner-people"
    permission, read_permission = StaffPermission.KEEP_PARTNERS, StaffPermission.READ_PARTNERS
    label = _("Partners' people")
    about = _("A line is a person who is invited to work for a partner; known again by address.")
    key: ClassVar[tuple[str, ...]] = ("partner_id", "email")
    columns = (PARTNER, *PERSON, Column("role", _("Role"), cells.choice(AgentRole)))

    def look_up(self, rows: Sequence[Row]) -> None:
        self.partners = find_partners(row["partner_id"] for row in rows)

    def place_of(self, row: Row) -> Place | None:
        partner = self.partners.get(row["partner_id"])
        if partner is None:
            row.refuse("partner_id", Wrong.UNKNOWN)
            return None
        return AtPartner(partner, row["role"])
