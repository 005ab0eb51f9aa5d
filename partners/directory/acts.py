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


class NameMixesScripts(Exception):
    """The new name of a known partner could be taken for another company's, and nobody said that it is right."""


@transaction.atomic
def save_partner(*, partner: Partner, by: Actor, reason: str = "", name_is_right: bool = False) -> AuditEvent | None:
    """A new partner whose name could be taken for another one (T105) is pending, until staff set its state.

    A known one keeps its state, so that nobody is shut out: raises NameMixesScripts unless the `name_is_right`.
    Raises CannotBelong too.
    """
    require_parent(partner)
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
    return store(
        partner,
        facts=facts,
        added=AuditKind.PARTNER_ADDED,
        changed=AuditKind.PARTNER_CHANGED,
        by=by,
        tenant=None,
        reason=reason,
    )
