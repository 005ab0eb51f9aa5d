"""What waits for a second person, how it is decided, and what became of it."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from partners.models import Partner, ScheduledChange
from partners.partner_of_record.schedule import acts as schedule
from partners.partner_of_record.schedule import runs as schedule_runs
from subscriptions.approvals import requests
from subscriptions.approvals.switch import switch_second_person
from subscriptions.approvals.wanted import wanted_of
from subscriptions.db import scopes
from subscriptions.models import Approval, Membership, Subscription, Tenant
from tests.database import as_owner

SOON = timezone.localdate() + timedelta(days=40)
LIST = "/t/alpha/billing/approvals/"


@as_owner()
def switched(tenant: Tenant, *, on: bool = True) -> None:
    Tenant.objects.filter(pk=tenant.pk).update(second_person=on)


@as_owner()
def last() -> Approval:
    return Approval.objects.select_related("tenant").latest("pk")


def url(approval: Approval, act: str = "") -> str:
    return reverse(f"subscriptions:approval{act}", args=[approval.tenant.slug, approval.uuid])


def form_of(client, approval: Approval, act: str = "") -> dict[str, str]:
    form = client.get(url(approval, act)).context["form"]
    return {name: str(form[name].value()) for name in ("key", "version") if name in form.fields}


def send(client, approval: Approval, act: str = "", **typed):
    return client.post(url(approval, act), form_of(client, approval, act) | typed)


def here(tenant: Tenant) -> Tenant:
    return Tenant.objects.with_cloud_status().get(pk=tenant.pk)


def in_scope(approval: Approval) -> Approval:
    row = Approval.objects.get(pk=approval.pk)
    row.tenant = here(approval.tenant)
    return row


def approved(approval: Approval, by) -> None:
    with scopes.tenant(approval.tenant_id):
        row = in_scope(approval)
        requests.approve(approval=row, seen=wanted_of(row).seen, by=by)


def scheduled(subscription: Subscription, partner: Partner | None, by) -> ScheduledChange:
    with scopes.tenant(subscription.tenant_id):
        fresh = Subscription.objects.select_related("product").get(pk=subscription.pk)
        wanted = {"partner": partner, "day": SOON, "version": fresh.version, "by": by, "reason": "Year end"}
        change = schedule.schedule_change(tenant=here(subscription.tenant), subscription=fresh, **wanted)
    assert change is not None
    return change


def run_schedule() -> None:
    with scopes.worker():
        assert schedule_runs.apply_batch(now=timezone.now() + timedelta(days=42)).failed == []


@as_owner()
def state(change: ScheduledChange) -> tuple[str, str]:
    found = ScheduledChange.objects.get(pk=change.pk)
    return found.state, found.outcome


def sign_in_of(actor, sign_in):
    with as_owner():
        return sign_in(Membership.objects.select_related("user").get(user=actor.user_id).user)


@as_owner()
def approval_of(change: ScheduledChange) -> Approval:
    return Approval.objects.select_related("tenant").get(act="scheduled-change", row=change.pk)


@as_owner()
def outcome_of(approval: Approval) -> str:
    return Approval.objects.get(pk=approval.pk).outcome


@as_owner()
def waiting() -> list[str]:
    return list(Approval.objects.filter(outcome="waiting").order_by("pk").values_list("act", flat=True))


def turn(tenant: Tenant, by, *, on: bool) -> None:
    with scopes.tenant(tenant.pk):
        switch_second_person(tenant=here(tenant), on=on, by=by)


@as_owner()
def here_as_owner(tenant: Tenant) -> Tenant:
    return here(tenant)
