"""Partners in the directory, as staff enter and correct them. ID, cloud and kind are for good."""

from django.db import transaction
from django.utils.translation import gettext as _

from partners.models import Partner
from partners.models.partner import PartnerKind, PartnerState
from subscriptions.access import Actor
from subscriptions.audit.changes import store
from subscriptions.base.names import mixes_scripts
from subscriptions.models import AuditEvent
from subscriptions.models.audit_event import AuditKind

FACTS = (
    "name",
    "parent",
    "country",
    "city",
    "street",
    "phone",
    "website",
    "mailbox",
    "language",
    "authorized_countries",
    "authorized_families",
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


@transaction.atomic
def save_partner(*, partner: Partner, by: Actor, reason: str = "") -> AuditEvent | None:
    """A name that could be taken for another one (T105) makes the partner pending, until staff set its state.

    Raises CannotBelong.
    """
    require_parent(partner)
    is_new = partner._state.adding
    is_doubtful = _is_renamed(partner) and mixes_scripts(partner.name)
    if is_doubtful:
        partner.state = PartnerState.PENDING
    facts = (*FACTS, *FIXED) if is_new else FACTS
    return _store(partner, (*facts, "state") if is_new or is_doubtful else facts, by=by, reason=reason)


@transaction.atomic
def set_state(*, partner: Partner, state: str, by: Actor, reason: str) -> AuditEvent | None:
    partner.state = state
    return _store(partner, ("state",), by=by, reason=reason)


def _is_renamed(partner: Partner) -> bool:
    return partner._state.adding or not Partner.objects.filter(pk=partner.pk, name=partner.name).exists()


def _store(partner: Partner, facts: tuple[str, ...], *, by: Actor, reason: str) -> AuditEvent | None:
    return store(
        partner,
        facts=facts,
        added=AuditKind.PARTNER_ADDED,
        changed=AuditKind.PARTNER_CHANGED,
        by=by,
        tenant=None,
        reason=reason,
    )
