"""Rows of an organization: its people, what it is sold, buys and has, and what its audit log says."""

import hashlib
import math
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone
from psycopg.types.range import DateRange

from portal.demo.catalogue import FAMILIES
from subscriptions.access import Actor
from subscriptions.clouds import Cloud, PaymentMethod, profile_of
from subscriptions.mails.invitation_links import hash_of, token_of
from subscriptions.models import (
    AuditEvent,
    BulkAct,
    BulkRow,
    HelpRequest,
    ImportChunk,
    ImportProblem,
    ImportRun,
    Invitation,
    JointAct,
    Membership,
    Order,
    OrderLine,
    Product,
    ProductFamily,
    ProductPrice,
    SavedView,
    Subscription,
    Tenant,
    User,
    WebhookDelivery,
    WebhookEndpoint,
)
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.help_request import HelpTopic
from subscriptions.models.jobs.bulk_act import BulkState
from subscriptions.models.order import OrderState
from subscriptions.models.people.invitation import InvitationKind
from subscriptions.models.people.membership import Role
from subscriptions.models.people.staff_role import StaffRole
from subscriptions.models.subscription import BillingFrequency, SubscriptionStatus
from subscriptions.webhooks.secrets import seal
from tests.database import as_owner

PASSWORD = "a-password-of-tests"


@as_owner()
def make_tenant(
    *,
    slug="contoso",
    name="Contoso Ltd",
    cloud=Cloud.WORLDWIDE,
    country="US",
    city="Redmond",
    time_zone="UTC",
    **fields,
) -> Tenant:
    facts = {"cloud": cloud, "country": country, "city": city, "time_zone": time_zone, **fields}
    return Tenant.objects.create(slug=slug, name=name, **facts)


@as_owner()
def make_import(
    *, state="checked", kind="organizations", text="organization;name;cloud;country\n", **fields
) -> ImportRun:
    """A file that was brought in, with what a dry run would have found in it."""
    content = text.encode()
    found = {"lines": 2, "fresh": 1, "wrong": 1, "encoding": "UTF-8", "separator": ";"}
    applied = {"applied_at": timezone.now(), "applied_by": "Sam Staff"} if state in ("applying", "done") else {}
    run = ImportRun.objects.create(
        kind=kind,
        file_name=f"{kind}.csv",
        state=state,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        language="en",
        uploaded_by="Sam Staff",
        **found | applied | fields,
    )
    ImportChunk.objects.create(run=run, number=0, content=content)
    ImportProblem.objects.create(
        run=run, line=2, column="country", value="UK", code="country", facts={"example": "GB"}
    )
    return run


@as_owner()
def make_user(
    *, email="admin@contoso.example", name="Alex Wilber", password=PASSWORD, staff_roles=tuple(StaffRole), **fields
) -> User:
    """One of the staff has all of their roles, unless it is said which."""
    (user,) = _make_users(User(email=email, name=name, password=make_password(password), **fields))
    if user.is_staff:
        user.groups.set(Group.objects.filter(name__in=staff_roles))
        user.staff_roles = frozenset(staff_roles)  # as read, which is the staff's scope's alone
    return user


def _make_users(*users: User) -> tuple[User, ...]:
    """Each with a confirmed address; all in one statement a table."""
    User.objects.bulk_create(users)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, primary=True, verified=True) for user in users
    )
    return users


@as_owner()
def make_member(*, tenant: Tenant, user: User | None = None, role=Role.GLOBAL_ADMIN, **person) -> User:
    """The person, who is in the tenant from now on; made of `person` where none is given."""
    user = user or make_user(**person)
    Membership.objects.create(tenant=tenant, user=user, role=role)
    return user


@as_owner()
def make_members(*, tenant: Tenant, people: list[tuple[str, str, Role]]) -> tuple[User, ...]:
    """Of mail address, name and role; all at once, which takes a third of the time."""
    password = make_password(PASSWORD)
    users = _make_users(*(User(email=email, name=name, password=password) for email, name, _role in people))
    Membership.objects.bulk_create(
        Membership(tenant=tenant, user=user, role=role)
        for user, (_email, _name, role) in zip(users, people, strict=True)
    )
    return users


@as_owner()
def make_invitation(*, tenant: Tenant | None = None, email="new@contoso.example", name="Nina New", **fields):
    """One that waits, with the link that its mail has."""
    usual: dict = {"kind": InvitationKind.MEMBER, "role": Role.GLOBAL_READER, "invited_by": "Alex Wilber"}
    usual["place"] = str(tenant or "")
    invitation = Invitation(tenant=tenant, email=email, name=name, **usual | fields)
    invitation.token_hash = hash_of(token_of(invitation.uuid))
    invitation.save(force_insert=True)
    return invitation


@as_owner()
def make_family(*, code="office", **fields) -> ProductFamily:
    """The category of that code, made where there is none, with the demo's texts where the demo has it."""
    known = {family.code: family._asdict() for family in FAMILIES}
    usual = known.get(code, {"name_en": code.title()})
    return ProductFamily.objects.get_or_create(code=code, defaults=usual | fields)[0]


@as_owner()
def make_product(
    *, cloud=Cloud.WORLDWIDE, name="Office 365 E3", family="office", has_trial=False, **fields
) -> Product:
    """The product of that name in that cloud, made where there is none."""
    sku = name.upper().replace(" ", "-")[:60]
    facts = {"name": name, "family": make_family(code=family), "has_trial": has_trial, **fields}
    return Product.objects.get_or_create(cloud=cloud, sku=sku, defaults=facts)[0]


@as_owner()
def make_sold_product(*, monthly="10.00", annual="9.00", since: date | None = None, **product) -> Product:
    """A product with a price from long ago on; with `since`, another price from that day on."""
    made = make_product(**product)
    if since is not None or not ProductPrice.objects.filter(product=made).exists():
        make_price(product=made, monthly=monthly, annual=annual, since=since)
    return made


@as_owner()
def make_order(*, tenant: Tenant, started_by="Gloria Admin", product: Product | None = None, **fields) -> Order:
    """A draft with one line of a product that is sold; `fields` make something else of it."""
    product = product or make_sold_product(cloud=tenant.cloud, name="Office 365 E1")
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
def make_audit_event(
    *, tenant: Tenant, kind=AuditKind.PARTNER_OF_RECORD_ADDED, subject_name="Office 365 E3", **fields
) -> AuditEvent:
    usual = {"actor_kind": ActorKind.MEMBER, "actor_name": "Alex Wilber"}
    return AuditEvent.objects.create(tenant=tenant, kind=kind, subject_name=subject_name, **usual | fields)


@as_owner()
def make_help_request(
    *, user: User, tenant: Tenant | None = None, text="Who may name a partner?", **fields
) -> HelpRequest:
    usual = {"topic": HelpTopic.OTHER, "requested_at": timezone.now(), "requested_by": user.name}
    return HelpRequest.objects.create(user=user, tenant=tenant, text=text, **usual | fields)


@as_owner()
def make_bulk_act(*, tenant: Tenant, user: User, rows: Iterable[Subscription], **fields) -> BulkAct:
    """A preview of deleting the partner of record of these, as this person sees it."""
    rows = list(rows)
    usual = {"kind": "partner-of-record", "state": BulkState.PREVIEWED, "digest": "0" * 64}
    none = {"id": "", "name": ""}
    usual |= {"wanted": none, "previewed": timezone.now(), "chosen": len(rows), "planned": len(rows)}
    act = BulkAct.objects.create(tenant=tenant, user=user, **usual | fields)
    for each in rows:
        BulkRow.objects.create(
            tenant=tenant, act=act, subscription=each, version=each.version, before=none, after=none, planned=True
        )
    return act


@as_owner()
def make_joint_act(*acts: BulkAct, user: User, **fields) -> JointAct:
    """What this person chose in these organizations; one that was previewed there is previewed."""
    parts = [{"tenant": act.tenant_id, "chosen": act.chosen, "act": str(act.uuid)} for act in acts]
    usual = {"kind": acts[0].kind, "wanted": acts[0].wanted, "selection": "All", "parts": parts}
    joint = JointAct.objects.create(user=user, **usual | fields)
    BulkAct.objects.filter(pk__in=[act.pk for act in acts]).update(joint=joint.uuid)
    return joint


def make_actor(*, user: User, role=Role.GLOBAL_ADMIN, proved_at: float | None = math.inf) -> Actor:
    """That member as one who acts, for calls of the domain without a request, and is proved to be it at any time."""
    return Actor(kind=ActorKind.MEMBER, name=user.name, user_id=user.pk, role=role, proved_at=proved_at)


@as_owner()
def make_view(*, tenant: Tenant, user: User, name="Mine", query="partner=without", **fields) -> SavedView:
    """Filters of Subscriptions that a person has named, unless another list is meant."""
    return SavedView.objects.create(
        tenant=tenant, user=user, name=name, query=query, **{"list": "subscriptions", **fields}
    )


@as_owner()
def make_webhook(*, url="https://receiver.example/hook", **fields) -> WebhookEndpoint:
    """Of a tenant or a partner, its secret a known one."""
    usual = {"label": "Billing", "secret": seal("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "added_by": "Gloria Admin"}
    return WebhookEndpoint.objects.create(url=url, **usual | fields)


@as_owner()
def make_delivery(*, endpoint: WebhookEndpoint, event: AuditEvent, **fields) -> WebhookDelivery:
    """A try that failed, unless something else is said."""
    usual = {"message": event.uuid, "kind": event.kind, "tried": timezone.now(), "outcome": "refused", "status": 500}
    return WebhookDelivery.objects.create(endpoint=endpoint, event=event, **usual | fields)
