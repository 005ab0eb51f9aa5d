"""Subscriptions from a file, with their partner of record; and who was credited before, as far as that is known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.directory.imports import find_partners
from partners.directory.reads import PartnerUnusable, require_usable
from partners.models import Partner, PartnerOfRecord
from partners.partner_of_record.past import Past, bring_in
from subscriptions.access import StaffPermission
from subscriptions.base.days import start_of, today_in
from subscriptions.catalogue.costs import MOST_LICENSES
from subscriptions.catalogue.imports import SKU, Catalogue
from subscriptions.db.new_rows import new_row
from subscriptions.imports import cells
from subscriptions.imports.kinds import Column, ImportKind, Row, clean
from subscriptions.imports.problems import Wrong
from subscriptions.models import Subscription, Tenant
from subscriptions.models.subscription import BillingFrequency, SubscriptionStatus
from subscriptions.subscriptions import corrections
from subscriptions.tenants.imports import ORGANIZATION, find_tenants

SUBSCRIPTION = Column(
    "subscription_id",
    gettext_lazy("Subscription ID"),
    cells.uuid_or_code(100),
    note=gettext_lazy("A UUID is kept as it is. From another ID the portal makes its own, always the same one."),
)
OF_CREDITED = 2  # the version of a new subscription that credits a partner: it was made, and the partner named
FACTS = (
    "name",
    "status",
    "licenses_total",
    "licenses_assigned",
    "billing_frequency",
    "unit_price",
    "started_on",
    "term_ends_on",
    "recurring_billing",
    "own_name",
    "cost_center",
)


def uuid_of(tenant: Tenant, given: UUID | str) -> UUID:
    """By which the subscription is known here: the given one, or one that follows from another system's ID."""
    return given if isinstance(given, UUID) else uuid5(NAMESPACE_URL, f"subscription:{tenant.uuid}:{given}")


class OfSubscriptions(ImportKind):
    """What both kinds look up."""

    def look_up(self, rows: Sequence[Row]) -> None:
        self.tenants = find_tenants(row["organization"] for row in rows)
        self.partners = find_partners(row["partner_id"] for row in rows if row["partner_id"])
        known = [row for row in rows if row["organization"] in self.tenants]
        for row in known:
            row.values["uuid"] = uuid_of(self.tenants[row["organization"]], row["subscription_id"])
        self.there = self._find(row["uuid"] for row in known)
        self.unusable: dict[tuple[str, int, int], PartnerUnusable | None] = {}  # by number, organization and product
        self.today: dict[str, date] = {}  # by zone

    def _find(self, uuids: Iterable[UUID]) -> dict[UUID, Subscription]:
        rows = Subscription.objects.filter(uuid__in=set(uuids)).select_related("product")
        return {each.uuid: each for each in rows}

    def tenant_of(self, row: Row) -> Tenant | None:
        tenant = self.tenants.get(row["organization"])
        if tenant is None:
            row.refuse("organization", Wrong.UNKNOWN)
        return tenant

    def find_partner(self, row: Row, tenant: Tenant, subscription: Subscription, *, now: bool) -> Partner | None:
        """Who is credited now must be usable; of the past it is enough that it is a partner of this cloud."""
        partner = self.partners.get(row["partner_id"])
        if now:
            if unusable := self._why_unusable(partner, row["partner_id"], tenant, subscription):
                row.refuse("partner_id", Wrong.REFUSED, reason=unusable.sentence, next=unusable.next_step)
        elif partner is None:
            row.refuse("partner_id", Wrong.UNKNOWN)
        elif partner.cloud != tenant.cloud:
            row.refuse("partner_id", Wrong.REFUSED, reason=_("The partner does not work in this cloud."), next="")
        return partner

    def _why_unusable(
        self, partner: Partner | None, number: str, tenant: Tenant, subscription: Subscription
    ) -> PartnerUnusable | None:
        """Asked once of those lines of a batch that name one partner for one product in one organization."""
        key = (number, tenant.pk, subscription.product_id)
        if key not in self.unusable:
            try:
                require_usable(partner, number, tenant=tenant, product=subscription.product)
                self.unusable[key] = None
            except PartnerUnusable as unusable:
                self.unusable[key] = unusable
        return self.unusable[key]

    def require_past(self, row: Row, column: str, tenant: Tenant) -> None:
        zone = tenant.time_zone
        if row[column] and zone not in self.today:
            self.today[zone] = today_in(zone, timezone.now())
        if row[column] and row[column] > self.today[zone]:
            row.refuse(
                column, Wrong.REFUSED, reason=_("This day is still to come."), next=_("Enter a day until today.")
            )


class SubscriptionImport(OfSubscriptions):
    name = "subscriptions"
    permission, read_permission = StaffPermission.HELP_CUSTOMERS, StaffPermission.READ_CUSTOMERS
    label = gettext_lazy("Subscriptions")
    about = gettext_lazy(
        "A line is a subscription of an organization, with the partner credited now; it is known again by its ID."
    )
    key = ("organization", "subscription_id")
    refusals = (corrections.CostTooHigh, corrections.ProductOfAnotherCloud, corrections.DayOutOfReach)
    columns = (
        ORGANIZATION,
        SUBSCRIPTION,
        SKU,
        Column(
            "name", gettext_lazy("Name"), cells.name(120), is_required=False,
            note=gettext_lazy("That of the product where it is empty."),
        ),
        Column(
            "status", gettext_lazy("Status"), cells.choice(SubscriptionStatus), is_required=False,
            default=SubscriptionStatus.ACTIVE.value,
        ),
        Column("licenses_total", gettext_lazy("Licenses"), cells.whole(0, MOST_LICENSES)),
        Column(
            "licenses_assigned", gettext_lazy("Assigned licenses"), cells.whole(0, MOST_LICENSES), is_required=False,
            default=0,
        ),
        Column("billing_frequency", gettext_lazy("Billing frequency"), cells.choice(BillingFrequency)),
        Column(
            "unit_price", gettext_lazy("Per user and month"), cells.amount,
            note=gettext_lazy("In the currency of the cloud."),
        ),
        Column("started_on", gettext_lazy("Started on"), cells.day),
        Column("term_ends_on", gettext_lazy("Term ends on"), cells.day),
        Column(
            "recurring_billing", gettext_lazy("Recurring billing"), cells.yes_no, is_required=False, default=True
        ),
        Column("own_name", gettext_lazy("Own name"), cells.name(80), is_required=False),
        Column("cost_center", gettext_lazy("Cost center"), cells.name(40), is_required=False),
        Column("partner_id", gettext_lazy("Partner ID"), cells.partner_number, is_required=False),
        Column(
            "partner_since", gettext_lazy("Partner of record since"), cells.day, is_required=False, default=None,
            note=gettext_lazy("The day on which the subscription started where it is empty."),
        ),
    )  # fmt: skip

    def look_up(self, rows: Sequence[Row]) -> None:
        super().look_up(rows)
        if not hasattr(self, "catalogue"):
            self.catalogue = Catalogue()

    def key_of(self, row: Row) -> tuple[str, ...]:
        return (str(row["uuid"]),)

    def check(self, row: Row) -> None:
        tenant = self.tenant_of(row)
        product = self.catalogue.find(row, tenant.cloud) if tenant else None
        if tenant is None or product is None:
            return
        there = self.there.get(row["uuid"])
        if there:
            row.is_there = True
            if there.tenant_id != tenant.pk:
                row.refuse("subscription_id", Wrong.TAKEN)
            elif there.product_id != product.pk:
                row.differs("sku", there.product.sku)
            return
        row.values["name"] = row["name"] or product.name
        facts = {name: row[name] for name in FACTS}
        row.made = new_row(Subscription, uuid=row["uuid"], tenant=tenant, product=product, **facts)
        self._check_facts(row, row.made)
        self._check_partner(row, tenant)

    def _check_facts(self, row: Row, made: Subscription) -> None:
        clean(row, made)
        if made.licenses_assigned > made.licenses_total:
            row.refuse("licenses_assigned", Wrong.RANGE, least=0, most=made.licenses_total)
        if made.term_ends_on < made.started_on:
            row.refuse("term_ends_on", Wrong.REFUSED, reason=_("The end lies before the start."), next="")
        try:
            corrections.make_ready(made)
        except corrections.CostTooHigh:
            row.refuse("unit_price", Wrong.REFUSED, reason=_("A billing period would cost too much."), next="")

    def _check_partner(self, row: Row, tenant: Tenant) -> None:
        if not row["partner_id"]:
            if row["partner_since"]:
                row.refuse("partner_id", Wrong.REQUIRED)
            return
        row.values["partner"] = self.find_partner(row, tenant, row.made, now=True)
        row.values["partner_since"] = row["partner_since"] or row["started_on"]
        self.require_past(row, "partner_since", tenant)

    def store(self, rows: Sequence[Row]) -> None:
        credited = [row for row in rows if row["partner_id"]]
        for row in credited:
            row.made.version = OF_CREDITED
        corrections.save_new(subscriptions=[row.made for row in rows], by=self.by, reason=self.reason)
        bring_in(
            [self._past(row, row.made.tenant) for row in credited], by=self.by, reason=self.reason, is_counted=True
        )

    def _past(self, row: Row, tenant: Tenant) -> Past:
        return Past(row.made, row["partner"], start_of(row["partner_since"], tenant.time_zone))


@dataclass(frozen=True)
class Span:
    """Days of one credit, the last one excluded; without an end it is still in force."""

    since: date
    until: date | None
    partner: str

    def meets(self, other: "Span") -> bool:
        return (self.until is None or other.since < self.until) and (other.until is None or self.since < other.until)

    def __str__(self) -> str:
        return f"{self.partner} {self.since} – {self.until or ''}".rstrip()


class CreditImport(OfSubscriptions):
    name = "credits"
    permission, read_permission = StaffPermission.CORRECT_CREDIT, StaffPermission.READ_CUSTOMERS
    label = gettext_lazy("Partners of record over time")
    about = gettext_lazy(
        "A line is a time in which a partner was credited on a subscription that is there already; it is known again "
        "by subscription and first day."
    )
    key = ("organization", "subscription_id", "since")
    columns = (
        ORGANIZATION,
        SUBSCRIPTION,
        Column("partner_id", gettext_lazy("Partner ID"), cells.partner_number),
        Column("since", gettext_lazy("Since"), cells.day),
        Column(
            "until", gettext_lazy("Until"), cells.day, is_required=False, default=None,
            note=gettext_lazy("The first day on which it was not credited any more; empty where it still is."),
        ),
    )  # fmt: skip

    def key_of(self, row: Row) -> tuple[str, ...]:
        return (str(row["uuid"]), str(row["since"]))

    def look_up(self, rows: Sequence[Row]) -> None:
        super().look_up(rows)
        self.spans: dict[int, list[Span]] = {}
        periods = PartnerOfRecord.objects.filter(subscription__in=self.there.values())
        zones = {each.pk: self._zone(each) for each in self.there.values()}
        for period in periods.select_related("partner"):
            zone, (lower, upper) = zones[period.subscription_id], (period.valid.lower, period.valid.upper)
            span = Span(today_in(zone, lower), today_in(zone, upper) if upper else None, period.partner.number)
            self.spans.setdefault(period.subscription_id, []).append(span)
        self.planned: dict[int, list[Span]] = getattr(self, "planned", {})  # of this file

    def _zone(self, subscription: Subscription) -> str:
        own = next((each for each in self.tenants.values() if each.pk == subscription.tenant_id), None)
        return own.time_zone if own else "UTC"

    def check(self, row: Row) -> None:
        tenant = self.tenant_of(row)
        there = self.there.get(row["uuid"]) if tenant else None
        if tenant is None or there is None or there.tenant_id != tenant.pk:
            if tenant is not None:
                row.refuse("subscription_id", Wrong.UNKNOWN)
            return
        span = Span(row["since"], row["until"], row["partner_id"])
        if span.until and span.until <= span.since:
            row.refuse("until", Wrong.REFUSED, reason=_("The end lies before the start."), next="")
            return
        met = [each for each in self.spans.get(there.pk, ()) if each.meets(span)]
        if span in met:
            row.is_there = True
        elif met:
            row.is_there = True
            row.differs("since", met[0])
        else:
            self._check_new(row, tenant, there, span)

    def _check_new(self, row: Row, tenant: Tenant, subscription: Subscription, span: Span) -> None:
        row.made, subscription.tenant = subscription, tenant
        row.values["partner"] = self.find_partner(row, tenant, subscription, now=span.until is None)
        self.require_past(row, "since", tenant)
        self.require_past(row, "until", tenant)
        planned = self.planned.setdefault(subscription.pk, [])
        if met := next((each for each in planned if each.meets(span) and each.since != span.since), None):
            reason = _("Another line of this file meets it: %(span)s.") % {"span": met}
            one = _("A subscription has one partner of record at a time.")
            row.refuse("since", Wrong.REFUSED, reason=reason, next=one)
        elif not row.problems:
            planned.append(span)

    def store(self, rows: Sequence[Row]) -> None:
        bring_in([self._past(row, row.made.tenant.time_zone) for row in rows], by=self.by, reason=self.reason)

    def _past(self, row: Row, zone: str) -> Past:
        until = start_of(row["until"], zone) if row["until"] else None
        return Past(row.made, row["partner"], start_of(row["since"], zone), until)
