"""A Global admin says whether a change of a partner of record needs a second person in the organization."""

from django.db import transaction

from subscriptions.access import Actor, Decision, Permission
from subscriptions.approvals.events import SecondPersonSwitched
from subscriptions.approvals.reads import waiting_requests
from subscriptions.approvals.rules import may_switch_on
from subscriptions.approvals.wanted import WANTED
from subscriptions.audit import acts as audit
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.audit_event import AuditKind


@transaction.atomic
def switch_second_person(*, tenant: Tenant, on: bool, by: Actor) -> AuditEvent | None:
    """None where it is so already. Switched on, what was decided and waits needs it too; switched off, what waits for
    it stays waiting. Raises SignInTooOld and Refused.
    """
    by.require_proof(Decision.SWITCH_SECOND_PERSON)
    by.may(Permission.KEEP_POLICY).require()
    tenant.second_person = Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk).second_person
    if tenant.second_person == on:
        return None
    if on:
        may_switch_on(tenant).require()
    tenant.second_person = on
    tenant.save(update_fields=["second_person"])
    for wanted in WANTED.values() if on else ():
        wanted.adopt(tenant, by)
    event = audit.record(
        AuditKind.SECOND_PERSON_SWITCHED,
        by=by,
        tenant=tenant,
        subject_name=tenant.name,
        subject_uuid=tenant.uuid,
        facts=SecondPersonSwitched(is_on=on, waiting=waiting_requests(tenant).count()),
    )
    tell(event)
    return event
