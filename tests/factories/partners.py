"""Rows of partners: their people, what ties them to an organization, and what was offered or asked."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from partners.models import (
    ApprovedPartner,
    MatchedPartner,
    MatchRequest,
    OfferedProduct,
    OfferedSubscription,
    OfferRound,
    OfferTemplate,
    OfferTerms,
    Partner,
    PartnerOffer,
    PartnerOfRecord,
    PartnerPerson,
    PartnerRelationship,
    PolicyExemption,
    PolicyPartner,
    ReleaseRequest,
    ReleaseStep,
    ScheduledChange,
)
from partners.models.partner import PartnerKind, PartnerState
from partners.models.partner_of_record import Source
from partners.models.partner_offer import OfferState
from partners.models.partner_relationship import RelationshipKind
from partners.models.release_request import ReleaseStepKind
from partners.offers.checks import kind_in
from subscriptions.clouds import Cloud
from subscriptions.models import Approval, Subscription, Tenant, User
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from tests.database import as_owner
from tests.factories.subscriptions import make_family, make_user


@as_owner()
def make_partner(
    *,
    number="565380",
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
    for family in authorized_families:
        make_family(code=family)
    fields.setdefault("authorized_for_all", not authorized_families)
    fields.setdefault("mailbox", f"partner-{number}@partners.example")
    return Partner.objects.create(
        number=number,
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
    *, tenant: Tenant, partners=(), wish="Help us to move our mail", requested_by="Alex Wilber", family="", **fields
) -> MatchRequest:
    usual = {"country": tenant.country, "requested_at": timezone.now()}
    if family:
        fields["family"] = make_family(code=family)
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
    usual["kind"] = kind_in(tenant)
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
def make_offer_template(*, partner: Partner, name="Administration for a year", **facts) -> OfferTemplate:
    usual: dict = {"roles": ["helpdesk-administrator"], "days": 365, "terms": "<p>We look after it.</p>", "lines": []}
    usual |= {"name": name, "credit": "nothing", "purchase": "none", "subscriptions": []}
    return OfferTemplate.objects.create(partner=partner, name=name, facts=usual | facts, kept_by="Agatha Agent")


@as_owner()
def make_offer_round(*, partner: Partner, tenants: Sequence[Tenant], name="Administration for a year") -> OfferRound:
    """A file that was looked at: a line for each of these organizations."""
    facts: dict = {"roles": ["helpdesk-administrator"], "days": 365, "terms": "<p>We look after it.</p>", "lines": []}
    facts |= {"name": name, "credit": "nothing", "purchase": "none", "subscriptions": []}
    lines = [
        {
            "number": number,
            "cell": tenant.slug,
            "problems": [],
            "outcome": "",
            "organization": tenant.name,
            "tenant": tenant.pk,
            "name": f"{name[:20]} · {tenant.name}",
        }
        for number, tenant in enumerate(tenants, 2)
    ]
    file = {"name": "customers.csv", "encoding": "UTF-8", "not_taken": []}
    about = {"partner": partner, "name": name, "read_by": "Agatha Agent"}
    return OfferRound.objects.create(facts=facts, file=file, lines=lines, **about)


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
def make_scheduled_change(
    *, subscription: Subscription, user: User, partner: Partner | None = None, in_days=30, **fields
) -> ScheduledChange:
    """One that waits, unless said otherwise; without a partner it is a deletion."""
    usual: dict = {"day": timezone.localdate() + timedelta(days=in_days), "proved": timezone.now()}
    if fields.get("state", "waiting") != "waiting":
        usual |= {"ended_at": timezone.now(), "ended_by": user.name}
    return ScheduledChange.objects.create(
        tenant_id=subscription.tenant_id,
        subscription=subscription,
        partner=partner,
        user=user,
        scheduled_by=user.name,
        **usual | fields,
    )


@as_owner()
def make_approval(*, subscription: Subscription, user: User, partner: Partner | None = None, **fields) -> Approval:
    """What this member wants of the subscription, and another one has to approve; without a partner a deletion."""
    after = {"id": partner.number, "name": partner.name} if partner else None
    wanted = {"asked_by": user.name, "before": None, "after": after, "is_undo": False}
    usual: dict = {
        "act": "partner-of-record",
        "row": subscription.pk,
        "subject_name": subscription.name,
        "wanted": wanted | {"version": subscription.version, "then": {}},
        "reason": "Year end",
        "proved": timezone.now(),
        "expires_on": timezone.now() + timedelta(days=14),
    }
    return Approval.objects.create(
        tenant_id=subscription.tenant_id, of_staff=False, asker=user, asked_by=user.name, **usual | fields
    )


@as_owner()
def make_policy(
    *, tenant: Tenant, partner: Partner, exempt: Subscription | None = None, in_days=30
) -> tuple[PolicyPartner, ApprovedPartner, PolicyExemption | None]:
    """The partner is the default of everything and the only one that is approved."""
    by: dict = {"tenant": tenant, "added_by": "Gloria Admin"}
    exemption = exempt and PolicyExemption.objects.create(
        subscription=exempt, reason="Contract", ends_on=timezone.localdate() + timedelta(days=in_days), **by
    )
    default = PolicyPartner.objects.create(partner=partner, **by)
    return default, ApprovedPartner.objects.create(partner=partner, **by), exemption


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
