"""What the database roles are called: the login, and the scopes that a transaction may enter."""

LOGIN = "portal_app"
PERSON = "portal_person"
INVITED = "portal_invited"
TENANT = "portal_tenant"
PEOPLE = "portal_people"
PARTNER = "portal_partner"
STAFF = "portal_staff"
WORKER = "portal_worker"
IMPORT = "portal_import"
EXPORT = "portal_export"
OWN = "portal_own"
SCOPES = (PERSON, INVITED, TENANT, PEOPLE, PARTNER, STAFF, WORKER, IMPORT, EXPORT, OWN)
ROLES = (LOGIN, *SCOPES)
