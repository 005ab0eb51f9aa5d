"""Who gets what at which address: the table of test_url_matrix.py."""

ACTORS = ("anonymous", "deactivated", "removed", "admin_of_beta", "staff", "reader", "billing_admin", "global_admin")
FEW = ("anonymous", "admin_of_beta", "reader", "global_admin")  # of each kind of answer somebody
GET, POST = "get", "post"


def row(numbers: str) -> dict[str, int]:
    return dict(zip(ACTORS, map(int, numbers.split()), strict=True))


#                         anonymous deact. removed beta staff reader billing global
OWN_PAGE = {GET: row("      302     302    200    200  200    200    200     200"),
            POST: row("     302     302    405    405  405    405    405     405")}  # fmt: skip
OWN_FORM = {GET: row("      302     302    200    200  200    200    200     200"),
            POST: row("     302     302    422    422  422    422    422     422")}  # fmt: skip
TENANT_PAGE = {GET: row("   302     302    404    404  404    200    200     200"),
               POST: row("  302     302    404    404  404    405    405     405")}  # fmt: skip
BILLING_PAGE = {GET: row("  302     302    404    404  404    403    200     200"),
                POST: row(" 302     302    404    404  404    403    405     405")}  # fmt: skip
BILLING_FORM = {GET: row("  302     302    404    404  404    403    200     200"),
                POST: row(" 302     302    404    404  404    403    422     422")}  # fmt: skip
# An act that stands on another page leads there
BILLING_BUTTON = BILLING_FORM | {GET: row("302 302 404 404 404 403 302 302")}
# Of the own home page, for everybody who reads it
OWN_BUTTON = {GET: row("    302     302    404    404  404    302    302     302"),
              POST: row("   302     302    404    404  404    303    303     303")}  # fmt: skip
NOT_NOW = {GET: row("       302     302    404    404  404    403    409     409"),
           POST: row("      302     302    404    404  404    403    409     409")}  # fmt: skip
ADMIN_FORM = {GET: row("    302     302    404    404  404    403    403     200"),
              POST: row("   302     302    404    404  404    403    403     422")}  # fmt: skip
ADMIN_PAGE = ADMIN_FORM | {POST: row("302 302 404 404 404 403 403 405")}
OF_A_MEMBER = ADMIN_FORM | {POST: row("302 302 404 404 404 403 403 409")}  # of a role that it does not say
ANYBODYS = {GET: row("      200     200    200    200  200    200    200     200"),
            POST: row("     200     200    200    200  200    200    200     200")}  # fmt: skip
ANYBODYS_PAGE = ANYBODYS | {POST: row("405 405    405    405  405    405    405     405")}
FOR_STRANGERS = {GET: row(" 200     200    302    302  302    302    302     302"),
                 POST: row("200     200    302    302  302    302    302     302")}  # fmt: skip
SIGN_OUT = {GET: row("      302     302    200    200  200    200    200     200"),
            POST: row("     302     302    302    302  302    302    302     302")}  # fmt: skip

# What one person has chosen in several organizations is nobody else's
ONES_OWN_FORM = {GET: row(" 302     302    404    404  404    404    404     200"),
                 POST: row("302     302    404    404  404    404    404     422")}  # fmt: skip
ONES_OWN_PAGE = {GET: row(" 302     302    404    404  404    404    404     302"),
                 POST: row("302     302    405    405  405    405    405     405")}  # fmt: skip

# Of a partner that none of these people works for
NOBODYS = {GET: row("       302     302    404    404  404    404    404     404"),
           POST: row("      302     302    404    404  404    404    404     404")}  # fmt: skip

# Of a factor that none of these people has
NO_FACTOR = {GET: row("     302     302    404    404  404    404    404     404"),
             POST: row("    302     302    404    404  404    404    404     404")}  # fmt: skip
LEADS_ON = dict.fromkeys((GET, POST), row("302 302 302 302 302 302 302 302"))

OFFER_SWITCH = dict.fromkeys((GET, POST), row("302 302 303 303 303 303 303 303"))

LINK = {GET: row("      302     302    302    302  302    302    302     302"),
        POST: ANYBODYS_PAGE[POST]}  # fmt: skip

TABLE: dict[str, dict[str, dict[str, int]]] = {
    "home": OWN_PAGE,
    "organizations": OWN_PAGE,
    "several-list": OWN_PAGE,
    "several-choose": OWN_FORM | {GET: row("302 302 302 302 302 302 302 302")},
    "several": ONES_OWN_PAGE,  # of a preview, which is where it leads
    "several-what": ONES_OWN_FORM,
    "several-preview": ONES_OWN_FORM,
    "api-problems": ANYBODYS_PAGE,
    "api-problem": ANYBODYS_PAGE,
    "api-docs": ANYBODYS_PAGE,
    "api-document": ANYBODYS_PAGE,
    "api-oauth": ANYBODYS_PAGE,
    "api-oauth-of-microsoft": ANYBODYS_PAGE,
    "logo": {GET: row("404 404 404 404 404 404 404 404"), POST: ANYBODYS_PAGE[POST]},  # that nobody has
    "account": OWN_FORM,
    "help": OWN_FORM,
    "own-data": OWN_FORM,
    "own-data-file": {GET: row("302 302 303 303 303 303 303 303"), POST: OWN_PAGE[POST]},  # nobody has asked for it
    "theme": {GET: row("302 302 302 302 302 302 302 302"), POST: row("302 302 303 303 303 303 303 303")},
    "account_login": FOR_STRANGERS,
    "account_logout": SIGN_OUT,
    "account_inactive": ANYBODYS_PAGE,
    "account_reauthenticate": {GET: OWN_PAGE[GET], POST: OWN_PAGE[GET]},
    "mfa_index": LEADS_ON | {POST: OWN_PAGE[POST]},
    "mfa_authenticate": LEADS_ON,
    "mfa_reauthenticate": LEADS_ON,
    "mfa_activate_totp": {GET: OWN_PAGE[GET], POST: OWN_PAGE[GET]},
    "mfa_deactivate_totp": NO_FACTOR,
    "mfa_view_recovery_codes": NO_FACTOR,
    "mfa_generate_recovery_codes": NO_FACTOR,
    "mfa_download_recovery_codes": NO_FACTOR,
    "account_change_password": {GET: OWN_PAGE[GET], POST: OWN_PAGE[GET]},
    "account_reset_password": ANYBODYS,
    "account_reset_password_done": ANYBODYS_PAGE,
    "account_reset_password_from_key": ANYBODYS,
    "account_reset_password_from_key_done": ANYBODYS_PAGE,
    "admin-home": TENANT_PAGE,
    "search": TENANT_PAGE,
    "subscriptions:list": TENANT_PAGE,
    "subscriptions:detail": TENANT_PAGE,
    "subscriptions:bulk-list": BILLING_PAGE,
    "subscriptions:bulk-choose": BILLING_BUTTON,
    "subscriptions:bulk": BILLING_PAGE | {GET: BILLING_BUTTON[GET]},  # of a preview, which is where it leads
    "subscriptions:bulk-rows": BILLING_PAGE,
    "subscriptions:bulk-lines": BILLING_PAGE,
    "partners:many-from-file": BILLING_FORM,
    "subscriptions:bulk-what": BILLING_FORM,
    "subscriptions:bulk-preview": BILLING_FORM,
    "subscriptions:bulk-leave-out": BILLING_BUTTON | {POST: row("302 302 404 404 404 403 303 303")},
    "subscriptions:bulk-pause": BILLING_BUTTON | {POST: NOT_NOW[POST]},
    "subscriptions:bulk-resume": BILLING_BUTTON | {POST: NOT_NOW[POST]},
    "subscriptions:bulk-stop": BILLING_BUTTON | {POST: NOT_NOW[POST]},
    "subscriptions:bulk-undo": BILLING_BUTTON | {POST: NOT_NOW[POST]},
    "subscriptions:views": TENANT_PAGE,
    "subscriptions:view-save": {GET: TENANT_PAGE[GET], POST: row("302 302 404 404 404 422 422 422")},
    # The Global admin's own
    "subscriptions:view-change": {
        GET: row("302 302 404 404 404 404 404 200"),
        POST: row("302 302 404 404 404 404 404 422"),
    },
    "subscriptions:view-delete": {
        GET: row("302 302 404 404 404 404 404 200"),
        POST: row("302 302 404 404 404 404 404 422"),
    },
    "subscriptions:approval-list": BILLING_PAGE,
    "subscriptions:approval": BILLING_FORM | {POST: NOT_NOW[POST]},  # a form without what its page showed
    "subscriptions:approval-refuse": BILLING_FORM,
    "subscriptions:approval-withdraw": dict.fromkeys((GET, POST), row("302 302 404 404 404 403 403 403")),
    "subscriptions:second-person": ADMIN_FORM,
    "subscriptions:licenses": BILLING_FORM,
    "subscriptions:billing-frequency": BILLING_FORM,
    "subscriptions:recurring-billing": BILLING_FORM,
    "subscriptions:undo": BILLING_BUTTON | {POST: row("302 302 404 404 404 403 409 409")},
    "subscriptions:names": BILLING_FORM,
    "subscriptions:cancel": BILLING_FORM,
    "subscriptions:reactivate": NOT_NOW,
    "subscriptions:extend-trial": NOT_NOW,
    "subscriptions:payment-method": NOT_NOW,
    "subscriptions:attention-snoozed": TENANT_PAGE,
    "subscriptions:attention-snooze": OWN_BUTTON,
    "subscriptions:attention-wake": OWN_BUTTON,
    "subscriptions:what-happened": TENANT_PAGE,
    "subscriptions:what-happened-open": OWN_BUTTON,
    "subscriptions:missed-mails": BILLING_PAGE,
    "subscriptions:audit-log": TENANT_PAGE,
    "subscriptions:people": TENANT_PAGE | {GET: row("302 302 404 404 404 301 301 301")},
    "subscriptions:members": TENANT_PAGE,
    "subscriptions:member-invite": ADMIN_FORM,
    "subscriptions:member-role": OF_A_MEMBER,
    "subscriptions:member-remove": OF_A_MEMBER,
    "subscriptions:invitation-send-again": ADMIN_FORM,
    "subscriptions:invitation-withdraw": ADMIN_FORM,
    "subscriptions:sign-in-reset": ADMIN_FORM,
    "subscriptions:staff-view": ADMIN_FORM,
    "subscriptions:applications": ADMIN_PAGE,
    "subscriptions:application": ADMIN_PAGE,
    "subscriptions:application-make": ADMIN_FORM,
    "subscriptions:application-change": OF_A_MEMBER,
    "subscriptions:application-delete": ADMIN_FORM,
    "subscriptions:application-token": ADMIN_FORM,
    "subscriptions:application-revoke": ADMIN_FORM,
    "partners:partner-of-record-edit": BILLING_FORM,
    "partners:partner-of-record-check": BILLING_BUTTON,
    "partners:partner-of-record-undo": BILLING_BUTTON | {POST: row("302 302 404 404 404 403 409 409")},
    "partners:scheduled-list": BILLING_PAGE,
    "partners:scheduled-cancel": BILLING_FORM,
    "partners:scheduled-try-again": NOT_NOW,
    "partners:scheduled-dismiss": NOT_NOW,
    "partners:policy": BILLING_PAGE,
    "partners:policy-default-add": ADMIN_FORM,
    "partners:policy-default-remove": ADMIN_FORM,
    "partners:policy-approve": ADMIN_FORM,
    "partners:policy-off-list": ADMIN_FORM,
    "partners:policy-take-off": ADMIN_FORM,
    "partners:policy-exempt": ADMIN_FORM,
    "partners:policy-exemption-end": ADMIN_FORM,
    "partners:find-partner": TENANT_PAGE,
    "partners:use-for-subscription": TENANT_PAGE
    | {
        GET: BILLING_FORM[GET],
        POST: row("302 302 404 404 404 403 405 405"),
    },
    "partners:match-request-new": BILLING_FORM,
    "partners:match-request-list": TENANT_PAGE,
    "partners:relationship-list": TENANT_PAGE,
    "partners:relationship-detail": TENANT_PAGE,
    "partners:relationship-end": ADMIN_FORM,
    "partners:relationship-remove-roles": ADMIN_FORM,
    "partners:relationship-auto-extend": ADMIN_FORM,
    "partners:relationship-review": ADMIN_FORM,
    "partners:release-request": TENANT_PAGE | {POST: row("302 302 404 404 404 403 403 409")},  # asked already
    "partners:release-take-back": {
        GET: row("302 302 404 404 404 403 403 302"),
        POST: row("302 302 404 404 404 403 403 422"),
    },
    "partners:partner-detail": TENANT_PAGE,
    # Without the cookie that the link leaves, it leads nobody anywhere
    "offer-link": LINK,
    "offer-open": {GET: row("302 302 404 404 404 404 404 404"), POST: OWN_PAGE[POST]},
    "offer-switch": OFFER_SWITCH,
    # The same of an invitation's link, which somebody without an account follows too
    "invitation-link": LINK,
    "invitation": dict.fromkeys((GET, POST), row("404 404 404 404 404 404 404 404")),
    "invitation-switch": OFFER_SWITCH,
    "partners:offer": ADMIN_FORM,
    # Nothing to buy or try comes with an offer in Alpha's cloud
    "from-offer:create": NOBODYS,
    "from-offer:create-trial": NOBODYS,
    "from-offer:create-order": NOBODYS,
    "workspace:mails": NOBODYS,
    "workspace:profile": NOBODYS,
    "workspace:customer-people": NOBODYS,
    "workspace:applications": NOBODYS,
    "workspace:application": NOBODYS,
    "workspace:application-make": NOBODYS,
    "workspace:application-change": NOBODYS,
    "workspace:application-delete": NOBODYS,
    "workspace:application-token": NOBODYS,
    "workspace:application-revoke": NOBODYS,
    "workspace:people": NOBODYS,
    "workspace:person-invite": NOBODYS,
    "workspace:person-role": NOBODYS,
    "workspace:person-remove": NOBODYS,
    "workspace:invitation-send-again": NOBODYS,
    "workspace:invitation-withdraw": NOBODYS,
    "workspace:home": NOBODYS,
    "workspace:attention-snoozed": NOBODYS,
    "workspace:attention-snooze": NOBODYS,
    "workspace:attention-wake": NOBODYS,
    "workspace:company": NOBODYS,
    "workspace:match-requests": NOBODYS,
    "workspace:offer-renew": NOBODYS,
    "workspace:offer-keep": NOBODYS,
    "workspace:template-list": NOBODYS,
    "workspace:offer-many": NOBODYS,
    "workspace:offer-rounds": NOBODYS,
    "workspace:offer-round": NOBODYS,
    "workspace:offer-round-file": NOBODYS,
    "workspace:template-edit": NOBODYS,
    "workspace:template-delete": NOBODYS,
    "workspace:customers": NOBODYS,
    "workspace:release-requests": NOBODYS,
    "workspace:release-request": NOBODYS,
    "workspace:release-acknowledge": NOBODYS,
    "workspace:release-decline": NOBODYS,
    "workspace:release-release": NOBODYS,
    "workspace:customer": NOBODYS,
    "workspace:give-up-access": NOBODYS,
    "workspace:leave-customer": NOBODYS,
    "workspace:partner-of-record": NOBODYS,
    "workspace:credit-changes": NOBODYS,
    "workspace:offer-list": NOBODYS,
    "workspace:offer-find": NOBODYS,
    "workspace:offer-new": NOBODYS,
    "workspace:offer-detail": NOBODYS,
    "workspace:offer-edit": NOBODYS,
    "workspace:offer-discard": NOBODYS,
    "workspace:offer-send": NOBODYS,
    "workspace:offer-send-again": NOBODYS,
    "workspace:offer-terms": NOBODYS,
    "workspace:offer-withdraw": NOBODYS,
    "subscriptions:webhooks": ADMIN_PAGE,
    "subscriptions:webhook": ADMIN_PAGE,
    "subscriptions:webhook-add": ADMIN_FORM,
    "subscriptions:webhook-again": ADMIN_FORM,
    "subscriptions:webhook-change": ADMIN_FORM,
    "subscriptions:webhook-secret": ADMIN_FORM,
    "subscriptions:webhook-switch": ADMIN_FORM,
    "subscriptions:webhook-test": ADMIN_FORM,
    "subscriptions:webhook-replay": ADMIN_FORM,
    "subscriptions:webhook-delete": ADMIN_FORM,
    "workspace:webhooks": NOBODYS,
    "workspace:webhook": NOBODYS,
    "workspace:webhook-add": NOBODYS,
    "workspace:webhook-again": NOBODYS,
    "workspace:webhook-change": NOBODYS,
    "workspace:webhook-secret": NOBODYS,
    "workspace:webhook-switch": NOBODYS,
    "workspace:webhook-test": NOBODYS,
    "workspace:webhook-replay": NOBODYS,
    "workspace:webhook-delete": NOBODYS,
    "subscriptions:purchase-services": TENANT_PAGE,
    "subscriptions:order-list": TENANT_PAGE,
    "subscriptions:order-detail": TENANT_PAGE,
    "checkout:trial-start": BILLING_FORM,
    "checkout:add": BILLING_BUTTON | {POST: row("302 302 404 404 404 403 404 404")},  # no such product
    "checkout:products": BILLING_FORM,
    "checkout:buy-only": BILLING_BUTTON | {POST: row("302 302 404 404 404 403 409 409")},
    "checkout:review": BILLING_FORM,
    "checkout:prices-accept": BILLING_BUTTON,
    "checkout:partner-add": BILLING_BUTTON,
    "checkout:partner-check": BILLING_BUTTON,
    "checkout:partner-remove": BILLING_BUTTON,
    "checkout:payment": BILLING_FORM,
    "checkout:confirmation": {
        GET: row("302 302 404 404 404 403 303 303"),  # not before the order is placed
        POST: row("302 302 404 404 404 403 405 405"),
    },
}
