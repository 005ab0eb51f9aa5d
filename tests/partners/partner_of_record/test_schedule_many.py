"""The partner of record of many subscriptions for a day to come: chosen, applied, told once, canceled."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from partners.models import Partner, ScheduledChange
from partners.partner_of_record.schedule import digest, runs
from partners.partner_of_record.schedule.many import SchedulePartner
from subscriptions.base import formats
from subscriptions.bulk import acts as bulk
from subscriptions.clouds import Cloud
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, BulkAct, Subscription, Tenant
from tests.database import as_owner
from tests.factories import make_actor, make_member, make_partner, make_partner_of_record, make_subscription
from tests.factories import make_tenant as new_tenant
from tests.facts import audit_kinds, mails, periods
from tests.partners.partner_of_record.facts import approved, last, turn, waiting
from tests.subscriptions.bulk import facts as many
from tests.subscriptions.bulk.client import choose, decide, newest, url

DAY = timezone.localdate() + timedelta(days=40)
KIND = SchedulePartner.code


def previewed(tenant: Tenant, by, *, partner: Partner | None, day: date | None = DAY, of=None) -> BulkAct:
    """Without a day for the renewal of each."""
    with scopes.tenant(tenant.pk):
        here = Tenant.objects.with_cloud_status().get()
        rows = Subscription.objects.of_tenant(here)
        rows = rows if of is None else rows.filter(pk__in=[each.pk for each in of])
        act = bulk.choose(tenant=here, kind=KIND, rows=rows, selection="All", by=by)
        whom = {"id": partner.number, "name": partner.name} if partner else {"id": "", "name": ""}
        wanted = {**whom, "day": day.isoformat() if day else ""}
        return bulk.preview(act=act, wanted=wanted, reason="Year end", by=by)


def done(tenant: Tenant, by, **wanted) -> BulkAct:
    return many.work_off(many.decide(previewed(tenant, by, **wanted), by))


def days_pass(days: int = 41) -> None:
    with scopes.worker():
        assert runs.apply_batch(now=timezone.now() + timedelta(days=days)).failed == []
    with scopes.worker():
        assert digest.tell_batch().failed == []


@as_owner()
def states(act: BulkAct) -> list[str]:
    return list(ScheduledChange.objects.filter(many=act).order_by("pk").values_list("state", flat=True))


@as_owner()
def changes() -> list[tuple[str | None, date, bool]]:
    rows = ScheduledChange.objects.filter(state="waiting").order_by("subscription__name_key")
    return list(rows.values_list("partner__number", "day", "at_renewal"))


def test_each_row_waits_for_its_day_and_on_that_day_each_reader_is_told_once(alpha, by, tailspin, adventure):
    credited, free = many.make_many(alpha, 3, partner=tailspin), many.make_many(alpha, 2)
    act = done(alpha, by, partner=adventure)
    assert many.counts(act) == ("done", 5, 5, 5, 0)
    assert changes() == [("935287", DAY, False)] * 5
    assert [periods(each) for each in credited] == [[("565380", True)]] * 3
    assert mails() == []  # nothing has changed yet
    days_pass(39)
    assert (set(states(act)), mails()) == ({"waiting"}, [])
    days_pass()
    days_pass(42)  # the job of the next day tells nothing twice
    assert states(act) == ["applied"] * 5
    assert [periods(each) for each in credited] == [[("565380", False), ("935287", True)]] * 3
    assert [periods(each) for each in free] == [[("935287", True)]] * 2
    assert mails() == [
        ("bulk-receipt", "admin@alpha.example"),
        ("credits-changed", "partner-565380@partners.example"),
        ("credits-changed", "partner-935287@partners.example"),
    ]
    with as_owner():
        ended, of_day = AuditEvent.objects.filter(kind="changes-on-many.ended").order_by("pk")
        assert {ended.correlation, of_day.correlation, of_day.subject_uuid} == {act.uuid}
        assert (of_day.detail["changed"], of_day.detail["day"]) == (5, DAY.isoformat())
        applied = AuditEvent.objects.filter(kind__startswith="partner-of-record.", correlation=act.uuid)
        assert applied.count() == 10  # each was scheduled, and changed


def test_at_the_renewal_each_has_its_own_day_and_what_cannot_wait_stays_with_its_reason(alpha, by, adventure):
    soon, later = (make_subscription(tenant=alpha, name=name, term_ends_on=DAY + timedelta(days=days))
                   for name, days in (("A", 0), ("B", 9)))  # fmt: skip
    ends = make_subscription(tenant=alpha, name="C", recurring_billing=False)
    disabled = make_subscription(tenant=alpha, name="D", status="disabled")
    so = make_subscription(tenant=alpha, name="E")
    make_partner_of_record(subscription=so, partner=adventure)
    act = previewed(alpha, by, partner=adventure, day=None)
    with as_owner():
        outcome = dict(act.rows.values_list("subscription", "outcome"))
    assert outcome == {
        soon.pk: "", later.pk: "", ends.pk: "no-renewal", disabled.pk: "subscription-disabled", so.pk: "unchanged",
    }  # fmt: skip
    many.work_off(many.decide(act, by))
    assert changes() == [("935287", DAY, True), ("935287", DAY + timedelta(days=9), True)]
    again = previewed(alpha, by, partner=adventure)
    assert many.outcomes(again) == {
        "": 1, "change-waits": 2, "subscription-disabled": 1, "unchanged": 1,
    }  # fmt: skip
    late = previewed(alpha, by, partner=adventure, day=timezone.localdate(), of=[ends])
    assert many.outcomes(late) == {"day-has-begun": 1}


def test_a_day_that_begins_before_the_job_comes_to_it_schedules_nothing(alpha, by, adventure, monkeypatch):
    many.make_many(alpha, 2)
    act = many.decide(previewed(alpha, by, partner=adventure), by)
    monkeypatch.setattr("partners.partner_of_record.schedule.many.today_of", lambda tenant: DAY)
    many.work_off(act)
    assert (many.outcomes(act), changes()) == ({"day-has-begun": 2}, [])


def test_the_whole_is_canceled_where_it_waits_and_the_rest_is_named(alpha, by, tailspin, adventure):
    waits, gone, applied, failed, moved = rows = many.make_many(alpha, 5, partner=tailspin)
    act = done(alpha, by, partner=adventure)
    with as_owner():
        for row, state in ((gone, "canceled"), (failed, "not-applied"), (moved, "dismissed"), (applied, "applied")):
            mine = ScheduledChange.objects.filter(subscription=row)
            mine.update(state=state, ended_at=timezone.now(), ended_by="Gloria", outcome="deleted")
    with scopes.tenant(alpha.pk):
        undo = bulk.preview_undo(act=many.now(act), by=by)
        assert SchedulePartner.since(act) == [
            "Scheduled: 1", "Applied: 1", "Not applied: 1", "Canceled: 1", "Dismissed: 1",
        ]  # fmt: skip
    with as_owner():
        named = dict(undo.rows.values_list("subscription", "outcome"))
    assert named == {
        waits.pk: "", gone.pk: "schedule-canceled", applied.pk: "schedule-applied",
        failed.pk: "schedule-not-applied", moved.pk: "schedule-dismissed",
    }  # fmt: skip
    many.work_off(many.decide(undo, by))
    assert (many.outcomes(undo)["changed"], changes(), mails()) == (1, [], [])
    assert periods(rows[0]) == [("565380", True)]
    # Undone again it is scheduled anew; a second undo of the first is refused
    again = many.undone(many.now(undo), by)
    assert (many.outcomes(again), changes()) == ({"changed": 1}, [("935287", DAY, False)])
    with scopes.tenant(alpha.pk), pytest.raises(Exception, match="nothing-to-undo"):
        bulk.preview_undo(act=many.now(act), by=by)
    days_pass()
    assert periods(waits) == [("565380", False), ("935287", True)]


def test_what_could_not_be_applied_is_in_the_one_mail_with_why(alpha, by, tailspin, adventure):
    first, second, third = many.make_many(alpha, 3, partner=tailspin)
    act = done(alpha, by, partner=adventure)
    with as_owner():
        Subscription.objects.filter(pk=first.pk).update(status="deleted")
        Subscription.objects.filter(pk=second.pk).update(status="disabled")
    days_pass()
    assert sorted(states(act)) == ["applied", "not-applied", "not-applied"]
    assert [kind for kind, _to in mails()].count("bulk-receipt") == 1
    assert "change-not-applied" not in [kind for kind, _to in mails()]
    with as_owner():
        event = AuditEvent.objects.filter(kind="changes-on-many.ended").latest("pk")
    assert (event.detail["not_changed"], event.detail["codes"]) == (2, ["deleted", "subscription-disabled"])
    assert periods(third)[-1] == ("935287", True)


def test_one_row_that_fails_again_and_again_holds_the_mail_back_for_half_an_hour_at_most(alpha, by, adventure):
    many.make_many(alpha, 2)
    act = done(alpha, by, partner=adventure)
    days_pass()
    with as_owner():
        stuck = ScheduledChange.objects.filter(many=act).first()
        both = ScheduledChange.objects.filter(many=act)
        both.update(is_told=False)
        both.filter(pk=stuck.pk).update(state="waiting", ended_at=None, ended_by="", event=None)
    before = len(mails())
    with scopes.worker():
        digest.tell_batch()
    assert len(mails()) == before
    with as_owner():
        ScheduledChange.objects.exclude(pk=stuck.pk).update(ended_at=timezone.now() - timedelta(minutes=31))
    with scopes.worker():
        digest.tell_batch()
    assert len(mails()) > before


def test_a_second_person_approves_all_of_them_once(needed, by, colleague, adventure):
    rows = many.make_many(needed, 3)
    act = many.decide(previewed(needed, by, partner=adventure), by)
    assert (act.state, waiting()) == ("asked", ["change-on-many"])
    approved(last(), colleague)
    many.work_off(act)
    assert (len(changes()), waiting()) == (3, [])
    days_pass()
    assert [periods(each) for each in rows] == [[("935287", True)]] * 3


def test_switched_on_those_that_wait_are_one_request_and_switched_off_it_is_still_needed(
    alpha, by, colleague, adventure, tailspin
):
    first, second = many.make_many(alpha, 2), many.make_many(alpha, 2)
    acts = [done(alpha, by, partner=adventure, of=first), done(alpha, by, partner=tailspin, of=second)]
    turn(alpha, by, on=True)
    assert waiting() == ["scheduled-changes"] * 2
    approved(last(), colleague)
    turn(alpha, by, on=False)
    days_pass()
    assert [states(act) for act in acts] == [["not-applied"] * 2, ["applied"] * 2]
    assert [periods(each) for each in (*first, *second)] == [[]] * 2 + [[("565380", True)]] * 2


def test_where_nothing_can_be_added_only_changes_and_deletions_are_scheduled(db):
    tenant = new_tenant(slug="east", cloud=Cloud.OPERATED_BY_21VIANET, country="CN", name="East")
    by = make_actor(user=make_member(tenant=tenant, email="admin@east.example"))
    about = {"cloud": tenant.cloud, "country": "CN", "authorized_countries": ["CN"]}
    old, new = (make_partner(number=number, **about) for number in ("880021", "880022"))
    named, bare = make_subscription(tenant=tenant), make_subscription(tenant=tenant)
    make_partner_of_record(subscription=named, partner=old)
    act = previewed(tenant, by, partner=new)
    assert many.outcomes(act) == {"": 1, "not-in-this-cloud": 1}
    many.work_off(many.decide(act, by))
    days_pass()
    assert (periods(named)[-1], periods(bare)) == (("880022", True), [])
    done(tenant, by, partner=None, day=DAY + timedelta(days=9))
    days_pass(60)
    assert periods(named)[-1] == ("880022", False)


def test_the_form_asks_for_whom_and_when_and_the_preview_says_the_day_of_each(
    alpha, global_admin, tailspin, adventure, sign_in
):
    client, rows = sign_in(global_admin), many.make_many(alpha, 2, partner=tailspin)
    assert "Schedule partner of record" in client.get("/t/alpha/billing/subscriptions/").content.decode()
    assert choose(client, *rows, kind=KIND).status_code == 303
    what = url("what", newest())
    for typed, said in (
        ({"what": "names", "when": "day"}, "Choose the day on which it begins."),
        ({"what": "names", "when": "day", "on": "2020-01-01"}, "This day has begun already"),
        ({"what": "names", "when": "day", "on": "2199-01-01"}, "Choose a day up to"),
        ({"what": "names", "when": "renewal"}, "Enter the ID that the partner gave you."),
    ):
        answer = client.post(what, typed)
        assert (answer.status_code, said in answer.content.decode()) == (422, True), typed
    assert {"what", "when"} <= set(client.post(what, {}).context["form"].errors)
    typed = {"what": "names", "partner_id": "935287", "when": "day", "on": DAY.isoformat(), "reason": "Merger"}
    assert client.post(what, typed)["Location"] == url("preview", newest())
    shown = client.get(url("preview", newest())).content.decode()
    assert f"935287 Adventure from {formats.day(DAY)} on" in shown
    assert "Nobody is mailed now." in shown
    act = decide(client)
    receipt = client.get(url("detail", act)).content.decode()
    assert "Cancel 2 scheduled changes" in receipt and "Scheduled: 2" in receipt
    listed = client.get(reverse("partners:scheduled-list", args=["alpha"])).content.decode()
    assert (listed.count("One of many"), listed.count(url("detail", act))) == (2, 2)
    file = (
        client.get(reverse("partners:scheduled-list", args=["alpha"]), {"file": "csv"}).getvalue().decode("utf-8-sig")
    )
    assert [line.split(",")[1:6] for line in file.splitlines()[1:]] == [
        [row.name, "Scheduled", "935287", "Adventure", DAY.isoformat()] for row in rows
    ]
    detail = client.get(reverse("subscriptions:detail", args=["alpha", rows[0].uuid])).content.decode()
    assert "935287" in detail
    later = client.get(
        reverse("subscriptions:detail", args=["alpha", rows[0].uuid]),
        {"as_of": (DAY + timedelta(days=1)).isoformat()},
    )
    assert later.context["as_of_partner"].number == "935287"


def test_a_deletion_of_many_can_wait_for_a_day_too(alpha, global_admin, tailspin, sign_in):
    client, rows = sign_in(global_admin), many.make_many(alpha, 2, partner=tailspin)
    choose(client, *rows, kind=KIND)
    client.post(url("what", newest()), {"what": "deletes", "when": "day", "on": DAY.isoformat()})
    decide(client)
    assert changes() == [(None, DAY, False)] * 2
    days_pass()
    assert [periods(each) for each in rows] == [[("565380", False)]] * 2


def uploaded(client, lines: list[str], **typed):
    file = SimpleUploadedFile("changes.csv", "\n".join(lines).encode(), content_type="text/csv")
    return client.post(reverse("partners:many-from-file", args=["alpha"]), {"file": file, **typed})


def test_a_file_schedules_partners_for_a_day_and_refuses_what_cannot_wait(
    alpha, global_admin, tailspin, adventure, sign_in
):
    client, (first, second, third) = sign_in(global_admin), many.make_many(alpha, 3, partner=tailspin)
    lines = [
        "subscription_id,partner_id,own_name",
        f"{first.uuid},935287,",
        f"{second.uuid},-,",
        f"{third.uuid},935287,Büro",
    ]
    missing = uploaded(client, lines, when="day")
    assert (missing.status_code, "Choose the day on which it begins." in missing.content.decode()) == (422, True)
    answer = uploaded(client, lines, when="day", on=DAY.isoformat())
    assert (answer.status_code, newest().kind) == (303, KIND)
    problems = client.get(reverse("subscriptions:bulk-lines", args=["alpha", newest().uuid])).content.decode()
    assert "Only the partner of record can wait for a day" in problems
    decide(client)
    assert changes() == [("935287", DAY, False), (None, DAY, False)]
    days_pass()
    assert [periods(each)[-1] for each in (first, second, third)] == [
        ("935287", True), ("565380", False), ("565380", True),
    ]  # fmt: skip


def test_a_file_for_the_renewals_says_the_day_of_each_line(alpha, global_admin, adventure, sign_in):
    client, (row, *_) = sign_in(global_admin), many.make_many(alpha, 1)
    uploaded(client, ["subscription_id,partner_id", f"{row.uuid},935287"], when="renewal")
    assert "from the renewal on" in client.get(url("preview", newest())).content.decode()
    decide(client)
    with as_owner():
        assert changes() == [("935287", Subscription.objects.get(pk=row.pk).term_ends_on, True)]


def test_what_is_decided_for_many_is_applied_once_by_two_jobs_and_told_once(alpha, by, adventure):
    rows = many.make_many(alpha, 4)
    act = done(alpha, by, partner=adventure)
    for _run in range(3):
        days_pass()
    assert audit_kinds().count("partner-of-record.added") == len(rows)
    assert [kind for kind, _to in mails()] == ["bulk-receipt", "credits-changed"]
    assert states(act) == ["applied"] * 4
