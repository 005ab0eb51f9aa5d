"""Each act of the domain and a call of it: the table of test_every_act_is_audited.py."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from partners.domain import (
    match_requests,
    offer_answers,
    offers,
    partner_of_record,
    people,
    relationship_review,
    relationship_roles,
    relationships,
    release_requests,
    resellers,
)
from partners.domain import partners as directory_entries
from partners.domain.match_requests import Wish
from partners.domain.offer_facts import OfferFacts
from partners.domain.offer_terms import current_terms
from partners.models import MatchRequest, Partner, PartnerOffer, PartnerPerson, PartnerRelationship, ReleaseRequest
from subscriptions import scopes
from subscriptions.clouds import Cloud
from subscriptions.domain import (
    accounts,
    catalogue,
    costs,
    mails,
    members,
    order_cancellation,
    price_ends,
    prices,
    shop,
    sign_ins,
    subscription_acts,
    subscription_ends,
    tenants,
    trial_start,
)
from subscriptions.domain import subscriptions as contracts
from subscriptions.models import CloudState, Mail, Membership, Order, Product, Subscription, Tenant, User
from tests.factories import (
    make_relationship,
)


class Rows:
    """One of everything, as read in the scope of the act."""

    def __init__(self) -> None:
        self.tenant = Tenant.objects.with_cloud_status().get(slug="alpha")
        self.subscription = Subscription.objects.select_related("product", "tenant").get()
        self.partner, self.other = Partner.objects.filter(cloud=Cloud.WORLDWIDE).order_by("pk")
        self.relationship = PartnerRelationship.objects.get(kind="delegated-admin")
        self.asked = ReleaseRequest.objects.select_related("tenant").get()
        self.offered = Product.objects.get(has_trial=True).uuid
        self.reader = Membership.objects.select_related("tenant", "user").get(role="global-reader")

    def of_subscription(self) -> dict:
        return {"tenant": self.tenant, "subscription": self.subscription, "version": self.subscription.version}


def changed(row, **facts):
    for name, value in facts.items():
        setattr(row, name, value)
    return row


def cleared_and_undone(rows: Rows, by) -> None:
    partner_of_record.set_partner_of_record(**rows.of_subscription(), partner=None, by=by)
    again = rows.of_subscription() | {"version": rows.subscription.version + 1}
    partner_of_record.undo_last_change(**again, by=by)


def put_into(rows: Rows, status: str, days_to_end: int = 5) -> dict:
    """The subscription of the table in another state, as the act's arguments."""
    Subscription.objects.update(status=status, term_ends_on=timezone.localdate() + timedelta(days=days_to_end))
    return rows.of_subscription()


def match_requested(rows: Rows, by) -> None:
    """Only inside an organisation are requests made."""
    with scopes.tenant(rows.tenant.pk):
        wish = Wish(text="Help", country="US")
        match_requests.request_match(tenant=rows.tenant, wish=wish, partners=[rows.partner], by=by)


def release_requested(rows: Rows, by) -> None:
    """Only inside an organisation are resellers asked; of this one nothing is asked yet."""
    reseller = make_relationship(tenant=rows.tenant, partner=rows.other, kind="reseller")
    with scopes.tenant(rows.tenant.pk):
        due_on = timezone.localdate() + timedelta(days=14)
        release_requests.request_release(tenant=rows.tenant, relationship=reseller, reason="R", due_on=due_on, by=by)


def of_offer(rows: Rows, state: str = "sent") -> dict:
    """The offer, and the organisation that it is for: in a cloud in which there are offers."""
    offer = PartnerOffer.objects.select_related("partner", "tenant").get(state=state)
    return {"tenant": offer.tenant, "offer": offer, "reason": "R"}


def answer_to(rows: Rows) -> dict:
    """What an answer needs to know of the offer."""
    offer = of_offer(rows)["offer"]
    shown = offer_answers.Shown(version=offer.version, terms=current_terms(offer).digest)
    return {"tenant": offer.tenant, "offer": offer, "shown": shown}


ACTS: dict[Callable, Callable] = {
    accounts.save_account: lambda rows, by: accounts.save_account(user=changed(rows.reader.user, name="New"), by=by),
    accounts.set_active: lambda rows, by: accounts.set_active(user=rows.reader.user, active=False, by=by, reason="R"),
    catalogue.save_cloud_state: lambda rows, by: catalogue.save_cloud_state(
        cloud_state=CloudState(cloud=Cloud.WORLDWIDE, status="closing"), by=by
    ),
    catalogue.save_product: lambda rows, by: catalogue.save_product(
        product=changed(rows.subscription.product, name="New"), by=by
    ),
    contracts.save_subscription: lambda rows, by: contracts.save_subscription(
        subscription=changed(rows.subscription, name="New"), by=by
    ),
    contracts.set_status: lambda rows, by: contracts.set_status(
        subscription=rows.subscription, status="disabled", by=by, reason="R"
    ),
    directory_entries.save_partner: lambda rows, by: directory_entries.save_partner(
        partner=changed(rows.partner, city="New"), by=by
    ),
    directory_entries.set_state: lambda rows, by: directory_entries.set_state(
        partner=rows.partner, state="suspended", by=by, reason="R"
    ),
    mails.send_again: lambda rows, by: mails.send_again(mail=Mail.objects.get(), by=by),
    match_requests.close: lambda rows, by: match_requests.close(
        request=MatchRequest.objects.get(), by=by, reason="R"
    ),
    match_requests.mark_answered: lambda rows, by: match_requests.mark_answered(
        request=MatchRequest.objects.get(), by=by, reason="R"
    ),
    match_requests.request_match: match_requested,
    members.add_member: lambda rows, by: members.add_member(
        tenant=rows.tenant, user=User.objects.get(is_staff=True), role="global-reader", by=by
    ),
    members.change_role: lambda rows, by: members.change_role(membership=rows.reader, role="billing-admin", by=by),
    members.remove_member: lambda rows, by: members.remove_member(membership=rows.reader, by=by),
    order_cancellation.cancel_order: lambda rows, by: order_cancellation.cancel_order(
        order=Order.objects.get(), by=by, reason="R"
    ),
    offer_answers.accept_offer: lambda rows, by: offer_answers.accept_offer(
        **answer_to(rows), roles=["helpdesk-administrator"], days=30, by=by
    ),
    offer_answers.decline_offer: lambda rows, by: offer_answers.decline_offer(**answer_to(rows), by=by),
    offers.change_terms: lambda rows, by: offers.change_terms(**of_offer(rows), terms="New", version=1, by=by),
    # Of a draft, what staff do: tests/partners/test_drafts.py says what is kept of it, and that partners do it unseen
    offers.discard: lambda rows, by: offers.discard(**of_offer(rows, "draft"), version=1, by=by),
    offers.save_draft: lambda rows, by: offers.save_draft(
        tenant=of_offer(rows)["tenant"],
        partner=of_offer(rows)["offer"].partner,
        facts=OfferFacts(name="New", terms="Terms", roles=("global-reader",), days=30),
        by=by,
    ),
    offers.send: lambda rows, by: offers.send(**of_offer(rows, "draft"), version=1, by=by),
    offers.send_again: lambda rows, by: offers.send_again(**of_offer(rows), version=1, by=by),
    offers.withdraw: lambda rows, by: offers.withdraw(**of_offer(rows), by=by),
    partner_of_record.credit_at_purchase: lambda rows, by: partner_of_record.credit_at_purchase(
        **rows.of_subscription(), partner=rows.other, by=by
    ),
    partner_of_record.set_partner_of_record: lambda rows, by: partner_of_record.set_partner_of_record(
        **rows.of_subscription(), partner=rows.other, by=by
    ),
    partner_of_record.undo_last_change: cleared_and_undone,
    price_ends.end_price: lambda rows, by: price_ends.end_price(
        price=rows.subscription.product.prices.get(), last_day=timezone.localdate(), by=by, reason="R"
    ),
    price_ends.withdraw_product: lambda rows, by: price_ends.withdraw_product(
        product=rows.subscription.product, by=by, reason="R"
    ),
    prices.set_price: lambda rows, by: prices.set_price(
        product=rows.subscription.product,
        monthly=Decimal(1),
        annual=Decimal(1),
        from_day=timezone.localdate(),
        by=by,
    ),
    relationships.add_relationship: lambda rows, by: relationships.add_relationship(
        tenant=rows.tenant, partner=rows.other, kind="delegated-admin", roles=["global-reader"], by=by
    ),
    relationships.end_relationship: lambda rows, by: relationships.end_relationship(
        tenant=rows.tenant, relationship=rows.relationship, by=by
    ),
    relationship_review.review_relationships: lambda rows, by: relationship_review.review_relationships(
        tenant=rows.tenant, keep=[rows.relationship.uuid], end=[], by=by
    ),
    relationship_roles.remove_roles: lambda rows, by: relationship_roles.remove_roles(
        tenant=rows.tenant, relationship=rows.relationship, roles=["global-reader"], by=by
    ),
    relationship_roles.set_auto_extend: lambda rows, by: relationship_roles.set_auto_extend(
        tenant=rows.tenant, relationship=rows.relationship, extend=False, by=by
    ),
    release_requests.decline: lambda rows, by: release_requests.decline(
        tenant=rows.tenant, request=rows.asked, reason="R", by=by
    ),
    release_requests.release: lambda rows, by: release_requests.release(
        tenant=rows.tenant, request=rows.asked, reason="R", by=by
    ),
    release_requests.request_release: release_requested,
    release_requests.take_back: lambda rows, by: release_requests.take_back(
        tenant=rows.tenant, request=rows.asked, by=by
    ),
    people.add_person: lambda rows, by: people.add_person(
        partner=rows.other, user=rows.reader.user, role="sales-agent", by=by, reason="R"
    ),
    people.change_role: lambda rows, by: people.change_role(
        person=PartnerPerson.objects.get(), role="sales-agent", by=by, reason="R"
    ),
    people.remove_person: lambda rows, by: people.remove_person(
        person=PartnerPerson.objects.get(), by=by, reason="R"
    ),
    sign_ins.reset_sign_in: lambda rows, by: sign_ins.reset_sign_in(
        tenant=rows.tenant, membership=rows.reader, by=by
    ),
    resellers.add_delegated_admin: lambda rows, by: resellers.add_delegated_admin(
        tenant=rows.tenant, partner=rows.other, roles=["global-reader"], days=30, by=by
    ),
    resellers.add_reseller: lambda rows, by: resellers.add_reseller(tenant=rows.tenant, partner=rows.other, by=by),
    subscription_acts.change_licenses: lambda rows, by: subscription_acts.change_licenses(
        **rows.of_subscription(), total=50, by=by
    ),
    subscription_acts.change_frequency: lambda rows, by: subscription_acts.change_frequency(
        **rows.of_subscription(), frequency="annual", unit_price=Decimal(9), by=by
    ),
    subscription_acts.set_recurring_billing: lambda rows, by: subscription_acts.set_recurring_billing(
        **rows.of_subscription(), recurring=False, by=by
    ),
    subscription_ends.cancel: lambda rows, by: subscription_ends.cancel(
        **rows.of_subscription(), when="now", reason="R", by=by
    ),
    subscription_ends.reactivate: lambda rows, by: subscription_ends.reactivate(
        **put_into(rows, "expired", -5),
        payment_method="invoice",
        unit_price=costs.price_held(rows.subscription),
        by=by,
    ),
    subscription_ends.extend_trial: lambda rows, by: subscription_ends.extend_trial(**put_into(rows, "trial"), by=by),
    subscription_ends.set_payment_method: lambda rows, by: subscription_ends.set_payment_method(
        **put_into(rows, "trial"), method="invoice", by=by
    ),
    tenants.save_tenant: lambda rows, by: tenants.save_tenant(tenant=changed(rows.tenant, city="New"), by=by),
    trial_start.start_trial: lambda rows, by: trial_start.start_trial(
        tenant=rows.tenant, offer=shop.find_offer(tenant=rows.tenant, uuid=rows.offered), by=by
    ),
}
TWO_ACTS = {
    partner_of_record.undo_last_change,  # there has to be something to undo
    release_requests.release,  # the request is granted, and the relationship ends
    offer_answers.accept_offer,  # the offer is accepted, and the relationship begins
}
