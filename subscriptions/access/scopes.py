"""What a scope of an application allows, and what no application ever does: one table each."""

from subscriptions.access.permissions import Permission, Permissions
from subscriptions.models.people.application import ApplicationScope as Scope

# Beside what each allows, an application reads what every page of the place says
EVERYWHERE: Permissions = frozenset({Permission.READ, Permission.READ_WORKSPACE})
SCOPE_PERMISSIONS: dict[Scope, Permissions] = {
    Scope.SUBSCRIPTIONS_READ: frozenset({Permission.READ_SUBSCRIPTIONS}),
    Scope.SUBSCRIPTIONS_WRITE: frozenset({Permission.MANAGE_SUBSCRIPTIONS, Permission.CHANGE_LICENSES}),
    Scope.PARTNER_OF_RECORD_WRITE: frozenset({Permission.SET_PARTNER_OF_RECORD, Permission.KEEP_POLICY}),
    Scope.ORDERS_READ: frozenset({Permission.READ_ORDERS}),
    Scope.ORDERS_WRITE: frozenset({Permission.BUY, Permission.READ_SHOP}),
    Scope.RELATIONSHIPS_READ: frozenset({Permission.READ_RELATIONSHIPS}),
    Scope.RELATIONSHIPS_WRITE: frozenset(
        {Permission.END_RELATIONSHIP, Permission.GIVE_UP_ACCESS, Permission.ANSWER_RELEASE_REQUESTS}
    ),
    Scope.OFFERS_READ: frozenset({Permission.READ_RELATIONSHIPS, Permission.READ_WORKSPACE}),
    Scope.OFFERS_WRITE: frozenset({Permission.MAKE_OFFERS}),
    Scope.WORKSPACE_READ: frozenset({Permission.READ_WORKSPACE}),
    Scope.MEMBERS_READ: frozenset({Permission.READ_PEOPLE, Permission.READ_ADDRESSES}),
    Scope.EVENTS_READ: frozenset({Permission.READ_AUDIT_LOG}),
    Scope.WEBHOOKS_WRITE: frozenset({Permission.KEEP_WEBHOOKS, Permission.KEEP_PARTNERS_WEBHOOKS}),
}
# What a scope gives beyond the role: who let the application have it could have done that alone
BEYOND_THE_ROLE: Permissions = frozenset({Permission.KEEP_WEBHOOKS})

# What asks a person to prove that it is there, and so is never done by a program; and the page where one does it
APPLICATIONS_NEVER: dict[Permission, str] = {
    Permission.ANSWER_OFFERS: "partners:relationship-list",
    Permission.REVIEW_RELATIONSHIPS: "partners:relationship-list",
    Permission.RESET_SIGN_IN: "subscriptions:members",
    Permission.LET_STAFF_VIEW: "subscriptions:members",
    Permission.MANAGE_MEMBERS: "subscriptions:members",
    Permission.KEEP_APPLICATIONS: "admin-home",
    Permission.MANAGE_PEOPLE: "workspace:people",
    Permission.KEEP_PROFILE: "workspace:profile",
    Permission.KEEP_PARTNERS_APPLICATIONS: "workspace:home",
}
# What each owner's applications can be given: a scope is offered only where it allows anything
OF_ORGANIZATIONS = tuple(
    scope for scope in Scope if scope not in (Scope.RELATIONSHIPS_WRITE, Scope.OFFERS_WRITE, Scope.WORKSPACE_READ)
)
OF_PARTNERS = tuple(scope for scope in Scope if scope not in (Scope.PARTNER_OF_RECORD_WRITE, Scope.ORDERS_WRITE))
OF_THE_OPERATOR = (
    Scope.SUBSCRIPTIONS_READ,
    Scope.ORDERS_READ,
    Scope.RELATIONSHIPS_READ,
    Scope.OFFERS_READ,
    Scope.WORKSPACE_READ,
    Scope.MEMBERS_READ,
    Scope.EVENTS_READ,
)


def permissions_of(scopes: frozenset[Scope]) -> Permissions:
    return EVERYWHERE.union(*(SCOPE_PERMISSIONS[scope] for scope in scopes)) - frozenset(APPLICATIONS_NEVER)


def scopes_with(permission: Permission) -> list[Scope]:
    """Any one of these allows it."""
    return [scope for scope, permissions in SCOPE_PERMISSIONS.items() if permission in permissions]
