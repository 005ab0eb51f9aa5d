"""However partners of record change, and in whatever order, all that tells of them says the same."""

import csv
import io
from datetime import timedelta
from itertools import count

from django.db import connections
from django.test import Client
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from partners.directory.reads import PartnerUnusable
from partners.models import ApprovedPartner, PartnerOfRecord, ScheduledChange
from partners.partner_of_record import acts as partner_of_record
from partners.partner_of_record.file_lines import preview_file
from partners.partner_of_record.history import partner_as_of, steps, subscription_with_periods
from partners.partner_of_record.policy import acts as policy
from partners.partner_of_record.schedule import acts as schedule
from partners.partner_of_record.schedule import runs as schedule_runs
from subscriptions.approvals import requests
from subscriptions.approvals.switch import switch_second_person
from subscriptions.approvals.wanted import wanted_of
from subscriptions.bulk import acts as bulk
from subscriptions.bulk import runs
from subscriptions.db import scopes
from subscriptions.db.limits import TooManyRequests
from subscriptions.models import Approval, AuditEvent, BulkAct, Subscription, Tenant
from subscriptions.verdicts import Refused, Stale
from tests.database import as_owner
from tests.factories import make_actor, make_member, make_partner, make_subscription, make_tenant
from tests.machines import ANY_ORDER
from tests.personas import open_session
from tests.subscriptions.bulk import facts as many

numbers = count(1000)
CHANGES = [f"partner-of-record.{what}" for what in ("added", "changed", "removed")]
ROW, PARTNER, NOBODY = st.integers(0, 2), st.integers(0, 2), 3
WHOM = st.integers(0, NOBODY)


class EveryWay(RuleBasedStateMachine):
    """Three subscriptions and three partners; what is refused changes nothing, and may be refused at any time."""

    @initialize()
    def begin(self):
        number = next(numbers)
        self.tenant = make_tenant(slug=f"tenant-{number}")
        self.user = make_member(tenant=self.tenant, email=f"admin-{number}@alpha.example")
        other = make_member(tenant=self.tenant, email=f"other-{number}@alpha.example")
        self.by, self.colleague = make_actor(user=self.user), make_actor(user=other)
        self.rows = [make_subscription(tenant=self.tenant, name=f"S{which}") for which in range(3)]
        self.partners = [*(make_partner(number=f"{which}{number}") for which in (1, 2, 3)), None]
        self.days = 0

    @rule(row=ROW, whom=WHOM)
    def by_its_page(self, row, whom):
        self.attempt(partner_of_record.set_partner_of_record, row, partner=self.partners[whom])

    @rule(row=ROW)
    def undo(self, row):
        self.attempt(partner_of_record.undo_last_change, row)

    @rule(row=ROW, whom=WHOM, ahead=st.integers(1, 3))
    def for_a_day(self, row, whom, ahead):
        day = timezone.localdate() + timedelta(days=self.days + ahead)
        self.attempt(schedule.schedule_change, row, partner=self.partners[whom], day=day)

    @rule(days=st.integers(1, 2))
    def days_pass(self, days):
        self.days += days
        with scopes.worker():
            assert schedule_runs.apply_batch(now=timezone.now() + timedelta(days=self.days)).failed == []

    @rule()
    def cancel_what_waits(self):
        self.here(lambda tenant: schedule.cancel_change(tenant=tenant, change=self.waiting(tenant), by=self.by))

    @rule(whom=WHOM, of=st.sets(ROW, min_size=1), batches=st.integers(0, 2))
    def on_many(self, whom, of, batches):
        """Perhaps left in the middle, as by a worker that was killed."""
        rows = [self.rows[which] for which in of]
        self.begin_on_many(
            lambda: many.previewed(self.tenant, self.by, partner=self.partners[whom], of=rows), batches
        )

    @rule()
    def in_line_with_the_policy(self):
        def preview(tenant):
            kind, rows = "partner-of-record.policy", Subscription.objects.of_tenant(tenant)
            act = bulk.choose(tenant=tenant, kind=kind, rows=rows, selection="All", by=self.by)
            return bulk.preview(act=act, wanted={}, reason="", by=self.by)

        self.begin_on_many(lambda: self.here(preview), 3)

    @rule(row=ROW, whom=WHOM)
    def from_a_file(self, row, whom):
        number = self.partners[whom].number if self.partners[whom] else "-"
        text = f"subscription_id,partner_id\n{self.rows[row].uuid},{number}\n".encode()
        file = {"chunks": lambda: iter([text]), "file_name": "changes.csv", "by": self.by}
        self.begin_on_many(lambda: self.here(lambda tenant: preview_file(tenant=tenant, **file)), 3)

    @rule()
    def undo_on_many(self):
        def preview(tenant):
            return bulk.preview_undo(act=BulkAct.objects.filter(tenant=tenant).latest("pk"), by=self.by)

        self.begin_on_many(lambda: self.here(preview), 3)

    @rule()
    def many_go_on(self):
        for act in self.acts():
            many.work_off(act)

    @rule(whom=PARTNER)
    def by_default(self, whom):
        self.here(lambda tenant: policy.set_default(tenant=tenant, partner=self.partners[whom], by=self.by))

    @rule(whom=PARTNER)
    def approve_partner(self, whom):
        self.here(lambda tenant: policy.approve_partner(tenant=tenant, partner=self.partners[whom], by=self.by))

    @rule()
    def end_the_list(self):
        with as_owner():
            ApprovedPartner.objects.filter(tenant=self.tenant).delete()

    @rule(row=ROW)
    def exempt(self, row):
        wanted = {"reason": "Contract", "ends_on": timezone.localdate(), "by": self.by}
        self.here(lambda tenant: policy.exempt(tenant=tenant, subscription=self.rows[row], **wanted))

    @rule(on=st.booleans())
    def second_person(self, on):
        self.here(lambda tenant: switch_second_person(tenant=tenant, on=on, by=self.by))

    @rule(approves=st.booleans())
    def decide_what_is_asked_for(self, approves):
        def decide(tenant):
            row = Approval.objects.filter(tenant=tenant, outcome="waiting").earliest("pk")
            row.tenant = tenant
            if approves:
                requests.approve(approval=row, seen=wanted_of(row).seen, by=self.colleague)
            else:
                requests.refuse(approval=row, reason="No", by=self.colleague)

        self.here(decide)

    def attempt(self, act, row, **wanted):
        def fresh(tenant):
            seen = Subscription.objects.select_related("product").get(pk=self.rows[row].pk)
            return act(tenant=tenant, subscription=seen, version=seen.version, by=self.by, **wanted)

        self.here(fresh)

    def here(self, act):
        """In the organization's scope; None where it is refused, or where there is nothing to do it to."""
        missing = (Approval.DoesNotExist, BulkAct.DoesNotExist, ScheduledChange.DoesNotExist)
        try:
            with scopes.tenant(self.tenant.pk):
                return act(Tenant.objects.with_cloud_status().get(pk=self.tenant.pk))
        except (Refused, Stale, PartnerUnusable, TooManyRequests, *missing):
            return None

    def begin_on_many(self, preview, batches):
        act = preview()
        if act is None or self.here(lambda tenant: bulk.decide(act=act, digest=act.digest, by=self.by)) is None:
            return
        for _batch in range(batches):
            many.do_batch(act)

    def waiting(self, tenant):
        return ScheduledChange.objects.filter(tenant=tenant, state="waiting").earliest("pk")

    @as_owner()
    def acts(self):
        return list(BulkAct.objects.filter(tenant=self.tenant).select_related("tenant").order_by("pk"))

    @invariant()
    def at_every_instant_all_say_the_same(self):
        for row in self.rows:
            with scopes.tenant(self.tenant.pk):
                tenant = Tenant.objects.get(pk=self.tenant.pk)
                listed = Subscription.objects.of_tenant(tenant).with_partner_named().get(pk=row.pk)
                _found, periods = subscription_with_periods(tenant=tenant, uuid=row.uuid)
                as_of_now = partner_as_of(tenant=tenant, subscription=row, moment=timezone.now() + timedelta(days=1))
            with as_owner():
                in_force = PartnerOfRecord.objects.filter(subscription=row, valid__upper_inf=True)
                credited = [period.partner.number for period in in_force.select_related("partner")]
                events = AuditEvent.objects.filter(tenant=self.tenant, subject_uuid=row.uuid, kind__in=CHANGES)
                changes = events.count()
            told = steps(periods)
            assert len(credited) <= 1
            number = credited[0] if credited else None
            assert (told[0].after.number if told and told[0].after else None) == number
            assert (as_of_now.number if as_of_now else None) == number
            assert listed.credited == number
            assert len(told) == changes

    def teardown(self):
        """The file of the list says it too."""
        if not hasattr(self, "rows"):
            return
        client = Client()
        open_session(client, self.user)
        answer = client.get(f"/t/{self.tenant.slug}/billing/subscriptions/", {"file": "csv"})
        lines = csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
        exported = {line["Subscription ID"]: line["Partner ID"] for line in lines}
        with as_owner():
            in_force = PartnerOfRecord.objects.filter(tenant=self.tenant, valid__upper_inf=True)
            numbers = in_force.values_list("subscription__uuid", "partner__number")
            credited = {str(uuid): number for uuid, number in numbers}
        assert exported == {str(row.uuid): credited.get(str(row.uuid), "") for row in self.rows}


def test_any_order_of_every_way_leaves_one_partner_at_most(db, monkeypatch):
    monkeypatch.setattr(runs, "ROWS_A_BATCH", 1)
    with connections["counters"].cursor() as cursor:  # its transaction lasts all lives
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    run_state_machine_as_test(EveryWay, settings=ANY_ORDER)
