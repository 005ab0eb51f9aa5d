"""What a role of the operator's staff allows at their desk."""

from collections.abc import Iterable

from subscriptions.access.permissions import StaffPermission
from subscriptions.models.people.staff_role import StaffRole

# The operator's staff at their desk: who reads what, and who does what. Several roles add up
AT_THE_DESK = frozenset({StaffPermission.ENTER, StaffPermission.READ_RECORDS})
READS_THE_DESK = AT_THE_DESK | {
    StaffPermission.READ_PEOPLE,
    StaffPermission.READ_CUSTOMERS,
    StaffPermission.READ_PARTNERS,
    StaffPermission.READ_CATALOG,
}
STAFF_PERMISSIONS: dict[StaffRole, frozenset[StaffPermission]] = {
    StaffRole.READS_EVERYTHING: READS_THE_DESK,
    StaffRole.HELPS_CUSTOMERS: READS_THE_DESK
    | {
        StaffPermission.HELP_CUSTOMERS,
        StaffPermission.BRING_IN,
        StaffPermission.CORRECT_CREDIT,
        StaffPermission.SEND_MAILS,
        StaffPermission.VIEW_AS,
        StaffPermission.KEEP_ACCOUNTS,
        StaffPermission.CLOSE_CUSTOMERS,
        StaffPermission.ERASE_PEOPLE,
    },
    StaffRole.KEEPS_CATALOG: AT_THE_DESK
    | {StaffPermission.READ_CATALOG, StaffPermission.KEEP_CATALOG, StaffPermission.BRING_IN},
    StaffRole.KEEPS_PARTNERS: READS_THE_DESK
    | {
        StaffPermission.KEEP_PARTNERS,
        StaffPermission.BRING_IN,
        StaffPermission.CORRECT_CREDIT,
        StaffPermission.SEND_MAILS,
        StaffPermission.KEEP_ACCOUNTS,
    },
    StaffRole.MAKES_STAFF: AT_THE_DESK
    | {
        StaffPermission.READ_PEOPLE,
        StaffPermission.KEEP_ACCOUNTS,
        StaffPermission.MAKE_STAFF,
        StaffPermission.KEEP_APPLICATIONS,
    },
}


def staff_permissions(roles: Iterable[StaffRole]) -> frozenset[StaffPermission]:
    return frozenset().union(*(STAFF_PERMISSIONS[role] for role in roles))
