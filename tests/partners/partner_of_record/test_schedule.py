"""A change of the partner of record for a day to come: applied once on its day, or kept with why it was not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.models import Partner, ScheduledChange
from partners.partner_of_record.schedule import acts as schedule
from partners.partner_of_record.schedule import runs
from subscriptions.access import SignInTooOld
from subscriptions.clouds import Cloud
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, CloudState, Membership, Subscription, Tenant
from subscriptions.subscriptions.lifecycle import months_later
from subscriptions.verdicts import Refused
from tests.database import as_owner, at_once
from tests.factories import (
    make_actor,
    make_member,
    make_partner,
    make_partner_of_record,
    make_subscription,
    make_tenant,
)
from tests.facts import audit_kinds, mails, periods
from tests.partners.partner_of_record import client as acts
from tests.subscriptions.bulk import facts as many

DAYS = (date(2027, 1, 1), date(2027, 3, 28), date(2027, 10, 31))  # of two of them an hour is longer or shorter
ZONES = ("Europe/Berlin", "Asia/Shanghai", "America/Los_Angeles")
TEN_MINUTES = timedelta(minutes=10)
SOON = timezone.localdate() + timedelta(days=40)


def scheduled(subscription: Subscription, partner: Partner | None, by, *, day: date | None = SOON) -> ScheduledChange:
    """Without a day at the renewal."""
    with scopes.tenant(subscription.tenant_id):
        fresh = Subscription.objects.select_related("product").get(pk=subscription.pk)
        tenant = Tenant.objects.with_cloud_status().get(pk=subscription.tenant_id)
        change = schedule.schedule_change(
            tenant=tenant,
            subscription=fresh,
            partner=partner,
            day=day,
            version=fresh.version,
            by=by,
            reason="Year end",
        )
    assert change is not None
    return change


def run(at: datetime) -> None:
    with scopes.worker():
        assert runs.apply_batch(now=at).failed == []


def midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))


@as_owner()
def state(change: ScheduledChange) -> tuple[str, str]:
    row = ScheduledChange.objects.get(pk=change.pk)
    return row.state, row.outcome


def test_it_is_applied_once_when_the_day_begins_where_the_organization_is(tailspin, adventure, by):
    """Also by a job that is late, runs twice, or whose clock is ten minutes off."""
    for number, zone in enumerate(ZONES):
        tenant = make_tenant(slug=f"zone-{number}", name=zone, time_zone=zone)
        person = make_actor(user=make_member(tenant=tenant, email=f"{number}@zone.example"))
        for day in DAYS:
            row = make_subscription(tenant=tenant)
            make_partner_of_record(subscription=row, partner=tailspin)
            change, begins = scheduled(row, adventure, person, day=day), midnight(day, zone)
            run(begins - TEN_MINUTES)
            assert (zone, day, state(change)) == (zone, day, ("waiting", ""))
            for late in (timedelta(0), TEN_MINUTES, timedelta(hours=3), -TEN_MINUTES):
                run(begins + late)
            assert (state(change), periods(row)) == (("applied", ""), [("565380", False), ("935287", True)])
    assert audit_kinds().count("partner-of-record.changed") == len(ZONES) * len(DAYS)
    with as_owner():
        event = AuditEvent.objects.filter(kind="partner-of-record.changed").latest("pk")
        assert (event.detail["source"], event.reason, event.actor_name) == ("schedule", "Year end", person.name)
        assert ScheduledChange.objects.latest("pk").event == event


def test_a_zone_that_changes_in_between_moves_the_moment_and_applies_it_once(alpha, by, adventure):
    row = make_subscription(tenant=alpha)
    change = scheduled(row, adventure, by, day=DAYS[0])
    with as_owner():
        Tenant.objects.filter(pk=alpha.pk).update(time_zone="America/Los_Angeles")
    run(midnight(DAYS[0], "UTC") + TEN_MINUTES)
    assert state(change) == ("waiting", "")
    with as_owner():
        Tenant.objects.filter(pk=alpha.pk).update(time_zone="Asia/Shanghai")
    for zone in ("Asia/Shanghai", "UTC", "America/Los_Angeles"):
        run(midnight(DAYS[0], zone))
    assert (state(change), periods(row)) == (("applied", ""), [("935287", True)])


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_applies_it_and_of_two_persons_one_cancels_it(
    alpha, by, tailspin, adventure, global_admin, billing_admin, sign_in
):
    row, other = make_subscription(tenant=alpha), make_subscription(tenant=alpha)
    make_partner_of_record(subscription=row, partner=tailspin)
    change, canceled = scheduled(row, adventure, by, day=DAYS[0]), scheduled(other, adventure, by)
    at_once(*[lambda: run(midnight(DAYS[0], "UTC"))] * 4)
    assert (state(change), periods(row)) == (("applied", ""), [("565380", False), ("935287", True)])
    assert audit_kinds().count("partner-of-record.changed") == 1
    clients = [sign_in(global_admin), sign_in(billing_admin)]
    forms = [{"key": str(client.get(url("cancel", canceled)).context["form"]["key"].value())} for client in clients]
    answers = at_once(
        *[
            lambda client=client, form=form: client.post(url("cancel", canceled), form)
            for client, form in zip(clients, forms, strict=True)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert (state(canceled), audit_kinds().count("partner-of-record.schedule-canceled")) == (("canceled", ""), 1)
    run(midnight(SOON, "UTC"))
    assert periods(other) == []


def moved(row: Subscription) -> None:
    later = row.term_ends_on + timedelta(days=10)
    Subscription.objects.filter(pk=row.pk).update(term_ends_on=later, anchor_day=later.day)


def renewed(row: Subscription) -> None:
    """By the job of terms, which came first."""
    end = months_later(row.term_ends_on, 1, anchor=row.anchor_day)
    Subscription.objects.filter(pk=row.pk).update(term_ends_on=end)


WHAT_HAPPENED = {
    "renewal-moved": moved,
    "renewal-canceled": lambda row: Subscription.objects.filter(pk=row.pk).update(recurring_billing=False),
    "deleted": lambda row: Subscription.objects.filter(pk=row.pk).update(status="deleted"),
    "subscription-disabled": lambda row: Subscription.objects.filter(pk=row.pk).update(status="disabled"),
    "partner-not-active": lambda row: Partner.objects.filter(number="935287").update(state="suspended"),
    "cloud-closed": lambda row: CloudState.objects.update_or_create(
        cloud=row.tenant.cloud, defaults={"status": "closed"}
    ),
    "organization-suspended": lambda row: Tenant.objects.filter(pk=row.tenant_id).update(
        state="suspended", state_since=timezone.now()
    ),
    "role": lambda row: Membership.objects.filter(tenant=row.tenant_id, role="billing-admin").update(
        role="global-reader"
    ),
}


@pytest.mark.parametrize("code", WHAT_HAPPENED)
def test_what_does_not_fit_any_more_is_kept_with_its_reason_and_mailed(
    alpha, global_admin, billing_admin, adventure, sign_in, code
):
    row = make_subscription(tenant=alpha)
    by = make_actor(user=billing_admin, role="billing-admin")
    at_renewal = code.startswith("renewal")
    change = scheduled(row, adventure, by, day=None if at_renewal else SOON)
    with as_owner():
        WHAT_HAPPENED[code](row)
    for hours in (1, 2):
        run(midnight(change.day, "UTC") + timedelta(hours=hours))
    assert (state(change), periods(row)) == (("not-applied", code), [])
    assert audit_kinds() == ["partner-of-record.scheduled", "partner-of-record.not-applied"]
    assert ("change-not-applied", "admin@alpha.example") in mails()
    if code == "organization-suspended":  # of which nothing is decided meanwhile
        return
    page = sign_in(global_admin).get(reverse("partners:scheduled-list", args=["alpha"])).content.decode()
    assert ("Not applied" in page, "Dismiss" in page) == (True, True)


def test_at_the_renewal_it_is_applied_before_or_after_the_job_of_terms(alpha, by, adventure):
    early, late = make_subscription(tenant=alpha), make_subscription(tenant=alpha)
    changes = [scheduled(row, adventure, by, day=None) for row in (early, late)]
    assert {(change.day, change.at_renewal) for change in changes} == {(early.term_ends_on, True)}
    with as_owner():
        renewed(late)
    run(midnight(early.term_ends_on, "UTC"))
    assert [state(change) for change in changes] == [("applied", "")] * 2
    trial = make_subscription(tenant=alpha, status="trial")
    with pytest.raises(Refused, match="wrong-state"):
        scheduled(trial, adventure, by, day=None)


def test_what_was_not_applied_is_tried_again_or_dismissed(alpha, global_admin, by, adventure, sign_in):
    rows = many.make_many(alpha, 2)
    changes = [scheduled(row, adventure, by) for row in rows]
    with as_owner():
        Partner.objects.update(state="suspended")
    run(midnight(SOON, "UTC"))
    client = sign_in(global_admin)
    refused = post(client, url("try-again", changes[0]))
    assert (refused.status_code, "cannot be applied" in refused.content.decode()) == (409, True)
    assert state(changes[0]) == ("not-applied", "partner-not-active")
    with as_owner():
        Partner.objects.update(state="active")
    assert post(client, url("try-again", changes[0])).status_code == 303
    assert post(client, url("dismiss", changes[1]), reason="Not needed").status_code == 303
    assert [state(change)[0] for change in changes] == ["applied", "dismissed"]
    assert [periods(row) for row in rows] == [[("935287", True)], []]
    assert client.get(url("dismiss", changes[1])).status_code == 409


def test_the_page_schedules_names_the_first_and_asks_which_stays(alpha, global_admin, tailspin, adventure, sign_in):
    client, row = sign_in(global_admin), make_subscription(tenant=alpha, name="Office")
    make_partner_of_record(subscription=row, partner=tailspin)
    fields = acts.checked(client, row, "935287") | {"when": "day"}
    for wrong in ("", str(timezone.localdate()), "2199-01-01", "soon"):
        answer = acts.submit(client, row, fields | {"on": wrong})
        assert (wrong, answer.status_code, state_of(row)) == (wrong, 422, [])
    assert acts.submit(client, row, fields | {"on": str(SOON)}).status_code == 303
    assert (state_of(row), periods(row)) == (["waiting"], [("565380", True)])
    detail = client.get(reverse("subscriptions:detail", args=["alpha", row.uuid])).content.decode()
    assert ("935287 Adventure from" in detail, "Cancel the change" in detail) == (True, True)
    second = acts.checked(client, row, "935287") | {"when": "renewal"}
    answer = acts.submit(client, row, second)
    assert (answer.status_code, "A change to 935287 Adventure is scheduled" in answer.content.decode()) == (409, True)
    clear = acts.opened(client, row) | {"partner_id": "", "when": "now"}
    answer = acts.submit(client, row, clear)
    assert (answer.status_code, "Choose whether it stays" in answer.content.decode()) == (422, True)
    assert acts.submit(client, row, clear | {"waiting": "stays"}).status_code == 303
    assert (state_of(row), periods(row)) == (["waiting"], [("565380", False)])
    again = acts.checked(client, row, "565380") | {"when": "now", "waiting": "cancels"}
    assert acts.submit(client, row, again).status_code == 303
    assert (state_of(row), periods(row)) == (["canceled"], [("565380", False), ("565380", True)])


def test_a_page_that_did_not_say_what_waits_is_stale(alpha, by, global_admin, adventure, tailspin, sign_in):
    client, row = sign_in(global_admin), make_subscription(tenant=alpha)
    fields = acts.checked(client, row, "565380")
    scheduled(row, adventure, by)
    assert (acts.submit(client, row, fields).status_code, periods(row)) == (409, [])


def test_list_day_to_come_and_filter_say_what_waits(alpha, by, global_admin, adventure, tailspin, sign_in):
    client, row = sign_in(global_admin), make_subscription(tenant=alpha, name="Office")
    make_subscription(tenant=alpha, name="Visio")
    make_partner_of_record(subscription=row, partner=tailspin)
    change = scheduled(row, adventure, by)
    listed = reverse("subscriptions:list", args=["alpha"])
    page = client.get(f"{listed}?scheduled=waiting").content.decode()
    assert ("Changes on" in page, "Office" in page, "Visio" in page) == (True, True, False)
    detail = reverse("subscriptions:detail", args=["alpha", row.uuid])
    for day, partner in ((SOON - timedelta(days=1), "565380 Tailspin"), (SOON, "935287 Adventure")):
        assert f"the partner of record will be {partner}" in client.get(f"{detail}?as_of={day}").content.decode()
    with scopes.tenant(alpha.pk):
        act = many.previewed(alpha, by, partner=make_partner(number="777001"))
    assert many.outcomes(act) == {"": 1, "change-waits": 1}
    assert url("cancel", change) in client.get(reverse("partners:scheduled-list", args=["alpha"])).content.decode()


def test_where_nothing_can_be_added_a_change_and_a_deletion_can_be_scheduled(db, sign_in):
    lanyun = make_tenant(slug="lanyun", name="Lanyun", cloud=Cloud.OPERATED_BY_21VIANET, country="CN")
    user = make_member(tenant=lanyun, email="admin@lanyun.example")
    old, new = (make_partner(number=number, cloud=lanyun.cloud, country="CN") for number in ("880021", "880022"))
    changed, cleared, free = many.make_many(lanyun, 3)
    for row in (changed, cleared):
        make_partner_of_record(subscription=row, partner=old)
    client, by = sign_in(user), make_actor(user=user)
    assert client.get(acts.edit_url(free)).status_code == 404
    with pytest.raises(Refused, match="not-in-this-cloud"):
        scheduled(free, new, by)
    waits = [scheduled(changed, new, by), scheduled(cleared, None, by)]
    run(midnight(SOON, "UTC"))
    assert [state(change)[0] for change in waits] == ["applied", "applied"]
    assert [periods(row) for row in (changed, cleared)] == [
        [("880021", False), ("880022", True)],
        [("880021", False)],
    ]


def test_who_decides_proves_it_then_and_the_job_carries_that(alpha, by, adventure):
    row = make_subscription(tenant=alpha)
    with pytest.raises(SignInTooOld):
        scheduled(row, adventure, replace(by, proved_at=datetime.now(tz=UTC).timestamp() - 3601))
    change = scheduled(row, adventure, by, day=DAYS[0])
    run(midnight(DAYS[0], "UTC"))
    assert state(change) == ("applied", "")


def url(name: str, change: ScheduledChange) -> str:
    return reverse(f"partners:scheduled-{name}", args=["alpha", change.uuid])


def post(client, address: str, **fields: str):
    form = client.get(address).context["form"]
    return client.post(address, {"key": str(form["key"].value()), **fields})


@as_owner()
def state_of(row: Subscription) -> list[str]:
    return list(ScheduledChange.objects.filter(subscription=row).order_by("pk").values_list("state", flat=True))
