"""The demo's requests to resellers: one that waits for an answer, and one whose day has passed."""

from datetime import timedelta

from partners.models import PartnerRelationship, ReleaseRequest, ReleaseStep
from partners.models.release_request import ReleaseStepKind
from partners.relationships.releases import acts as release_requests
from partners.relationships.releases.steps import facts_of
from portal.demo.history import ago, log
from portal.demo.purchases import member
from subscriptions.models import User
from subscriptions.models.audit_event import AuditKind


def ask(relationship: PartnerRelationship, *, asker: str, reason: str) -> None:
    """Asked now, with its mail, until the usual day."""
    tenant = relationship.tenant
    due_on = release_requests.due_days(tenant).usual
    by = member(tenant, asker)
    release_requests.request_release(tenant=tenant, relationship=relationship, reason=reason, due_on=due_on, by=by)


def add_overdue(relationship: PartnerRelationship, *, asker: str, reason: str) -> None:
    """Asked three weeks ago, due a week ago; the hourly job hands it to staff."""
    by, sent = User.objects.get(email=asker), ago(21)
    request = ReleaseRequest.objects.create(
        tenant=relationship.tenant,
        partner=relationship.partner,
        relationship=relationship,
        reason=reason,
        due_on=sent.date() + timedelta(days=14),
        sent_at=sent,
        sent_by=by.name,
    )
    ReleaseStep.objects.create(
        tenant=relationship.tenant, request=request, kind=ReleaseStepKind.SENT, at=sent, by=by.name
    )
    log(
        AuditKind.RELEASE_REQUESTED,
        relationship.tenant,
        by=by,
        at=sent,
        subject_name=relationship.partner.name,
        subject_uuid=request.uuid,
        reason=reason,
        facts=facts_of(AuditKind.RELEASE_REQUESTED, request),
    )
