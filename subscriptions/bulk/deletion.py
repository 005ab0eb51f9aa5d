"""Acts on many of a closed organization go once it was kept long enough; each change stands in the audit trail."""

from subscriptions.models import BulkAct, BulkLine, BulkRow, Tenant


def delete_acts(tenant: Tenant) -> int:
    """With their rows and the lines of their files, which say what people typed. Needs the worker's scope."""
    BulkRow.objects.filter(tenant=tenant).delete()
    BulkLine.objects.filter(tenant=tenant).delete()
    acts = BulkAct.objects.filter(tenant=tenant)
    return acts.filter(undo_of__isnull=False).delete()[0] + acts.delete()[0]
