"""A partner that is not on the approved list, where the organization lets it be asked for: a second person agrees."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.models import ScheduledChange
from partners.partner_of_record.policy import acts as policy
from partners.partner_of_record.schedule import runs
from portal.checkout.acts import name_partner
from subscriptions.approvals import requests
from subscriptions.bulk import acts as bulk
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, Membership, Tenant
from subscriptions.verdicts import Refused
from tests.database import as_owner
from tests.factories import make_order, make_partner_of_record, make_subscription
from tests.facts import audit_kinds, periods
from tests.partners.partner_of_record import client as acts
from tests.partners.partner_of_record.facts import approved, here, in_scope, last, sign_in_of, url, waiting
from tests.partners.partner_of_record.test_from_file import upload
from tests.partners.partner_of_record.test_policy import post
from tests.partners.partner_of_record.test_schedule_many import previewed as previewed_for_a_day
from tests.subscriptions.bulk import facts as many
from tests.subscriptions.bulk.client import newest

DAY = timezone.localdate() + timedelta(days=40)


def turn(tenant: Tenant, by, *, asks: bool) -> None:
    with scopes.tenant(tenant.pk):
        policy.set_off_list(tenant=here(tenant), asks=asks, by=by)


@pytest.fixture
def asks(alpha, by, tailspin, billing_admin):
    """Tailspin alone is on the list."""
    with scopes.tenant(alpha.pk):
        policy.approve_partner(tenant=alpha, partner=tailspin, by=by)
    turn(alpha, by, asks=True)
    return alpha


def days_pass() -> None:
    with scopes.worker():
        assert runs.apply_batch(now=timezone.now() + timedelta(days=42)).failed == []


def test_on_the_page_one_on_the_list_is_named_at_once_and_another_one_is_asked_for(
    asks, global_admin, colleague, adventure, sign_in
):
    client, row = sign_in(global_admin), make_subscription(tenant=asks)
    fields = acts.opened(client, row) | {"partner_id": "935287"}
    assert "has to approve that this partner is named" in acts.check(client, row, fields).content.decode()
    assert acts.set_partner(client, row, "565380").status_code == 303
    first, second = (acts.checked(client, row, "935287") for _form in range(2))
    assert acts.submit(client, row, first).status_code == 303
    assert (periods(row), waiting()) == ([("565380", True)], ["partner-of-record"])
    told = sign_in_of(colleague, sign_in).get(url(last())).content.decode()
    assert "is not on your organization&#x27;s list of approved partners.</" in told  # and not whose turn it is
    listed = client.get(reverse("subscriptions:approval-list", args=["alpha"])).content.decode()
    assert "Any other partner needs a second person" in listed
    again = acts.submit(client, row, second)
    assert (again.status_code, "waits for approval" in again.content.decode()) == (409, True)
    approved(last(), colleague)
    assert periods(row) == [("565380", False), ("935287", True)]
    # Nobody and one on the list need no second person; an undo to one that is off it does
    assert acts.set_partner(client, row, "565380").status_code == 303
    assert acts.undo(client, row, acts.undo_offered(client, row)).status_code == 303
    assert (periods(row)[-1], waiting()) == (("565380", True), ["partner-of-record"])
    approved(last(), colleague)
    assert periods(row)[-1] == ("935287", True)
    stays = acts.check(client, row, acts.opened(client, row) | {"partner_id": "935287"}).content.decode()
    assert ("Partner found" in stays, "has to approve" in stays) == (True, False)
    assert acts.clear(client, row).status_code == 303
    assert periods(row)[-1] == ("935287", False)


def test_many_are_one_request_that_says_so_and_their_undo_is_one_too(asks, by, colleague, tailspin, adventure):
    rows = many.make_many(asks, 3, partner=tailspin)
    act = many.previewed(asks, by, partner=adventure)
    with scopes.tenant(asks.pk):
        kind = bulk.kind_of(act, by)
        assert {kind.said(row.after) for row in act.rows.all()} == {"935287 Adventure (not on the approved list)"}
    assert many.work_off(many.decide(act, by)).state == "asked"
    assert [periods(row) for row in rows] == [[("565380", True)]] * 3
    approved(last(), colleague)
    assert many.work_off(act).changed == 3
    back = many.done(asks, by, partner=tailspin)
    assert many.counts(back)[3] == 3  # one on the list: nobody was asked
    with scopes.tenant(asks.pk):
        undo = bulk.preview_undo(act=many.now(back), by=by)
    assert many.decide(undo, by).state == "asked"


def test_a_file_and_a_day_to_come_ask_too(asks, by, global_admin, colleague, adventure, sign_in):
    client, (first, second) = sign_in(global_admin), many.make_many(asks, 2)
    lines = [["subscription_id", "partner_id"], [str(first.uuid), "935287"], [str(second.uuid), "565380"]]
    make_partner_of_record(subscription=second, partner=adventure)
    assert upload(client, lines).status_code == 303
    assert many.work_off(many.decide(newest(), by)).state == "asked"
    approved(last(), colleague)
    assert many.work_off(newest()).changed == 2
    assert (periods(first)[-1], periods(second)[-1]) == (("935287", True), ("565380", True))
    act = previewed_for_a_day(asks, by, partner=adventure)
    assert many.decide(act, by).state == "asked"
    approved(last(), colleague)
    many.work_off(act)
    days_pass()
    assert periods(second)[-1] == ("935287", True)


def test_a_change_of_one_for_a_day_waits_for_its_approval(asks, global_admin, colleague, adventure, sign_in):
    client, row, late = sign_in(global_admin), *(make_subscription(tenant=asks) for _row in range(2))
    for each in (row, late):
        day = {"when": "day", "on": DAY.isoformat()}
        assert acts.submit(client, each, acts.checked(client, each, "935287") | day).status_code == 303
    assert waiting() == ["scheduled-change"] * 2
    with as_owner():
        first = ScheduledChange.objects.get(subscription=row)
        request = type(last()).objects.select_related("tenant").get(row=first.pk)
    approved(request, colleague)
    days_pass()
    assert (periods(row), periods(late)) == ([("935287", True)], [])
    with as_owner():
        assert ScheduledChange.objects.get(subscription=late).outcome == "not-approved"


def test_where_the_list_counts_again_what_was_asked_for_is_refused(asks, by, colleague, adventure):
    rows = many.make_many(asks, 1)
    act = many.decide(many.previewed(asks, by, partner=adventure), by)
    turn(asks, by, asks=False)
    approved(last(), colleague)
    many.work_off(act)
    assert (many.outcomes(act), periods(rows[0])) == ({"not-on-list": 1}, [])


def test_a_partner_that_leaves_the_list_after_the_preview_is_not_named_alone(asks, by, tailspin, adventure):
    many.make_many(asks, 1)
    with scopes.tenant(asks.pk):
        policy.approve_partner(tenant=asks, partner=adventure, by=by)
    act = many.decide(many.previewed(asks, by, partner=adventure), by)
    with as_owner():
        asks.__class__.objects.get(pk=asks.pk)
        adventure_on_list = policy.ApprovedPartner.objects.get(partner=adventure)
    with scopes.tenant(asks.pk):
        policy.take_off_list(tenant=asks, approved=adventure_on_list, by=by)
    many.work_off(act)
    assert many.outcomes(act) == {"approval-needed": 1}


def test_at_a_purchase_nobody_is_asked(asks, by, adventure):
    order = make_order(tenant=asks)
    with scopes.tenant(asks.pk), pytest.raises(Refused, match="approval-needed"):
        name_partner(tenant=here(asks), order=order, version=order.version, partner=adventure, by=by)


def test_a_global_admin_says_it_where_there_is_a_second_person(alpha, by, global_admin, billing_admin, sign_in):
    client = sign_in(global_admin)
    with as_owner():
        Membership.objects.filter(user=billing_admin).update(role="global-reader")
    alone = post(client, "policy-off-list", off_list="asked-for")
    assert (alone.status_code, "nobody could approve it" in alone.content.decode()) == (409, True)
    with as_owner():
        Membership.objects.filter(user=billing_admin).update(role="billing-admin")
    assert post(client, "policy-off-list", off_list="asked-for").status_code == 303
    page = client.get(reverse("partners:policy", args=["alpha"])).content.decode()
    assert "In your organization another one can be asked for" in page
    assert post(client, "policy-off-list", off_list="asked-for").status_code == 303
    assert audit_kinds() == ["partner-policy.off-list"]
    with as_owner():
        assert (AuditEvent.objects.get().detail, Tenant.objects.get(pk=alpha.pk).asks_off_list) == (
            {"asks": True},
            True,
        )
    billing = sign_in_of(type(by)(kind=by.kind, name="", user_id=billing_admin.pk), sign_in)
    assert billing.get(reverse("partners:policy-off-list", args=["alpha"])).status_code == 403


def test_who_asked_does_not_approve_it(asks, by, adventure):
    many.make_many(asks, 1)
    act = many.decide(many.previewed(asks, by, partner=adventure), by)
    with scopes.tenant(asks.pk), pytest.raises(Refused, match="own-approval"):
        request = in_scope(last())
        requests.approve(approval=request, seen="", by=by)
    assert many.work_off(act).changed == 0
