"""Rows for tests: plain functions with defaults. Each makes its row as the owner, whoever the test is otherwise."""

import hashlib
from datetime import date, datetime, timedelta
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.utils import timezone
from psycopg.types.range import DateRange, TimestamptzRange

from partners.models import (
    MatchedPartner,
    MatchRequest,
    OfferedProduct,
    OfferedSubscription,
    OfferTerms,
    Partner,
    PartnerOffer,
    PartnerOfRecord,
    PartnerPerson,
    PartnerRelationship,
    ReleaseRequest,
    ReleaseStep,
)
from partners.models.partner import PartnerKind, PartnerState
from partners.models.partner_of_record import Source
from partners.models.partner_offer import OfferState
from partners.models.partner_relationship import RelationshipKind
from partners.models.release_request import ReleaseStepKind
from subscriptions.access import Actor
from subscriptions.clouds import Cloud, PaymentMethod, profile_of
from subscriptions.models import (
    AuditEvent,
    Membership,
    Order,
    OrderLine,
    Product,
    ProductPrice,
    Subscription,
    Tenant,
    User,
)
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from subscriptions.models.order import OrderState
from subscriptions.models.product import ProductFamily
from subscriptions.models.subscription import BillingFrequency, SubscriptionStatus
from subscriptions.models.tenant import Role
from tests.database import as_owner

PASSWORD = "a-password-of-tests"


@as_owner()
def make_tenant(
    *, slug="contoso", name="Contoso Ltd", cloud=Cloud.WORLDWIDE, country="US", city="Redmond", time_zone="UTC"
) -> Tenant:
    return Tenant.objects.create(slug=slug, name=name, cloud=cloud, country=country, city=city, time_zone=time_zone)


@as_owner()
def make_user(*, email="admin@contoso.example", name="Alex Wilber", password=PASSWORD, **fields) -> User:
    user = User.objects.create_user(email, password, name=name, **fields)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@as_owner()
def make_member(*, tenant: Tenant, user: User | None = None, role=Role.GLOBAL_ADMIN, **person) -> User:
    """The person, who is in the tenant from now on; made of `person` where none is given."""
    user = user or make_user(**person)
    Membership.objects.create(tenant=tenant, user=user, role=role)
    return user


@as_owner()
def make_product(
    *, cloud=Cloud.WORLDWIDE, name="Office 365 E3", family=ProductFamily.OFFICE, has_trial=False
) -> Product:
    """The product of that name in that cloud, made where there is none."""
    sku = name.upper().replace(" ", "-")[:60]
    facts = {"name": name, "family": family, "has_trial": has_trial}
    return Product.objects.get_or_create(cloud=cloud, sku=sku, defaults=facts)[0]


@as_owner()
def make_offer(*, monthly="10.00", annual="9.00", since: date | None = None, **product) -> Product:
    """A product with a price from long ago on; with `since`, another price from that day on."""
    made = make_product(**product)
    start = since or timezone.localdate() - timedelta(days=1000)
    earlier = ProductPrice.objects.filter(product=made)
    if since is None and earlier.exists():
        return made
    earlier.filter(valid__upper_inf=True).update(valid=DateRange(start - timedelta(days=1000), start))
    ProductPrice.objects.create(
        product=made,
        currency=profile_of(made.cloud).currency,
        monthly=Decimal(monthly),
        annual=Decimal(annual),
        valid=DateRange(start, None),
    )
    return made


@as_owner()
def make_order(*, tenant: Tenant, started_by="Gloria Admin", product: Product | None = None, **fields) -> Order:
    """A draft with one line of a product that is sold; `fields` make something else of it."""
    product = product or make_offer(cloud=tenant.cloud, name="Office 365 E1")
    today = timezone.localdate()
    defaults = {"started_at": timezone.now(), "expires_on": today + timedelta(days=30)}
    person = User.objects.filter(name=started_by).first()
    order = Order.objects.create(tenant=tenant, started_by=started_by, started_by_user=person, **defaults | fields)
    price = ProductPrice.objects.on(today).get(product=product)
    OrderLine.objects.create(
        tenant=tenant,
        order=order,
        product=product,
        licenses=5,
        billing_frequency=BillingFrequency.MONTHLY,
        unit_price=price.monthly,
        currency=price.currency,
    )
    return order


def placed(number: str) -> dict:
    """What makes an order of `make_order` a placed one."""
    return {
        "state": OrderState.PLACED,
        "number": number,
        "placed_at": timezone.now(),
        "placed_by": "Gloria Admin",
        "payment_method": PaymentMethod.INVOICE,
    }


@as_owner()
def make_price(*, product: Product, monthly="10.00", annual="9.00", since: date | None = None) -> ProductPrice:
    """What the product costs from that day on; the price before it ends there."""
    since = since or timezone.localdate() - timedelta(days=1000)
    for earlier in ProductPrice.objects.filter(product=product, valid__upper_inf=True):
        earlier.valid = DateRange(earlier.valid.lower, since)
        earlier.save()
    return ProductPrice.objects.create(
        product=product,
        currency=profile_of(product.cloud).currency,
        monthly=Decimal(monthly),
        annual=Decimal(annual),
        valid=DateRange(since, None),
    )


@as_owner()
def make_subscription(
    *,
    tenant: Tenant,
    name="Office 365 E3",
    product: Product | None = None,
    status=SubscriptionStatus.ACTIVE,
    cost="1234.50",
    started_on: date | None = None,
    term_ends_on: date | None = None,
    **fields,
) -> Subscription:
    today = timezone.localdate()
    defaults = {
        "licenses_total": 20,
        "licenses_assigned": 12,
        "billing_frequency": BillingFrequency.MONTHLY,
        "currency": tenant.cloud_profile.currency,
    }
    return Subscription.objects.create(
        tenant=tenant,
        product=product or make_product(cloud=tenant.cloud),
        name=name,
        status=status,
        cost=Decimal(cost),
        started_on=started_on or today - timedelta(days=300),
        term_ends_on=term_ends_on or today + timedelta(days=65),
        **defaults | fields,
    )


@as_owner()
def make_partner(
    *,
    partner_id="565380",
    name="Tailspin Consulting",
    cloud=Cloud.WORLDWIDE,
    country="US",
    city="Seattle",
    kind=PartnerKind.LOCATION,
    state=PartnerState.ACTIVE,
    authorized_countries=("US", "DE", "CN"),
    authorized_families=(),
    **fields,
) -> Partner:
    fields.setdefault("mailbox", f"partner-{partner_id}@partners.example")
    return Partner.objects.create(
        partner_id=partner_id,
        name=name,
        cloud=cloud,
        country=country,
        city=city,
        kind=kind,
        state=state,
        authorized_countries=list(authorized_countries),
        authorized_families=list(authorized_families),
        **fields,
    )


@as_owner()
def make_match_request(
    *, tenant: Tenant, partners=(), wish="Help us to move our mail", requested_by="Alex Wilber", **fields
) -> MatchRequest:
    usual = {"country": tenant.country, "requested_at": timezone.now()}
    request = MatchRequest.objects.create(tenant=tenant, wish=wish, requested_by=requested_by, **usual | fields)
    for partner in partners:
        MatchedPartner.objects.create(tenant=tenant, request=request, partner=partner)
    return request


@as_owner()
def make_relationship(
    *,
    tenant: Tenant,
    partner: Partner,
    kind=RelationshipKind.DELEGATED_ADMIN,
    roles: tuple[str, ...] | None = None,
    started_by="Alex Wilber",
    **fields,
) -> PartnerRelationship:
    if roles is None:
        roles = (DelegatedRole.HELPDESK_ADMINISTRATOR,) if kind == RelationshipKind.DELEGATED_ADMIN else ()
    return PartnerRelationship.objects.create(
        tenant=tenant, partner=partner, kind=kind, roles=list(roles), started_by=started_by, **fields
    )


@as_owner()
def make_partner_person(*, partner: Partner, user: User | None = None, role=AgentRole.ADMIN_AGENT, **person) -> User:
    """The person, who works for the partner from now on; made of `person` where none is given."""
    user = user or make_user(**person)
    PartnerPerson.objects.create(partner=partner, user=user, role=role)
    return user


@as_owner()
def make_partner_offer(
    *,
    tenant: Tenant,
    partner: Partner,
    name="Administration for a year",
    state=OfferState.SENT,
    terms="<p>We look after your subscriptions.</p>",
    expires_in=timedelta(days=30),
    subscriptions=(),
    products=(),
    **fields,
) -> PartnerOffer:
    """A sent offer of administration, unless said otherwise; `subscriptions` are those that it names."""
    usual: dict = {"roles": [DelegatedRole.HELPDESK_ADMINISTRATOR], "days": 365, "drafted_by": "Agatha Agent"}
    if state != OfferState.DRAFT:
        now = timezone.now()
        usual |= {"sent_at": now, "sent_by": "Agatha Agent", "expires_on": now + expires_in, "generation": 1}
    offer = PartnerOffer.objects.create(tenant=tenant, partner=partner, name=name, state=state, **usual | fields)
    digest = hashlib.sha256(terms.encode()).hexdigest()
    OfferTerms.objects.create(
        tenant=tenant, offer=offer, number=1, html=terms, digest=digest, written_by="Agatha Agent"
    )
    for subscription in subscriptions:
        OfferedSubscription.objects.create(tenant=tenant, offer=offer, subscription=subscription)
    for product in products:
        OfferedProduct.objects.create(tenant=tenant, offer=offer, product=product, licenses=25)
    return offer


@as_owner()
def make_release_request(*, relationship: PartnerRelationship, due_in=timedelta(days=14), **fields) -> ReleaseRequest:
    usual = {
        "reason": "We buy directly now.",
        "due_on": timezone.localdate() + due_in,
        "sent_by": "Alex Wilber",
    }
    request = ReleaseRequest.objects.create(
        tenant=relationship.tenant,
        partner=relationship.partner,
        relationship=relationship,
        **usual | fields,
    )
    ReleaseStep.objects.create(
        tenant_id=relationship.tenant_id, request=request, kind=ReleaseStepKind.SENT, by=request.sent_by
    )
    return request


@as_owner()
def make_partner_of_record(
    *,
    subscription: Subscription,
    partner: Partner,
    since: datetime | None = None,
    until: datetime | None = None,
    by_name="Alex Wilber",
    source=Source.TENANT,
    reason="",
) -> PartnerOfRecord:
    """One period; without `until` the partner is credited now."""
    since = since or timezone.now() - timedelta(days=30)
    return PartnerOfRecord.objects.create(
        tenant_id=subscription.tenant_id,
        subscription=subscription,
        partner=partner,
        valid=TimestamptzRange(since, until, "[)"),
        source=source,
        set_by_name=by_name,
        reason=reason,
        end_source=source if until else "",
        ended_by_name=by_name if until else "",
    )


@as_owner()
def make_audit_event(
    *, tenant: Tenant, kind=AuditKind.PARTNER_OF_RECORD_ADDED, subject_name="Office 365 E3", **fields
) -> AuditEvent:
    usual = {"actor_kind": ActorKind.MEMBER, "actor_name": "Alex Wilber"}
    return AuditEvent.objects.create(tenant=tenant, kind=kind, subject_name=subject_name, **usual | fields)


def make_actor(*, user: User, role=Role.GLOBAL_ADMIN) -> Actor:
    """That member as one who acts, for calls of the domain without a request."""
    return Actor(kind=ActorKind.MEMBER, name=user.name, user_id=user.pk, role=role)
