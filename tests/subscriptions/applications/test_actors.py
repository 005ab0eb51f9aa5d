"""An application may what its role may and its scopes name, and some things never."""

import pytest

from partners.applications import acting_at, acting_in, scope_of
from subscriptions.access import Actor, Decision, Permission
from subscriptions.access.applications import ASKED_OF_PEOPLE
from subscriptions.access.scopes import APPLICATIONS_NEVER, SCOPE_PERMISSIONS
from subscriptions.applications.callers import find_caller
from subscriptions.approvals.rules import may_alone, may_decide_here
from subscriptions.audit import acts as audit
from subscriptions.db import scopes
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from subscriptions.models.people.application import ApplicationScope
from subscriptions.models.people.membership import Role
from subscriptions.models.tenant import TenantState
from subscriptions.verdicts import Refused
from tests.database import as_owner
from tests.factories import (
    make_application,
    make_approval,
    make_partner,
    make_relationship,
    make_subscription,
    make_token,
)

EVERYTHING = ApplicationScope.values
DECIDED = [Decision.ACCEPT_OFFER, Decision.EXTEND_ACCESS, Decision.CHANGE_MEMBERS, Decision.CHANGE_PROFILE]


def actor_in(slug: str, **application) -> Actor | None:
    caller = find_caller(f"Bearer {make_token(make_application(**application))}")
    assert caller is not None
    with scope_of(caller):
        found = acting_in(caller, slug)
    return found[1] if found else None


def test_each_scope_allows_something_and_no_scope_what_is_for_people():
    assert set(SCOPE_PERMISSIONS) == set(ApplicationScope)
    assert frozenset().union(*SCOPE_PERMISSIONS.values()).isdisjoint(APPLICATIONS_NEVER)
    everything = frozenset().union(*SCOPE_PERMISSIONS.values()) | frozenset(APPLICATIONS_NEVER)
    assert frozenset(Permission) - everything == {Permission.READ}
    left = {Decision.CREDIT_PARTNER, Decision.KEEP_POLICY, Decision.KEEP_WEBHOOKS}
    assert set(Decision) - set(ASKED_OF_PEOPLE) == left


def test_permissions_are_those_of_the_role_that_the_scopes_name(alpha):
    actor = actor_in("alpha", tenant=alpha, scopes=("subscriptions.read", "partner-of-record.write"))
    assert {permission for permission in Permission if actor.can(permission)} == {
        Permission.READ,
        Permission.READ_SUBSCRIPTIONS,
        Permission.SET_PARTNER_OF_RECORD,
    }


def test_what_the_scope_lacks_is_said_by_the_scopes_name(alpha):
    verdict = actor_in("alpha", tenant=alpha).may(Permission.SET_PARTNER_OF_RECORD)
    assert (verdict.code.code, verdict.code.status) == ("insufficient-scope", 403)
    assert "partner-of-record.write" in verdict.reason


def test_what_the_role_lacks_is_said_as_to_a_person(alpha):
    actor = actor_in("alpha", tenant=alpha, role=Role.GLOBAL_READER, scopes=EVERYTHING)
    said = Actor(kind="member", name="R", role=Role.GLOBAL_READER).may(Permission.SET_PARTNER_OF_RECORD)
    assert actor.may(Permission.SET_PARTNER_OF_RECORD) == said


@pytest.mark.parametrize("permission", APPLICATIONS_NEVER)
def test_what_is_for_people_is_refused_with_the_page_where_they_do_it(permission, alpha):
    verdict = actor_in("alpha", tenant=alpha, scopes=EVERYTHING).may(permission)
    assert (verdict.code.code, verdict.code.status) == ("applications-never", 403)
    assert (verdict.next_page.name, verdict.next_page.of) == (APPLICATIONS_NEVER[permission], ("alpha",))


@pytest.mark.parametrize("decision", DECIDED)
def test_a_program_decides_nothing_that_gives_power(decision, alpha):
    actor = actor_in("alpha", tenant=alpha, scopes=EVERYTHING)
    with pytest.raises(Refused) as refused:
        actor.require_proof(decision)
    assert refused.value.verdict.code.code == "applications-never"
    assert not actor.is_proved(decision)
    actor.require_proof(Decision.CREDIT_PARTNER)


def test_a_program_approves_nothing_and_needs_the_second_person_itself(alpha, reader):
    actor = actor_in("alpha", tenant=alpha, scopes=EVERYTHING)
    approval = make_approval(subscription=make_subscription(tenant=alpha), user=reader)
    now, permission = approval.asked_at, Permission.SET_PARTNER_OF_RECORD
    verdict = may_decide_here(actor, approval, now=now, permission=permission)
    assert (verdict.code.code, verdict.next_page.name) == ("applications-never", "subscriptions:approval-list")
    alpha.second_person = True
    assert may_alone(actor, alpha, agreed=False).code.code == "approval-needed"


def test_another_organization_does_not_exist(alpha, beta):
    assert actor_in("beta", tenant=alpha, scopes=EVERYTHING) is None
    assert actor_in("nowhere", tenant=alpha, name="Other") is None
    assert actor_in("alpha", partner=make_partner(), name="No relationship") is None


@pytest.mark.parametrize(("state", "can"), [(TenantState.SUSPENDED, True), (TenantState.CLOSED, False)])
def test_in_a_suspended_organization_it_only_reads_and_in_a_closed_one_nothing(state, can, alpha):
    with as_owner():
        alpha.state, alpha.kept_until = state, None if can else "2030-01-01"
        alpha.save()
    actor = actor_in("alpha", tenant=alpha, scopes=EVERYTHING)
    assert actor.can(Permission.READ_SUBSCRIPTIONS) is can
    assert actor.may(Permission.SET_PARTNER_OF_RECORD).code.status == 403


def test_a_partners_application_has_the_roles_that_a_customer_grants(alpha):
    partner = make_partner()
    make_relationship(tenant=alpha, partner=partner, roles=(DelegatedRole.LICENSE_ADMINISTRATOR,))
    actor = actor_in("alpha", partner=partner, scopes=EVERYTHING)
    assert (actor.is_partner, actor.can(Permission.CHANGE_LICENSES)) == (True, True)
    assert actor.may(Permission.SET_PARTNER_OF_RECORD).code.code == "partners-never"
    assert actor_in("alpha", partner=partner, role=AgentRole.SALES_AGENT, name="Sales") is None


def test_in_its_workspace_a_partners_application_does_what_its_role_does(db):
    partner, other = make_partner(), make_partner(number="999001")
    token = make_token(make_application(partner=partner, role=AgentRole.SALES_AGENT, scopes=EVERYTHING))
    caller = find_caller(f"Bearer {token}")
    with scope_of(caller):
        _partner, actor = acting_at(caller, partner.number)
        assert acting_at(caller, other.number) is None
    assert (actor.can(Permission.MAKE_OFFERS), actor.can(Permission.GIVE_UP_ACCESS)) == (True, False)


def test_the_operators_application_reads_everywhere_and_changes_nothing(alpha, beta):
    actor = actor_in("alpha", scopes=("subscriptions.read", "events.read"))
    assert actor.can(Permission.READ_SUBSCRIPTIONS)
    assert actor_in("beta", name="Other").can(Permission.READ_SUBSCRIPTIONS)
    assert actor_in("beta", name="All", scopes=EVERYTHING).may(Permission.SET_PARTNER_OF_RECORD).code.code == "role"


def test_an_act_of_an_application_is_audited_as_its_own(alpha):
    partner = make_partner()
    make_relationship(tenant=alpha, partner=partner, roles=(DelegatedRole.GLOBAL_READER,))
    for application in ({"tenant": alpha}, {"partner": partner}):
        actor = actor_in("alpha", scopes=EVERYTHING, **application)
        actor = actor.acting_by(Permission.READ_AUDIT_LOG)
        with scopes.tenant(alpha.pk):
            event = audit.record(AuditKind.LIST_EXPORTED, by=actor, tenant=alpha, subject_name="x")
            assert (event.actor_kind, event.actor_name, event.actor_id) == ("application", "Billing sync", None)
            assert (event.actor_application, event.who) == (actor.application.uuid, "Application Billing sync")
            assert (event.actor_partner, bool(event.actor_relationship)) == (actor.partner, actor.is_partner)


def test_each_application_is_counted_by_itself(alpha):
    one, two = (actor_in("alpha", tenant=alpha, name=name) for name in ("One", "Two"))
    assert one.counted_as != two.counted_as
    assert None not in (one.counted_as, two.counted_as)
