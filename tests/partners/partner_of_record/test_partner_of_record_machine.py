"""Whatever is done in whatever order, at every instant there is at most one partner of record."""

from datetime import timedelta
from itertools import count, pairwise

from django.db import connection
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from partners.models import PartnerOfRecord
from partners.partner_of_record import acts as partner_of_record
from partners.partner_of_record import approval
from subscriptions.approvals import requests
from subscriptions.approvals.wanted import wanted_of
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.verdicts import Refused
from tests.database import as_owner
from tests.factories import make_actor, make_member, make_partner, make_subscription, make_tenant
from tests.machines import ANY_ORDER

numbers = count(1000)
CHANGES = (
    AuditKind.PARTNER_OF_RECORD_ADDED,
    AuditKind.PARTNER_OF_RECORD_CHANGED,
    AuditKind.PARTNER_OF_RECORD_REMOVED,
)


class PartnersOverTime(RuleBasedStateMachine):
    """A model beside the database: who is credited now, and who was before each change."""

    @initialize()
    def begin(self):
        number = next(numbers)
        self.tenant = make_tenant(slug=f"tenant-{number}")
        self.actor = make_actor(user=make_member(tenant=self.tenant, email=f"admin-{number}@alpha.example"))
        self.colleague = make_actor(user=make_member(tenant=self.tenant, email=f"second-{number}@alpha.example"))
        self.waiting = None  # what was asked for: the request, the partner, and after how many changes
        self.subscription = make_subscription(tenant=self.tenant)
        self.partners = [make_partner(number=f"{which}{number}") for which in (1, 2, 3)]
        self.now = None
        self.past = []  # who was credited before each change; the last one may be undone
        self.undone = False

    @rule(which=st.integers(0, 2))
    def name_a_partner(self, which):
        self.set_to(self.partners[which])

    @rule()
    def clear(self):
        self.set_to(None)

    @precondition(lambda self: self.past and not self.undone)
    @rule()
    def undo(self):
        self.act(partner_of_record.undo_last_change)
        self.now, self.undone = self.past[-1], True
        self.past.append(None)

    @precondition(lambda self: not self.past or self.undone)
    @rule()
    def undo_refused(self):
        try:
            self.act(partner_of_record.undo_last_change)
        except Refused:
            return
        raise AssertionError("There was nothing to undo.")

    @precondition(lambda self: not self.waiting)
    @rule(which=st.integers(0, 3))
    def ask(self, which):
        partner = [*self.partners, None][which]
        asked = self.act(approval.ask_for_partner, partner=partner)
        assert (asked is None) == (partner == self.now)
        self.waiting = asked and (asked, partner, len(self.past))

    @precondition(lambda self: self.waiting)
    @rule(by_asker=st.booleans())
    def approve(self, by_asker):
        """By another one, and as long as nothing has changed."""
        asked, partner, changes = self.waiting
        try:
            self.decide(requests.approve, asked, by=self.actor if by_asker else self.colleague)
        except Refused:
            assert by_asker or changes != len(self.past)
            return
        assert not by_asker and changes == len(self.past)
        self.past.append(self.now)
        self.now, self.undone, self.waiting = partner, False, None

    @precondition(lambda self: self.waiting)
    @rule()
    def refuse(self):
        asked, *_rest = self.waiting
        self.decide(requests.refuse, asked, by=self.colleague)
        self.waiting = None

    def decide(self, verb, asked, *, by):
        with scopes.tenant(self.tenant.pk):
            asked.tenant = Tenant.objects.with_cloud_status().get()
            seen = {"seen": wanted_of(asked).seen} if verb is requests.approve else {"reason": "No"}
            verb(approval=asked, by=by, **seen)

    def set_to(self, partner):
        self.act(partner_of_record.set_partner_of_record, partner=partner)
        if partner != self.now:
            self.past.append(self.now)
            self.now, self.undone = partner, False

    def act(self, verb, **fields):
        with scopes.tenant(self.tenant.pk):
            tenant = Tenant.objects.with_cloud_status().get()
            seen = Subscription.objects.get(pk=self.subscription.pk)
            return verb(tenant=tenant, subscription=seen, version=seen.version, by=self.actor, **fields)

    @invariant()
    def the_database_says_the_same(self):
        with as_owner():
            rows = PartnerOfRecord.objects.filter(subscription=self.subscription).select_related("partner")
            periods = list(rows.order_by("valid"))
            events = AuditEvent.objects.filter(tenant=self.tenant, kind__in=CHANGES).count()
            with connection.cursor() as cursor:
                cursor.execute("SELECT clock_timestamp()")
                (now,) = cursor.fetchone()
        assert [period.partner for period in periods if period.valid.upper is None] == (
            [self.now] if self.now else []
        )
        assert events == len(self.past)
        self.at_most_one_is_credited(periods, now)

    def at_most_one_is_credited(self, periods, now):
        """The incentive report: the credited time and the gaps together are the time since the first credit."""
        ends = [period.valid.upper or now for period in periods]
        starts = [period.valid.lower for period in periods]
        assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
        credited = sum((end - start for start, end in zip(starts, ends, strict=True)), timedelta())
        gaps = sum((start - end for end, start in zip(ends, starts[1:], strict=False)), timedelta())
        if periods:
            assert credited + gaps == ends[-1] - starts[0]
        assert all(
            one.partner != next_one.partner or one.valid.upper < next_one.valid.lower
            for one, next_one in pairwise(periods)
        )


def test_any_order_of_acts_leaves_one_partner_at_most(db):
    run_state_machine_as_test(PartnersOverTime, settings=ANY_ORDER)
