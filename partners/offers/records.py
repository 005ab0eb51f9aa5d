"""What the audit trail keeps of an offer, and who is told of it: facts as they were, from which mails are made."""

from typing import Any

from django.urls import reverse

from partners.models import PartnerOffer
from partners.offers.answer_rules import offer_path
from partners.offers.reads import Content
from partners.offers.terms import summary_of
from partners.partner_of_record.acts import mailbox_of
from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.mails import acts as mails
from subscriptions.models import AuditEvent
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.mail import MailKind
from subscriptions.models.tenant import Role


def record(kind: AuditKind, offer: PartnerOffer, *, by: Actor, reason: str = "", **more: Any) -> AuditEvent:
    """One event about the offer in the organization's log, with all that it says now."""
    return _record(kind, offer, tenant=offer.tenant, by=by, reason=reason, detail=detail_of(offer) | more)


def record_of_draft(kind: AuditKind, offer: PartnerOffer, *, by: Actor, reason: str) -> AuditEvent:
    """One event in no organization's log; the organization is named in it."""
    detail = detail_of(offer) | {"organization": {"uuid": str(offer.tenant.uuid), "name": offer.tenant.name}}
    return _record(kind, offer, tenant=None, by=by, reason=reason, detail=detail)


def _record(kind: AuditKind, offer: PartnerOffer, **facts: Any) -> AuditEvent:
    return audit.record(kind, subject_name=offer.name, subject_uuid=offer.uuid, **facts)


def detail_of(offer: PartnerOffer) -> dict:
    """`generation` is the sending whose link a mail about this event has."""
    content = Content(offer)
    terms = content.terms
    return {
        "partner": {"id": offer.partner.number, "name": offer.partner.name},
        "offer": str(offer.uuid),
        "kind": offer.kind,
        "path": offer_path(offer.tenant, offer),
        "workspace_path": reverse("workspace:offer-detail", args=[offer.partner.number, offer.uuid]),
        "generation": offer.generation,
        "expires_on": offer.expires_on.isoformat() if offer.expires_on else "",
        "roles": offer.roles,
        "days": offer.days,
        "credit": offer.credit,
        "subscriptions": [subscription.name for subscription in content.named],
        "purchase": offer.purchase,
        "products": [
            {"name": row.product.name, "licenses": row.licenses, "billing_frequency": row.billing_frequency}
            for row in content.products
        ],
        "terms": {"number": terms.number, "digest": terms.digest, "summary": summary_of(terms.html)},
    }


def tell_global_admins(event: AuditEvent, kind: MailKind) -> None:
    mails.queue_to_members(event, kind, roles=[Role.GLOBAL_ADMIN])


def tell_partner(event: AuditEvent, kind: MailKind, offer: PartnerOffer) -> None:
    mails.queue_to_company(event, kind, mailbox_of(offer.partner))
