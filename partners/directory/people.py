"""Who works for a partner, in which role there. A person who is removed is shut out with the next request.

Staff say why, each time: it gives access to organizations' data, or takes it.
"""

from django.db import transaction

from partners.models import Partner, PartnerPerson
from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.models import AuditEvent, User
from subscriptions.models.audit_event import ActorKind, AuditKind


@transaction.atomic
def add_person(*, partner: Partner, user: User, role: str, by: Actor, reason: str = "") -> PartnerPerson:
    person = PartnerPerson.objects.create(partner=partner, user=user, role=role)
    _record(AuditKind.PARTNER_PERSON_ADDED, person, [None, role], by=by, reason=reason)
    return person


@transaction.atomic
def change_role(*, person: PartnerPerson, role: str, by: Actor, reason: str) -> AuditEvent | None:
    """None where the person has the role already."""
    person = _lock_person(person)
    before = person.role
    if before == role:
        return None
    person.role = role
    person.save(update_fields=["role"])
    return _record(AuditKind.PARTNER_PERSON_CHANGED, person, [before, role], by=by, reason=reason)


@transaction.atomic
def remove_person(*, person: PartnerPerson, by: Actor, reason: str) -> AuditEvent:
    """The account stays, and what was done with it."""
    person = _lock_person(person)
    event = _record(AuditKind.PARTNER_PERSON_REMOVED, person, [person.role, None], by=by, reason=reason)
    person.delete()
    return event


def _lock_person(person: PartnerPerson) -> PartnerPerson:
    rows = PartnerPerson.objects.select_for_update(of=("self",)).select_related("partner", "user")
    return rows.get(pk=person.pk)


def _record(kind: AuditKind, person: PartnerPerson, roles: list, *, by: Actor, reason: str) -> AuditEvent:
    """It concerns no organization; the partner is the event's subject, the person stands in its details."""
    if by.kind is ActorKind.STAFF and not reason:
        raise ValueError("Staff decide with a reason only who works for a partner.")
    partner = person.partner
    return audit.record(
        kind,
        by=by,
        tenant=None,
        subject_name=f"{person.user.name} · {partner}",
        subject_uuid=partner.uuid,
        reason=reason,
        detail={"person": person.user.name, "changes": {"role": roles}},
    )
