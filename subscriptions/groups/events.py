"""What the events of groups of organizations keep."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from subscriptions.audit.facts import Facts, fact, kept_by
from subscriptions.models.audit_event import AuditKind


@kept_by(AuditKind.GROUP_CHANGED)
@dataclass(frozen=True)
class GroupChanged(Facts):
    """By the addresses of the organizations, which joined it and which left; its name stands before where it was."""

    before: str = fact(_("Name before"), "")
    joined: tuple[str, ...] = fact(_("Joined"), ())
    left: tuple[str, ...] = fact(_("Left"), ())
    is_deleted: bool = fact(_("Deleted"), default=False)
