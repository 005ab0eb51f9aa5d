"""Each act of the upper floor, and a call of it: a table of test_every_act_is_audited.py."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from partners.directory import acts as directory_entries
from partners.directory import serving
from partners.matching import acts as match_requests
from partners.matching.acts import Wish
from partners.models import MatchRequest, Partner, PartnerOffer, PartnerPerson, PartnerRelationship, ReleaseRequest
from partners.offers import acts as offers
from partners.offers import answers as offer_answers
from partners.offers.reads import OfferFacts
from partners.partner_of_record import acts as partner_of_record
from partners.partner_of_record import approval, past
from partners.partner_of_record.policy import acts as policy
from partners.partner_of_record.schedule import acts as schedule
from partners.partner_of_record.schedule import runs as schedule_runs
from partners.relationships import acts as relationships
from partners.relationships import managed, resellers
from partners.relationships import review as relationship_review
from partners.relationships import roles as relationship_roles
from partners.relationships import upkeep as relationship_upkeep
from partners.relationships.releases import acts as release_requests
from partners.relationships.releases import follow_up as release_follow_up
from subscriptions.approvals import requests
from subscriptions.approvals.switch import switch_second_person
from subscriptions.db import scopes
from subscriptions.models import Approval
from subscriptions.models.mail import MailKind
from tests.architecture.acts.audited import (
    ADMIN,
    AGENT,
    ALPHA,
    BUYER,
    LANYUN,
    NOBODY,
    PORTAL,
    RESELLER,
    STAFF,
    Call,
    Rows,
    Who,
)
from tests.database import as_owner
from tests.factories import make_approval, make_member, make_policy, make_relationship, make_scheduled_change


def moved(partner):
    partner.city = "New"
    return partner


def put_back(rows: Rows, by) -> None:
    """There has to be something to undo, which a recent sign-in has changed."""
    partner_of_record.set_partner_of_record(**rows.of_subscription(), partner=None, by=rows.persons[ADMIN])
    again = rows.of_subscription() | {"version": rows.subscription.version + 1}
    partner_of_record.undo_last_change(**again, by=by)


def scheduled(rows: Rows, by):
    """For tomorrow, decided with a recent sign-in."""
    day = timezone.localdate() + timedelta(days=1)
    return schedule.schedule_change(**rows.of_subscription(), partner=rows.other, day=day, by=rows.persons[ADMIN])


def changed_instead(rows: Rows, by) -> None:
    change = scheduled(rows, by)
    schedule.change_now_instead(tenant=rows.tenant, change=change, version=2, partner=None, by=by)


def not_applied(rows: Rows):
    """As its partner is suspended on its day; it can be named again afterwards."""
    change = scheduled(rows, None)
    with as_owner():
        Partner.objects.filter(pk=rows.other.pk).update(state="suspended")
    with scopes.worker():
        schedule_runs.apply_batch(now=timezone.now() + timedelta(days=2))
    with as_owner():
        Partner.objects.filter(pk=rows.other.pk).update(state="active")
    return change


def applied(rows: Rows, by) -> None:
    scheduled(rows, by)
    with scopes.worker():
        schedule_runs.apply_batch(now=timezone.now() + timedelta(days=2))


def asked_by_another(rows: Rows) -> Approval:
    """Of the organization, who may do it; on the day for which it is wanted that one does it."""
    with as_owner():
        colleague = make_member(tenant=rows.tenant, role="billing-admin", email="b@alpha.example")
        common = {"subscription": rows.subscription, "user": colleague, "partner": rows.other}
        change = make_scheduled_change(**common)
        made = make_approval(**common, act="scheduled-change", row=change.pk)
        made.tenant = rows.tenant
    return made


def switched_on(rows: Rows, by) -> None:
    with as_owner():
        make_member(tenant=rows.tenant, role="billing-admin", email="b@alpha.example")
    switch_second_person(tenant=rows.tenant, on=True, by=by)


def a_policy(rows: Rows):
    return make_policy(tenant=rows.tenant, partner=rows.partner, exempt=rows.subscription)


def credited_by_default(rows: Rows, by) -> None:
    make_policy(tenant=rows.tenant, partner=rows.other)
    policy.credit_default(tenant=rows.tenant, subscription=rows.subscription, by=by)


def another_reseller_asked(rows: Rows, by) -> None:
    """Of this one nothing is asked yet."""
    reseller = make_relationship(tenant=rows.tenant, partner=rows.other, kind="reseller")
    due_on = timezone.localdate() + timedelta(days=14)
    release_requests.request_release(tenant=rows.tenant, relationship=reseller, reason="R", due_on=due_on, by=by)


def offer_that_ran_out(rows: Rows, by) -> None:
    sent_at = timezone.now() - timedelta(days=40)
    with as_owner():
        sent = PartnerOffer.objects.filter(state="sent")
        sent.update(sent_at=sent_at, expires_on=sent_at + timedelta(days=30))
    offers.expire_batch()


def relationship_that_ran_out(rows: Rows, by) -> None:
    started_at = timezone.now() - timedelta(days=40)
    with as_owner():
        PartnerRelationship.objects.filter(pk=rows.relationship.pk).update(
            started_at=started_at, expires_on=started_at + timedelta(days=30), auto_extend=False
        )
    relationship_upkeep.bring_relationships_up_to_date()


def request_that_is_overdue(rows: Rows, by) -> None:
    sent_at = timezone.now() - timedelta(days=40)
    with as_owner():
        ReleaseRequest.objects.update(sent_at=sent_at, due_on=sent_at + timedelta(days=14))
    release_follow_up.follow_up_batch()


def what_was_before(rows: Rows, by) -> None:
    """In the scope of an import, which alone writes it."""
    since, until = (timezone.now() - timedelta(days=days) for days in (3000, 2900))
    with scopes.importing():
        past.bring_in([past.Past(rows.subscription, rows.partner, since, until)], by=by, reason="R")


CALLS: dict[Who, dict[Callable, Call]] = {
    (STAFF, NOBODY): {
        directory_entries.save_partner: lambda rows, by: directory_entries.save_partner(
            partner=moved(rows.partner), by=by
        ),
        directory_entries.set_state: lambda rows, by: directory_entries.set_state(
            partner=rows.partner, state="suspended", by=by, reason="R"
        ),
        directory_entries.add_person: lambda rows, by: directory_entries.add_person(
            partner=rows.other, user=rows.reader.user, role="sales-agent", by=by, reason="R"
        ),
        directory_entries.change_role: lambda rows, by: directory_entries.change_role(
            person=PartnerPerson.objects.get(partner=rows.partner), role="sales-agent", by=by, reason="R"
        ),
        directory_entries.remove_person: lambda rows, by: directory_entries.remove_person(
            person=PartnerPerson.objects.get(partner=rows.partner), by=by, reason="R"
        ),
        # Of a draft, what staff do: tests/partners/offers/test_drafts.py says that a partner's people do it unseen
        offers.discard: lambda rows, by: offers.discard(**rows.of_offer("draft"), version=1, by=by, reason="R"),
        offers.save_draft: lambda rows, by: offers.save_draft(
            tenant=rows.lanyun,
            partner=rows.offering,
            facts=OfferFacts(name="New", terms="Terms", roles=("global-reader",), days=30),
            by=by,
            reason="R",
        ),
    },
    (STAFF, ALPHA): {
        managed.set_reseller: lambda rows, by: managed.set_reseller(
            tenant=rows.tenant, subscription=rows.subscription, partner=rows.reseller.partner, by=by, reason="R"
        ),
        match_requests.close: lambda rows, by: match_requests.close(
            request=MatchRequest.objects.get(), by=by, reason="R"
        ),
        match_requests.mark_answered: lambda rows, by: match_requests.mark_answered(
            request=MatchRequest.objects.get(), by=by, reason="R"
        ),
        relationships.add_relationship: lambda rows, by: relationships.add_relationship(
            tenant=rows.tenant, partner=rows.other, kind="delegated-admin", roles=["global-reader"], by=by
        ),
        resellers.add_delegated_admin: lambda rows, by: resellers.add_delegated_admin(
            tenant=rows.tenant, partner=rows.other, roles=["global-reader"], days=30, by=by
        ),
        resellers.add_reseller: lambda rows, by: resellers.add_reseller(
            tenant=rows.tenant, partner=rows.other, by=by
        ),
        past.bring_in: what_was_before,
    },
    (ADMIN, ALPHA): {
        match_requests.request_match: lambda rows, by: match_requests.request_match(
            tenant=rows.tenant, wish=Wish(text="Help", country="US"), partners=[rows.partner], by=by
        ),
        partner_of_record.credit_at_purchase: lambda rows, by: partner_of_record.credit_at_purchase(
            **rows.of_subscription(), partner=rows.other, by=by
        ),
        partner_of_record.set_partner_of_record: lambda rows, by: partner_of_record.set_partner_of_record(
            **rows.of_subscription(), partner=rows.other, by=by
        ),
        partner_of_record.undo_last_change: put_back,
        approval.ask_for_partner: lambda rows, by: approval.ask_for_partner(
            **rows.of_subscription(), partner=rows.other, by=by
        ),
        approval.ask_for_undo: lambda rows, by: approval.ask_for_undo(**rows.of_subscription(), by=by),
        requests.approve: lambda rows, by: requests.approve(approval=asked_by_another(rows), seen="1", by=by),
        requests.refuse: lambda rows, by: requests.refuse(approval=asked_by_another(rows), by=by, reason="R"),
        requests.withdraw: lambda rows, by: requests.withdraw(
            approval=approval.ask_for_partner(**rows.of_subscription(), partner=None, by=rows.persons[ADMIN]), by=by
        ),
        switch_second_person: switched_on,
        schedule.schedule_change: lambda rows, by: schedule.schedule_change(
            **rows.of_subscription(), partner=rows.other, day=timezone.localdate() + timedelta(days=1), by=by
        ),
        schedule.cancel_change: lambda rows, by: schedule.cancel_change(
            tenant=rows.tenant, change=scheduled(rows, by), by=by
        ),
        schedule.change_now_instead: changed_instead,
        schedule.try_again: lambda rows, by: schedule.try_again(tenant=rows.tenant, change=not_applied(rows), by=by),
        schedule.dismiss: lambda rows, by: schedule.dismiss(tenant=rows.tenant, change=not_applied(rows), by=by),
        schedule_runs.apply_batch: applied,
        policy.set_default: lambda rows, by: policy.set_default(tenant=rows.tenant, partner=rows.other, by=by),
        policy.remove_default: lambda rows, by: policy.remove_default(
            tenant=rows.tenant, default=a_policy(rows)[0], by=by
        ),
        policy.approve_partner: lambda rows, by: policy.approve_partner(
            tenant=rows.tenant, partner=rows.other, by=by
        ),
        policy.take_off_list: lambda rows, by: policy.take_off_list(
            tenant=rows.tenant, approved=a_policy(rows)[1], by=by
        ),
        policy.exempt: lambda rows, by: policy.exempt(
            tenant=rows.tenant, subscription=rows.subscription, reason="R", ends_on=timezone.localdate(), by=by
        ),
        policy.end_exemption: lambda rows, by: policy.end_exemption(
            tenant=rows.tenant, exemption=a_policy(rows)[2], by=by
        ),
        policy.credit_default: credited_by_default,
        partner_of_record.credit_by_policy: lambda rows, by: partner_of_record.credit_by_policy(
            tenant=rows.tenant, subscription=rows.subscription, partner=rows.other, by=by
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
        release_requests.request_release: another_reseller_asked,
        release_requests.take_back: lambda rows, by: release_requests.take_back(
            tenant=rows.tenant, request=rows.asked, by=by
        ),
    },
    (RESELLER, NOBODY): {
        serving.say_who_serves: lambda rows, by: serving.say_who_serves(
            partner=rows.partner,
            tenant=rows.tenant,
            people=PartnerPerson.objects.filter(partner=rows.partner),
            by=by,
        ),
    },
    (RESELLER, ALPHA): {
        release_requests.acknowledge: lambda rows, by: release_requests.acknowledge(
            tenant=rows.tenant, request=rows.asked, by=by
        ),
        release_requests.decline: lambda rows, by: release_requests.decline(
            tenant=rows.tenant, request=rows.asked, reason="R", by=by
        ),
        release_requests.release: lambda rows, by: release_requests.release(
            tenant=rows.tenant, request=rows.asked, by=by
        ),
        release_requests.leave: lambda rows, by: release_requests.leave(
            tenant=rows.tenant, relationship=rows.reseller, by=by
        ),
    },
    (AGENT, LANYUN): {
        offers.change_terms: lambda rows, by: offers.change_terms(**rows.of_offer(), terms="New", version=1, by=by),
        offers.send: lambda rows, by: offers.send(**rows.of_offer("draft"), version=1, by=by),
        offers.send_again: lambda rows, by: offers.send_again(**rows.of_offer(), version=1, by=by),
        offers.withdraw: lambda rows, by: offers.withdraw(**rows.of_offer(), by=by),
    },
    (BUYER, LANYUN): {
        offer_answers.accept_offer: lambda rows, by: offer_answers.accept_offer(
            **rows.shown(), roles=["helpdesk-administrator"], days=30, by=by
        ),
        offer_answers.decline_offer: lambda rows, by: offer_answers.decline_offer(**rows.shown(), by=by),
        partner_of_record.credit_by_offer: lambda rows, by: partner_of_record.credit_by_offer(
            tenant=rows.lanyun, subscription=rows.uncredited, partner=rows.offering, by=by
        ),
    },
    (PORTAL, ALPHA): {
        relationship_upkeep.bring_relationships_up_to_date: relationship_that_ran_out,
        release_follow_up.follow_up_batch: request_that_is_overdue,
    },
    (PORTAL, LANYUN): {offers.expire_batch: offer_that_ran_out},
}
# Of all others one
ROWS = {
    partner_of_record.undo_last_change: 2,  # what is undone stands there too
    # What was scheduled stands there too
    schedule.cancel_change: 2,
    requests.refuse: 2,  # and that it is canceled
    requests.withdraw: 2,  # and that it was asked for
    schedule.change_now_instead: 3,
    schedule.try_again: 3,  # and that it was not applied
    schedule.dismiss: 3,
    schedule_runs.apply_batch: 2,
    release_requests.release: 2,  # the request is granted, and the relationship ends
    release_requests.leave: 2,  # the same, as one was asked for
    offer_answers.accept_offer: 2,  # the offer is accepted, and the relationship begins
}
# Of all others none; where both sides are told, a kind of mail goes to the partner and to the Global admin
MAILS = {
    directory_entries.add_person: (MailKind.PARTNER_PEOPLE_CHANGED,),
    directory_entries.change_role: (MailKind.PARTNER_PEOPLE_CHANGED, MailKind.OWN_ROLE_CHANGED),
    directory_entries.remove_person: (MailKind.PARTNER_PEOPLE_CHANGED, MailKind.OWN_ROLE_CHANGED),
    match_requests.request_match: (MailKind.MATCH_REQUESTED, MailKind.MATCH_TO_ARRANGE),
    offer_answers.accept_offer: (MailKind.OFFER_ANSWERED, MailKind.OFFER_ANSWER_RECEIPT),
    offer_answers.decline_offer: (MailKind.OFFER_ANSWERED, MailKind.OFFER_ANSWER_RECEIPT),
    offers.expire_batch: (MailKind.OFFER_EXPIRED,) * 2,
    offers.send: (MailKind.OFFER_RECEIVED,),
    offers.send_again: (MailKind.OFFER_RECEIVED,),
    offers.withdraw: (MailKind.OFFER_WITHDRAWN,),
    partner_of_record.credit_by_policy: (MailKind.PARTNER_NAMED,),
    policy.credit_default: (MailKind.PARTNER_NAMED,),
    partner_of_record.credit_at_purchase: (MailKind.PARTNER_REMOVED,),  # the order tells who is named
    partner_of_record.set_partner_of_record: (
        MailKind.PARTNER_NAMED,
        MailKind.PARTNER_REMOVED,
        MailKind.PARTNER_OF_RECORD_RECEIPT,
    ),
    requests.approve: (MailKind.CHANGE_DECIDED,),
    requests.refuse: (MailKind.CHANGE_DECIDED,),
    switch_second_person: (MailKind.SECOND_PERSON_SWITCHED, MailKind.SECOND_PERSON_SWITCHED),
    schedule.change_now_instead: (MailKind.PARTNER_REMOVED, MailKind.PARTNER_OF_RECORD_RECEIPT),
    schedule.try_again: (
        MailKind.CHANGE_NOT_APPLIED,
        MailKind.PARTNER_NAMED,
        MailKind.PARTNER_REMOVED,
        MailKind.PARTNER_OF_RECORD_RECEIPT,
    ),
    schedule.dismiss: (MailKind.CHANGE_NOT_APPLIED,),
    schedule_runs.apply_batch: (
        MailKind.PARTNER_NAMED,
        MailKind.PARTNER_REMOVED,
        MailKind.PARTNER_OF_RECORD_RECEIPT,
    ),
    partner_of_record.undo_last_change: (
        MailKind.PARTNER_NAMED,
        MailKind.PARTNER_REMOVED,
        *(MailKind.PARTNER_OF_RECORD_RECEIPT,) * 2,
    ),
    relationship_roles.remove_roles: (MailKind.ROLES_REMOVED,) * 2,
    relationship_upkeep.bring_relationships_up_to_date: (MailKind.RELATIONSHIP_EXPIRED,) * 2,
    relationships.end_relationship: (MailKind.RELATIONSHIP_ENDED,) * 2,
    release_follow_up.follow_up_batch: (MailKind.RELEASE_ESCALATED,) * 2,  # to staff, not to the partner
    release_requests.acknowledge: (MailKind.RELEASE_ANSWERED,),
    release_requests.decline: (MailKind.RELEASE_ANSWERED,),
    release_requests.leave: (MailKind.RELATIONSHIP_ENDED,) * 2,
    release_requests.release: (MailKind.RELEASE_ANSWERED, MailKind.RELATIONSHIP_ENDED),
    release_requests.request_release: (MailKind.RELEASE_REQUESTED,),
    release_requests.take_back: (MailKind.RELEASE_TAKEN_BACK,),
}
