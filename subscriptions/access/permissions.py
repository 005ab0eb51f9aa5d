"""What may be allowed: inside an organization, in a partner's workspace, at the desk of staff."""

from enum import Enum


class Permission(Enum):
    # Inside an organization
    READ = "read"
    READ_SUBSCRIPTIONS = "read-subscriptions"
    READ_ORDERS = "read-orders"
    READ_SHOP = "read-shop"
    READ_RELATIONSHIPS = "read-relationships"
    READ_PEOPLE = "read-people"
    READ_ADDRESSES = "read-addresses"
    READ_AUDIT_LOG = "read-audit-log"
    BUY = "buy"
    MANAGE_SUBSCRIPTIONS = "manage-subscriptions"
    CHANGE_LICENSES = "change-licenses"
    SET_PARTNER_OF_RECORD = "set-partner-of-record"
    KEEP_POLICY = "keep-policy"
    END_RELATIONSHIP = "end-relationship"
    ANSWER_OFFERS = "answer-offers"
    REVIEW_RELATIONSHIPS = "review-relationships"
    RESET_SIGN_IN = "reset-sign-in"
    LET_STAFF_VIEW = "let-staff-view"
    MANAGE_MEMBERS = "manage-members"
    KEEP_APPLICATIONS = "keep-applications"
    KEEP_WEBHOOKS = "keep-webhooks"
    # In a partner's own workspace
    READ_WORKSPACE = "read-workspace"
    MAKE_OFFERS = "make-offers"
    ANSWER_RELEASE_REQUESTS = "answer-release-requests"
    GIVE_UP_ACCESS = "give-up-access"
    MANAGE_PEOPLE = "manage-people"
    KEEP_PROFILE = "keep-profile"
    KEEP_PARTNERS_APPLICATIONS = "keep-partners-applications"
    KEEP_PARTNERS_WEBHOOKS = "keep-partners-webhooks"


class StaffPermission(Enum):
    """What the operator's staff may do at their own desk."""

    ENTER = "enter"
    READ_RECORDS = "read-records"  # audit of the operator's own, imports of what one reads, jobs, fitness
    READ_PEOPLE = "read-people"
    READ_CUSTOMERS = "read-customers"
    READ_PARTNERS = "read-partners"
    READ_CATALOG = "read-catalog"
    HELP_CUSTOMERS = "help-customers"
    CORRECT_CREDIT = "correct-credit"
    SEND_MAILS = "send-mails"
    VIEW_AS = "view-as"
    KEEP_ACCOUNTS = "keep-accounts"
    ERASE_PEOPLE = "erase-people"
    CLOSE_CUSTOMERS = "close-customers"
    KEEP_CATALOG = "keep-catalog"
    KEEP_PARTNERS = "keep-partners"
    BRING_IN = "bring-in"  # files of what exists elsewhere, of the kinds that the person may enter one by one
    MAKE_STAFF = "make-staff"
    KEEP_APPLICATIONS = "keep-applications"


Permissions = frozenset[Permission]

IN_THE_WORKSPACE: Permissions = frozenset(
    {
        Permission.READ_WORKSPACE,
        Permission.MAKE_OFFERS,
        Permission.ANSWER_RELEASE_REQUESTS,
        Permission.GIVE_UP_ACCESS,
        Permission.MANAGE_PEOPLE,
        Permission.KEEP_PROFILE,
        Permission.KEEP_PARTNERS_APPLICATIONS,
        Permission.KEEP_PARTNERS_WEBHOOKS,
    }
)
IN_AN_ORGANIZATION: Permissions = frozenset(Permission) - IN_THE_WORKSPACE
READS_EVERYTHING: Permissions = frozenset(
    {
        Permission.READ,
        Permission.READ_SUBSCRIPTIONS,
        Permission.READ_ORDERS,
        Permission.READ_SHOP,
        Permission.READ_RELATIONSHIPS,
        Permission.READ_PEOPLE,
        Permission.READ_AUDIT_LOG,
    }
)
