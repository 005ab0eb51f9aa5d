"""What an event about a partner's relationship changed, in words; its detail holds the facts as they were."""

from django.utils.translation import gettext as _

from subscriptions.base import formats
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.delegated_role import DelegatedRole

WITH_AN_END = {AuditKind.RELATIONSHIP_ADDED, AuditKind.RELATIONSHIP_EXTENDED}


def granted_facts(kind: str, detail: dict) -> list[str]:
    """The roles taken away or granted, whether it is extended now, and the new end; empty for any other event."""
    if "relationship" not in detail:
        return []
    facts = []
    if roles := detail.get("removed") or (detail["roles"] if kind == AuditKind.RELATIONSHIP_ADDED else []):
        facts.append(formats.join_list(map(DelegatedRole, roles)))
    if "auto_extend" in detail:
        facts.append(_("On") if detail["auto_extend"] else _("Off"))
    if kind in WITH_AN_END and detail.get("ends_on"):
        facts.append(_("ends on %(day)s") % {"day": formats.stored_day(detail["ends_on"])})
    return facts
