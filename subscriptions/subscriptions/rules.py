"""May this be done with a subscription now? One verdict an act, asked by the page, its POST and the act itself.

What costs the price of the day needs a row of `costs.with_todays_prices`.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from subscriptions.access import Actor, Permission
from subscriptions.base import formats
from subscriptions.catalogue import costs
from subscriptions.catalogue.shop import cloud_sells
from subscriptions.models import AuditEvent, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.subscription import BillingFrequency, SubscriptionStatus
from subscriptions.subscriptions.changes import stored_fact
from subscriptions.subscriptions.lifecycle import TRIAL_MAY_BE_EXTENDED, today_of
from subscriptions.verdicts import ALLOWED, Page, Verdict, VerdictCode, first_refusal

TRIAL, ACTIVE, EXPIRED, DISABLED, _DELETED = SubscriptionStatus
IN_GRACE = frozenset({EXPIRED, DISABLED})

May = Callable[[Actor, Tenant, Subscription], Verdict]


def may_change_licenses(actor: Actor, tenant: Tenant, subscription: Subscription) -> Verdict:
    """Where the cloud is closed this means fewer licenses only: `may_add_licenses`."""
    may = actor.may(Permission.CHANGE_LICENSES)
    return first_refusal([may, _not_the_resellers(actor, subscription), _must_be({ACTIVE}, tenant, subscription)])


def may_add_licenses(actor: Actor, tenant: Tenant, subscription: Subscription) -> Verdict:
    """More licenses are a purchase, which stays with the organization's own people."""
    may_buy = _more_is_a_purchase(actor)
    return first_refusal([may_change_licenses(actor, tenant, subscription), may_buy, cloud_sells(tenant)])


def _more_is_a_purchase(actor: Actor) -> Verdict:
    if not actor.is_partner:
        return actor.may(Permission.BUY)
    return actor.partners_never(
        Permission.BUY,
        reason=_("You can lower the number of licenses here. More of them are a purchase, and a partner never buys."),
    )


def may_change_frequency(actor: Actor, tenant: Tenant, subscription: Subscription) -> Verdict:
    frequency = BillingFrequency(subscription.billing_frequency).other
    return first_refusal(
        [
            _may_manage(actor, subscription),
            _must_be({ACTIVE}, tenant, subscription),
            _may_cost(costs.todays_price(subscription, frequency), subscription, frequency),
        ]
    )


def may_set_recurring_billing(actor: Actor, tenant: Tenant, subscription: Subscription) -> Verdict:
    return first_refusal([_may_manage(actor, subscription), _must_be({ACTIVE}, tenant, subscription)])


def may_name(actor: Actor, tenant: Tenant, subscription: Subscription) -> Verdict:
    """In any state, and where a reseller manages it too: the name is the organization's own."""
    return actor.may(Permission.MANAGE_SUBSCRIPTIONS)


def may_cancel(actor: Actor, tenant: Tenant, subscription: Subscription) -> Verdict:
    may = _may_manage(actor, subscription)
    return first_refusal(
        [may, _must_be({ACTIVE, TRIAL}, tenant, subscription), _not_becoming_paid(tenant, subscription)]
    )


def may_reactivate(actor: Actor, tenant: Tenant, subscription: Subscription) -> Verdict:
    price = costs.price_of_return(subscription)
    return first_refusal(
        [
            _may_manage(actor, subscription),
            _in_grace(subscription),
            cloud_sells(tenant),
            _may_cost(price, subscription, subscription.billing_frequency),
        ]
    )


def may_set_payment_method(actor: Actor, tenant: Tenant, subscription: Subscription) -> Verdict:
    """The payment method of a trial decides whether it becomes a paid subscription: a sale."""
    frequency = subscription.billing_frequency
    return first_refusal(
        [
            _may_manage(actor, subscription),
            _is_trial(subscription),
            _not_becoming_paid(tenant, subscription),
            cloud_sells(tenant),
            _may_cost(costs.todays_price(subscription, frequency), subscription, frequency),
        ]
    )


def may_extend_trial(
    actor: Actor, tenant: Tenant, subscription: Subscription, *, today: date | None = None
) -> Verdict:
    """Once, within the last days."""
    return first_refusal(
        [
            _may_manage(actor, subscription),
            _is_trial(subscription),
            _not_extended(subscription),
            _not_over(subscription, today or today_of(tenant)),
            _ends_soon(subscription, today or today_of(tenant)),
        ]
    )


def may_undo(actor: Actor, tenant: Tenant, subscription: Subscription, change: AuditEvent | None) -> Verdict:
    """Fewer licenses and switched recurring billing are taken back; nothing else, and only the last change."""
    facts = change.detail.get("changes", {}) if change else {}
    if change is None or not (_took_licenses(change, facts) or change.kind == AuditKind.RECURRING_BILLING_CHANGED):
        return _nothing_to_undo()
    if any(getattr(subscription, name) != stored_fact(name, after) for name, (_before, after) in facts.items()):
        return _nothing_to_undo()
    may = may_add_licenses if change.kind == AuditKind.LICENSES_CHANGED else may_set_recurring_billing
    return may(actor, tenant, subscription)


def _took_licenses(change: AuditEvent, facts: Mapping[str, list[Any]]) -> bool:
    before, after = facts.get("licenses_total", (0, 0))
    return change.kind == AuditKind.LICENSES_CHANGED and after < before


def _nothing_to_undo() -> Verdict:
    return Verdict(
        code=VerdictCode.NOTHING_TO_UNDO,
        reason=_("Only fewer licenses and switched recurring billing can be undone, while that is the last change."),
        next_step=_("Look at the subscription as it is now, and change what is to be different."),
    )


def _may_manage(actor: Actor, subscription: Subscription) -> Verdict:
    return first_refusal([actor.may(Permission.MANAGE_SUBSCRIPTIONS), _not_the_resellers(actor, subscription)])


def _not_the_resellers(actor: Actor, subscription: Subscription) -> Verdict:
    if not subscription.reseller_managed:
        return ALLOWED
    if actor.is_partner:
        return Verdict(
            code=VerdictCode.RESELLER_MANAGED,
            reason=_("A reseller manages this subscription: its licenses, billing and end are the reseller's acts."),
            who=_("The organization's reseller."),
            next_step=_("Ask the organization to have the reseller do it."),
        )
    return Verdict(
        code=VerdictCode.RESELLER_MANAGED,
        reason=_("Your reseller manages this subscription: its licenses, billing and end are the reseller's acts."),
        who=_("Your reseller."),
        next_step=_("Ask the reseller to do it. The partner of record can still be set here."),
    )


def _may_cost(price: Decimal | None, subscription: Subscription, frequency: str) -> Verdict:
    licenses = subscription.licenses_total
    return costs.may_cost(price, product=subscription.product, licenses=licenses, frequency=frequency)


def _must_be(states: Collection[SubscriptionStatus], tenant: Tenant, subscription: Subscription) -> Verdict:
    """Refuses the other states, each with the way out of it."""
    if subscription.status in states:
        return ALLOWED
    if subscription.status == TRIAL:
        return Verdict(
            code=VerdictCode.IS_A_TRIAL,
            reason=_("This is a trial: its licenses are fixed and nothing is billed."),
            next_step=_("Set a payment method, so that the trial becomes a paid subscription when it ends."),
            next_label=_("Payment method"),
            next_page=_page(tenant, subscription, "payment-method"),
        )
    expired = subscription.status == EXPIRED
    return Verdict(
        code=VerdictCode.SUBSCRIPTION_EXPIRED if expired else VerdictCode.SUBSCRIPTION_DISABLED,
        reason=_("This subscription has expired.") if expired else _("This subscription is disabled."),
        who=_("A Global admin or a Billing admin can reactivate the subscription."),
        next_step=_("Reactivate the subscription first."),
        next_label=_("Reactivate subscription"),
        next_page=_page(tenant, subscription, "reactivate"),
    )


def _page(tenant: Tenant, subscription: Subscription, name: str) -> Page:
    return Page(f"subscriptions:{name}", (tenant.slug, subscription.uuid))


def _in_grace(subscription: Subscription) -> Verdict:
    if subscription.status in IN_GRACE:
        return ALLOWED
    return Verdict(
        code=VerdictCode.NOT_IN_GRACE,
        reason=_("Only a subscription that has expired or is disabled can be reactivated; this one is neither."),
        next_step=_("Nothing has to be done: everybody can work."),
    )


def _is_trial(subscription: Subscription) -> Verdict:
    return ALLOWED if subscription.status == TRIAL else _no_trial()


def _not_over(subscription: Subscription, today: date) -> Verdict:
    """From its last day on a trial has ended, even before the hourly job has said so."""
    return ALLOWED if today < subscription.term_ends_on else _no_trial()


def _no_trial() -> Verdict:
    return Verdict(
        code=VerdictCode.NOT_A_TRIAL,
        reason=_("This subscription is not a trial, or not any more."),
        next_step=_("Use the acts of a paid subscription instead."),
    )


def _not_becoming_paid(tenant: Tenant, subscription: Subscription) -> Verdict:
    """What is done to a trial whose first paid term has begun would come too late to be what it says."""
    if not subscription.converts or today_of(tenant) < subscription.term_ends_on:
        return ALLOWED
    return Verdict(
        code=VerdictCode.NOT_A_TRIAL,
        reason=_("This trial has ended, and its first paid term is being set up."),
        next_step=_("Come back in an hour: then the acts of a paid subscription are here."),
    )


def _not_extended(subscription: Subscription) -> Verdict:
    if not subscription.trial_extended:
        return ALLOWED
    return Verdict(
        code=VerdictCode.TRIAL_EXTENDED,
        reason=_("A trial can be extended once, and this one has been."),
        next_step=_("Set a payment method, so that the trial becomes a paid subscription when it ends."),
    )


def _ends_soon(subscription: Subscription, today: date) -> Verdict:
    first = subscription.term_ends_on - TRIAL_MAY_BE_EXTENDED
    if today >= first:
        return ALLOWED
    return Verdict(
        code=VerdictCode.TOO_EARLY,
        reason=_("A trial can be extended within its last 15 days."),
        next_step=_("Come back on %(day)s or later.") % {"day": formats.day(first)},
    )
