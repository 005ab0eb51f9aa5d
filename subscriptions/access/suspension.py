"""What nobody may do in an organization that is suspended or closed, whatever the role."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from subscriptions.access.permissions import READS_EVERYTHING, Permission
from subscriptions.base import formats
from subscriptions.models import Tenant
from subscriptions.verdicts import Page, Verdict, VerdictCode


@dataclass(frozen=True, kw_only=True)
class HeldBack:
    """What an organization lets nobody do: of a suspended one all is read, of a closed one nothing opens.

    A closed one is kept until the end of that day.
    """

    organization: str
    since: datetime | None
    kept_until: date | None = None

    def lets(self, permission: Permission) -> bool:
        return self.kept_until is None and permission in READS_EVERYTHING | {Permission.READ_ADDRESSES}

    def verdict(self) -> Verdict:
        facts = {"organization": self.organization, "day": formats.day(self.since) if self.since else formats.DASH}
        if self.kept_until is None:
            return Verdict(
                code=VerdictCode.ORGANIZATION_SUSPENDED,
                heading=_("This organization is suspended"),
                reason=_("%(organization)s is suspended since %(day)s: all of it can be read, and nothing changed.")
                % facts,
                who=_("The operator's staff can lift it."),
                next_step=_("Its Global admins were mailed the reason. Ask staff what is needed."),
                next_label=_("Ask for help"),
                next_page=Page("help"),
            )
        kept = {"kept": formats.day(self.kept_until)}
        return Verdict(
            code=VerdictCode.ORGANIZATION_CLOSED,
            heading=_("This organization is closed"),
            reason=_("%(organization)s was closed on %(day)s. Nothing of it opens any more.") % facts,
            who=_("Until %(kept)s the operator's staff can hand out an export of its data, or open it again.") % kept,
            next_step=_("Ask staff for what you need."),
            next_label=_("Ask for help"),
            next_page=Page("help"),
        )


def held_back(tenant: Tenant) -> HeldBack | None:
    """None where the organization is as active as any."""
    if tenant.is_active:
        return None
    return HeldBack(organization=tenant.name, since=tenant.state_since, kept_until=tenant.kept_until)
