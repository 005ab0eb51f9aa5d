"""A partner's offers: drafted, discarded, sent, changed and withdrawn by the partner or by staff for it; and expired.

Each act is done in the scope of the organization
that the offer is for (or of staff), where it is audited and the organization's Global admins are told. A draft is
the partner's own affair: what its people do with it is recorded nowhere, and what staff do in staff's own log.
"""

from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from partners.directory.rules import mailbox_of
from partners.models import OfferedProduct, OfferedSubscription, OfferTerms, Partner, PartnerOffer
from partners.models.partner_offer import OfferState
from partners.offers import records as offer_records
from partners.offers.checks import Checked, NotOfferable, check
from partners.offers.reads import Content, OfferFacts
from partners.offers.rules import (
    may_change_terms,
    may_discard,
    may_edit,
    may_offer,
    may_send,
    may_send_again,
    may_withdraw,
)
from partners.offers.terms import add_version
from subscriptions.access import Actor, the_portal
from subscriptions.db.batches import Batch, next_batch
from subscriptions.db.locks import lock_row
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.verdicts import Stale

EXPIRY = "partners.expire_offers"  # the job


class OfferChanged(Stale):
    """The offer has changed since the page was shown."""


@transaction.atomic
def save_draft(
    *,
    tenant: Tenant,
    partner: Partner,
    facts: OfferFacts,
    by: Actor,
    offer: PartnerOffer | None = None,
    version: int | None = None,
    reason: str = "",
) -> PartnerOffer:
    """A new draft, or `offer` with other facts; no mail is sent.

    Raises Refused, NotOfferable, and OfferChanged where a draft is not in that version any more.
    """
    if offer is None:
        may_offer(by, tenant, partner).require()
        row = PartnerOffer(tenant=tenant, partner=partner, drafted_by=by.name)
    else:
        row = lock_offer(tenant=tenant, partner=partner, offer=offer, version=version)
        may_edit(by, row).require()
        row.version += 1
    checked = check(tenant=tenant, partner=partner, facts=facts)
    _store(row, checked)
    add_version(row, checked.html, by=by)
    _record_of_draft(AuditKind.OFFER_DRAFTED, row, by=by, reason=reason)
    return row


@transaction.atomic
def discard(*, tenant: Tenant, offer: PartnerOffer, version: int, by: Actor, reason: str = "") -> PartnerOffer:
    """A draft goes for good, with its terms, and its name is free again; no mail is sent.

    The row as it was. Raises Refused, and OfferChanged where it is not in that version any more.
    """
    row = lock_offer(tenant=tenant, partner=offer.partner, offer=offer, version=version)
    may_discard(by, row).require()
    _require_reason(by, reason)
    _record_of_draft(AuditKind.OFFER_DISCARDED, row, by=by, reason=reason)
    _delete(row)
    return row


def _record_of_draft(kind: AuditKind, row: PartnerOffer, *, by: Actor, reason: str) -> None:
    """In staff's log alone: the organization does not learn of what was never sent to it."""
    if by.kind is ActorKind.STAFF:
        offer_records.record_of_draft(kind, row, by=by, reason=reason)


@transaction.atomic
def send(*, tenant: Tenant, offer: PartnerOffer, version: int, by: Actor, reason: str = "") -> AuditEvent:
    """Asks the organization: each of its Global admins gets a mail with the link.

    Raises Refused, OfferChanged, and NotOfferable where what it says became impossible since it was drafted.
    """
    row = lock_offer(tenant=tenant, partner=offer.partner, offer=offer, version=version)
    may_send(by, row).require()
    row.state, row.sent_at, row.sent_by = OfferState.SENT, Now(), by.name
    return _put_into_the_mail(AuditKind.OFFER_SENT, row, by=by, reason=reason)


@transaction.atomic
def send_again(*, tenant: Tenant, offer: PartnerOffer, version: int, by: Actor, reason: str = "") -> AuditEvent:
    """The same offer by a new mail and for its whole time once more; the link of the mail before is dead.

    Raises as `send` does.
    """
    row = lock_offer(tenant=tenant, partner=offer.partner, offer=offer, version=version)
    may_send_again(by, row).require()
    return _put_into_the_mail(AuditKind.OFFER_SENT_AGAIN, row, by=by, reason=reason)


def _put_into_the_mail(kind: AuditKind, row: PartnerOffer, *, by: Actor, reason: str) -> AuditEvent:
    _require_reason(by, reason)
    check(tenant=row.tenant, partner=row.partner, facts=Content(row).facts)
    row.generation += 1
    row.version += 1
    row.expires_on = Now() + timedelta(days=settings.OFFER_DAYS)
    row.save(update_fields=["state", "sent_at", "sent_by", "generation", "version", "expires_on"])
    row.refresh_from_db(fields=["sent_at", "expires_on"])
    event = offer_records.record(kind, row, by=by, reason=reason)
    tell(event)
    return event


@transaction.atomic
def change_terms(
    *, tenant: Tenant, offer: PartnerOffer, terms: str, version: int, by: Actor, reason: str = ""
) -> OfferTerms | None:
    """A new version of the terms; earlier ones stay. Audited where the organization could read them already.

    None where the terms are the same as before. Raises Refused, OfferChanged and NotOfferable.
    """
    row = lock_offer(tenant=tenant, partner=offer.partner, offer=offer, version=version)
    may_change_terms(by, row).require()
    _require_reason(by, reason)
    before = Content(row).facts
    checked = check(tenant=tenant, partner=row.partner, facts=replace(before, terms=terms))
    if checked.html == before.terms:
        return None
    written = add_version(row, checked.html, by=by)
    row.version += 1
    row.save(update_fields=["version"])
    if row.state == OfferState.DRAFT:
        _record_of_draft(AuditKind.OFFER_DRAFTED, row, by=by, reason=reason)
    else:
        offer_records.record(AuditKind.OFFER_CHANGED, row, by=by, reason=reason)
    return written


@transaction.atomic
def withdraw(*, tenant: Tenant, offer: PartnerOffer, by: Actor, reason: str = "") -> AuditEvent:
    """No answer is possible any more; Global admins are told. Raises Refused, or OfferChanged where it is gone."""
    row = lock_offer(tenant=tenant, partner=offer.partner, offer=offer)
    may_withdraw(by, row).require()
    _require_reason(by, reason)
    row.state, row.withdrawn_at, row.withdrawn_by = OfferState.WITHDRAWN, Now(), by.name
    row.decision_reason, row.version = reason, row.version + 1
    row.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "decision_reason", "version"])
    event = offer_records.record(AuditKind.OFFER_WITHDRAWN, row, by=by, reason=reason)
    tell(event)
    return event


def lock_offer(*, tenant: Tenant, partner: Partner, offer: PartnerOffer, version: int | None = None) -> PartnerOffer:
    """The row as it is now with its `state_now`, held until the transaction ends.

    Found by organization and partner too. Raises OfferChanged where it is discarded or not in that version any more.
    """
    rows = PartnerOffer.objects.filter(tenant=tenant, partner=partner)
    try:
        lock_row(rows, offer.pk)
    except PartnerOffer.DoesNotExist as error:
        raise OfferChanged from error
    row = rows.with_state().select_related("partner").get(pk=offer.pk)
    row.tenant = tenant
    if version is not None and row.version != version:
        raise OfferChanged
    return row


def _require_reason(by: Actor, reason: str) -> None:
    if by.kind is ActorKind.STAFF and not reason:
        raise ValueError("Staff act on a partner's behalf with a reason only.")


def _store(row: PartnerOffer, checked: Checked) -> None:
    """Whether another of the partner's offers has the name, the constraint alone knows: they are for many
    organizations.
    """
    for name in ("kind", "name", "roles", "days", "credit", "purchase"):
        setattr(row, name, getattr(checked, name))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "offer_name_once" not in str(error):
            raise
        raise NotOfferable({"name": _("You have an offer of that name already.")}) from error
    OfferedSubscription.objects.filter(tenant=row.tenant_id, offer=row).delete()
    OfferedProduct.objects.filter(tenant=row.tenant_id, offer=row).delete()
    OfferedSubscription.objects.bulk_create(
        OfferedSubscription(tenant_id=row.tenant_id, offer=row, subscription=subscription)
        for subscription in checked.subscriptions
    )
    OfferedProduct.objects.bulk_create(
        OfferedProduct(
            tenant_id=row.tenant_id,
            offer=row,
            product=product,
            licenses=line.licenses,
            billing_frequency=line.billing_frequency,
        )
        for product, line in checked.lines
    )


def _delete(row: PartnerOffer) -> None:
    """The database refuses it for whatever was sent."""
    for model in (OfferedSubscription, OfferedProduct, OfferTerms):
        model.objects.filter(tenant=row.tenant_id, offer=row).delete()
    PartnerOffer.objects.filter(tenant=row.tenant_id, pk=row.pk).delete()


def expire_batch(*, after: int = 0) -> Batch:
    """Offers that were not answered in time end by the clock; this tells both sides, once. Needs the worker's scope.

    Safe to run twice and after any downtime: an offer is due by its date alone, state, audit and mails are written in
    one transaction, and a row that somebody else holds is left for the next run.
    """
    due = PartnerOffer.objects.filter(state=OfferState.SENT, expires_on__lte=Now())
    return next_batch(due.select_related("tenant", "partner"), _expire, job=EXPIRY, after=after)


def _expire(row: PartnerOffer) -> None:
    row.state = OfferState.EXPIRED
    row.version += 1
    row.save(update_fields=["state", "version"])
    event = offer_records.record(AuditKind.OFFER_EXPIRED, row, by=the_portal())
    tell(event, partner=mailbox_of(row.partner))
