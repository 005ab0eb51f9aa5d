"""Who may do what in the database: one table of grants, beside that of policies.py, which says of which rows.

Both are applied by the owner after each migration, by grant_differences.py.

Letters: S select, I insert, U update, D delete; `U(a, b)` allows those columns only. A table that stands in no line
is closed to everybody but the owner. Nobody but the owner may TRUNCATE, and nobody may change history or audit.
"""

from portal.database.grants_of_partners import GRANTS_OF_PARTNERS
from portal.database.grants_to_read_whole import READ_BY_THE_PERSON, READ_WHOLE
from portal.database.role_names import CALLER, IMPORT, INVITED, LOGIN, PARTNER, PEOPLE, PERSON, STAFF, TENANT, WORKER

PRIVILEGES = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}

Grant = tuple[str, ...]
DEFER = {
    PERSON: ("S", "I"),
    TENANT: ("S", "I"),
    PARTNER: ("S", "I"),
    STAFF: ("S", "I"),
    IMPORT: ("S", "I"),
    WORKER: ("S", "I", "U", "D"),
    LOGIN: ("S", "I", "U", "D"),
}

# What the acts of a tenant and the check-out write to a subscription; whose it is and what it is stays
TENANT_CHANGES = (
    "U(own_name, cost_center, own_search_text, "
    "status, licenses_total, billing_frequency, unit_price, cost, currency, term_ends_on, anchor_day, "
    "recurring_billing, payment_method, purchase_order_number, fapiao_title, fapiao_tax_number, "
    "trial_extended, canceled_at, canceled_by, cancel_reason, paid_until, version)"
)

# How an act on many goes on; whose it is, and what it takes back, stays
BULK_CHANGES = (
    "U(state, digest, wanted, file, reason, previewed, proved, decided_at, decided_by, ended, chosen, planned, "
    "changed, not_changed)"
)
KEPT_ANSWER = "U(location, status, body, etag)"
INVITATION_ENDS = "U(email, state, ended)"
# What the partner of record gets to know of a subscription: its use, not what it costs
SEEN_BY_PARTNER = (
    "S(id, uuid, tenant_id, product_id, name, name_key, search_text, status, licenses_total, licenses_assigned, "
    "started_on, term_ends_on, lapses_on)"
)

WEBHOOK_CHANGES = (
    "U(label, url, kinds, secret, old_secret, old_secret_until, state, why_off, off_since, failing_since, "
    "held_until, epoch, tx, last_event, version)"
)
WEBHOOK_GOES_ON = (
    "U(state, why_off, off_since, failing_since, held_until, is_slow, busy_until, epoch, tx, last_event, version)"
)
STORED_TIE = "S(id, epoch, tx)"
APPROVAL_ENDS = "U(outcome, decider_id, decided_at, decided_by)"

GRANTS_OF_SUBSCRIPTIONS: dict[str, dict[str, Grant]] = {
    # The login itself: sign-in, sessions, counters, jobs; no tenant's row
    "subscriptions_user": {
        IMPORT: ("S",),
        # Who is staff, and under which address, is not the login's to say
        LOGIN: ("S", "U(password, last_login, session_generation)"),
        PERSON: ("S(id)", "U(language, time_zone, theme, mails)"),
        # Who was invited makes the own account; the policy says of which address, and that it is nobody of the staff
        INVITED: ("S", "I"),
        # Names of its people and of its partners' people, never a password
        TENANT: ("S(id, name, name_key, is_active)",),
        # Of an organization's own people alone, for those of its admins who may read addresses
        PEOPLE: ("S(id, name, name_key, is_active, email, last_login)",),
        PARTNER: ("S(id, name, name_key, is_active)",),
        STAFF: ("S", "I", "U"),
        WORKER: ("S",),
    },
    # A link for a new password is tied to the addresses of its account
    "account_emailaddress": {LOGIN: ("S", "I", "U", "D"), STAFF: ("S", "I", "U"), WORKER: ("S",)},
    "account_emailconfirmation": {LOGIN: ("S", "I", "U", "D")},
    # Read before anybody has signed in; a person's own scope knows that there is one, and no secret
    "mfa_authenticator": {
        LOGIN: ("S", "I", "U", "D"),
        PERSON: ("S(id, user_id, type, created_at)",),
        PEOPLE: ("S(id, user_id, type)",),
    },
    "django_session": {LOGIN: ("S", "I", "U", "D"), STAFF: ("S", "I", "U", "D")},
    "portal_cache": {LOGIN: ("S", "I", "U", "D")},
    "django_migrations": {LOGIN: ("S",)},
    "django_content_type": {LOGIN: ("S",), STAFF: ("S",), WORKER: ("S",)},
    "auth_permission": {LOGIN: ("S",), STAFF: ("S",)},
    "auth_group": {STAFF: ("S",), IMPORT: ("S",)},
    "auth_group_permissions": {STAFF: ("S",)},
    "subscriptions_user_groups": {STAFF: ("S", "I", "D"), IMPORT: ("S",)},
    "subscriptions_user_user_permissions": {STAFF: ("S",)},
    "django_admin_log": {STAFF: ("S", "I")},
    "subscriptions_requestcounter": {LOGIN: ("S", "I", "U"), WORKER: ("S", "D")},
    "subscriptions_jobfailure": {STAFF: ("S",), WORKER: ("S", "I", "U", "D")},
    # Staff bring a file and start it; its lines are found wrong or done by the import itself
    "subscriptions_importrun": {STAFF: ("S", "I", "U"), IMPORT: ("S", "I", "U"), WORKER: ("S", "D")},
    "subscriptions_importchunk": {STAFF: ("S", "I"), IMPORT: ("S", "I"), WORKER: ("S", "D")},
    "subscriptions_importproblem": {STAFF: ("S",), IMPORT: ("S", "I", "D"), WORKER: ("S", "D")},
    "subscriptions_refusalrecord": {LOGIN: ("I",), STAFF: ("S",), WORKER: ("S", "D")},
    # Put aside before anybody has signed in; only the person for whom the form was drawn reads it
    "subscriptions_keptform": {
        LOGIN: ("I",),
        PERSON: ("S", "D"),
        STAFF: ("S(id, user_id, page, created)", "D"),  # for a person who is handed the own data, or erased
        WORKER: ("S", "D"),
    },
    # Jobs: every actor may queue one; the worker's login runs them
    "procrastinate_jobs": DEFER,
    "procrastinate_events": DEFER,
    # A job that another one's scope puts away is taken off here by a trigger
    "procrastinate_periodic_defers": {LOGIN: ("S", "I", "U", "D"), WORKER: ("S", "U")},
    "procrastinate_workers": {LOGIN: ("S", "I", "U", "D")},
    # Shown before anybody has signed in; what it shows is public
    "subscriptions_brandlogo": {LOGIN: ("S",), STAFF: ("S", "I", "U", "D")},
    # Tenants, and what is theirs
    "subscriptions_cloudstate": {
        IMPORT: ("S",),
        PERSON: ("S",),
        TENANT: ("S",),
        PARTNER: ("S",),
        STAFF: ("S", "I", "U", "D"),
        WORKER: ("S",),
    },
    "subscriptions_tenant": {
        PERSON: ("S",),
        INVITED: ("S",),
        TENANT: ("S", "U(staff_may_view, second_person, asks_off_list)"),
        PARTNER: ("S",),
        STAFF: ("S", "I", "U"),
        WORKER: ("S", "U(state, state_since, city)"),  # what was kept long enough is deleted
        IMPORT: ("S", "I", "U"),
    },
    # What a person has named there
    "subscriptions_savedview": {
        TENANT: ("S", "I", "U(name, is_default)", "D"),
        STAFF: ("S", "D"),
        WORKER: ("S", "D"),
    },
    # What a person has put off there; the worker removes what is over
    "subscriptions_snooze": {
        **dict.fromkeys((TENANT, PARTNER), ("S", "I", "U(until, rows, is_cut)", "D")),
        STAFF: ("S", "D"),
        WORKER: ("S", "D"),
    },
    "subscriptions_approval": {
        TENANT: ("S", "I", APPROVAL_ENDS),
        STAFF: ("S", "I", APPROVAL_ENDS),
        WORKER: ("S", APPROVAL_ENDS, "D"),
    },
    "subscriptions_viewing": {PERSON: ("S", "U(stopped)"), STAFF: ("S", "I", "U(stopped)")},
    "subscriptions_membership": {
        IMPORT: ("S",),
        PERSON: ("S", "U(seen)"),
        INVITED: ("S", "I"),
        TENANT: ("S", "U(role)", "D"),
        PEOPLE: ("S(id, uuid, tenant_id, user_id, role)",),
        STAFF: ("S", "I", "U", "D"),
        WORKER: ("S", "D"),
    },
    # An invitation is for good what it was sent as; its address goes with its end
    "subscriptions_invitation": {
        INVITED: ("S", INVITATION_ENDS),
        TENANT: ("S", "I", INVITATION_ENDS),
        PARTNER: ("S", "I", INVITATION_ENDS),
        STAFF: ("S", "I", INVITATION_ENDS),
        WORKER: ("S", "U(email)"),
        IMPORT: ("S", "I", INVITATION_ENDS),
    },
    # An application is its owner's for good; a token that is revoked goes
    "subscriptions_application": {
        CALLER: ("S",),
        TENANT: ("S", "I", "U(role, scopes)", "D"),
        PARTNER: ("S", "I", "U(role, scopes)", "D"),
        STAFF: ("S", "I", "U(role, scopes)", "D"),
        WORKER: ("S", "U(reminded)", "D"),
    },
    "subscriptions_applicationtoken": {
        CALLER: ("S", "U(last_used, last_address)"),
        TENANT: ("S", "I", "D"),
        PARTNER: ("S", "I", "D"),
        STAFF: ("S", "I", "D"),
        WORKER: ("S", "U(reminded)", "D"),
    },
    "subscriptions_product": {
        TENANT: ("S",),
        PARTNER: ("S",),
        STAFF: ("S", "I", "U"),
        WORKER: ("S",),
        IMPORT: ("S", "I", "U"),
    },
    "subscriptions_productfamily": {
        TENANT: ("S",),
        PARTNER: ("S",),
        STAFF: ("S", "I", "U", "D"),
        WORKER: ("S",),
        # A category that is used is held with the act, so that nobody deletes it meanwhile
        IMPORT: ("S", "U"),
    },
    "subscriptions_productprice": {
        TENANT: ("S",),
        PARTNER: ("S",),
        STAFF: ("S", "I", "U", "D"),
        WORKER: ("S",),
        IMPORT: ("S", "I", "U"),
    },
    "subscriptions_subscription": {
        IMPORT: ("S", "I", "U"),
        TENANT: ("S", "I", TENANT_CHANGES),
        PARTNER: (SEEN_BY_PARTNER,),
        STAFF: ("S", "I", "U"),
        WORKER: ("S", "U"),
    },
    # Kept for good once it was decided; a preview that nobody decided goes with its rows
    "subscriptions_bulkact": {TENANT: ("S", "I", BULK_CHANGES), STAFF: ("S",), WORKER: ("S", "D")},
    "subscriptions_bulkrow": {
        TENANT: ("S", "I", "U(version, before, after, planned, outcome, event_id)"),
        WORKER: ("S", "D"),
    },
    "subscriptions_bulkline": {TENANT: ("S", "I"), WORKER: ("S", "D")},
    # A person's own, with keys of organizations alone; one that nobody decided goes
    "subscriptions_jointact": {PERSON: ("S", "I", "U(wanted, parts, decided)"), WORKER: ("S", "D")},
    # Staff say what belongs together; a person reads the names of groups that it has an organization in
    "subscriptions_organizationgroup": {PERSON: ("S",), STAFF: ("S", "I", "U(name, name_key)", "D")},
    "subscriptions_groupedorganization": {PERSON: ("S",), STAFF: ("S", "I", "D"), WORKER: ("S", "D")},
    "subscriptions_order": {TENANT: ("S", "I", "U"), STAFF: ("S", "U"), WORKER: ("S", "U")},
    "subscriptions_orderline": {TENANT: ("S", "I", "U", "D"), STAFF: ("S",), WORKER: ("S",)},
    "subscriptions_idempotencykey": {
        PERSON: ("S", "I", KEPT_ANSWER),
        PARTNER: ("S", "I", KEPT_ANSWER),
        TENANT: ("S", "I", KEPT_ANSWER),
        STAFF: ("S", "I", KEPT_ANSWER),
        WORKER: ("S", "D"),
    },
    # A person asks for help wherever that is, and reads no more of its trail than to find the own event again and to
    # count, in its organizations, what others did
    "subscriptions_auditevent": {
        IMPORT: ("S", "I"),
        PERSON: ("S(id, at, actor_id, tenant_id, kind, epoch, tx)", "I"),
        # And of what its applications did, how much that is
        PARTNER: ("S(id, at, actor_application, epoch, tx)", "I"),
        TENANT: ("S", "I"),
        STAFF: ("S", "I"),
        WORKER: ("S", "I"),
    },
    # In which order events are handed on; every scope that adds one reads how often the database was restored
    "subscriptions_feedepoch": dict.fromkeys((IMPORT, PERSON, PARTNER, TENANT, STAFF, WORKER), ("S",)),
    "subscriptions_partnerevent": {
        IMPORT: (STORED_TIE, "I"),
        PARTNER: ("S",),
        TENANT: (STORED_TIE, "I"),
        STAFF: (STORED_TIE, "I"),
        WORKER: ("S", "I"),
    },
    # A worker keeps what comes of sending; who keeps an endpoint says where it is
    "subscriptions_webhookendpoint": {
        TENANT: ("S", "I", WEBHOOK_CHANGES, "D"),
        PARTNER: ("S", "I", WEBHOOK_CHANGES, "D"),
        WORKER: ("S", WEBHOOK_GOES_ON, "D"),
    },
    "subscriptions_webhookdelivery": {
        TENANT: ("S", "I", "D"),
        PARTNER: ("S", "I", "D"),
        WORKER: ("S", "I", "U(tried, outcome, status, milliseconds, next_due)", "D"),
    },
    # One row a day, which nobody changes either
    "subscriptions_auditdigest": {STAFF: ("S",), WORKER: ("S", "I")},
    # A partner reads of mails to itself which did not reach it, and nothing of what they say
    "subscriptions_mail": {
        IMPORT: ("S(id, queued)", "I"),
        PERSON: ("S(id, queued)", "I"),
        # Of mails to its own people, and of invitations, that one did not arrive
        TENANT: ("S(id, tenant_id, event_id, kind, to_user_id, invitation_id, state, queued)", "I"),
        PARTNER: ("S(id, kind, to_company_mailbox, to_company_number, invitation_id, state, queued)", "I"),
        STAFF: ("S", "I", "U(state, sent, former_address)"),
        WORKER: ("S", "I", "U"),
    },
    "subscriptions_mailtry": {
        PARTNER: ("S(id, mail_id, at, outcome, answer)",),
        STAFF: ("S",),
        WORKER: ("S", "I"),
    },
    "subscriptions_helprequest": {
        PERSON: ("S", "I"),
        STAFF: ("S", "U(state, answer, answered_at, answered_by, closed_at, closed_by)"),
        WORKER: ("S(id, tenant_id, partner)", "D"),
    },
}

# Who may call what asks as the owner; what is not named here is the owner's alone
FUNCTIONS = {"subscriptions_with": (TENANT,)}
GRANTS: dict[str, dict[str, Grant]] = GRANTS_OF_SUBSCRIPTIONS | GRANTS_OF_PARTNERS
for _lines in (READ_WHOLE, READ_BY_THE_PERSON):
    for _table, _of_scopes in _lines.items():
        GRANTS[_table] |= _of_scopes
