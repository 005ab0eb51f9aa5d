"""One act on many subscriptions: what the preview says, what the job does, what stays, who is told, and undo."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from partners.partner_of_record.acts import set_partner_of_record
from partners.partner_of_record.bulk import SetPartner
from subscriptions.access import SignInTooOld
from subscriptions.bulk import acts as bulk
from subscriptions.bulk import runs
from subscriptions.bulk.kinds import buttons_for
from subscriptions.bulk.outcomes import outcome_of
from subscriptions.clouds import Cloud
from subscriptions.db import housekeeping, scopes
from subscriptions.models import AuditEvent, BulkAct, Membership, Subscription, Tenant, User
from subscriptions.models.people.membership import Role
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.verdicts import Refused, Stale
from tests.database import as_owner
from tests.factories import (
    make_actor,
    make_member,
    make_partner,
    make_partner_of_record,
    make_product,
    make_subscription,
    make_tenant,
)
from tests.facts import audit_kinds, audit_rows, mails, periods, version
from tests.subscriptions.bulk import facts as many


@pytest.fixture
def adventure(db):
    return make_partner(number="935287", name="Adventure", authorized_families=["office"])


def events(act: BulkAct) -> list[str]:
    with as_owner():
        return sorted(AuditEvent.objects.filter(correlation=act.uuid).values_list("kind", flat=True))


def change_alone(subscription: Subscription, partner, by) -> None:
    with scopes.tenant(subscription.tenant_id):
        fresh = Subscription.objects.select_related("tenant").get(pk=subscription.pk)
        set_partner_of_record(tenant=fresh.tenant, subscription=fresh, partner=partner, version=fresh.version, by=by)


def test_a_preview_changes_nothing_and_says_what_will(alpha, by, tailspin, adventure):
    credited, free = many.make_many(alpha, 2, partner=tailspin), many.make_many(alpha, 3)
    other = make_subscription(tenant=alpha, product=make_product(name="Teams", family="teams"))
    disabled = make_subscription(tenant=alpha, status=SubscriptionStatus.DISABLED)
    same = make_subscription(tenant=alpha)
    make_partner_of_record(subscription=same, partner=adventure)
    act = many.previewed(alpha, by, partner=adventure)
    assert many.counts(act) == ("previewed", 8, 5, 0, 0)
    assert many.outcomes(act) == {"": 5, "partner-product": 1, "subscription-disabled": 1, "unchanged": 1}
    assert [version(each) for each in (*credited, *free, other, disabled, same)] == [1] * 8
    assert (audit_kinds(), mails()) == ([], [])


def test_it_does_each_row_as_its_page_would_and_tells_each_reader_once(alpha, by, tailspin, adventure, reader):
    make_member(tenant=alpha, role=Role.BILLING_ADMIN, email="billing@alpha.example")
    credited, free = many.make_many(alpha, 3, partner=tailspin), many.make_many(alpha, 2)
    act = many.done(alpha, by, partner=adventure)
    assert many.counts(act) == ("done", 5, 5, 5, 0)
    assert [periods(each) for each in credited] == [[("565380", False), ("935287", True)]] * 3
    assert [periods(each) for each in free] == [[("935287", True)]] * 2
    ends = ["changes-on-many.begun", "changes-on-many.ended"]
    told = ["changes-on-many.told"] * 2
    assert events(act) == [*ends, *told, *["partner-of-record.added"] * 2, *["partner-of-record.changed"] * 3]
    assert {row[1:] for row in audit_rows() if row[0] == "partner-of-record.added"} == {
        ("Gloria Admin", "Office 0000", "Year end"), ("Gloria Admin", "Office 0001", "Year end"),
    }  # fmt: skip
    assert mails() == [
        ("bulk-receipt", "admin@alpha.example"),
        ("bulk-receipt", "billing@alpha.example"),
        ("credits-changed", "partner-565380@partners.example"),
        ("credits-changed", "partner-935287@partners.example"),
    ]


def test_a_partner_reads_how_many_it_gained_and_lost_and_the_first_by_name(
    alpha, by, tailspin, adventure, monkeypatch
):
    monkeypatch.setattr("partners.partner_of_record.bulk_told.MOST_IN_A_MAIL", 2)
    many.make_many(alpha, 3, partner=tailspin)
    many.done(alpha, by, partner=adventure)
    with as_owner():
        told = {event.subject_name: event.detail for event in AuditEvent.objects.filter(kind="changes-on-many.told")}
    names = ["Office 0000", "Office 0001"]
    assert told["565380 Tailspin"] == {
        "partner": {"id": "565380", "name": "Tailspin"}, "lost": 3, "names_lost": names,
    }  # fmt: skip
    assert told["935287 Adventure"] == {
        "partner": {"id": "935287", "name": "Adventure"}, "gained": 3, "names_gained": names,
    }  # fmt: skip


def test_doing_the_same_again_changes_nothing_and_mails_nobody(alpha, by, adventure):
    many.make_many(alpha, 3)
    many.done(alpha, by, partner=adventure)
    before = mails()
    again = many.previewed(alpha, by, partner=adventure)
    assert many.outcomes(again) == {"unchanged": 3}
    with pytest.raises(Refused, match="wrong-state"):
        many.decide(again, by)
    assert mails() == before


def test_a_row_that_somebody_else_changes_meanwhile_is_listed_and_theirs_kept(alpha, by, tailspin, adventure):
    rows = many.make_many(alpha, 5)
    act = many.decide(many.previewed(alpha, by, partner=adventure), by)
    for each in rows[1:3]:
        change_alone(each, tailspin, by)
    many.work_off(act)
    assert many.outcomes(act) == {"changed": 3, "stale-version": 2}
    assert [periods(each) for each in rows[1:3]] == [[("565380", True)]] * 2


def test_what_is_added_after_the_choice_is_no_part_of_it(alpha, by, adventure):
    many.make_many(alpha, 2)
    act = many.previewed(alpha, by, partner=adventure)
    late = make_subscription(tenant=alpha)
    many.work_off(many.decide(act, by))
    assert (many.counts(act)[3], periods(late)) == (2, [])


def test_only_what_was_seen_can_be_decided(alpha, by, billing_admin, adventure):
    rows = many.make_many(alpha, 2)
    act = many.previewed(alpha, by, partner=adventure)
    with pytest.raises(Stale):
        many.decide(act, by, digest="of another preview")
    with pytest.raises(Stale):
        many.decide(act, make_actor(user=billing_admin, role=Role.BILLING_ADMIN))
    with as_owner():
        BulkAct.objects.filter(pk=act.pk).update(previewed=F("previewed") - timedelta(minutes=30))
    with pytest.raises(Stale):
        many.decide(act, by)
    assert [periods(each) for each in rows] == [[], []]


def test_a_row_that_is_left_out_changes_the_preview_and_stays(alpha, by, adventure):
    rows = many.make_many(alpha, 3)
    act = many.previewed(alpha, by, partner=adventure)
    with scopes.tenant(alpha.pk):
        bulk.leave_out(act=act, subscription=rows[1].uuid, by=by)
    with pytest.raises(Stale):
        many.decide(act, by)
    many.work_off(many.decide(many.now(act), by))
    assert (many.outcomes(act), periods(rows[1])) == ({"changed": 2, "left-out": 1}, [])


def test_a_preview_again_is_of_the_same_rows_as_they_are_now(alpha, by, billing_admin, tailspin, adventure):
    rows = many.make_many(alpha, 3)
    act = many.previewed(alpha, by, partner=adventure)
    change_alone(rows[0], adventure, by)
    other = make_actor(user=billing_admin, role=Role.BILLING_ADMIN)
    with scopes.tenant(alpha.pk):
        again = bulk.preview_again(act=act, by=other)
    assert (many.outcomes(again), again.user_id) == ({"": 2, "unchanged": 1}, billing_admin.pk)
    assert many.counts(many.work_off(many.decide(again, other)))[3] == 2


def test_deciding_needs_a_recent_sign_in_which_the_job_keeps(alpha, by, adventure):
    many.make_many(alpha, 1)
    act = many.previewed(alpha, by, partner=adventure)
    with pytest.raises(SignInTooOld):
        many.decide(act, replace(by, proved_at=time.time() - 3601))
    act = many.decide(act, replace(by, proved_at=time.time() - 60))
    with as_owner():
        hours_ago = {name: F(name) - timedelta(hours=5) for name in ("proved", "decided_at")}
        BulkAct.objects.filter(pk=act.pk).update(**hours_ago)
    assert many.counts(many.work_off(act))[3] == 1


def test_it_pauses_goes_on_and_stops_between_two_batches(alpha, by, adventure, monkeypatch):
    monkeypatch.setattr(runs, "ROWS_A_BATCH", 2)
    rows = many.make_many(alpha, 7)
    act = many.decide(many.previewed(alpha, by, partner=adventure), by)
    assert many.do_batch(act)
    with scopes.tenant(alpha.pk):
        bulk.pause(act=act, by=by)
    assert not many.do_batch(act)
    assert many.counts(act) == ("paused", 7, 7, 2, 0)
    with scopes.tenant(alpha.pk):
        bulk.resume(act=act, by=by)
    assert many.do_batch(act)
    with scopes.tenant(alpha.pk):
        bulk.stop(act=act, by=by)
    assert not many.do_batch(act)
    assert many.counts(act) == ("canceled", 7, 7, 4, 3)
    assert many.outcomes(act) == {"changed": 4, "stopped": 3}
    assert [bool(periods(each)) for each in rows] == [True] * 4 + [False] * 3
    assert ("bulk-receipt", "admin@alpha.example") in mails()
    with pytest.raises(Refused, match="wrong-state"), scopes.tenant(alpha.pk):
        bulk.resume(act=act, by=by)


def test_a_batch_ends_after_a_second_so_that_a_pause_is_quick(alpha, by, adventure, monkeypatch):
    many.make_many(alpha, 3)
    act = many.decide(many.previewed(alpha, by, partner=adventure), by)
    monkeypatch.setattr(runs, "MOST_SECONDS", -1)  # each row takes longer
    done = [many.do_batch(act) and many.counts(act)[3] for _batch in range(2)]
    assert (done, runs.MOST_SECONDS < 2) == ([1, 2], True)


@pytest.mark.parametrize("gone", ["role", "membership", "account"])
def test_a_lost_right_ends_it_at_the_next_batch(alpha, by, global_admin, adventure, monkeypatch, gone):
    make_member(tenant=alpha, email="second@alpha.example")
    monkeypatch.setattr(runs, "ROWS_A_BATCH", 2)
    many.make_many(alpha, 5)
    act = many.decide(many.previewed(alpha, by, partner=adventure), by)
    many.do_batch(act)
    with as_owner():
        mine = Membership.objects.filter(user=global_admin)
        if gone == "role":
            mine.update(role=Role.GLOBAL_READER)
        elif gone == "membership":
            mine.delete()
        else:
            User.objects.filter(pk=global_admin.pk).update(is_active=False)
    many.work_off(act)
    assert many.outcomes(act) == {"changed": 2, "role": 3}
    receipts = [receiver for kind, receiver in mails() if kind == "bulk-receipt"]
    assert receipts == ["second@alpha.example"]


def test_a_suspension_ends_it_and_says_so(alpha, by, adventure, monkeypatch):
    monkeypatch.setattr(runs, "ROWS_A_BATCH", 2)
    many.make_many(alpha, 3)
    act = many.decide(many.previewed(alpha, by, partner=adventure), by)
    many.do_batch(act)
    with as_owner():
        Tenant.objects.filter(pk=alpha.pk).update(state="suspended", state_since=timezone.now())
    many.work_off(act)
    assert many.outcomes(act) == {"changed": 2, "organization-suspended": 1}
    assert outcome_of("organization-suspended").label == "The organization was suspended before these were reached"


def test_where_no_partner_can_be_added_many_are_changed_and_deleted(db):
    tenant = make_tenant(slug="lan", cloud=Cloud.CHINA if hasattr(Cloud, "CHINA") else "o365-21vianet")
    by = make_actor(user=make_member(tenant=tenant, email="admin@lan.example"))
    one, two = (make_partner(number=number, cloud=tenant.cloud) for number in ("565380", "935287"))
    credited, free = many.make_many(tenant, 2, partner=one), many.make_many(tenant, 2)
    assert str(buttons_for(by, tenant.cloud_profile)[0].label) == "Edit partner of record"
    assert "without a partner of record stay" in str(SetPartner.note_in(tenant.cloud_profile))
    act = many.done(tenant, by, partner=two)
    assert many.outcomes(act) == {"changed": 2, "not-in-this-cloud": 2}
    deleted = many.done(tenant, by, partner=None, of=credited)
    assert many.outcomes(deleted) == {"changed": 2}
    assert many.counts(many.undone(deleted, by))[3] == 2
    assert [periods(each)[-1] for each in credited] == [("935287", True)] * 2
    assert [periods(each) for each in free] == [[], []]


def test_undo_brings_back_what_was_and_leaves_what_changed_since(alpha, by, tailspin, adventure):
    credited, free = many.make_many(alpha, 2, partner=tailspin), many.make_many(alpha, 2)
    act = many.done(alpha, by, partner=adventure)
    change_alone(free[0], tailspin, by)
    change_alone(credited[0], tailspin, by)
    change_alone(credited[0], adventure, by)  # the same partner again, but by another change
    undo = many.undone(act, by)
    assert many.outcomes(undo) == {"changed": 2, "changed-since": 2}
    assert [periods(each)[-1] for each in credited] == [("935287", True), ("565380", True)]
    assert (periods(free[0])[-1], periods(free[1])) == (("565380", True), [("935287", False)])


def test_an_act_is_undone_once_and_its_undo_can_be_undone(alpha, by, adventure):
    rows = many.make_many(alpha, 2)
    act = many.done(alpha, by, partner=adventure)
    with scopes.tenant(alpha.pk):
        rival = bulk.preview_undo(act=act, by=by)
    undo = many.undone(act, by)
    with pytest.raises(Refused, match="nothing-to-undo"):
        many.decide(rival, by)
    again = many.undone(undo, by)
    assert many.counts(again)[3] == 2
    assert [periods(each)[-1] for each in rows] == [("935287", True)] * 2


def test_it_can_be_undone_for_ninety_days(alpha, by, adventure):
    many.make_many(alpha, 1)
    act = many.done(alpha, by, partner=adventure)
    with as_owner():
        BulkAct.objects.filter(pk=act.pk).update(ended=F("ended") - timedelta(days=91))
    with pytest.raises(Refused, match="nothing-to-undo"):
        many.undone(many.now(act), by)


def test_a_preview_that_nobody_decides_goes_after_a_day(alpha, by, adventure):
    many.make_many(alpha, 2)
    kept, old = many.done(alpha, by, partner=adventure), many.previewed(alpha, by, partner=None)
    with as_owner():
        BulkAct.objects.update(begun=F("begun") - timedelta(days=2))
    with scopes.worker():
        housekeeping.remove_previews()
    with as_owner():
        assert list(BulkAct.objects.values_list("pk", flat=True)) == [kept.pk]
    assert many.outcomes(old) == {}


@pytest.mark.django_db(transaction=True)
def test_whatever_ends_the_job_no_row_is_done_twice(alpha, by, tailspin, adventure, monkeypatch):
    """A process that ends within a row leaves nothing of its batch; the next goes on with the rows that are left."""
    monkeypatch.setattr(runs, "ROWS_A_BATCH", 4)
    rows = many.make_many(alpha, 10, partner=tailspin)
    act = many.decide(many.previewed(alpha, by, partner=adventure), by)
    take, taken = runs._take, []

    def dies(kind, row, *, reason):
        taken.append(row.pk)
        take(kind, row, reason=reason)
        if len(taken) in (1, 3, 9, 14):
            raise SystemExit

    monkeypatch.setattr(runs, "_take", dies)
    deaths = 0
    while many.now(act).state != "done":
        try:
            many.work_off(act)
        except SystemExit:
            deaths += 1
    assert deaths == 4
    assert [periods(each) for each in rows] == [[("565380", False), ("935287", True)]] * 10
    assert audit_kinds().count("partner-of-record.changed") == 10
    assert many.counts(act) == ("done", 10, 10, 10, 0)
    assert len(mails()) == 3
