"""Relationships from a file: resellers, and delegated admins with their roles, in force since a day."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.directory.imports import PARTNER, find_partners
from partners.models import PartnerRelationship
from partners.models.partner_offer import MOST_DAYS
from partners.models.partner_relationship import NAME_LENGTH, RelationshipKind
from partners.relationships.acts import add_relationship
from partners.relationships.resellers import CannotResell, require_addable, require_usable
from subscriptions.access import StaffPermission
from subscriptions.base import formats
from subscriptions.base.days import start_of
from subscriptions.imports import cells
from subscriptions.imports.kinds import Column, ImportKind, Row
from subscriptions.imports.problems import Wrong, WrongCell
from subscriptions.models import Tenant
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.tenants.imports import ORGANIZATION, find_tenants


def stored_kind(value: str) -> str:
    """An advisor follows from the partners of record and is no line of its own."""
    found = cells.choice(RelationshipKind)(value)
    if found == RelationshipKind.SUBSCRIPTION_ADVISOR:
        raise WrongCell(
            Wrong.CHOICE,
            choices=formats.join_list([str(RelationshipKind.RESELLER), str(RelationshipKind.DELEGATED_ADMIN)]),
        )
    return found


class RelationshipImport(ImportKind):
    name = "relationships"
    permission, read_permission = StaffPermission.KEEP_PARTNERS, StaffPermission.READ_PARTNERS
    label = gettext_lazy("Partner relationships")
    about = gettext_lazy(
        "A line is a relationship in force; it is known again by organization, partner, type and, of delegated "
        "administrators, its name."
    )
    key = ("organization", "partner_id", "kind", "name")
    refusals = (CannotResell,)
    columns = (
        ORGANIZATION,
        PARTNER,
        Column("kind", gettext_lazy("Type"), stored_kind),
        Column("name", gettext_lazy("Name of the relationship"), cells.name(NAME_LENGTH), is_required=False),
        Column(
            "roles", gettext_lazy("Roles"), cells.several(cells.choice(DelegatedRole)), is_required=False, default=(),
            note=gettext_lazy("Of delegated administrators, with spaces between them."),
        ),
        Column("since", gettext_lazy("Since"), cells.day),
        Column(
            "ends", gettext_lazy("Ends"), cells.day, is_required=False, default=None,
            note=gettext_lazy("The first day on which it is over; delegated administrators need one."),
        ),
    )  # fmt: skip

    def look_up(self, rows: Sequence[Row]) -> None:
        self.tenants = find_tenants(row["organization"] for row in rows)
        self.partners = find_partners(row["partner_id"] for row in rows)
        found = PartnerRelationship.objects.live().filter(
            tenant__in=self.tenants.values(), partner__in=self.partners.values()
        )
        self.known = {(each.tenant_id, each.partner_id, each.kind, each.name): each for each in found}

    def check(self, row: Row) -> None:
        tenant, partner = self.tenants.get(row["organization"]), self.partners.get(row["partner_id"])
        if tenant is None:
            row.refuse("organization", Wrong.UNKNOWN)
        if partner is None:
            row.refuse("partner_id", Wrong.UNKNOWN)
        if tenant is None or partner is None:
            return
        is_reseller = row["kind"] == RelationshipKind.RESELLER
        name = "" if is_reseller else row["name"]
        there = self.known.get((tenant.pk, partner.pk, row["kind"], name))
        if there:
            row.is_there = True
            if set(there.roles) != set(row["roles"]):
                row.differs("roles", " ".join(there.roles) or "–")
            return
        self._check_roles(row, is_reseller)
        self._check_days(row, tenant, is_reseller)
        try:
            (require_addable if is_reseller else require_usable)(tenant=tenant, partner=partner)
        except CannotResell as refusal:
            row.refuse("partner_id", Wrong.REFUSED, reason=refusal, next="")

    def _check_roles(self, row: Row, is_reseller: bool) -> None:
        if is_reseller and (row["roles"] or row["name"]):
            column = "roles" if row["roles"] else "name"
            row.refuse(
                column, Wrong.REFUSED, reason=_("A reseller has neither roles nor a name."), next=_("Empty it.")
            )
        if not is_reseller and not row["roles"]:
            row.refuse("roles", Wrong.REQUIRED)

    def _check_days(self, row: Row, tenant: Tenant, is_reseller: bool) -> None:
        now = timezone.now()
        if start_of(row["since"], tenant.time_zone) > now:
            row.refuse(
                "since", Wrong.REFUSED, reason=_("This day is still to come."), next=_("Enter a day until today.")
            )
        ends = start_of(row["ends"], tenant.time_zone) if row["ends"] else None
        if ends and ends <= now:
            row.refuse("ends", Wrong.REFUSED, reason=_("It is over already."), next=_("Leave the line out."))
        if is_reseller:
            return
        if ends is None:
            row.refuse("ends", Wrong.REQUIRED)
        elif ends > now + timedelta(days=MOST_DAYS):
            reason = _("Delegated administration lasts at most %(most)s days from now.") % {"most": MOST_DAYS}
            row.refuse("ends", Wrong.REFUSED, reason=reason, next=_("Enter an earlier day."))

    def store(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._add(row)

    def _add(self, row: Row) -> None:
        tenant = self.tenants[row["organization"]]
        add_relationship(
            tenant=tenant,
            partner=self.partners[row["partner_id"]],
            kind=RelationshipKind(row["kind"]),
            by=self.by,
            name=row["name"],
            roles=[role.value for role in DelegatedRole if role in row["roles"]],
            started_at=start_of(row["since"], tenant.time_zone),
            expires_on=start_of(row["ends"], tenant.time_zone) if row["ends"] else None,
            reason=self.reason,
        )
