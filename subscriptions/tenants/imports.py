"""Organizations from a file, and how the lines of other files name one."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from subscriptions.access import StaffPermission
from subscriptions.clouds import Cloud
from subscriptions.imports import cells
from subscriptions.imports.kinds import Column, ImportKind, Row, clean
from subscriptions.imports.problems import Wrong
from subscriptions.models import Tenant
from subscriptions.tenants import acts as tenants
from subscriptions.verdicts import Verdict

ORGANIZATION = Column(
    "organization",
    _("Address in the portal"),
    cells.slug,
    note=_("By it each file names the organization: small letters, digits and hyphens."),
)


def find_tenants(slugs: Iterable[str]) -> dict[str, Tenant]:
    return {tenant.slug: tenant for tenant in Tenant.objects.filter(slug__in=set(slugs))}


class TenantImport(ImportKind):
    name = "organizations"
    permission, read_permission = StaffPermission.HELP_CUSTOMERS, StaffPermission.READ_CUSTOMERS
    label = _("Organizations")
    about = _("A line is an organization; it is known again by its address in the portal.")
    key = ("organization",)
    columns = (
        ORGANIZATION,
        Column("name", _("Name"), cells.name(120)),
        Column("cloud", _("Cloud"), cells.choice(Cloud)),
        Column("country", _("Country or region"), cells.country, note=_("Its code of two letters.")),
        Column("city", _("City"), cells.name(80), is_required=False),
        Column("time_zone", _("Time zone"), cells.time_zone, is_required=False, default="UTC"),
    )

    def look_up(self, rows: Sequence[Row]) -> None:
        self.known = find_tenants(row["organization"] for row in rows)
        self.open: dict[str, Verdict] = {}

    def check(self, row: Row) -> None:
        there = self.known.get(row["organization"])
        if there:
            self._compare(row, there)
            return
        row.made = Tenant(
            slug=row["organization"],
            **{name: row[name] for name in ("name", "cloud", "country", "city", "time_zone")},
        )
        clean(row, row.made, names={"slug": "organization"})
        if row["cloud"] not in self.open:
            self.open[row["cloud"]] = tenants.may_add(cloud=row["cloud"])
        verdict = self.open[row["cloud"]]
        if not verdict.allowed:
            row.refuse("cloud", Wrong.REFUSED, reason=verdict.reason, next=verdict.next_step)

    def _compare(self, row: Row, there: Tenant) -> None:
        row.is_there = True
        if there.cloud != row["cloud"]:
            row.differs("cloud", there.cloud)
        if there.name != row["name"]:
            row.differs("name", there.name)
        if there.country_code != row["country"]:
            row.differs("country", there.country_code)

    def store(self, rows: Sequence[Row]) -> None:
        for row in rows:
            tenants.save_tenant(tenant=row.made, by=self.by, reason=self.reason)
