"""An organization asks its reseller to end their relationship, and the reseller answers.

Only the reseller can remove it. The reseller's people act in the
scope of the organization, where each row is looked up again by organization and partner.
"""

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from partners.directory.rules import mailbox_of
from partners.models import PartnerRelationship, ReleaseRequest
from partners.models.partner import PartnerState
from partners.models.partner_relationship import RelationshipKind
from partners.models.release_request import ReleaseState, ReleaseStepKind
from partners.relationships.acts import write_end
from partners.relationships.changes import locked_relationship
from partners.relationships.managed import blocking
from partners.relationships.releases.rules import (
    may_acknowledge,
    may_decline,
    may_leave,
    may_release,
    may_request,
    may_take_back,
)
from partners.relationships.releases.steps import add_step, close_request, close_with_relationship, record
from subscriptions.access import Actor
from subscriptions.mails.receivers import Receiver, tell
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.subscriptions.lifecycle import today_of

SOONEST, USUAL, LATEST = timedelta(days=3), timedelta(days=14), timedelta(days=90)


class DueDays(NamedTuple):
    """The days by which an answer may be asked for, in the organization's zone."""

    first: date
    usual: date
    last: date


def due_days(tenant: Tenant) -> DueDays:
    today = today_of(tenant)
    return DueDays(today + SOONEST, today + USUAL, today + LATEST)


@transaction.atomic
def request_release(
    *, tenant: Tenant, relationship: PartnerRelationship, reason: str, due_on: date, by: Actor
) -> ReleaseRequest:
    """The request as sent; whatever blocks the release, it can be asked for. Raises Refused.

    A reseller that is not active cannot act here and gets no mail: the hourly job hands the request to staff.
    """
    if relationship.kind != RelationshipKind.RESELLER or not reason:
        raise ValueError("A reseller is asked, with a reason.")
    days = due_days(tenant)
    if not days.first <= due_on <= days.last:
        raise ValueError("The answer is due too soon or too late.")
    relationship = locked_relationship(tenant, relationship.pk)
    is_open = ReleaseRequest.objects.open().filter(tenant=tenant, relationship=relationship).exists()
    may_request(by, status=relationship.status, is_open=is_open).require()
    request = ReleaseRequest.objects.create(
        tenant=tenant,
        partner=relationship.partner,
        relationship=relationship,
        reason=reason,
        due_on=due_on,
        sent_by=by.name,
    )
    add_step(request, ReleaseStepKind.SENT, by=by)
    event = record(AuditKind.RELEASE_REQUESTED, request, by=by, reason=reason)
    if relationship.partner.state == PartnerState.ACTIVE:
        tell(event, partner=mailbox_of(relationship.partner))
    return request


@transaction.atomic
def acknowledge(*, tenant: Tenant, request: ReleaseRequest, by: Actor) -> AuditEvent:
    """The reseller has seen it. Raises Refused."""
    request = _lock_request(tenant, request, by)
    may_acknowledge(by, request).require()
    request.state = ReleaseState.ACKNOWLEDGED
    request.save(update_fields=["state"])
    add_step(request, ReleaseStepKind.ACKNOWLEDGED, by=by)
    return _answered(AuditKind.RELEASE_ACKNOWLEDGED, request, by=by)


@transaction.atomic
def decline(*, tenant: Tenant, request: ReleaseRequest, reason: str, by: Actor) -> AuditEvent:
    """The reseller, or staff in its place, says no and why; the relationship stays. Raises Refused."""
    request = _lock_request(tenant, request, by)
    may_decline(by, request).require()
    close_request(request, ReleaseState.DECLINED, by=by, note=reason)
    return _answered(AuditKind.RELEASE_DECLINED, request, by=by, reason=reason)


@transaction.atomic
def release(*, tenant: Tenant, request: ReleaseRequest, by: Actor, reason: str = "") -> AuditEvent:
    """The reseller, or staff in its place, ends the relationship. Raises Refused.

    Two things happen, so two events: the request was granted, and the relationship ended. One mail goes to each
    receiver: the answer to the Global admins, the end of the relationship to the reseller.
    """
    relationship = locked_relationship(tenant, request.relationship_id)
    request = _lock_request(tenant, request, by)
    blocks = blocking(tenant, request.partner)
    may_release(by, request, blocks=blocks).require()
    close_request(request, ReleaseState.RELEASED, by=by, note=reason)
    ended = write_end(relationship, by=by, reason=reason or request.reason)
    tell(ended, only=[Receiver.PARTNER], partner=mailbox_of(relationship.partner))
    return _answered(AuditKind.RELEASE_GRANTED, request, by=by, reason=reason, blocking=blocks.total)


@transaction.atomic
def leave(*, tenant: Tenant, relationship: PartnerRelationship, by: Actor, reason: str = "") -> AuditEvent:
    """A reseller ends its relationship unasked, and an open request is granted by it. Raises Refused.

    Raises PartnerRelationship.DoesNotExist unless `by` acts for that reseller.
    """
    resellers = PartnerRelationship.objects.of_tenant(tenant).filter(kind=RelationshipKind.RESELLER)
    own = resellers.get(pk=relationship.pk, partner=by.partner_key)
    relationship = locked_relationship(tenant, own.pk)
    may_leave(by, status=relationship.status, blocks=blocking(tenant, relationship.partner)).require()
    close_with_relationship(relationship, by=by, reason=reason)
    event = write_end(relationship, by=by, reason=reason)
    tell(event, partner=mailbox_of(relationship.partner))
    return event


@transaction.atomic
def take_back(*, tenant: Tenant, request: ReleaseRequest, by: Actor) -> AuditEvent:
    """The organization wants it no more. Raises Refused."""
    request = _lock_request(tenant, request, by)
    may_take_back(by, request).require()
    close_request(request, ReleaseState.TAKEN_BACK, by=by)
    event = record(AuditKind.RELEASE_TAKEN_BACK, request, by=by)
    tell(event, partner=mailbox_of(request.partner))
    return event


def _lock_request(tenant: Tenant, request: ReleaseRequest, by: Actor) -> ReleaseRequest:
    """The organization's own, and for a partner's person this partner's."""
    rows = ReleaseRequest.objects.of_tenant(tenant)
    if by.is_partner:
        rows = rows.filter(partner=by.partner_key)
    return rows.select_for_update(of=("self",)).select_related("tenant", "partner", "relationship").get(pk=request.pk)


def _answered(kind: AuditKind, request: ReleaseRequest, *, by: Actor, reason: str = "", **more: Any) -> AuditEvent:
    event = record(kind, request, by=by, reason=reason, **more)
    tell(event)
    return event
