"""Partners from a file, and how the lines of other files name one."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from partners.directory import acts as directory
from partners.models import Partner
from partners.models.partner import PartnerKind, PartnerState
from subscriptions.access import StaffPermission
from subscriptions.catalogue.families import FamilyGone
from subscriptions.catalogue.imports import Families
from subscriptions.clouds import Cloud
from subscriptions.imports import cells
from subscriptions.imports.kinds import Column, ImportKind, Row, clean
from subscriptions.imports.problems import Wrong

PARTNER = Column("partner_id", _("Partner ID"), cells.partner_number)
FACTS = ("name", "cloud", "kind", "state", "country", "city", "street", "phone", "website", "mailbox", "language")
LISTS = ("authorized_countries", "authorized_families")


def find_partners(numbers: Iterable[str]) -> dict[str, Partner]:
    return {partner.number: partner for partner in Partner.objects.filter(number__in=set(numbers))}


class PartnerImport(ImportKind):
    name = "partners"
    permission, read_permission = StaffPermission.KEEP_PARTNERS, StaffPermission.READ_PARTNERS
    label = _("Partners")
    about = _("A line is a partner ID; by that it is known again. A global ID stands above its locations.")
    key = ("partner_id",)
    refusals = (directory.CannotBelong, directory.NameMixesScripts, FamilyGone)
    columns = (
        PARTNER,
        Column("name", _("Name"), cells.name(120)),
        Column("cloud", _("Cloud"), cells.choice(Cloud)),
        Column("kind", _("Kind of ID"), cells.choice(PartnerKind), is_required=False, default=PartnerKind.LOCATION),
        Column("global_id", _("Global ID"), cells.partner_number, is_required=False),
        Column("state", _("State"), cells.choice(PartnerState), is_required=False, default=PartnerState.ACTIVE),
        Column("country", _("Country or region"), cells.country),
        Column("city", _("City"), cells.name(80)),
        Column("street", _("Street"), cells.name(120), is_required=False),
        Column("phone", _("Phone"), cells.name(40), is_required=False),
        Column("website", _("Website"), cells.text(200), is_required=False),
        Column("mailbox", _("Company mailbox"), cells.email),
        Column("language", _("Language of its mails"), cells.language, is_required=False, default="en"),
        Column(
            "authorized_countries",
            _("Authorized in"),
            cells.several(cells.country),
            is_required=False,
            default=(),
            note=_("Codes of countries with spaces between them; where it is empty, only its own country."),
        ),
        Column(
            "authorized_families",
            _("Authorized for"),
            cells.several(cells.code(60)),
            is_required=False,
            default=(),
            note=_("Codes of categories with spaces between them; where it is empty, all of them."),
        ),
    )

    def look_up(self, rows: Sequence[Row]) -> None:
        self.known = find_partners(
            number for row in rows for number in (row["partner_id"], row["global_id"]) if number
        )
        self.families = Families()
        self.above: dict[str, str] = getattr(self, "above", {})  # global IDs of this file, with their cloud

    def check(self, row: Row) -> None:
        there = self.known.get(row["partner_id"])
        if there:
            row.is_there = True
            for name in ("name", "cloud", "kind"):
                if getattr(there, name) != row[name]:
                    row.differs(name, getattr(there, name))
            return
        row.values["authorized_countries"] = list(row["authorized_countries"]) or [row["country"]]
        found = [self.families.find(row, "authorized_families", text) for text in row["authorized_families"]]
        row.values["authorized_families"] = chosen = [code for code in found if code]
        facts = {name: row[name] for name in (*FACTS, *LISTS)}
        row.made = Partner(number=row["partner_id"], authorized_for_all=not chosen, **facts)
        clean(row, row.made, names={"number": "partner_id"})
        self._find_parent(row)
        if row.made.kind == PartnerKind.GLOBAL:
            self.above[row["partner_id"]] = row["cloud"]

    def _find_parent(self, row: Row) -> None:
        """It is there already, or stands above in the file and is there by the time that this line is done."""
        number = row["global_id"]
        row.made.parent = self.known.get(number)
        if number and row.made.parent is None:
            row.made.parent = Partner(number=number, kind=PartnerKind.GLOBAL, cloud=self.above.get(number, ""))
            if number not in self.above:
                row.refuse("global_id", Wrong.UNKNOWN)
                return
        try:
            directory.require_parent(row.made)
        except directory.CannotBelong as refusal:
            row.refuse("global_id", Wrong.REFUSED, reason=refusal, next="")

    def store(self, rows: Sequence[Row]) -> None:
        for row in rows:
            if row["global_id"]:
                row.made.parent = Partner.objects.filter(number=row["global_id"]).first()
            directory.save_partner(partner=row.made, by=self.by, reason=self.reason)
