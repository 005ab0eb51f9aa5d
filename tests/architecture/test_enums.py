"""Every enum is walked: a new member without its text, its table row or its template fails here."""

import pytest
from django.template.loader import get_template

from partners.directory.rules import Problem
from partners.matching import pages as match_requests
from partners.models.match_request import MatchState
from partners.models.partner_of_record import Source
from partners.models.partner_offer import CreditWanted, OfferedPurchase, OfferState
from partners.models.partner_relationship import STORED_KINDS, RelationshipKind, RelationshipStatus
from partners.models.release_request import ReleaseState, ReleaseStepKind
from partners.offers import preview as offer_content
from partners.offers import rules as offer_verdicts
from partners.relationships.pages import words as relationship_words
from partners.relationships.releases import page_parts as release_pages
from portal.navigation import MENU
from subscriptions.access import (
    AGENT_PERMISSIONS,
    AGENT_ROLES,
    DELEGATED_PERMISSIONS,
    IN_AN_ORGANIZATION,
    IN_THE_WORKSPACE,
    READS_EVERYTHING,
    ROLE_PERMISSIONS,
    Permission,
)
from subscriptions.clouds import PROFILES, Capability, Cloud, CloudStatus, PaymentMethod
from subscriptions.models import Order, Subscription
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from subscriptions.models.mail import MailKind
from subscriptions.models.order import OrderState
from subscriptions.models.people.membership import Role
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.orders.pages import ORDER_TAGS
from subscriptions.subscriptions.payment_forms import PaymentDetailsForm
from subscriptions.subscriptions.payments import DETAILS, METHODS, usable_methods
from subscriptions.subscriptions.status_tags import STATUS_TAGS
from subscriptions.verdicts import VerdictCode
from subscriptions.web.role_words import ROLE_DESCRIPTIONS, ROLE_RISKS
from tests.architecture.facts import sources

REFUSALS = [code for code in VerdictCode if code is not VerdictCode.ALLOWED]


def test_each_role_says_what_it_may_do():
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert set().union(*ROLE_PERMISSIONS.values()) == IN_AN_ORGANIZATION
    assert set(AGENT_PERMISSIONS) == set(AGENT_ROLES) == set(AgentRole)
    assert set().union(*AGENT_PERMISSIONS.values()) == IN_THE_WORKSPACE
    assert set(DELEGATED_PERMISSIONS) == set(DelegatedRole)


def test_no_partner_ever_decides_what_it_gets():
    """Whatever roles an organization gives away."""
    for permissions in DELEGATED_PERMISSIONS.values():
        assert permissions <= READS_EVERYTHING | {Permission.CHANGE_LICENSES, Permission.RESET_SIGN_IN}
        assert Permission.READ_SHOP not in permissions


def test_who_may_do_what():
    """The table of the design, row by row."""
    who = {
        permission: {role for role in Role if permission in ROLE_PERMISSIONS[role]}
        for permission in IN_AN_ORGANIZATION
    }
    assert who == {permission: set(Role) for permission in READS_EVERYTHING} | {
        Permission.READ_ADDRESSES: {Role.GLOBAL_ADMIN, Role.BILLING_ADMIN},
        Permission.SET_PARTNER_OF_RECORD: {Role.GLOBAL_ADMIN, Role.BILLING_ADMIN},
        Permission.BUY: {Role.GLOBAL_ADMIN, Role.BILLING_ADMIN},
        Permission.MANAGE_SUBSCRIPTIONS: {Role.GLOBAL_ADMIN, Role.BILLING_ADMIN},
        Permission.CHANGE_LICENSES: {Role.GLOBAL_ADMIN, Role.BILLING_ADMIN},
        Permission.END_RELATIONSHIP: {Role.GLOBAL_ADMIN},
        Permission.ANSWER_OFFERS: {Role.GLOBAL_ADMIN},
        Permission.REVIEW_RELATIONSHIPS: {Role.GLOBAL_ADMIN},
        Permission.RESET_SIGN_IN: {Role.GLOBAL_ADMIN},
        Permission.LET_STAFF_VIEW: {Role.GLOBAL_ADMIN},
        Permission.MANAGE_MEMBERS: {Role.GLOBAL_ADMIN},
        Permission.KEEP_POLICY: {Role.GLOBAL_ADMIN},
        Permission.KEEP_APPLICATIONS: {Role.GLOBAL_ADMIN},
        Permission.KEEP_WEBHOOKS: {Role.GLOBAL_ADMIN},
    }


@pytest.mark.parametrize("code", REFUSALS)
def test_each_refusal_has_a_status_and_is_used(code):
    assert code.status in ({503} if code is VerdictCode.NOT_RECORDED else {403, 404, 409, 410})
    assert any(f"VerdictCode.{code.name}" in path.read_text() for path in sources())


def test_codes_of_verdicts_are_unique():
    assert len({code.code for code in VerdictCode}) == len(VerdictCode)


def test_each_cloud_has_a_profile_and_each_capability_is_asked_for_by_name():
    assert set(PROFILES) == set(Cloud)
    assert set(Capability) - set().union(*(profile.capabilities for profile in PROFILES.values())) == {
        Capability.END_RESELLER_RELATIONSHIP  # no cloud lets the customer do that alone
    }


@pytest.mark.parametrize("kind", MailKind)
def test_each_kind_of_mail_has_a_text(kind):
    assert get_template(f"mails/{kind}.txt")


@pytest.mark.parametrize("problem", Problem)
def test_each_problem_has_its_own_sentence_and_next_step(problem):
    facts = {"id": "565380", "country": "Norway", "cloud": "Moon", "family": "Office"}
    sentences = [str(other.sentence) % facts for other in Problem]
    assert sentences.count(str(problem.sentence) % facts) == 1
    assert str(problem.next_step) % facts


def test_each_status_and_kind_has_its_look_and_words():
    assert set(STATUS_TAGS) == set(SubscriptionStatus)
    assert set(relationship_words.STATUS_TAGS) == set(RelationshipStatus)
    assert set(match_requests.STATE_TAGS) == set(match_requests.WHO_ACTS) == set(MatchState)
    assert set(relationship_words.SEES) == set(RelationshipKind)
    assert set(ROLE_DESCRIPTIONS) == set(ROLE_RISKS) == set(DelegatedRole)
    assert set(release_pages.STATE_TAGS) == set(ReleaseState)
    assert set(release_pages.CUSTOMER_READS) == set(release_pages.RESELLER_READS) == set(ReleaseState)
    assert {state.value for state in ReleaseState} <= set(ReleaseStepKind.values)  # each has a step of its name
    assert (
        set(offer_content.STATE_TAGS)
        == set(offer_content.WHO_ACTS)
        == set(offer_verdicts.NEXT_STEPS)
        == set(OfferState)
    )
    assert set(ORDER_TAGS) == set(OrderState)


def test_each_way_of_paying_is_known_and_each_cloud_has_one_that_works():
    assert set(METHODS) == set(PaymentMethod)
    assert all(usable_methods(profile) for profile in PROFILES.values())


def test_what_a_way_of_paying_asks_for_has_a_field_and_a_column():
    assert {name for method in METHODS.values() for name in method.asks} == set(DETAILS)
    assert set(DETAILS) == set(PaymentDetailsForm.base_fields)
    for model in (Order, Subscription):
        assert set(DETAILS) <= {field.name for field in model._meta.fields}


def test_an_advisor_is_the_only_kind_that_is_not_stored():
    assert set(RelationshipKind) - set(STORED_KINDS) == {RelationshipKind.SUBSCRIPTION_ADVISOR}


@pytest.mark.parametrize(
    "enum",
    [
        AuditKind,
        Source,
        CloudStatus,
        MailKind,
        SubscriptionStatus,
        Role,
        Cloud,
        OrderState,
        OfferState,
        CreditWanted,
        OfferedPurchase,
    ],
)
def test_labels_tell_members_apart(enum):
    assert len({str(member.label) for member in enum}) == len(enum)


def test_the_menu_asks_only_for_what_exists():
    items = [item for section in MENU for item in section.items]
    assert {item.permission for item in items} <= set(Permission)
    assert {item.capability for item in items} <= {None, *Capability}
