"""What the database roles are called: the login, and those of the scopes that a transaction may enter."""

from subscriptions.db.scopes import ROLE_PREFIX, ScopeRole

LOGIN = f"{ROLE_PREFIX}_app"
# How long a statement of the login runs, waits for a lock, and may leave a transaction idle. A session asks for that
# by itself, and the role has it too, as a pooler in between may pass on nothing that a session asks for
LIMITS = {
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "15s",
    # And what it holds a page elsewhere on the disk to cost: PostgreSQL's own 4 is that of a turning disk, and by it
    # the newest rows of one organization are looked for among those of all
    "random_page_cost": "1.1",
}
SCOPES = tuple(role.value for role in ScopeRole if role is not ScopeRole.NONE)
PERSON, INVITED, CALLER, TENANT, PEOPLE, PARTNER, STAFF, WORKER, IMPORT, EXPORT, OWN = SCOPES
ROLES = (LOGIN, *SCOPES)
