"""The world in which each act of the tables of audited_acts*.py is tried, and who acts in it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from partners.delegation import partners_person
from partners.models import OfferedProduct, Partner, PartnerOffer, PartnerRelationship, ReleaseRequest
from partners.offers.answers import Shown
from partners.offers.terms import current_terms
from subscriptions.access import Actor, staff_actor, the_portal
from subscriptions.catalogue.shop import Item, find_item
from subscriptions.clouds import Cloud
from subscriptions.db import scopes
from subscriptions.models import (
    HelpRequest,
    ImportRun,
    Invitation,
    Mail,
    Membership,
    Order,
    Product,
    ProductFamily,
    Subscription,
    Tenant,
    User,
)
from subscriptions.models.delegated_role import AgentRole
from subscriptions.models.mail import MailKind
from tests.database import as_owner
from tests.factories import (
    make_actor,
    make_audit_event,
    make_family,
    make_help_request,
    make_import,
    make_invitation,
    make_match_request,
    make_member,
    make_order,
    make_partner,
    make_partner_of_record,
    make_partner_offer,
    make_partner_person,
    make_price,
    make_relationship,
    make_release_request,
    make_sold_product,
    make_subscription,
    make_tenant,
    make_user,
    placed,
)

STAFF, PORTAL = "staff", "the portal"
ALPHA, LANYUN = "alpha", "lanyun"  # a customer that names partners itself, and one where partners send offers
ADMIN, BUYER = "Gloria Admin", "Lan Yun"  # their Global admins
AGENT, RESELLER = "Agatha Agent", "Rosa Reseller"  # who works for Lanyun's partner, and for Alpha's
NOBODY = ""  # in staff's log alone


Call = Callable[["Rows", Actor], object]
Who = tuple[str, str]  # who acts, and in whose log it stands


@dataclass(frozen=True)
class Act:
    """A call, who does it and in whose log it stands: in how many rows, and what is mailed."""

    function: Callable
    call: Call
    by: str
    log: str
    rows: int
    mails: tuple[MailKind, ...]

    @property
    def name(self) -> str:
        return f"{self.function.__module__}.{self.function.__name__}"


@as_owner()
def make_rows() -> None:
    """One of everything that an act needs."""
    alpha, cloud = make_tenant(slug=ALPHA, name="Alpha Ltd"), Cloud.OPERATED_BY_21VIANET
    lanyun = make_tenant(slug=LANYUN, name="Lanyun", cloud=cloud, country="CN")
    make_member(tenant=alpha, email="admin@alpha.example", name=ADMIN)
    make_member(tenant=alpha, role="global-reader", email="reader@alpha.example")
    make_member(tenant=lanyun, email="admin@lanyun.example", name=BUYER)
    make_user(email="staff@portal.example", name="Sam Staff", is_staff=True)
    partner, _other = make_partner(number="565380"), make_partner(number="935287")
    offering = make_partner(number="880021", cloud=cloud)
    make_partner_person(partner=partner, email="agent@tailspin.example", name=RESELLER)
    make_partner_person(partner=offering, email="agent@yunhuoban.example", name=AGENT)
    _make_ties(alpha, partner)
    _make_purchases(alpha, lanyun, partner)
    trial = make_sold_product(cloud=cloud, name="Visio", has_trial=True)
    make_family(code="unused")
    make_partner_offer(tenant=lanyun, partner=offering)
    make_partner_offer(tenant=lanyun, partner=offering, name="Draft", state="draft")
    answered = {"state": "accepted", "decided_at": timezone.now(), "decided_by": BUYER}
    answered |= {"decided_terms": "0" * 64, "credit": "bought"}
    for purchase in ("trial", "purchase"):
        make_partner_offer(
            tenant=lanyun, partner=offering, name=purchase, purchase=purchase, products=[trial], **answered
        )
    make_import()
    make_import(state="applying")
    make_invitation(tenant=alpha)
    make_help_request(user=User.objects.get(email="reader@alpha.example"), tenant=alpha)
    Mail.objects.create(
        tenant=alpha,
        event=make_audit_event(tenant=alpha),
        kind=MailKind.PARTNER_NAMED,
        to_company_mailbox="a@b.example",
        state="failed",
    )


def _make_ties(alpha: Tenant, partner: Partner) -> None:
    make_relationship(
        tenant=alpha,
        partner=partner,
        roles=("global-reader", "helpdesk-administrator"),
        expires_on=timezone.now() + timedelta(days=100),
        auto_extend=True,
    )
    make_release_request(relationship=make_relationship(tenant=alpha, partner=partner, kind="reseller"))
    make_match_request(tenant=alpha)


def _make_purchases(alpha: Tenant, lanyun: Tenant, partner: Partner) -> None:
    owned = make_subscription(tenant=alpha)
    make_price(product=owned.product)
    make_partner_of_record(subscription=owned, partner=partner)
    make_subscription(tenant=lanyun)
    make_sold_product(name="Visio", has_trial=True)
    make_order(tenant=alpha, started_by=ADMIN, partner_number="935287", partner_name="Tailspin Consulting")
    make_order(tenant=alpha, **placed("O-1"))


class Rows:
    """One of everything, as the owner reads it, and everybody who acts."""

    @as_owner()
    def __init__(self) -> None:
        tenants = Tenant.objects.with_cloud_status()
        self.tenant, self.lanyun = tenants.get(slug=ALPHA), tenants.get(slug=LANYUN)
        self.tenants = {tenant.slug: tenant for tenant in (self.tenant, self.lanyun)}
        self.subscription = Subscription.objects.select_related("product", "tenant").get(tenant=self.tenant)
        self.uncredited = Subscription.objects.get(tenant=self.lanyun)
        self.partner, self.other = Partner.objects.filter(cloud=Cloud.WORLDWIDE).order_by("pk")
        self.offering = Partner.objects.get(number="880021")
        self.relationship = PartnerRelationship.objects.select_related("tenant", "partner").get(
            kind="delegated-admin"
        )
        self.reseller = PartnerRelationship.objects.select_related("tenant", "partner").get(kind="reseller")
        self.asked = ReleaseRequest.objects.select_related("tenant").get()
        self.reader = Membership.objects.select_related("tenant", "user").get(role="global-reader")
        self.draft, self.order = Order.objects.order_by("pk")
        self.lines = list(self.draft.lines.all())
        self.checked, self.applying = ImportRun.objects.order_by("pk")
        self.help_request = HelpRequest.objects.select_related("tenant").get()
        self.invitation = Invitation.objects.select_related("tenant").get()
        self.mail = Mail.objects.select_related("tenant", "event").get()
        self.offered = {row.offer.purchase: row for row in OfferedProduct.objects.select_related("offer", "product")}
        self.unused_family = ProductFamily.objects.get(code="unused")
        self.persons = self._persons()

    def of_subscription(self) -> dict:
        return {"tenant": self.tenant, "subscription": self.subscription, "version": self.subscription.version}

    def of_draft(self) -> dict:
        return {"tenant": self.tenant, "order": self.draft, "version": self.draft.version}

    @as_owner()
    def of_offer(self, state: str = "sent") -> dict:
        """The offer, and the organization that it is for: in a cloud in which there are offers."""
        offers = PartnerOffer.objects.select_related("partner", "tenant").filter(purchase="none")
        return {"tenant": self.lanyun, "offer": offers.get(state=state)}

    @as_owner()
    def shown(self) -> dict:
        """What an answer needs to know of the offer."""
        offer = self.of_offer()["offer"]
        return self.of_offer() | {"shown": Shown(version=offer.version, terms=current_terms(offer).digest)}

    def sold(self) -> Item:
        """What Alpha can try and buy, and has neither."""
        found = find_item(tenant=self.tenant, uuid=Product.objects.get(name="Visio", cloud=Cloud.WORLDWIDE).uuid)
        assert found is not None
        return found

    @as_owner()
    def put_subscription(self, status: str, days_to_end: int = 5) -> dict:
        """Alpha's subscription in another state, as an act's arguments."""
        ends_on = timezone.localdate() + timedelta(days=days_to_end)
        rows = Subscription.objects.filter(tenant=self.tenant)
        rows.update(status=status, term_ends_on=ends_on, anchor_day=ends_on.day, payment_method="")
        return self.of_subscription()

    def _persons(self) -> dict[str, Actor]:
        users = {user.name: user for user in User.objects.all()}
        return {
            STAFF: staff_actor(users["Sam Staff"]),
            PORTAL: the_portal(),
            ADMIN: make_actor(user=users[ADMIN]),
            BUYER: make_actor(user=users[BUYER]),
            AGENT: partners_person(users[AGENT], self.offering, agent_role=AgentRole.ADMIN_AGENT),
            RESELLER: partners_person(users[RESELLER], self.partner, agent_role=AgentRole.ADMIN_AGENT),
        }

    def scope_of(self, act: Act) -> AbstractContextManager:
        """Staff and jobs act beside all organizations, a partner's people on their own, everybody else inside one."""
        beside = {STAFF: scopes.staff, PORTAL: scopes.worker}
        if act.by not in beside and act.log == NOBODY:
            return scopes.partner(self.persons[act.by].partner_key or 0)
        return beside[act.by]() if act.by in beside else scopes.tenant(self.tenants[act.log].pk)
