"""The directory: partners, and who works for a partner in which role.

Staff keep it, and a partner its own profile. A partner's ID, cloud and kind are for good. A person who is removed is
shut out with the next request.
"""

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from partners.directory.events import PartnerPersonChanged
from partners.directory.people import may_lose_role, still_manages, still_may
from partners.directory.rules import mailbox_of
from partners.models import Partner, PartnerPerson
from partners.models.partner import PartnerKind, PartnerState
from subscriptions.access import Actor, Decision, Permission
from subscriptions.audit import acts as audit
from subscriptions.audit.changes import store
from subscriptions.base.languages import columns_of
from subscriptions.base.names import mixes_scripts
from subscriptions.catalogue.families import hold_families
from subscriptions.db import scopes
from subscriptions.db.locks import lock_name
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, User
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.verdicts import first_refusal

# What a partner keeps itself; its name, IDs and place, and for which products it is authorized, are staff's
PROFILE = ("phone", "website", "mailbox", "language", *columns_of("text"), "authorized_countries")
FACTS = (
    *("name", "parent", "country", "city", "street"),
    *PROFILE,
    *("authorized_for_all", "authorized_families"),
)
FIXED = ("number", "cloud", "kind")


class CannotBelong(Exception):
    """This partner cannot belong to that one; the text says why."""


def require_parent(partner: Partner) -> None:
    """Raises CannotBelong."""
    parent = partner.parent
    if parent and partner.kind == PartnerKind.GLOBAL:
        raise CannotBelong(_("A global ID belongs to no other one."))
    if parent and (parent.kind != PartnerKind.GLOBAL or parent.cloud != partner.cloud):
        raise CannotBelong(_("Choose a global ID of the same cloud."))


class NameMixesScripts(Exception):
    """The new name of a known partner could be taken for another company's, and nobody said that it is right."""


@transaction.atomic
def save_partner(*, partner: Partner, by: Actor, reason: str = "", name_is_right: bool = False) -> AuditEvent | None:
    """A new partner whose name could be taken for another one is pending, until staff set its state.

    A known one keeps its state, so that nobody is shut out: raises NameMixesScripts unless the `name_is_right`.
    Raises CannotBelong too, and FamilyGone where it would be authorized for a category that was deleted.
    The partner's own Admin agents change its profile alone; raises Refused and SignInTooOld for them.
    """
    by.require_proof(Decision.CHANGE_PROFILE)
    if by.is_partner:
        lock_name("people-of-partner", partner.pk)
        still_may(partner.pk, by, Permission.KEEP_PROFILE).require()
        return _store(partner, PROFILE, by=by, reason=reason)
    require_parent(partner)
    hold_families(partner.authorized_families)
    is_new = partner._state.adding
    if _is_renamed(partner) and mixes_scripts(partner.name):
        if is_new:
            partner.state = PartnerState.PENDING
        elif not name_is_right:
            raise NameMixesScripts
    facts = (*FACTS, *FIXED, "state") if is_new else FACTS
    return _store(partner, facts, by=by, reason=reason)


@transaction.atomic
def set_state(*, partner: Partner, state: str, by: Actor, reason: str) -> AuditEvent | None:
    partner.state = state
    return _store(partner, ("state",), by=by, reason=reason)


def _is_renamed(partner: Partner) -> bool:
    return partner._state.adding or not Partner.objects.filter(pk=partner.pk, name=partner.name).exists()


def _store(partner: Partner, facts: tuple[str, ...], *, by: Actor, reason: str) -> AuditEvent | None:
    """A changed mailbox is told to both, so that nobody takes a company's mail away unseen."""
    event = store(
        partner,
        facts=facts,
        added=AuditKind.PARTNER_ADDED,
        changed=AuditKind.PARTNER_CHANGED,
        by=by,
        tenant=None,
        reason=reason,
    )
    if event and event.kind == AuditKind.PARTNER_CHANGED and "mailbox" in event.detail["changes"]:
        before, _after = event.detail["changes"]["mailbox"]
        now = mailbox_of(partner)
        tell(event, partner=now, partner_before=replace(now, mailbox=before))
    return event


@transaction.atomic
def add_person(*, partner: Partner, user: User, role: str, by: Actor, reason: str = "") -> PartnerPerson:
    """Who comes by an invitation is added in the scope of that, which neither audits nor mails."""
    person = PartnerPerson.objects.create(partner=partner, user=user, role=role)
    with scopes.partner(partner.pk):
        event = _record_person(AuditKind.PARTNER_PERSON_ADDED, person, [None, role], by=by, reason=reason)
        tell(event, partner=mailbox_of(partner))
    return person


@transaction.atomic
def change_role(*, person: PartnerPerson, role: str, by: Actor, reason: str = "") -> AuditEvent | None:
    """None where the person has the role already. Raises Refused and SignInTooOld for the partner's own people."""
    by.require_proof(Decision.CHANGE_MEMBERS)
    person = _lock_person(person)
    before = person.role
    if before == role:
        return None
    first_refusal([may_lose_role(person, by), still_manages(person.partner_id, by)]).require()
    person.role = role
    person.save(update_fields=["role"])
    event = _record_person(AuditKind.PARTNER_PERSON_CHANGED, person, [before, role], by=by, reason=reason)
    tell(event, partner=mailbox_of(person.partner), person=person.user_id)
    return event


@transaction.atomic
def remove_person(*, person: PartnerPerson, by: Actor, reason: str = "") -> AuditEvent:
    """The account stays, and what was done with it. Raises Refused and SignInTooOld for the partner's own people."""
    by.require_proof(Decision.CHANGE_MEMBERS)
    person = _lock_person(person)
    first_refusal([may_lose_role(person, by), still_manages(person.partner_id, by)]).require()
    event = _record_person(AuditKind.PARTNER_PERSON_REMOVED, person, [person.role, None], by=by, reason=reason)
    person.delete()
    tell(event, partner=mailbox_of(person.partner), person=person.user_id)
    return event


def leave_all(user: User, by: Actor, reason: str) -> None:
    """Whatever partner a person who is erased works for."""
    for person in PartnerPerson.objects.filter(user=user).order_by("pk"):
        remove_person(person=person, by=by, reason=reason)


def _lock_person(person: PartnerPerson) -> PartnerPerson:
    """One act on a partner's people at a time, so that two last Admin agents cannot end each other."""
    lock_name("people-of-partner", person.partner_id)
    rows = PartnerPerson.objects.select_for_update(of=("self",)).select_related("partner")
    held = rows.get(pk=person.pk)
    held.user = User.objects.only("name", "is_active").get(pk=held.user_id)
    return held


def _record_person(
    kind: AuditKind, person: PartnerPerson, roles: list[str | None], *, by: Actor, reason: str
) -> AuditEvent:
    """It concerns no organization; the partner is the event's subject, the person stands in its details.

    Staff say why, each time: it gives access to organizations' data, or takes it.
    """
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
        facts=PartnerPersonChanged({"role": roles}, person.user.name, partner.name),
    )
