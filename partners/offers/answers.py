"""The organization's answer to a partner's offer: Yes, with what is granted, or No. Each once, and for good."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction

from partners.directory.reads import PartnerUnusable
from partners.directory.rules import mailbox_of
from partners.models import PartnerOffer, PartnerRelationship
from partners.models.partner_offer import CreditWanted, OfferState
from partners.models.partner_relationship import RelationshipKind
from partners.offers import records as offer_records
from partners.offers.answer_rules import may_accept, may_answer
from partners.offers.events import GrantedThen, LeftOut, NotCredited
from partners.offers.terms import current_terms
from partners.partner_of_record import acts as partner_of_record
from partners.relationships import acts as relationships
from subscriptions.access import Actor, Decision
from subscriptions.audit.facts import Called
from subscriptions.db.locks import lock_row
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.verdicts import Refused, Stale


class TermsChanged(Stale):
    """The partner has changed the offer since it was shown."""


class NotOffered(Exception):
    """Roles or days beyond what the partner asked for."""


class NothingGranted(Exception):
    """A Yes that grants nothing at all is a No."""


@dataclass(frozen=True)
class Shown:
    """What the person had before them: the offer's version, and the hash of its terms."""

    version: int
    terms: str


@dataclass
class Granted:
    """What a Yes has brought about; `skipped` are the subscriptions that could not take the credit."""

    relationship: PartnerRelationship | None = None
    credited: list[Subscription] = field(default_factory=list)
    skipped: list[tuple[Subscription, NotCredited]] = field(default_factory=list)


@transaction.atomic
def accept_offer(
    *, tenant: Tenant, offer: PartnerOffer, shown: Shown, roles: Collection[str], days: int | None, by: Actor
) -> AuditEvent:
    """Grants the roles that were kept, for as many days, and the credit that was asked for.

    Raises SignInTooOld, Refused, TermsChanged, NotOffered and NothingGranted; then nothing has happened. A
    subscription that cannot be credited any more is left out, and the event says so.
    """
    by.require_proof(Decision.ACCEPT_OFFER)
    offer = lock_for_answer(tenant, offer)
    may_accept(by, tenant, offer).require()
    _require_shown(offer, shown)
    roles, days = _within(offer, roles, days)
    moment = _now()
    granted = Granted(relationship=_relate(offer, roles, days, moment, by=by) if roles else None)
    _credit_named(tenant, offer, granted, by=by)
    if not (granted.relationship or granted.credited or offer.credit == CreditWanted.BOUGHT):
        raise NothingGranted
    offer.granted_roles, offer.granted_days, offer.relationship = roles, days, granted.relationship
    _decide(offer, OfferState.ACCEPTED, shown, moment, by=by)
    return _record_and_tell(AuditKind.OFFER_ACCEPTED, offer, granted, by=by)


@transaction.atomic
def decline_offer(*, tenant: Tenant, offer: PartnerOffer, shown: Shown, by: Actor, reason: str = "") -> AuditEvent:
    """Says No: nothing is granted; what came with it can still be created. Raises Refused and TermsChanged."""
    offer = lock_for_answer(tenant, offer)
    may_answer(by, tenant, offer).require()
    _require_shown(offer, shown)
    offer.decision_reason = reason
    _decide(offer, OfferState.DECLINED, shown, _now(), by=by)
    return _record_and_tell(AuditKind.OFFER_DECLINED, offer, Granted(), by=by, reason=reason)


def lock_for_answer(tenant: Tenant, offer: PartnerOffer) -> PartnerOffer:
    """Locks the offer until the transaction ends; its state is by the clock after the lock."""
    rows = PartnerOffer.objects.of_tenant(tenant)
    lock_row(rows, offer.pk)
    return rows.with_state().select_related("partner", "tenant").get(pk=offer.pk)


def _require_shown(offer: PartnerOffer, shown: Shown) -> None:
    if (offer.version, current_terms(offer).digest) != (shown.version, shown.terms):
        raise TermsChanged


def _within(offer: PartnerOffer, roles: Collection[str], days: int | None) -> tuple[list[str], int | None]:
    """The roles in the order of the list of roles, and the days; without roles there are no days."""
    if not set(roles) <= set(offer.roles):
        raise NotOffered
    kept = [role.value for role in DelegatedRole if role in roles]
    if kept and not (days and 1 <= days <= (offer.days or 0)):
        raise NotOffered
    return kept, days if kept else None


def _relate(
    offer: PartnerOffer, roles: list[str], days: int | None, moment: datetime, *, by: Actor
) -> PartnerRelationship:
    """A relationship of its own, beside any that the partner has already: each keeps its own end."""
    return relationships.add_relationship(
        tenant=offer.tenant,
        partner=offer.partner,
        kind=RelationshipKind.DELEGATED_ADMIN,
        by=by,
        name=offer.name,
        roles=roles,
        started_at=moment,
        expires_on=moment + timedelta(days=days or 0),
    )


def _credit_named(tenant: Tenant, offer: PartnerOffer, granted: Granted, *, by: Actor) -> None:
    """In the order of their keys, so that two offers never wait for each other."""
    if offer.credit != CreditWanted.NAMED:
        return
    named = Subscription.objects.filter(tenant=tenant, pk__in=offer.named.values("subscription_id"))
    for subscription in named.order_by("pk"):
        try:
            partner_of_record.credit_by_offer(tenant=tenant, subscription=subscription, partner=offer.partner, by=by)
            granted.credited.append(subscription)
        except Refused:
            granted.skipped.append((subscription, NotCredited.STATE))
        except PartnerUnusable:
            granted.skipped.append((subscription, NotCredited.PARTNER))


def _decide(offer: PartnerOffer, state: OfferState, shown: Shown, moment: datetime, *, by: Actor) -> None:
    offer.state, offer.decided_at, offer.decided_by, offer.decided_terms = state, moment, by.name, shown.terms
    offer.save(
        update_fields=[
            "state",
            "decided_at",
            "decided_by",
            "decided_terms",
            "decision_reason",
            "granted_roles",
            "granted_days",
            "relationship",
        ]
    )


def _record_and_tell(
    kind: AuditKind, offer: PartnerOffer, granted: Granted, *, by: Actor, reason: str = ""
) -> AuditEvent:
    """What was asked stays in the event as it was sent; the answer stands under `granted`."""
    event = offer_records.record(kind, offer, by=by, reason=reason, granted=_as_granted(offer, granted))
    tell(event, partner=mailbox_of(offer.partner))
    return event


def _as_granted(offer: PartnerOffer, granted: Granted) -> GrantedThen:
    relationship = granted.relationship
    return GrantedThen(
        roles=tuple(map(DelegatedRole, offer.granted_roles)),
        left_out=tuple(DelegatedRole(role) for role in offer.roles if role not in offer.granted_roles),
        days=offer.granted_days,
        relationship=relationship.uuid if relationship else None,
        ends=relationship.expires_on if relationship else None,
        credited=tuple(Called(each.name, str(each.uuid)) for each in granted.credited),
        skipped=tuple(LeftOut(each.name, each.uuid, why) for each, why in granted.skipped),
    )


def _now() -> datetime:
    """By the database's clock, read after the lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
