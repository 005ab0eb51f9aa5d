"""What the audit trail keeps of an offer, and who is told of it: facts as they were, from which mails are made."""

from typing import Any

from partners.models import PartnerOffer
from partners.models.partner_offer import CreditWanted, OfferedPurchase, OfferKind
from partners.offers.events import OfferedThen, OfferThen, TermsThen
from partners.offers.reads import Content
from partners.offers.terms import summary_of, text_of
from partners.partner_of_record.acts import named
from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.audit.facts import Called
from subscriptions.models import AuditEvent
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.models.subscription import BillingFrequency

SENDINGS = (AuditKind.OFFER_SENT, AuditKind.OFFER_SENT_AGAIN)


def record(kind: AuditKind, offer: PartnerOffer, *, by: Actor, reason: str = "", **more: Any) -> AuditEvent:
    """One event about the offer in the organization's log, with all that it says now."""
    facts = facts_of(offer, is_mailed=kind in SENDINGS, **more)
    return _record(kind, offer, tenant=offer.tenant, by=by, reason=reason, facts=facts)


def record_of_draft(kind: AuditKind, offer: PartnerOffer, *, by: Actor, reason: str) -> AuditEvent:
    """One event in no organization's log; the organization is named in it."""
    facts = facts_of(offer, organization=Called(offer.tenant.name, str(offer.tenant.uuid)))
    return _record(kind, offer, tenant=None, by=by, reason=reason, facts=facts)


def _record(kind: AuditKind, offer: PartnerOffer, **event: Any) -> AuditEvent:
    return audit.record(kind, subject_name=offer.name, subject_uuid=offer.uuid, **event)


def facts_of(offer: PartnerOffer, *, is_mailed: bool = False, **more: Any) -> OfferThen:
    """`is_mailed` with the whole terms, for the mail that brings the offer."""
    content = Content(offer)
    terms = content.terms
    return OfferThen(
        partner=named(offer.partner),
        offer=offer.uuid,
        kind=OfferKind(offer.kind),
        generation=offer.generation,
        expires_on=offer.expires_on,
        roles=tuple(map(DelegatedRole, offer.roles)),
        days=offer.days,
        credit=CreditWanted(offer.credit),
        subscriptions=tuple(subscription.name for subscription in content.named),
        purchase=OfferedPurchase(offer.purchase),
        products=tuple(
            OfferedThen(row.product.name, row.licenses, BillingFrequency(row.billing_frequency), row.price, row.cost)
            for row in content.products
        ),
        terms=TermsThen(terms.number, terms.digest, summary_of(terms.html), text_of(terms.html) if is_mailed else ""),
        total=content.total,
        currency=content.currency,
        **more,
    )
