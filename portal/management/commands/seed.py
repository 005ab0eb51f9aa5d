"""The demo's data, entered as the owner: some of it is history, which only the owner may write."""

import random
from datetime import date, timedelta
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand
from django.db import transaction
from psycopg.types.range import DateRange

from partners.models import (
    ApprovedPartner,
    ManagedSubscription,
    Partner,
    PartnerOfRecord,
    PartnerPerson,
    PolicyExemption,
    PolicyPartner,
)
from partners.models.partner_of_record import Source
from partners.models.partner_relationship import RelationshipKind
from portal.database.logins import as_owner
from portal.demo import catalogue, releases, terms
from portal.demo import data as demo_data
from portal.demo import history as demo_history
from portal.demo import offers as demo_offers
from portal.demo import purchases as demo_purchases
from portal.demo.applications import add_application
from portal.demo.database import require_demo
from portal.demo.history import ago, relate
from portal.demo.invitations import add_invitation
from subscriptions.clouds import profile_of
from subscriptions.models import (
    Membership,
    OrganizationGroup,
    Product,
    ProductFamily,
    ProductPrice,
    Subscription,
    Tenant,
    User,
)
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from subscriptions.models.people.staff_role import StaffRole
from subscriptions.models.subscription import BillingFrequency, SubscriptionStatus, cost_of_period
from subscriptions.subscriptions.payments import usable_methods
from subscriptions.subscriptions.trial_start import TRIAL_LICENSES

PRICE_FACTOR = {"USD": Decimal(1), "EUR": Decimal("0.9"), "CNY": Decimal(7)}
TRIAL, ACTIVE, EXPIRED, DISABLED = (
    SubscriptionStatus.TRIAL,
    SubscriptionStatus.ACTIVE,
    SubscriptionStatus.EXPIRED,
    SubscriptionStatus.DISABLED,
)
CONTOSO_SUBSCRIPTIONS = 64


class Command(BaseCommand):
    help = "Enter the demo's organizations, people, partners and subscriptions into a database marked as a demo's."

    def handle(self, *args, **options) -> None:
        require_demo()
        with as_owner(), transaction.atomic():
            Seed().run()


class Seed:
    """The same data on every run, but for dates, which are counted from today."""

    def __init__(self):
        self.today = date.today()
        self.random = random.Random(2026)  # noqa: S311 - sample data
        self.password = make_password(demo_data.PASSWORD)  # once, as its hash takes long by design
        self.tenants: dict[str, Tenant] = {}
        self.users: dict[str, User] = {}
        self.partners: dict[str, Partner] = {}
        self.products: dict[tuple[str, str], Product] = {}
        self.prices: dict[tuple[str, str], ProductPrice] = {}

    def run(self) -> None:
        self.add_people_and_tenants()
        self.add_invitations()
        self.add_partners()
        self.add_partners_people()
        self.add_products()
        self.add_contoso()
        self.add_small_tenants()
        self.add_policies()
        self.add_relationships()
        self.add_offers()
        for wanted in demo_data.PURCHASES:
            demo_purchases.buy(wanted, self.partners[wanted.partner_number])
        self.add_scheduled_changes()
        self.add_applications()

    def add_people_and_tenants(self) -> None:
        for tenant in demo_data.TENANTS:
            self.tenants[tenant.slug] = Tenant.objects.create(**tenant._asdict())
        for email, name, seats in demo_data.PEOPLE:
            user = self.add_user(email, name)
            for slug, role in seats:
                Membership.objects.create(tenant=self.tenants[slug], user=user, role=role)
        for name, slugs in demo_data.GROUPS:
            group = OrganizationGroup.objects.create(name=name)
            group.organizations.set([self.tenants[slug] for slug in slugs])
        self.add_staff(*demo_data.STAFF, *StaffRole)
        for person in demo_data.STAFF_PEOPLE:
            self.add_staff(*person)

    def add_staff(self, email: str, name: str, *roles: StaffRole) -> None:
        self.add_user(email, name, is_staff=True).groups.set(Group.objects.filter(name__in=roles))

    def add_invitations(self) -> None:
        for slug, name, email, role, days_ago in demo_data.INVITED:
            by = self.users[f"admin@{slug}.example"].name
            tenant = self.tenants[slug]
            add_invitation(tenant, name=name, email=email, role=role, by=by, days_ago=days_ago)

    def add_applications(self) -> None:
        for whose, name, role, scopes, maker, days_ago in demo_data.APPLICATIONS:
            owner = self.tenants.get(whose) or self.partners.get(whose)
            add_application(owner, name=name, role=role, scopes=scopes, maker=self.users[maker], days_ago=days_ago)

    def add_user(self, email: str, name: str, **fields) -> User:
        user = User.objects.create(email=email, password=self.password, name=name, **fields)
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
        self.users[email] = user
        return user

    def add_partners(self) -> None:
        for entry in demo_data.PARTNERS:
            self.partners[entry.number] = Partner.objects.create(
                number=entry.number,
                name=entry.name,
                cloud=entry.cloud,
                kind=entry.kind,
                state=entry.state,
                parent=self.partners[entry.parent] if entry.parent else None,
                country=entry.country,
                city=entry.city,
                mailbox=f"partner-{entry.number}@partners.example",
                phone="+1 555 0100" if entry.country == "US" else "",
                language=entry.language,
                authorized_countries=list(entry.authorized_countries),
                authorized_for_all=not entry.families,
                authorized_families=list(entry.families),
            )

    def add_partners_people(self) -> None:
        for email, name, number, role, time_zone in demo_data.AGENTS:
            user = self.add_user(email, name, time_zone=time_zone)
            PartnerPerson.objects.create(partner=self.partners[number], user=user, role=role)
        for email, number in demo_data.ALSO_WORK_FOR:
            user = self.users[email]
            PartnerPerson.objects.create(partner=self.partners[number], user=user, role=AgentRole.SALES_AGENT)

    def add_products(self) -> None:
        for place, entry in enumerate(catalogue.FAMILIES, start=1):
            ProductFamily.objects.create(position=10 * place, **entry._asdict())
        for cloud in demo_data.Cloud:
            for number, (name, family, price) in enumerate(catalogue.PRODUCTS, start=1):
                product = Product.objects.create(
                    cloud=cloud,
                    sku=f"{family.upper()}-{number:02}",
                    name=name,
                    family_id=family,
                    has_trial=name in catalogue.TRIALS,
                    **catalogue.features_of(name),
                )
                self.products[cloud, name] = product
                self.prices[cloud, name] = self.add_price(product, Decimal(price))

    def add_price(self, product: Product, price: Decimal) -> ProductPrice:
        """Billed for a whole year, a user costs a tenth less."""
        currency = profile_of(product.cloud).currency
        monthly = price * PRICE_FACTOR[currency]
        return ProductPrice.objects.create(
            product=product,
            currency=currency,
            monthly=monthly,
            annual=(monthly * Decimal("0.9")).quantize(Decimal("0.01")),
            valid=DateRange(self.today - timedelta(days=1000), None),
        )

    def add_contoso(self) -> None:
        contoso, admin = self.tenants["contoso"], self.users["admin@contoso.example"]
        self.add_subscription(contoso, "Office 365 E3", licenses=(182, 200), started=400, ends=35)
        named = self.add_subscription(contoso, "Office 365 E5", licenses=(25, 25), started=700, ends=90)
        self.credit(named, "935287", admin, since=600, until=210, reason="First roll-out")
        self.credit(named, "565380", admin, since=210, reason="Support contract moved")
        statuses = [ACTIVE] * 9 + [TRIAL, EXPIRED, DISABLED]
        names = [name for name, *_rest in catalogue.PRODUCTS]
        self.add_subscription(contoso, "SharePoint Online (Plan 2)", licenses=(30, 40), on_the_31st=True)
        for number in range(CONTOSO_SUBSCRIPTIONS - 3):
            own_name, cost_center = demo_data.OWN_NAMES[number % len(demo_data.OWN_NAMES)]
            subscription = self.add_subscription(
                contoso,
                names[number % len(names)],
                status=statuses[number % len(statuses)],
                licenses=self.some_licenses(),
                started=self.random.randint(60, 900),
                ends=self.random.randint(5, 330),
                reseller_managed=number % 7 == 3,
                own_name=own_name,
                cost_center=cost_center,
            )
            if subscription.reseller_managed:
                ManagedSubscription.objects.create(
                    tenant=contoso, subscription=subscription, partner=self.partners["935287"]
                )
            if number % 3 == 0 and subscription.product.family_id != "exchange":
                age = (self.today - subscription.started_on).days
                since = self.random.randint(1, min(age, 50))
                self.credit(subscription, self.random.choice(["565380", "935287"]), admin, since=since)

    def add_small_tenants(self) -> None:
        fabrikam, fatima = self.tenants["fabrikam"], self.users["admin@fabrikam.example"]
        self.add_subscription(fabrikam, "Office 365 Business Premium", licenses=(8, 10))
        for name, number in (("Exchange Online (Plan 1)", "1234567"), ("Visio Online (Plan 2)", "1234568")):
            self.credit(self.add_subscription(fabrikam, name, licenses=(20, 40)), number, fatima, since=10)
        nordwind, nora = self.tenants["nordwind"], self.users["admin@nordwind.example"]
        self.add_subscription(nordwind, "Office 365 E3", licenses=(40, 50))
        named = self.add_subscription(nordwind, "Office 365 E1", licenses=(12, 20))
        self.credit(named, "777001", nora, since=120)
        self.add_subscription(nordwind, "Project Online Professional", status=DISABLED, ends=-40)
        self.add_subscription(nordwind, "Exchange Online (Plan 2)", licenses=(18, 25), on_the_31st=True)
        self.add_subscription(nordwind, "Power BI Pro", status=TRIAL, ends=5)
        self.add_subscription(nordwind, "Visio Online (Plan 1)", status=EXPIRED)
        lanyun, li_na = self.tenants["lanyun"], self.users["admin@lanyun.example"]
        named = self.add_subscription(lanyun, "Office 365 E3", licenses=(30, 60))
        self.credit(named, "880021", li_na, since=80, source=Source.OFFER)
        self.add_subscription(lanyun, "Exchange Online (Plan 1)", licenses=(55, 60))
        sites = self.add_subscription(lanyun, "SharePoint Online (Plan 1)", licenses=(20, 20), on_the_31st=True)
        self.credit(sites, "880021", li_na, since=60, source=Source.OFFER)
        self.add_subscription(lanyun, "Visio Online (Plan 2)", status=TRIAL, ends=5)
        self.add_subscription(lanyun, "Project Online Essentials", status=EXPIRED)
        self.add_subscription(lanyun, "Office 365 E1", status=DISABLED)

    def add_scheduled_changes(self) -> None:
        """In every cloud one that waits, and one that could not be applied, on the last one with a partner."""
        for slug, now, then, in_days, outcome in demo_data.SCHEDULED:
            by = self.users[f"admin@{slug}.example"]
            open_periods = PartnerOfRecord.objects.in_force().filter(tenant=self.tenants[slug], partner__number=now)
            row = (
                open_periods.filter(subscription__status=ACTIVE)
                .order_by("-subscription__name_key", "-pk")[0]
                .subscription
            )
            demo_history.schedule(row, self.partners[then], by, in_days=in_days, outcome=outcome)

    def add_policies(self) -> None:
        """In every cloud an approved list, and a default partner where there can be one."""
        for slug, approved, default, reason in demo_data.POLICIES:
            by: dict = {"tenant": self.tenants[slug], "added_by": self.users[f"admin@{slug}.example"].name}
            for number in approved:
                ApprovedPartner.objects.create(partner=self.partners[number], **by)
            if default:
                number, family = default
                PolicyPartner.objects.create(partner=self.partners[number], family_id=family, **by)
            row = Subscription.objects.filter(tenant=self.tenants[slug], status=ACTIVE).order_by("-pk")[0]
            until = self.today + timedelta(days=60)
            PolicyExemption.objects.create(subscription=row, reason=reason, ends_on=until, **by)

    def add_relationships(self) -> None:
        """In every cloud a reseller and a delegated administrator; two resellers were asked to leave."""
        by_slug = {
            slug: relate(
                self.tenants[slug],
                self.partners[number],
                RelationshipKind.RESELLER,
                by=self.users[demo_data.STAFF[0]],
                since=since,
            )
            for slug, number, since in demo_data.RESELLERS
        }
        releases.ask(
            by_slug["contoso"], asker="admin@contoso.example", reason="From March on we buy from our own contract."
        )
        releases.add_overdue(
            by_slug["nordwind"], asker="admin@nordwind.example", reason="Wir kaufen künftig direkt ein."
        )
        for slug, number, roles, ends in demo_data.DELEGATIONS:
            by = self.users[f"admin@{slug}.example"]
            tenant, partner = self.tenants[slug], self.partners[number]
            relate(tenant, partner, RelationshipKind.DELEGATED_ADMIN, roles=roles, by=by, ends=ends)
        for slug, number, name, text in demo_data.ENDING_SOON:
            by, tenant, partner = self.users[f"admin@{slug}.example"], self.tenants[slug], self.partners[number]
            kind, roles = RelationshipKind.DELEGATED_ADMIN, (DelegatedRole.HELPDESK_ADMINISTRATOR,)
            ending = relate(tenant, partner, kind, roles=roles, by=by, since=345, ends=20)
            demo_offers.add_ending(tenant, partner, ending, name=name, terms=text)

    def add_offers(self) -> None:
        lanyun, partner = self.tenants["lanyun"], self.partners["880021"]
        mailboxes = Subscription.objects.get(tenant=lanyun, name="Exchange Online (Plan 1)")
        training = self.products[lanyun.cloud, "Power BI Pro"]
        demo_offers.add_expired_offer(lanyun, partner, mailboxes, sent=ago(50))
        demo_offers.send_offer_twice(lanyun, partner, mailboxes)
        demo_offers.send_offer(lanyun, partner, training)
        demo_offers.draft_offer(lanyun, partner, training)

    def some_licenses(self) -> tuple[int, int]:
        total = self.random.choice([5, 10, 25, 50, 100, 250])
        return self.random.randint(0, total), total

    def add_subscription(
        self,
        tenant,
        product_name,
        *,
        status=ACTIVE,
        licenses=(0, 10),
        started=300,
        ends=65,
        on_the_31st=False,
        **facts,
    ) -> Subscription:
        frequency = BillingFrequency.ANNUAL if self.random.random() < 0.5 else BillingFrequency.MONTHLY
        if on_the_31st:
            frequency = BillingFrequency.MONTHLY
        if status == TRIAL:
            licenses = (licenses[0] % TRIAL_LICENSES, TRIAL_LICENSES)
        began, term_ends = self.term(status, frequency, ends=ends, age=started, on_the_31st=on_the_31st)
        return Subscription.objects.create(
            tenant=tenant,
            product=self.products[tenant.cloud, product_name],
            name=product_name,
            status=status,
            licenses_assigned=licenses[0],
            licenses_total=licenses[1],
            started_on=began,
            term_ends_on=term_ends,
            **facts,
            **self.billing(tenant, product_name, status, frequency, licenses[1]),
        )

    def billing(self, tenant, product_name, status, frequency, licenses: int) -> dict:
        """What it costs, how often, and how it is paid; a trial costs nothing."""
        price, is_trial = self.prices[tenant.cloud, product_name], status == TRIAL
        paid = price.annual if frequency == BillingFrequency.ANNUAL else price.monthly
        unit_price = Decimal(0) if is_trial else paid
        return {
            "billing_frequency": frequency,
            "unit_price": unit_price,
            "cost": cost_of_period(unit_price, licenses, frequency.months),
            "currency": price.currency,
            "recurring_billing": status == ACTIVE,
            "began_as_trial": is_trial,
            "payment_method": "" if is_trial else usable_methods(tenant.cloud_profile)[0].method,
        }

    def term(self, status, frequency, *, ends: int, age: int, on_the_31st: bool) -> tuple[date, date]:
        """The days of its beginning and of the end of its last term, which suits its state."""
        if on_the_31st:
            return terms.billed_on_the_31st(self.today)
        if status == TRIAL:
            return terms.trial(self.today + timedelta(days=ends % 25 + 3))
        if status == EXPIRED:
            ends = -abs(ends) % 25 - 25
        elif status == DISABLED:
            ends = -abs(ends) % 60 - 91
        elif frequency == BillingFrequency.MONTHLY:
            ends = ends % 24 + 5
        return terms.whole_terms(frequency, ends=self.today + timedelta(days=ends), age=abs(ends) + age)

    def credit(self, subscription: Subscription, partner_number: str, by: User, **facts) -> None:
        demo_history.credit(subscription, self.partners[partner_number], by, **facts)
