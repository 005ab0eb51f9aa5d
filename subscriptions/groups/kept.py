"""Groups of organizations, as staff keep them. A group gives nobody a right."""

from collections.abc import Collection

from django.db import transaction

from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.groups.events import GroupChanged
from subscriptions.models import AuditEvent, GroupedOrganization, OrganizationGroup, Tenant
from subscriptions.models.audit_event import AuditKind

MOST_ORGANIZATIONS = 100  # in a group, and of one person in a list of several


@transaction.atomic
def save_group(
    *, group: OrganizationGroup, organizations: Collection[Tenant], by: Actor, reason: str = ""
) -> AuditEvent | None:
    """With exactly these organizations; None where all is so already."""
    is_new = group._state.adding
    before = "" if is_new else OrganizationGroup.objects.select_for_update().get(pk=group.pk).name
    group.save() if is_new else group.save(update_fields=["name", "name_key"])
    grouped = GroupedOrganization.objects.filter(group=group)
    had = {row.tenant_id: row for row in grouped.select_related("tenant")}
    joining = [tenant for tenant in organizations if tenant.pk not in had]
    leaving = [row for row in had.values() if row.tenant not in organizations]
    GroupedOrganization.objects.bulk_create(GroupedOrganization(group=group, tenant=tenant) for tenant in joining)
    grouped.filter(pk__in=[row.pk for row in leaving]).delete()
    is_renamed = before != group.name
    if not (is_renamed or joining or leaving):
        return None
    facts = GroupChanged(
        before=before if is_renamed else "",
        joined=tuple(sorted(tenant.slug for tenant in joining)),
        left=tuple(sorted(row.tenant.slug for row in leaving)),
    )
    return _record(group, by, reason, facts)


@transaction.atomic
def delete_group(*, group: OrganizationGroup, by: Actor, reason: str) -> AuditEvent:
    group = OrganizationGroup.objects.select_for_update().get(pk=group.pk)
    slugs = group.organizations.order_by("slug").values_list("slug", flat=True)
    event = _record(group, by, reason, GroupChanged(before=group.name, left=tuple(slugs), is_deleted=True))
    group.delete()
    return event


def leave_groups(tenant: Tenant) -> int:
    """How many groups an organization was in that is deleted."""
    return GroupedOrganization.objects.filter(tenant=tenant).delete()[0]


def _record(group: OrganizationGroup, by: Actor, reason: str, facts: GroupChanged) -> AuditEvent:
    return audit.record(
        AuditKind.GROUP_CHANGED,
        by=by,
        tenant=None,
        subject_name=group.name,
        subject_uuid=group.uuid,
        reason=reason,
        facts=facts,
    )
