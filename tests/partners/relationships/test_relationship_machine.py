"""A delegated admin's life in any order of acts, days and runs of the job."""

from datetime import timedelta
from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from partners.models import PartnerRelationship
from partners.models.partner_relationship import RelationshipKind
from partners.relationships import acts as relationships
from partners.relationships import roles as relationship_roles
from subscriptions.access import staff_actor
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, Mail
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.verdicts import Refused
from tests.database import as_owner
from tests.factories import make_actor, make_member, make_partner, make_tenant, make_user
from tests.machines import ANY_ORDER
from tests.partners.relationships.facts import database_now, now, put, run_job

GLOBAL = DelegatedRole.GLOBAL_ADMINISTRATOR
ROLES = st.sets(st.sampled_from(DelegatedRole.values), min_size=1)
numbers = count(5000)


class RelationshipsLife(RuleBasedStateMachine):
    """What the database may never show, whatever is done; time passes by moving the row's dates back."""

    relationship: PartnerRelationship

    @initialize(roles=ROLES, days=st.integers(1, 730))
    def accept(self, roles, days):
        number = next(numbers)
        self.tenant = make_tenant(slug=f"life-{number}")
        self.admin = make_actor(user=make_member(tenant=self.tenant, email=f"admin-{number}@life.example"))
        self.staff = staff_actor(make_user(email=f"staff-{number}@portal.example", is_staff=True))
        with scopes.staff():
            self.relationship = relationships.add_relationship(
                tenant=self.tenant,
                partner=make_partner(number=str(number)),
                kind=RelationshipKind.DELEGATED_ADMIN,
                roles=sorted(roles),
                expires_on=database_now() + timedelta(days=days),
                by=self.staff,
            )
        self.before = now(self.relationship)
        self.moved = timedelta()

    @rule(roles=ROLES)
    def remove_roles(self, roles):
        self.act(relationship_roles.remove_roles, roles=roles)

    @rule(extend=st.booleans())
    def switch(self, extend):
        row = now(self.relationship)
        done = self.act(relationship_roles.set_auto_extend, extend=extend)
        assert now(row).auto_extend == (extend if done else row.auto_extend)

    @rule()
    def end(self):
        self.act(relationships.end_relationship)

    @rule(days=st.sampled_from([0.5, 1, 6, 7, 23, 30, 90, 180, 400]))
    def days_pass(self, days):
        row = now(self.relationship)
        if row.ended_at is None:
            back = timedelta(days=days)
            put(row, started_at=row.started_at - back, expires_on=row.expires_on - back)
            self.before = now(row)

    @rule()
    def the_job_runs(self):
        before = now(self.relationship)
        run_job()
        after, written = now(self.relationship), self.written()
        if before.status == "active" and before.auto_extend:
            assert after.expires_on > database_now()
            assert (after.expires_on - before.expires_on) % timedelta(days=180) == timedelta()
        else:
            assert after.expires_on == before.expires_on
        run_job()
        assert self.written() == written

    def act(self, verb, **wanted):
        before, written, done = now(self.relationship), self.written(), None
        try:
            with scopes.tenant(self.tenant.pk):
                done = verb(tenant=self.tenant, relationship=self.relationship, by=self.admin, **wanted)
        except Refused:
            pass
        if done is None:
            assert (facts(now(before)), self.written()) == (facts(before), written)
        return done is not None

    @as_owner()
    def written(self) -> tuple[int, int]:
        mails = Mail.objects.filter(tenant=self.tenant).count()
        return AuditEvent.objects.filter(tenant=self.tenant).count(), mails

    @invariant()
    def it_only_ever_shrinks_and_what_is_over_stays_over(self):
        row, before = now(self.relationship), self.before
        assert set(row.roles) <= set(before.roles)
        assert not (row.auto_extend and GLOBAL in row.roles)
        if before.status == "ended":
            assert facts(row) == facts(before)
        if before.status == "expired":
            assert row.status == "expired"
        self.before = row

    @invariant()
    def nobody_is_told_twice_of_one_milestone(self):
        with as_owner():
            told = Mail.objects.filter(tenant=self.tenant, kind__startswith="relationship-e", to_user__isnull=True)
            ends = list(told.order_by("pk").values_list("kind", "event__detail__days", "event__pk"))
            extended = list(
                AuditEvent.objects.filter(tenant=self.tenant, kind="partner-relationship.extended").values_list(
                    "pk", flat=True
                )
            )
        # Each extension begins a new term with an end of its own.
        terms = [(kind, days, sum(mark < event for mark in extended)) for kind, days, event in ends]
        assert len(terms) == len(set(terms))


def facts(row: PartnerRelationship) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_any_order_of_acts_days_and_runs_keeps_the_rules(db):
    run_state_machine_as_test(RelationshipsLife, settings=ANY_ORDER)
