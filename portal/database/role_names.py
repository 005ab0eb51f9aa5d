"""What the database roles are called: the login, and those of the scopes that a transaction may enter."""

from subscriptions.db.scopes import ScopeRole

LOGIN = "portal_app"
SCOPES = tuple(role.value for role in ScopeRole if role is not ScopeRole.NONE)
PERSON, INVITED, CALLER, TENANT, PEOPLE, PARTNER, STAFF, WORKER, IMPORT, EXPORT, OWN = SCOPES
ROLES = (LOGIN, *SCOPES)
