"""What is handed out whole, to be read and nothing else: one organization, and what names one person.

These lines are read grants alone, for the scopes of an export and of a person's own data.
"""

from portal.database.role_names import EXPORT, OWN

# Of its people the addresses too, of invitations no link
EXPORTED = (
    *("tenant", "membership", "subscription", "order", "orderline", "auditevent", "helprequest"),
    *("product", "productfamily"),
)
EXPORTED_OF_PARTNERS = (
    *(
        "partnerofrecord",
        "scheduledchange",
        "policypartner",
        "approvedpartner",
        "policyexemption",
        "managedsubscription",
        "matchrequest",
        "matchedpartner",
        "partnerrelationship",
    ),
    *("partneroffer", "offerterms", "offeredsubscription", "offeredproduct", "releaserequest", "releasestep"),
)
# What names one person, to be handed to that person: every column but what proves who it is
NAMES_A_PERSON: dict[str, tuple[str, ...]] = {
    "account_emailaddress": ("user_id",),
    "django_admin_log": ("user_id",),
    "mfa_authenticator": ("user_id",),
    "subscriptions_application": ("maker_id",),
    "subscriptions_approval": ("asker_id", "decider_id"),
    "subscriptions_auditevent": ("actor_id",),
    "subscriptions_bulkact": ("user_id",),
    "subscriptions_helprequest": ("user_id",),
    "subscriptions_importrun": ("applier_id",),
    "subscriptions_jointact": ("user_id",),
    "subscriptions_keptform": ("user_id",),
    "subscriptions_mail": ("to_user_id",),
    "subscriptions_membership": ("user_id",),
    "subscriptions_order": ("started_by_user_id",),
    "subscriptions_refusalrecord": ("user_id",),
    "subscriptions_savedview": ("user_id",),
    "subscriptions_snooze": ("user_id",),
    "subscriptions_user": ("id",),
    "subscriptions_viewing": ("user_id", "person_id"),
    "partners_partnerofrecord": ("set_by_id", "ended_by_id"),
    "partners_partnerperson": ("user_id",),
    "partners_scheduledchange": ("user_id",),
}
READ_WHOLE: dict[str, dict[str, tuple[str, ...]]] = {
    **{f"subscriptions_{name}": {EXPORT: ("S",)} for name in EXPORTED},
    **{f"partners_{name}": {EXPORT: ("S",)} for name in EXPORTED_OF_PARTNERS},
    "subscriptions_user": {EXPORT: ("S(id, name, email, is_active)",)},
    "subscriptions_invitation": {
        EXPORT: (
            "S(id, uuid, tenant_id, kind, role, name, email, language, state, invited_at, invited_by, expires_on, "
            "ended)",
        )
    },
    "subscriptions_mail": {
        EXPORT: ("S(id, uuid, tenant_id, event_id, kind, to_user_id, invitation_id, state, queued, sent)",)
    },
    "partners_partner": {EXPORT: ("S(id, number, name)",)},
}
READ_BY_THE_PERSON: dict[str, dict[str, tuple[str, ...]]] = {
    **{table: {OWN: ("S",)} for table in NAMES_A_PERSON},
    "mfa_authenticator": {OWN: ("S(id, user_id, type, created_at, last_used_at)",)},
    "subscriptions_keptform": {OWN: ("S(id, user_id, page, created)",)},
    "subscriptions_user": {
        OWN: (
            "S(id, last_login, is_superuser, uuid, email, name, name_key, language, time_zone, theme, is_staff, "
            "is_active, erased, date_joined, mails)",
        )
    },
}
