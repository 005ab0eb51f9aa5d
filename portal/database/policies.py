"""Which rows of a table each role reads and writes, in words of SQL: one policy a table and role.

What it may do with them stands in grants.py. Of a table that is named here a role without a line sees no row.
"""

from portal.database.grants_to_read_whole import NAMES_A_PERSON
from portal.database.role_names import (
    CALLER,
    EXPORT,
    IMPORT,
    INVITED,
    LOGIN,
    OWN,
    PARTNER,
    PEOPLE,
    PERSON,
    STAFF,
    TENANT,
    WORKER,
)

OWN_USER = "user_id = NULLIF(current_setting('app.user_id', true), '')::bigint"
OWN_TENANT = "tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint"
OWN_MEMBERSHIPS = f"id IN (SELECT tenant_id FROM subscriptions_membership WHERE {OWN_USER})"  # noqa: S608 - constants only
OWN_PARTNER = "partner_id = NULLIF(current_setting('app.partner_id', true), '')::bigint"
OWN_PARTNERS = f"partner_id IN (SELECT partner_id FROM partners_partnerperson WHERE {OWN_USER})"  # noqa: S608
# The invitation of the link that was opened, and whose it is: an account of its address, that of who has signed in
OWN_INVITATION = "token_hash = NULLIF(current_setting('app.sought', true), '')"
INVITED_PEOPLE = (
    "email = (SELECT email FROM subscriptions_invitation WHERE state = 'pending' AND expires_on > now())"
    " AND (id = NULLIF(current_setting('app.user_id', true), '')::bigint OR NOT (is_staff OR is_superuser))"
)
INVITED_HERE = (
    "EXISTS (SELECT 1 FROM subscriptions_invitation invitation WHERE invitation.{0} = {1}.{0}"
    " AND invitation.role = {1}.role) AND user_id IN (SELECT id FROM subscriptions_user)"
)
OWN_NUMBER = f"SELECT number FROM partners_partner WHERE {OWN_PARTNER.replace('partner_id', 'id', 1)}"  # noqa: S608
OWN_APPLICATIONS = f"application IN (SELECT uuid FROM subscriptions_application WHERE {OWN_PARTNER})"  # noqa: S608
OWN_MAILS = f"to_company_number = ({OWN_NUMBER})"
OWN_WEBHOOKS = "endpoint_id IN (SELECT id FROM subscriptions_webhookendpoint)"
OWN_OFFERS = f"offer_id IN (SELECT id FROM partners_partneroffer WHERE {OWN_PARTNER})"  # noqa: S608
OWN_MATCHES = f"id IN (SELECT request_id FROM partners_matchedpartner WHERE {OWN_PARTNER})"  # noqa: S608
OWN_RELEASES = f"request_id IN (SELECT id FROM partners_releaserequest WHERE {OWN_PARTNER})"  # noqa: S608
OWN_PERSONS = "person_id IN (SELECT id FROM partners_partnerperson)"
EVERY_ROW = "true"
VIEWED_NOW = "stopped IS NULL AND until > statement_timestamp()"
# Of the organizations that the person's scope sees, or of none
IN_REACH = "(tenant_id IS NULL OR tenant_id IN (SELECT id FROM subscriptions_tenant))"
OWN_REQUESTS = f"{OWN_USER} AND {IN_REACH}"
OWN_ASKING = OWN_REQUESTS.replace("user_id =", "actor_id =", 1) + " AND kind = 'help-request.sent'"
OWN_TAKING = OWN_USER.replace("user_id =", "actor_id =", 1) + " AND tenant_id IS NULL AND kind = 'account.exported'"
# What a partner does to its own people and profile: of no organization, and about itself or its invitations
OWN_PEOPLES = (
    "tenant_id IS NULL AND (subject_uuid IN (SELECT uuid FROM subscriptions_invitation)"
    " OR subject_uuid IN (SELECT uuid FROM subscriptions_application)"
    " OR subject_uuid = (SELECT uuid FROM partners_partner"
    " WHERE id = NULLIF(current_setting('app.partner_id', true), '')::bigint))"
)
ACTS_OF_OWN_APPLICATIONS = "actor_application IN (SELECT uuid FROM subscriptions_application)"
OF_OWN_ORGANIZATIONS = OWN_MEMBERSHIPS.replace("id IN", "tenant_id IN", 1)
MAILS_OF_OWN_PEOPLE = "tenant_id IS NULL AND event_id IN (SELECT id FROM subscriptions_auditevent)"
MAILS_OF_ASKING = (
    f"kind = 'help-requested' AND event_id IN (SELECT id FROM subscriptions_auditevent WHERE {OWN_ASKING})"  # noqa: S608
)


def _any(*conditions: str) -> str:
    return " OR ".join(f"({condition})" for condition in conditions)


def _tied(table: str, column: str, outer: str, condition: str = OWN_PARTNER) -> str:
    """There is a row of `table` about the row of `outer`, and it is the partner's own."""
    return f"EXISTS (SELECT 1 FROM {table} tie WHERE tie.{column} = {outer}.id AND {condition})"  # noqa: S608


# The organizations with a tie to the partner, and the one whose address it knows (scopes.seeking)
PARTNERS_TENANTS = _any(
    *(
        _tied(table, "tenant_id", "subscriptions_tenant")
        for table in (
            "partners_partnerrelationship",
            "partners_partnerofrecord",
            "partners_partneroffer",
            "partners_matchedpartner",
        )
    ),
    "slug = NULLIF(current_setting('app.sought', true), '')",
)
PARTNERS_SUBSCRIPTIONS = _any(
    _tied("partners_partnerofrecord", "subscription_id", "subscriptions_subscription"),
    _tied("partners_offeredsubscription", "subscription_id", "subscriptions_subscription", OWN_OFFERS),
    _tied("partners_offeredproduct", "created_id", "subscriptions_subscription", OWN_OFFERS),
)
PERSONS_TENANTS = _any(
    OWN_MEMBERSHIPS,
    f"id IN (SELECT tenant_id FROM partners_partnerrelationship WHERE {OWN_PARTNERS})",  # noqa: S608
    f"id IN (SELECT tenant_id FROM subscriptions_viewing WHERE {OWN_USER} AND {VIEWED_NOW})",  # noqa: S608
)
# Those that work with the organization, and those whose offers it answers
TENANTS_PARTNERS = _any(
    f"partner_id IN (SELECT partner_id FROM partners_partnerrelationship WHERE {OWN_TENANT})",  # noqa: S608
    f"partner_id IN (SELECT partner_id FROM partners_partneroffer WHERE {OWN_TENANT})",  # noqa: S608
)
# And those of a partner's people of whom it says that they serve the organization
SERVES_TENANT = f"id IN (SELECT person_id FROM partners_servedcustomer WHERE {OWN_TENANT})"  # noqa: S608
TENANTS_PEOPLE = f"id IN (SELECT user_id FROM subscriptions_membership WHERE {OWN_TENANT})"  # noqa: S608
NAMED_IN_TENANT = _any(
    TENANTS_PEOPLE,
    f"id IN (SELECT user_id FROM partners_partnerperson WHERE {_any(TENANTS_PARTNERS, SERVES_TENANT)})",  # noqa: S608
)
NAMED_IN_WORKSPACE = f"id IN (SELECT user_id FROM partners_partnerperson WHERE {OWN_PARTNER})"  # noqa: S608


def _tenant_owned(**others: str) -> dict[str, str]:
    return {TENANT: OWN_TENANT, EXPORT: OWN_TENANT, STAFF: EVERY_ROW, WORKER: EVERY_ROW, **others}


POLICIES: dict[str, dict[str, str]] = {
    "subscriptions_tenant": _tenant_owned(
        **{
            IMPORT: EVERY_ROW,
            TENANT: OWN_TENANT.replace("tenant_id =", "id ="),
            EXPORT: OWN_TENANT.replace("tenant_id =", "id ="),
            PERSON: PERSONS_TENANTS,
            INVITED: "id = (SELECT tenant_id FROM subscriptions_invitation)",
            PARTNER: PARTNERS_TENANTS,
        }
    ),
    "subscriptions_membership": _tenant_owned(
        **{
            PERSON: OWN_USER,
            INVITED: INVITED_HERE.format("tenant_id", "subscriptions_membership"),
            PEOPLE: OWN_TENANT,
            IMPORT: EVERY_ROW,
        }
    ),
    "subscriptions_invitation": _tenant_owned(**{INVITED: OWN_INVITATION, PARTNER: OWN_PARTNER, IMPORT: EVERY_ROW}),
    "subscriptions_user": {
        LOGIN: EVERY_ROW,
        PERSON: OWN_USER.replace("user_id =", "id ="),
        INVITED: INVITED_PEOPLE,
        TENANT: NAMED_IN_TENANT,
        PEOPLE: _any(TENANTS_PEOPLE, NAMED_IN_WORKSPACE),
        EXPORT: TENANTS_PEOPLE,
        PARTNER: NAMED_IN_WORKSPACE,
        STAFF: EVERY_ROW,
        WORKER: EVERY_ROW,
        IMPORT: EVERY_ROW,
    },
    # The token that was shown and its application alone; whoever reads an application reads its tokens
    "subscriptions_application": {
        CALLER: "id IN (SELECT application_id FROM subscriptions_applicationtoken)",
        TENANT: OWN_TENANT,
        PARTNER: OWN_PARTNER,
        STAFF: EVERY_ROW,
        WORKER: EVERY_ROW,
    },
    "subscriptions_applicationtoken": {
        CALLER: OWN_INVITATION.replace("token_hash =", "hash =", 1),
        **dict.fromkeys((TENANT, PARTNER), "application_id IN (SELECT id FROM subscriptions_application)"),
        STAFF: EVERY_ROW,
        WORKER: EVERY_ROW,
    },
    "account_emailaddress": dict.fromkeys((LOGIN, STAFF, WORKER), EVERY_ROW),
    "django_admin_log": {STAFF: EVERY_ROW},
    "subscriptions_importrun": dict.fromkeys((STAFF, IMPORT, WORKER), EVERY_ROW),
    "subscriptions_refusalrecord": dict.fromkeys((LOGIN, STAFF, WORKER), EVERY_ROW),
    "subscriptions_savedview": {TENANT: f"{OWN_TENANT} AND {OWN_USER}", STAFF: EVERY_ROW, WORKER: EVERY_ROW},
    "subscriptions_snooze": {
        TENANT: f"{OWN_TENANT} AND {OWN_USER}",
        PARTNER: f"{OWN_PARTNER} AND {OWN_USER}",
        STAFF: EVERY_ROW,
        WORKER: EVERY_ROW,
    },
    # What staff ask among themselves is read by no organization, whichever it is about
    "subscriptions_approval": {TENANT: f"{OWN_TENANT} AND NOT of_staff", STAFF: EVERY_ROW, WORKER: "NOT of_staff"},
    "subscriptions_viewing": {PERSON: OWN_USER, STAFF: EVERY_ROW},
    # That there is one, of the people whose addresses are read
    "mfa_authenticator": {
        LOGIN: EVERY_ROW,
        PERSON: OWN_USER,
        PEOPLE: "user_id IN (SELECT id FROM subscriptions_user)",
    },
    "subscriptions_keptform": {LOGIN: EVERY_ROW, PERSON: OWN_USER, STAFF: EVERY_ROW, WORKER: EVERY_ROW},
    "subscriptions_subscription": _tenant_owned(**{PARTNER: PARTNERS_SUBSCRIPTIONS, IMPORT: EVERY_ROW}),
    "subscriptions_bulkact": {TENANT: OWN_TENANT, STAFF: EVERY_ROW, WORKER: EVERY_ROW},
    "subscriptions_bulkrow": {TENANT: OWN_TENANT, WORKER: EVERY_ROW},
    "subscriptions_bulkline": {TENANT: OWN_TENANT, WORKER: EVERY_ROW},
    "subscriptions_jointact": {PERSON: OWN_USER, WORKER: EVERY_ROW},
    # Of a group only those organizations that the person is a member of, and a group only by these
    "subscriptions_organizationgroup": {
        PERSON: "id IN (SELECT group_id FROM subscriptions_groupedorganization)",
        STAFF: EVERY_ROW,
    },
    "subscriptions_groupedorganization": {PERSON: OF_OWN_ORGANIZATIONS, STAFF: EVERY_ROW, WORKER: EVERY_ROW},
    "subscriptions_order": _tenant_owned(),
    "subscriptions_orderline": _tenant_owned(),
    "subscriptions_idempotencykey": _tenant_owned(
        **{
            PERSON: f"{OWN_USER} AND tenant_id IS NULL",
            PARTNER: f"({_any(OWN_USER, OWN_APPLICATIONS)}) AND tenant_id IS NULL",
            STAFF: "tenant_id IS NULL",
        }
    ),
    "subscriptions_auditevent": _tenant_owned(
        **{
            PERSON: _any(OWN_ASKING, OWN_TAKING, OF_OWN_ORGANIZATIONS),
            PARTNER: _any(OWN_PEOPLES, ACTS_OF_OWN_APPLICATIONS),
            IMPORT: EVERY_ROW,
        }
    ),
    "subscriptions_partnerevent": {
        TENANT: OWN_TENANT,
        PARTNER: OWN_MAILS.replace("to_company_number =", "partner_number =", 1),
        STAFF: EVERY_ROW,
        WORKER: EVERY_ROW,
        IMPORT: EVERY_ROW,
    },
    "subscriptions_webhookendpoint": {TENANT: OWN_TENANT, PARTNER: OWN_PARTNER, WORKER: EVERY_ROW},
    "subscriptions_webhookdelivery": {TENANT: OWN_WEBHOOKS, PARTNER: OWN_WEBHOOKS, WORKER: EVERY_ROW},
    "subscriptions_auditdigest": {STAFF: EVERY_ROW, WORKER: EVERY_ROW},
    "subscriptions_mail": _tenant_owned(
        **{PERSON: MAILS_OF_ASKING, PARTNER: _any(OWN_MAILS, MAILS_OF_OWN_PEOPLE), IMPORT: EVERY_ROW}
    ),
    "subscriptions_mailtry": {
        PARTNER: "mail_id IN (SELECT id FROM subscriptions_mail)",
        STAFF: EVERY_ROW,
        WORKER: EVERY_ROW,
    },
    # What a partner's people ask stays theirs, wherever they asked it
    "subscriptions_helprequest": {
        PERSON: OWN_REQUESTS,
        STAFF: EVERY_ROW,
        WORKER: EVERY_ROW,
        EXPORT: f"{OWN_TENANT} AND partner = ''",
    },
    "partners_partner": dict.fromkeys((IMPORT, PERSON, INVITED, TENANT, PARTNER, STAFF, WORKER, EXPORT), EVERY_ROW),
    "partners_partnerofrecord": _tenant_owned(**{PARTNER: OWN_PARTNER, IMPORT: EVERY_ROW}),
    "partners_scheduledchange": _tenant_owned(),
    "partners_policypartner": _tenant_owned(),
    "partners_approvedpartner": _tenant_owned(),
    "partners_policyexemption": {TENANT: OWN_TENANT, EXPORT: OWN_TENANT, STAFF: EVERY_ROW, WORKER: EVERY_ROW},
    "partners_managedsubscription": _tenant_owned(),
    "partners_matchrequest": _tenant_owned(**{PARTNER: OWN_MATCHES}),
    "partners_matchedpartner": _tenant_owned(**{PARTNER: OWN_PARTNER}),
    "partners_offertemplate": {PARTNER: OWN_PARTNER, STAFF: EVERY_ROW},
    "partners_offerround": {PARTNER: OWN_PARTNER, STAFF: EVERY_ROW},
    "partners_partnerrelationship": _tenant_owned(**{PERSON: OWN_PARTNERS, PARTNER: OWN_PARTNER, IMPORT: EVERY_ROW}),
    "partners_partnerperson": {
        PERSON: OWN_USER,
        INVITED: INVITED_HERE.format("partner_id", "partners_partnerperson"),
        TENANT: _any(TENANTS_PARTNERS, SERVES_TENANT),
        PEOPLE: OWN_PARTNER,
        PARTNER: OWN_PARTNER,
        STAFF: EVERY_ROW,
        WORKER: EVERY_ROW,
        IMPORT: EVERY_ROW,
    },
    # Written by triggers with the credit and the relationship, in whichever scope these are
    "partners_partnercustomer": {
        TENANT: OWN_TENANT,
        PARTNER: OWN_PARTNER,
        **dict.fromkeys((STAFF, WORKER, IMPORT), EVERY_ROW),
    },
    "partners_servedcustomer": {TENANT: OWN_TENANT, PARTNER: OWN_PERSONS, STAFF: EVERY_ROW, WORKER: EVERY_ROW},
    "partners_partneroffer": _tenant_owned(
        **{PERSON: OWN_MEMBERSHIPS.replace("id IN", "tenant_id IN", 1), PARTNER: OWN_PARTNER}
    ),
    "partners_offerterms": _tenant_owned(**{PARTNER: OWN_OFFERS}),
    "partners_offeredsubscription": _tenant_owned(**{PARTNER: OWN_OFFERS}),
    "partners_offeredproduct": _tenant_owned(**{PARTNER: OWN_OFFERS}),
    "partners_releaserequest": _tenant_owned(**{PARTNER: OWN_PARTNER}),
    "partners_releasestep": _tenant_owned(**{PARTNER: OWN_RELEASES}),
}
for _table, _columns in NAMES_A_PERSON.items():
    POLICIES[_table][OWN] = _any(*(OWN_USER.replace("user_id =", f"{column} =", 1) for column in _columns))
# Which rows may be written, where those are fewer than what is read: every partner stands in the directory, and what
# was said of a customer outlives the tie with it
WRITABLE: dict[str, dict[str, str]] = {
    "subscriptions_auditevent": {PERSON: _any(OWN_ASKING, OWN_TAKING), PARTNER: OWN_PEOPLES},
    # Whoever declines is a person; a request is granted by the end of its relationship too
    "partners_partner": {PARTNER: OWN_PARTNER.replace("partner_id =", "id =", 1)},
    "partners_releaserequest": {WORKER: "state NOT IN ('released', 'declined')"},  # no job answers for a reseller
    "partners_servedcustomer": {PARTNER: f"{OWN_PERSONS} AND tenant_id IN (SELECT id FROM subscriptions_tenant)"},  # noqa: S608
}
