"""Who may do what with partners and their ties: lines of the table in grants.py."""

from portal.database.role_names import IMPORT, INVITED, PARTNER, PEOPLE, PERSON, STAFF, TENANT, WORKER

# A relationship's roles shrink and it ends; only the worker moves its end
RELATIONSHIP_CHANGES = "U(roles, auto_extend, reviewed_at, reviewed_by, ended_at, ended_by, end_reason)"
# What a partner keeps of its own row: not its name, IDs, state, nor for which products it is authorized
PARTNERS_PROFILE = "U(mailbox, phone, website, text_en, text_de, text_zh_hans, language, authorized_countries)"
# What a credit copies of its subscription and organization: a trigger lets nothing else be written there
COPIED = "product_id, search_text, of_deleted, status, licenses, lapses_on, term_ends_on, country, time_zone"
# Of its credit: not who in the organization named or removed it, nor the reason, which stays there
CREDIT_SEEN_BY_PARTNER = f"S(id, uuid, tenant_id, subscription_id, partner_id, valid, source, end_source, {COPIED})"

SCHEDULE_ENDS = "U(state, outcome, event_id, ended_at, ended_by, agreed, is_told)"

GRANTS_OF_PARTNERS: dict[str, dict[str, tuple[str, ...]]] = {
    "partners_partner": {
        IMPORT: ("S", "I"),
        PERSON: ("S",),
        INVITED: ("S",),
        TENANT: ("S",),
        PARTNER: ("S", PARTNERS_PROFILE),
        STAFF: ("S", "I", "U"),
        WORKER: ("S",),
    },
    "partners_partnerperson": {
        PERSON: ("S",),
        INVITED: ("S", "I"),
        TENANT: ("S",),
        PEOPLE: ("S(partner_id, user_id)",),
        PARTNER: ("S", "U(role)", "D"),
        STAFF: ("S", "I", "U(role)", "D"),
        WORKER: ("S",),
    },
    # Counts that triggers keep with each credit and relationship, in the scope of who writes these
    "partners_partnercustomer": {
        PARTNER: ("S",),
        **dict.fromkeys((TENANT, STAFF, WORKER, IMPORT), ("S", "I", "U(name_key, search_text, credits, ties)", "D")),
    },
    # Who of a partner's people serves which customer: the partner says it, the customer reads it
    "partners_servedcustomer": {TENANT: ("S",), PARTNER: ("S", "I", "D"), STAFF: ("S", "D"), WORKER: ("S", "D")},
    "partners_partnerofrecord": {
        PARTNER: (CREDIT_SEEN_BY_PARTNER,),
        # The past too, which no other scope can write
        IMPORT: ("S", "I", f"U({COPIED})"),
    }
    | {
        scope: (
            "S",
            "I",
            f"U(valid, end_source, ended_by_id, ended_by_name, end_reason, {COPIED})",
        )
        for scope in (TENANT, STAFF, WORKER)
    },
    # What was decided stays as it is; what came of it is written once
    "partners_scheduledchange": {
        TENANT: ("S", "I", SCHEDULE_ENDS),
        STAFF: ("S",),
        WORKER: ("S", SCHEDULE_ENDS),
    },
    # A default and an approval go for good; an exemption ends; all go with the organization
    "partners_policypartner": {TENANT: ("S", "I", "D"), STAFF: ("S",), WORKER: ("S", "D")},
    "partners_approvedpartner": {TENANT: ("S", "I", "D"), STAFF: ("S",), WORKER: ("S", "D")},
    "partners_policyexemption": {TENANT: ("S", "I", "U(ended_at, ended_by)"), STAFF: ("S",), WORKER: ("S", "D")},
    "partners_managedsubscription": {TENANT: ("S",), STAFF: ("S", "I", "U(partner_id)", "D"), WORKER: ("S",)},
    "partners_matchrequest": {
        TENANT: ("S", "I"),
        # What its mail says, and what became of it
        PARTNER: ("S(id, uuid, tenant_id, wish, country, family_id, language, state, requested_at)",),
        STAFF: ("S", "U"),
        WORKER: ("S", "D"),
    },
    "partners_matchedpartner": {TENANT: ("S", "I"), PARTNER: ("S",), STAFF: ("S",), WORKER: ("S", "D")},
    "partners_partnerrelationship": {
        IMPORT: ("S", "I"),
        PERSON: ("S",),
        TENANT: ("S", "I", RELATIONSHIP_CHANGES),
        PARTNER: ("S",),
        STAFF: ("S", "I", RELATIONSHIP_CHANGES),
        WORKER: ("S", "U(expires_on, reminded_days, ended_at, ended_by, end_reason)"),
    },
    # A draft may go for good; triggers keep what was sent, and its terms
    "partners_partneroffer": {
        PERSON: ("S",),
        TENANT: ("S", "I", "U", "D"),
        PARTNER: ("S",),
        STAFF: ("S", "I", "U", "D"),
        WORKER: ("S", "U(state, version)"),
    },
    "partners_offerterms": {TENANT: ("S", "I", "D"), PARTNER: ("S",), STAFF: ("S", "I", "D"), WORKER: ("S",)},
    "partners_offeredsubscription": {
        TENANT: ("S", "I", "D"),
        PARTNER: ("S",),
        STAFF: ("S", "I", "D"),
        WORKER: ("S",),
    },
    "partners_offeredproduct": {
        TENANT: ("S", "I", "U(line_id, created_id)", "D"),
        PARTNER: ("S",),
        STAFF: ("S", "I", "D"),
        WORKER: ("S",),
    },
    # Of no organization: what a partner's people keep for themselves
    "partners_offertemplate": {PARTNER: ("S", "I", "U(name, facts, kept_at, kept_by)", "D"), STAFF: ("S",)},
    "partners_offerround": {PARTNER: ("S", "I", "U(lines, version, made_at, made_by)", "D"), STAFF: ("S",)},
    # The worker reminds, hands on, and closes with the relationship; what was asked stays
    "partners_releaserequest": {
        TENANT: ("S", "I", "U"),
        PARTNER: ("S",),
        STAFF: ("S", "U"),
        WORKER: ("S", "U(state, closed_at, closed_by, decline_reason, reminded_on, escalated_on)"),
    },
    "partners_releasestep": {
        TENANT: ("S", "I"),
        PARTNER: ("S",),
        STAFF: ("S", "I"),
        WORKER: ("S", "I"),
    },
}
