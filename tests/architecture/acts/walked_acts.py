"""Each act of members and of partners' people, and how it is walked: a table of test_every_act.py."""

from django.core import signing

from partners.offers.workspace.draft import FOUND_SALT
from tests.architecture.acts.audited import ADMIN, AGENT, BUYER, RESELLER
from tests.architecture.acts.walks import LONG, NOT_OFFERED, Walk, World

ORDER_NUMBER = "PO 4711"
REASON = {"reason": "We merge"}
TOO_LONG = {"reason": LONG}
AN_APPLICATION = {"name": "Sync", "scopes": ["subscriptions.read", "orders.read"], "days": "90"}
INVOICE = {"payment_method": "invoice", "purchase_order_number": ORDER_NUMBER}


def found(world: World) -> str:
    """Who looked an organization up knows this of it."""
    return signing.dumps([world.offering.pk, world.lanyun.slug], salt=FOUND_SALT)


def licenses(number: str):
    return lambda world: {f"licenses-{world.lines[0].pk}": number}


def decided(choice: str):
    return lambda world: {str(world.relationship.uuid): choice}


OWN = {
    "account": Walk(by=ADMIN, typed={"time_zone": "Europe/Berlin"}, wrong={"time_zone": NOT_OFFERED}, events=0),
    "help": Walk(
        by=ADMIN,
        typed={"topic": "other", "text": "Who may name a partner?", "about": "/t/alpha/"},
        wrong={"text": ""},
    ),
    "own-data": Walk(by=ADMIN),
    "theme": Walk(by=ADMIN, typed={"theme": "dark"}, wrong={"theme": NOT_OFFERED}, refused=303, events=0),
    "subscriptions:what-happened-open": Walk(by=ADMIN, wrong={}, events=0),
    # Of the own home page, once for each button that stands there
    "subscriptions:attention-snooze": Walk(
        by=ADMIN, typed={"kind": "orders-open"}, wrong={"kind": NOT_OFFERED}, refused=303, events=0
    ),
    "subscriptions:attention-wake": Walk(
        by=ADMIN, typed={"kind": "partner-without"}, wrong={"kind": NOT_OFFERED}, refused=303, events=0
    ),
}
OF_VIEWS = {
    "subscriptions:view-save": Walk(by=ADMIN, typed={"name": "Ours"}, wrong={"name": "Mine"}, events=0),
    "subscriptions:view-change": Walk(
        by=ADMIN, row=lambda world: world.view, typed={"name": "Ours"}, wrong={"name": ""}, events=0
    ),
    "subscriptions:view-delete": Walk(by=ADMIN, row=lambda world: world.view, events=0),
}
PUBLIC = "https://93.184.215.14/hook"  # a number, as no name is asked for in tests
OF_WEBHOOKS = {
    "subscriptions:webhook-add": Walk(
        by=ADMIN, typed={"label": "Ours", "url": PUBLIC}, wrong={"url": "http://10.0.0.1/"}
    ),
    "subscriptions:webhook-change": Walk(
        by=ADMIN, row=lambda world: world.webhook, typed={"label": "New", "url": PUBLIC}, wrong={"label": ""}
    ),
    "subscriptions:webhook-secret": Walk(by=ADMIN, row=lambda world: world.webhook),
    "subscriptions:webhook-switch": Walk(by=ADMIN, row=lambda world: world.webhook),
    "subscriptions:webhook-test": Walk(by=ADMIN, row=lambda world: world.webhook, events=0),
    "subscriptions:webhook-again": Walk(by=ADMIN, row=lambda world: world.delivery, events=0),
    "subscriptions:webhook-replay": Walk(
        by=ADMIN, row=lambda world: world.webhook, typed={"since": "2026-11-01"}, wrong={"since": "never"}
    ),
    "subscriptions:webhook-delete": Walk(by=ADMIN, row=lambda world: world.webhook),
    "workspace:webhook-add": Walk(
        by=RESELLER, typed={"label": "Ours", "url": PUBLIC}, wrong={"url": "http://10.0.0.1/"}
    ),
    "workspace:webhook-change": Walk(
        by=RESELLER,
        row=lambda world: world.partners_webhook,
        typed={"label": "New", "url": PUBLIC},
        wrong={"label": ""},
    ),
    "workspace:webhook-secret": Walk(by=RESELLER, row=lambda world: world.partners_webhook),
    "workspace:webhook-switch": Walk(by=RESELLER, row=lambda world: world.partners_webhook),
    "workspace:webhook-test": Walk(by=RESELLER, row=lambda world: world.partners_webhook, events=0),
    "workspace:webhook-again": Walk(by=RESELLER, row=lambda world: world.partners_delivery, events=0),
    "workspace:webhook-replay": Walk(
        by=RESELLER, row=lambda world: world.partners_webhook, typed={"since": "2026-11-01"}, wrong={"since": "never"}
    ),
    "workspace:webhook-delete": Walk(by=RESELLER, row=lambda world: world.partners_webhook),
}
OF_SUBSCRIPTIONS = {
    "subscriptions:licenses": Walk(
        by=ADMIN,
        row=lambda world: world.subscription,
        typed={"licenses": "25"},
        wrong={"licenses": "1"},
        shown_first=True,
    ),
    "subscriptions:billing-frequency": Walk(by=ADMIN, row=lambda world: world.subscription),
    "subscriptions:recurring-billing": Walk(by=ADMIN, row=lambda world: world.subscription),
    "subscriptions:names": Walk(
        by=ADMIN, row=lambda world: world.subscription, typed={"own_name": "Berlin"}, wrong={"cost_center": LONG}
    ),
    "subscriptions:cancel": Walk(
        by=ADMIN, row=lambda world: world.subscription, typed=REASON | {"when": "now"}, wrong={"reason": ""}
    ),
    "subscriptions:reactivate": Walk(
        by=ADMIN, row=lambda world: world.expired, typed=INVOICE, wrong={"payment_method": NOT_OFFERED}
    ),
    "subscriptions:extend-trial": Walk(by=ADMIN, row=lambda world: world.trial),
    "subscriptions:payment-method": Walk(
        by=ADMIN,
        row=lambda world: world.trial,
        typed=INVOICE,
        wrong={"payment_method": NOT_OFFERED},
        shown_first=True,
    ),
    "subscriptions:member-invite": Walk(
        by=ADMIN,
        typed={"name": "Nora", "email": "nora@alpha.example", "role": "billing-admin"},
        wrong={"email": "nobody"},
    ),
    "subscriptions:member-role": Walk(
        by=ADMIN, row=lambda world: world.reader, typed={"role": "billing-admin"}, wrong={"role": NOT_OFFERED}
    ),
    "subscriptions:member-remove": Walk(by=ADMIN, row=lambda world: world.reader),
    "subscriptions:invitation-send-again": Walk(by=ADMIN, row=lambda world: world.invitation),
    "subscriptions:invitation-withdraw": Walk(by=ADMIN, row=lambda world: world.invitation),
    "subscriptions:sign-in-reset": Walk(by=ADMIN, row=lambda world: world.reader),
    "subscriptions:application-make": Walk(
        by=ADMIN,
        typed=AN_APPLICATION | {"role": "billing-admin"},
        wrong={"scopes": NOT_OFFERED},
        answer=200,
        second=303,
        events=2,
    ),
    "subscriptions:application-change": Walk(
        by=ADMIN,
        row=lambda world: world.application,
        typed={"role": "global-reader", "scopes": ["orders.read"]},
        wrong={"role": NOT_OFFERED},
    ),
    "subscriptions:application-delete": Walk(by=ADMIN, row=lambda world: world.application),
    "subscriptions:application-token": Walk(
        by=ADMIN,
        row=lambda world: world.application,
        typed={"days": "30"},
        wrong={"days": NOT_OFFERED},
        answer=200,
        second=303,
    ),
    "subscriptions:application-revoke": Walk(by=ADMIN, row=lambda world: world.token),
    "subscriptions:staff-view": Walk(by=ADMIN, typed={"allowed": "no"}, wrong={"allowed": ""}),
    "partners:partner-of-record-edit": Walk(
        by=ADMIN,
        row=lambda world: world.subscription,
        typed=REASON | {"partner_id": ""},
        wrong={"partner_id": "999999"},
    ),
    "partners:partner-of-record-check": Walk(
        by=ADMIN,
        row=lambda world: world.subscription,
        typed=REASON | {"partner_id": "935287"},
        wrong={"partner_id": "999999"},
        answer=200,
        events=0,
        writes=False,
    ),
    "partners:scheduled-cancel": Walk(by=ADMIN, row=lambda world: world.scheduled),
    "partners:scheduled-try-again": Walk(by=ADMIN, row=lambda world: world.not_applied),
    "partners:scheduled-dismiss": Walk(by=ADMIN, row=lambda world: world.not_applied, typed=REASON, wrong=TOO_LONG),
    "partners:policy-default-add": Walk(
        by=ADMIN,
        typed={"partner_id": "935287", "scope": "all"},
        wrong={"partner_id": "999999"},
        shown_first=True,
    ),
    "partners:policy-approve": Walk(
        by=ADMIN, typed={"partner_id": "700001"}, wrong={"partner_id": "999999"}, shown_first=True
    ),
    "partners:policy-off-list": Walk(by=ADMIN, typed={"off_list": "asked-for"}, wrong={"off_list": NOT_OFFERED}),
    "partners:policy-default-remove": Walk(by=ADMIN, row=lambda world: world.policy[0]),
    "partners:policy-take-off": Walk(by=ADMIN, row=lambda world: world.policy[1]),
    "partners:policy-exempt": Walk(
        by=ADMIN,
        row=lambda world: world.subscription,
        typed=lambda world: REASON | {"ends_on": str(world.policy[2].ends_on)},
        wrong={"reason": ""},
    ),
    "partners:policy-exemption-end": Walk(by=ADMIN, row=lambda world: world.policy[2]),
    "partners:partner-of-record-undo": Walk(by=ADMIN, row=lambda world: world.subscription, refused=409),
}
OF_APPROVALS = {
    # Beside what is switched: a change for a day to come and two on many, which then wait for it
    "subscriptions:second-person": Walk(by=ADMIN, typed={"needed": "yes"}, wrong={"needed": NOT_OFFERED}, events=4),
    "subscriptions:approval": Walk(by=ADMIN, row=lambda world: world.wanted, events=2),  # and what it was about
    "subscriptions:approval-refuse": Walk(
        by=ADMIN, row=lambda world: world.wanted, typed=REASON, wrong={"reason": ""}
    ),
    "subscriptions:approval-withdraw": Walk(by=ADMIN, row=lambda world: world.own_wish),
}
ON_MANY = {
    "subscriptions:bulk-choose": Walk(
        by=ADMIN,
        typed=lambda world: {"kind": "partner-of-record", "pick": [str(world.subscription.uuid)]},
        wrong={"kind": NOT_OFFERED},
        events=0,
    ),
    "subscriptions:bulk-what": Walk(
        by=ADMIN,
        row=lambda world: world.chosen,
        typed=REASON | {"partner_id": "935287"},
        wrong={"partner_id": "999999"},
        events=0,
    ),
    # A file cannot be walked: without one the page says so
    "partners:many-from-file": Walk(by=ADMIN, typed=REASON, wrong=TOO_LONG, answer=422, events=0, writes=False),
    "subscriptions:bulk-preview": Walk(by=ADMIN, row=lambda world: world.previewed),
    "subscriptions:bulk-leave-out": Walk(
        by=ADMIN,
        row=lambda world: world.previewed,
        typed=lambda world: {"leave_out": str(world.subscription.uuid)},
        wrong={"leave_out": NOT_OFFERED},
        refused=303,
        events=0,
    ),
    "several-choose": Walk(
        by=ADMIN,
        typed=lambda world: {"kind": "partner-of-record", "pick": [str(world.subscription.uuid)]},
        wrong={"kind": NOT_OFFERED},
        events=0,
    ),
    "several-what": Walk(
        by=ADMIN,
        row=lambda world: world.joint_chosen,
        typed=REASON | {"partner_id": "935287"},
        wrong={"partner_id": "999999"},
        events=0,
    ),
    "several-preview": Walk(by=ADMIN, row=lambda world: world.joint_previewed, reused=303),  # which is the receipt
    "subscriptions:bulk-pause": Walk(by=ADMIN, row=lambda world: world.queued, events=0),
    "subscriptions:bulk-resume": Walk(by=ADMIN, row=lambda world: world.paused, events=0),
    "subscriptions:bulk-stop": Walk(by=ADMIN, row=lambda world: world.queued),
    "subscriptions:bulk-undo": Walk(by=ADMIN, row=lambda world: world.over, events=0),
}
OF_RELATIONSHIPS = {
    "partners:match-request-new": Walk(by=ADMIN, typed={"wish": "Help with mail"}, wrong={"wish": ""}),
    "partners:relationship-review": Walk(by=ADMIN, typed=decided("keep"), wrong=decided(NOT_OFFERED)),
    "partners:relationship-end": Walk(by=ADMIN, row=lambda world: world.relationship, typed=REASON, wrong=TOO_LONG),
    "partners:relationship-remove-roles": Walk(
        by=ADMIN,
        row=lambda world: world.relationship,
        typed=REASON | {"roles": ["global-reader"]},
        wrong={"roles": []},
    ),
    "partners:relationship-auto-extend": Walk(
        by=ADMIN, row=lambda world: world.unextended, wrong={"extend": NOT_OFFERED}
    ),
    "partners:release-request": Walk(by=ADMIN, row=lambda world: world.unasked, typed=REASON, wrong={"reason": ""}),
    "partners:release-take-back": Walk(by=ADMIN, row=lambda world: world.reseller),
    "partners:offer": Walk(
        by=BUYER,
        row=lambda world: world.offer("sent"),
        typed={"choice": "yes", "days": "30"},
        wrong={"days": "9999"},
        forgets=frozenset({"choice"}),
        events=2,
    ),
}
OF_PURCHASES = {
    "checkout:trial-start": Walk(by=ADMIN, row=lambda world: world.sold),
    "checkout:add": Walk(by=ADMIN, wrong={"product": "none"}, refused=404, events=0),
    "checkout:products": Walk(
        by=ADMIN, row=lambda world: world.draft, typed=licenses("7"), wrong=licenses("0"), events=0
    ),
    "checkout:review": Walk(
        by=ADMIN,
        row=lambda world: world.draft,
        typed={"partner_id": "565380"},
        wrong={"partner_id": "999999"},
        events=0,
    ),
    "checkout:prices-accept": Walk(by=ADMIN, row=lambda world: world.repriced, events=0),
    "checkout:partner-add": Walk(
        by=ADMIN,
        row=lambda world: world.draft,
        typed={"partner_id": "565380"},
        wrong={"partner_id": "999999"},
        shown_first=True,
        events=0,
    ),
    "checkout:partner-check": Walk(
        by=ADMIN,
        row=lambda world: world.draft,
        typed={"partner_id": "565380"},
        wrong={"partner_id": "999999"},
        answer=200,
        events=0,
        writes=False,
    ),
    "checkout:partner-remove": Walk(by=ADMIN, row=lambda world: world.draft, events=0),
    "checkout:payment": Walk(
        by=ADMIN,
        row=lambda world: world.draft,
        typed={"purchase_order_number": ORDER_NUMBER, "terms": "on"},
        wrong={"terms": []},
        events=2,
    ),
    "from-offer:create-trial": Walk(by=BUYER, row=lambda world: world.offered["trial"].offer, refused=409, events=2),
    "from-offer:create-order": Walk(
        by=BUYER, row=lambda world: world.offered["purchase"].offer, refused=409, events=0
    ),
}
OF_PARTNERS = {
    "workspace:application-make": Walk(
        by=RESELLER,
        typed=AN_APPLICATION | {"role": "sales-agent"},
        wrong={"scopes": NOT_OFFERED},
        answer=200,
        second=303,
        events=2,
    ),
    "workspace:application-change": Walk(
        by=RESELLER,
        row=lambda world: world.partners_application,
        typed={"role": "sales-agent", "scopes": ["offers.read"]},
        wrong={"role": NOT_OFFERED},
    ),
    "workspace:application-delete": Walk(by=RESELLER, row=lambda world: world.partners_application),
    "workspace:application-token": Walk(
        by=RESELLER,
        row=lambda world: world.partners_application,
        typed={"days": "30"},
        wrong={"days": NOT_OFFERED},
        answer=200,
        second=303,
    ),
    "workspace:application-revoke": Walk(by=RESELLER, row=lambda world: world.partners_token),
    "workspace:profile": Walk(by=RESELLER, typed={"mailbox": "new@tailspin.example"}, wrong={"mailbox": "nobody"}),
    "workspace:customer-people": Walk(
        by=RESELLER,
        row=lambda world: world.tenant,
        typed=lambda world: {"people": [str(world.colleague.uuid)]},
        wrong={"people": NOT_OFFERED},
    ),
    "workspace:person-invite": Walk(
        by=RESELLER,
        typed={"name": "Nora", "email": "nora@tailspin.example", "role": "sales-agent"},
        wrong={"email": "nobody"},
    ),
    "workspace:person-role": Walk(
        by=RESELLER, row=lambda world: world.colleague, typed={"role": "helpdesk-agent"}, wrong={"role": NOT_OFFERED}
    ),
    "workspace:person-remove": Walk(by=RESELLER, row=lambda world: world.colleague),
    "workspace:invitation-send-again": Walk(by=RESELLER, row=lambda world: world.of_partner),
    "workspace:invitation-withdraw": Walk(by=RESELLER, row=lambda world: world.of_partner),
    "workspace:release-acknowledge": Walk(by=RESELLER, row=lambda world: world.asked),
    "workspace:release-decline": Walk(by=RESELLER, row=lambda world: world.asked, typed=REASON, wrong={"reason": ""}),
    "workspace:release-release": Walk(by=RESELLER, row=lambda world: world.asked, events=2),
    "workspace:give-up-access": Walk(by=RESELLER, row=lambda world: world.relationship, typed=REASON, wrong=TOO_LONG),
    "workspace:leave-customer": Walk(
        by=RESELLER, row=lambda world: world.reseller, typed=REASON, wrong=TOO_LONG, events=2
    ),
    "workspace:offer-find": Walk(
        by=AGENT, typed={"organization": "lanyun"}, wrong={"organization": "nowhere"}, events=0, writes=False
    ),
    "workspace:offer-new": Walk(
        by=AGENT,
        row=found,
        typed={"name": "Mail", "terms": "Our terms", "roles": ["global-reader"]},
        wrong={"days": "9999"},
        events=0,
    ),
    "workspace:offer-edit": Walk(
        by=AGENT, row=lambda world: world.offer("draft"), typed={"name": "Mail"}, wrong={"days": "9999"}, events=0
    ),
    "workspace:offer-discard": Walk(by=AGENT, row=lambda world: world.offer("draft"), events=0),
    "workspace:offer-send": Walk(by=AGENT, row=lambda world: world.offer("draft")),
    "workspace:offer-send-again": Walk(by=AGENT, row=lambda world: world.offer("sent")),
    "workspace:offer-terms": Walk(
        by=AGENT, row=lambda world: world.offer("sent"), typed={"terms": "Other terms"}, wrong={"terms": ""}
    ),
    "workspace:offer-renew": Walk(
        by=AGENT,
        typed=lambda world: {"relationships": [str(world.ending.uuid)]},
        wrong={"relationships": NOT_OFFERED},
        events=0,
    ),
    "workspace:offer-keep": Walk(
        by=AGENT, row=lambda world: world.offer("sent"), typed={"name": "Kept"}, wrong={"name": ""}, events=0
    ),
    "workspace:attention-snooze": Walk(
        by=AGENT, typed={"kind": "access-ends"}, wrong={"kind": NOT_OFFERED}, refused=303, events=0
    ),
    "workspace:attention-wake": Walk(
        by=AGENT, typed={"kind": "customer-ends"}, wrong={"kind": NOT_OFFERED}, refused=303, events=0
    ),
    "workspace:template-edit": Walk(
        by=AGENT, row=lambda world: world.template, typed={"name": "Kept anew"}, wrong={"name": ""}, events=0
    ),
    "workspace:template-delete": Walk(by=AGENT, row=lambda world: world.template, events=0),
    # A file cannot be walked: without one the page says so
    "workspace:offer-many": Walk(
        by=AGENT, row=lambda world: world.template, wrong={}, answer=422, events=0, writes=False
    ),
    "workspace:offer-round": Walk(by=AGENT, row=lambda world: world.offered_to_many, events=0),
    "workspace:offer-withdraw": Walk(by=AGENT, row=lambda world: world.offer("sent"), typed=REASON, wrong=TOO_LONG),
}
WALKS = OWN | OF_VIEWS | OF_WEBHOOKS | OF_SUBSCRIPTIONS | OF_APPROVALS | ON_MANY | OF_RELATIONSHIPS | OF_PURCHASES
WALKS |= OF_PARTNERS
