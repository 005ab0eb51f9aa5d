"""Organizations, as staff enter and correct them. Cloud and address are for good: links and mails hold them."""

from django.db import transaction
from django.utils.translation import gettext as _

from subscriptions.access import Actor
from subscriptions.audit.changes import store
from subscriptions.clouds import CloudStatus, profile_of
from subscriptions.models import AuditEvent, CloudState, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode

FACTS = ("name", "country", "city", "time_zone")
FIXED = ("slug", "cloud")


def may_add(*, cloud: str) -> Verdict:
    """May a new organization start in this cloud? Not once it is closing."""
    stored = CloudState.objects.filter(cloud=cloud).values_list("status", flat=True).first()
    if (stored or profile_of(cloud).default_status) == CloudStatus.OPEN:
        return ALLOWED
    return Verdict(
        code=VerdictCode.CLOUD_CLOSED,
        reason=_("This cloud takes no new organizations."),
        next_step=_("Choose an open cloud, or open this one first."),
    )


@transaction.atomic
def save_tenant(*, tenant: Tenant, by: Actor, reason: str = "") -> AuditEvent | None:
    """Raises Refused for a new one in a cloud that takes none."""
    is_new = tenant._state.adding
    if is_new:
        may_add(cloud=tenant.cloud).require()
    return store(
        tenant,
        facts=(*FACTS, *FIXED) if is_new else FACTS,
        added=AuditKind.TENANT_ADDED,
        changed=AuditKind.TENANT_CHANGED,
        by=by,
        tenant=tenant,
        reason=reason,
    )
