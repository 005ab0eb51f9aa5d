"""Where an organization asks for a second person, no partner of record changes before another one has approved it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse
from django.utils import timezone

from partners.models import Partner
from partners.partner_of_record import acts as partner_of_record
from partners.partner_of_record.approval import ask_for_partner
from partners.partner_of_record.bulk import OfPartner
from partners.partner_of_record.schedule import acts as schedule
from subscriptions.access import SignInTooOld, staff_actor, the_portal
from subscriptions.applications.actors import tenant_actor
from subscriptions.applications.acts import make_application, revoke_token
from subscriptions.applications.callers import Caller
from subscriptions.applications.owners import OfOrganization
from subscriptions.approvals import requests
from subscriptions.approvals.rules import may_decide_here
from subscriptions.approvals.wanted import wanted_of
from subscriptions.clouds import Cloud
from subscriptions.db import scopes
from subscriptions.db.batches import NotUpToDate
from subscriptions.models import Approval, AuditEvent, JobFailure, Mail, Membership, Subscription, Tenant, User
from subscriptions.models.people.application import ApplicationScope
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
from tests.partners.partner_of_record.facts import (
    LIST,
    approval_of,
    approved,
    form_of,
    here,
    here_as_owner,
    in_scope,
    last,
    outcome_of,
    run_schedule,
    scheduled,
    send,
    sign_in_of,
    state,
    switched,
    url,
    waiting,
)
from tests.subscriptions.bulk import facts as many


def test_what_is_asked_for_is_done_once_another_person_approves_it(row, global_admin, billing_admin, reader, sign_in):
    asker, approver = sign_in(global_admin), sign_in(billing_admin)
    assert "Ask for approval" in asker.get(acts.edit_url(row)).content.decode()
    answer = acts.submit(asker, row, acts.checked(asker, row, "935287") | {"reason": "Year end"})
    detail = asker.get(answer.url).content.decode()
    assert all(
        said in detail for said in ("Nothing has changed yet", "Waits for approval", "565380 Tailspin → 935287")
    )
    assert (periods(row), audit_kinds()) == ([("565380", True)], ["partner-of-record.asked"])
    assert mails() == [("change-asked", billing_admin.email)]
    approval = last()
    assert timedelta(days=13) < approval.expires_on - approval.asked_at <= timedelta(days=14, minutes=1)
    # A second one for the same subscription names the first, and who asked never decides
    again = asker.get(acts.edit_url(row))
    assert (again.status_code, url(approval) in again.content.decode()) == (409, True)
    own = asker.get(url(approval)).content.decode()
    assert ("asked for this yourself" in own, "Withdraw…" in own, "Approve, and" in own) == (True, True, False)
    sent = {"key": "9a2b3c4d-0000-4000-8000-000000000001", "version": str(row.version)}
    assert asker.post(url(approval), sent).status_code == 403
    assert sign_in(reader).get(url(approval)).status_code == 403
    # Opening the link of the mail changes nothing
    page = approver.get(url(approval)).content.decode()
    assert all(said in page for said in ("Gloria", "935287 Adventure", "Year end", "Approve, and do it now"))
    assert periods(row) == [("565380", True)]
    home = approver.get("/t/alpha/").content.decode()
    assert f'href="{LIST}?state=waiting"' in home
    form = form_of(approver, approval)
    assert [approver.post(url(approval), form).status_code for _ in range(2)] == [303, 303]  # the same click twice
    assert periods(row) == [("565380", False), ("935287", True)]
    assert audit_kinds()[1:] == ["partner-of-record.approved", "partner-of-record.changed"]
    with as_owner():
        given, changed = AuditEvent.objects.order_by("pk")[1:]
        assert (given.actor_id, changed.actor_id, changed.reason) == (billing_admin.pk, global_admin.pk, "Year end")
        assert given.correlation == changed.correlation == approval.uuid
        (told,) = Mail.objects.filter(kind="change-decided")
        assert (told.to_user_id, Mail.objects.filter(kind="partner-named").count()) == (global_admin.pk, 1)
    late = approver.post(url(approval), form | {"key": "9a2b3c4d-0000-4000-8000-000000000002"})
    assert (late.status_code, "Approved" in late.content.decode()) == (409, True)
    assert f'href="{LIST}?state=waiting"' not in approver.get("/t/alpha/").content.decode()


def lose_role(approval: Approval, asker: bool) -> None:
    person = Membership.objects.filter(tenant=approval.tenant)
    person = person.filter(user=approval.asker_id) if asker else person.exclude(user=approval.asker_id)
    person.update(role="global-reader")


MEANWHILE = {
    "withdrawn": (lambda a: requests.withdraw(approval=in_scope(a), by=make_actor(user=a.asker)), 409, "Withdrawn"),
    "expired": (lambda a: Approval.objects.update(expires_on=timezone.now()), 409, "Nobody has decided this in time"),
    "approver": (lambda a: lose_role(a, asker=False), 403, "Global reader"),
    "asker": (lambda a: lose_role(a, asker=True), 409, "may not do it any more"),
    "suspended": (
        lambda a: Tenant.objects.filter(pk=a.tenant_id).update(state="suspended", state_since=timezone.now()),
        403,
        "is suspended",
    ),
    "partner": (lambda a: Partner.objects.filter(number="935287").update(state="suspended"), 409, "cannot be done"),
    "disabled": (lambda a: Subscription.objects.update(status="disabled"), 409, "disabled"),
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_what_happened_meanwhile_is_asked_again_at_the_approval(row, global_admin, billing_admin, sign_in, what):
    asker, approver = sign_in(global_admin), sign_in(billing_admin)
    acts.set_partner(asker, row, "935287")
    approval, form = last(), form_of(approver, last())
    happens, status, said = MEANWHILE[what]
    with as_owner():
        approval.asker = global_admin
        happens(approval)
    if what == "asker":  # nothing can be approved any more, and the page says so
        assert said in approver.get(url(approval)).content.decode()
    answer = approver.post(url(approval), form)
    assert (answer.status_code, said in answer.content.decode(), periods(row)) == (status, True, [("565380", True)])


@pytest.mark.parametrize("lost", ["role", "membership", "account"])
def test_who_lost_the_right_while_waiting_for_a_lock_decides_nothing(row, global_admin, colleague, sign_in, lost):
    """`colleague` is who approves, as the request has found it before."""
    acts.set_partner(sign_in(global_admin), row, "935287")
    with as_owner():
        mine = Membership.objects.filter(user=colleague.user_id)
        if lost == "role":
            mine.update(role="global-reader")
        elif lost == "membership":
            mine.delete()
        else:
            User.objects.filter(pk=colleague.user_id).update(is_active=False)
    with scopes.tenant(row.tenant_id):
        approval = in_scope(last())
        with pytest.raises(Refused):
            requests.approve(approval=approval, seen=wanted_of(approval).seen, by=colleague)
        with pytest.raises(Refused):
            requests.refuse(approval=approval, by=colleague, reason="No")
    assert (waiting(), periods(row)) == (["partner-of-record"], [("565380", True)])


def test_a_subscription_that_changed_meanwhile_is_refused_with_the_difference(
    row, by, global_admin, billing_admin, sign_in
):
    approver = sign_in(billing_admin)
    acts.clear(sign_in(global_admin), row)
    approval, form = last(), form_of(approver, last())
    with as_owner():
        Subscription.objects.filter(pk=row.pk).update(version=row.version + 1, cost_center="CC 12")
    stale = approver.post(url(approval), form)
    fresh = approver.get(url(approval)).content.decode()
    again = approver.post(url(approval), form | {"version": str(row.version + 1)})
    assert (stale.status_code, again.status_code) == (409, 409)
    for page in (fresh, again.content.decode(), stale.content.decode()):
        assert "Cost center: – → CC 12" in page
    assert ("Approve, and" in fresh, "Refuse…" in fresh, periods(row)) == (False, True, [("565380", True)])
    refused = send(approver, approval, "-refuse", reason="Not this year")
    assert (refused.status_code, last().outcome) == (303, "refused")
    assert send(approver, last(), "-refuse", reason="Again").status_code == 409
    with as_owner():
        (told,) = Mail.objects.filter(kind="change-decided").select_related("event")
        assert (told.to_user_id, told.event.reason) == (global_admin.pk, "Not this year")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_does_it(row, global_admin, billing_admin, sign_in):
    third = make_member(tenant=row.tenant, email="third@alpha.example")
    acts.set_partner(sign_in(global_admin), row, "935287")
    approval, clients = last(), [sign_in(billing_admin), sign_in(third)]
    forms = [form_of(client, approval) for client in clients]
    sent = [lambda c=c, f=f: c.post(url(approval), f).status_code for c, f in zip(clients, forms, strict=True)]
    assert sorted(at_once(*sent)) == [303, 409]
    assert audit_kinds().count("partner-of-record.changed") == 1
    assert periods(row) == [("565380", False), ("935287", True)]


def test_who_was_shown_a_programs_token_only_refuses_what_it_asked_for(row, global_admin, billing_admin, sign_in):
    """Who holds the token could have asked in the program's name; a token that is revoked since was held too."""
    about = {"owner": OfOrganization(row.tenant), "by": make_actor(user=global_admin)}
    with scopes.tenant(row.tenant_id):
        scopes_of_it = ["partner-of-record.write"]
        made = make_application(**about, name="Sync", role="billing-admin", scopes=scopes_of_it, days=30)
        revoke_token(**about, row=made.row)
    asker = Caller(
        key=made.application.pk, uuid=made.application.uuid, name="Sync", tenant_id=row.tenant_id, partner_id=None,
        role="billing-admin", scopes=frozenset(map(ApplicationScope, scopes_of_it)),
        expires_on=timezone.now(), asked_at=timezone.now(),
    )  # fmt: skip
    with scopes.tenant(row.tenant_id):
        ask_for_partner(
            tenant=row.tenant, subscription=row, partner=None, version=row.version, by=tenant_actor(asker, row.tenant)
        )
    approval = last()
    holder, other = sign_in(global_admin), sign_in(billing_admin)
    page = holder.get(url(approval)).content.decode()
    assert ("You made a token of Sync" in page, "Approve, and" in page, "Refuse…" in page) == (True, False, True)
    sent = {"key": "9a2b3c4d-0000-4000-8000-000000000009", "version": str(row.version)}
    assert holder.post(url(approval), sent).status_code == 403
    with scopes.tenant(row.tenant_id), pytest.raises(Refused, match="own-approval"):
        requests.approve(approval=in_scope(approval), seen=str(row.version), by=make_actor(user=global_admin))
    assert periods(row) == [("565380", True)]
    assert other.post(url(approval), form_of(other, approval)).status_code == 303
    assert periods(row) == [("565380", False)]


def test_only_another_member_decides_and_only_who_asked_withdraws(row, by, colleague, staff, sign_in, beta):
    acts.clear(sign_in_of(by, sign_in), row)
    approval = last()
    now, permission = timezone.now(), OfPartner.permission
    with as_owner():
        codes = [
            may_decide_here(actor, approval, now=now, permission=permission).code.code
            for actor in (by, the_portal(), staff_actor(staff), colleague)
        ]
    assert codes == ["own-approval", "role", "role", "allowed"]
    with scopes.tenant(row.tenant_id), pytest.raises(Refused, match="role"):
        requests.withdraw(approval=in_scope(approval), by=colleague)
    with scopes.tenant(row.tenant_id), pytest.raises(SignInTooOld):
        requests.approve(approval=in_scope(approval), seen="", by=make_actor(user=staff, proved_at=0))
    stranger = sign_in(make_member(tenant=beta, email="admin@beta.example"))
    assert {
        stranger.get(f"/t/{slug}/billing/approvals/{approval.uuid}/").status_code for slug in ("alpha", "beta")
    } == {404}
    with as_owner():  # what staff ask each other about the same organization is none of its requests
        own = Approval.objects.create(
            act="admin:a", row=1, subject_name="S", asker=staff, asked_by="Sam", tenant=row.tenant
        )
    with scopes.tenant(row.tenant_id):
        assert not Approval.objects.filter(pk=own.pk).exists()
    with scopes.tenant(beta.pk), pytest.raises(ObjectDoesNotExist):
        Approval.objects.get(pk=approval.pk)
    with scopes.staff():
        assert Approval.objects.filter(of_staff=True).get() == own


def test_an_undo_and_a_change_for_a_day_to_come_need_it_too(row, by, colleague, global_admin, sign_in):
    client = sign_in(global_admin)
    switched(row.tenant, on=False)
    acts.set_partner(client, row, "935287")
    offered = acts.undo_offered(client, row)
    switched(row.tenant)
    acts.undo(client, row, offered)
    assert (last().wanted["is_undo"], periods(row)[-1]) == (True, ("935287", True))
    approved(last(), colleague)
    assert periods(row)[-1] == ("565380", True)
    with as_owner():
        adventure = Partner.objects.get(number="935287")
    agreed, late, dropped = (make_subscription(tenant=row.tenant) for _ in range(3))
    changes = [scheduled(each, adventure, by) for each in (agreed, late, dropped)]
    asked = [approval_of(change) for change in changes]
    listed = client.get(reverse("partners:scheduled-list", args=["alpha"])).content.decode()
    assert listed.count("Waits for approval") == 3
    assert "Waits for approval" in client.get(f"/t/alpha/billing/subscriptions/{late.uuid}/").content.decode()
    approver = sign_in_of(colleague, sign_in)
    page = approver.get(url(asked[0])).content.decode()
    assert ("Approve for its day" in page, "do it now" in page) == (True, False)
    assert send(approver, asked[0]).status_code == 303
    assert "It is applied when its day begins" in approver.get(LIST).content.decode()
    with scopes.tenant(row.tenant_id):
        requests.refuse(approval=in_scope(asked[2]), by=colleague, reason="No")
    assert [state(change)[0] for change in changes] == ["waiting", "waiting", "canceled"]
    run_schedule()
    assert [state(change) for change in changes] == [
        ("applied", ""),
        ("not-applied", "not-approved"),
        ("canceled", ""),
    ]
    assert [periods(each) for each in (agreed, late, dropped)] == [[("935287", True)], [], []]
    assert outcome_of(asked[1]) == "withdrawn"  # it does not wait any more: its day is over
    with scopes.tenant(row.tenant_id), pytest.raises(Refused, match="approval-needed"):
        schedule.try_again(tenant=here(row.tenant), change=changes[1], by=by)


def test_nothing_else_changes_a_partner_past_it(row, by, staff, adventure):
    """But for staff, who have a second person of their own, and for what is decided with a purchase."""
    tenant, bought, new = here_as_owner(row.tenant), *(make_subscription(tenant=row.tenant) for _ in range(2))
    common = {"tenant": tenant, "subscription": row, "version": row.version, "by": by}
    with scopes.tenant(tenant.pk), pytest.raises(Refused, match="approval-needed"):
        partner_of_record.set_partner_of_record(**common, partner=adventure)
    with scopes.tenant(tenant.pk), pytest.raises(Refused, match="approval-needed"):
        partner_of_record.restore_partner(**common, partner=None)
    tenant.second_person = False  # as read before it was switched on, while the change waited for its lock
    with scopes.tenant(tenant.pk), pytest.raises(Refused, match="approval-needed"):
        partner_of_record.set_partner_of_record(**common, partner=adventure)
    assert periods(row) == [("565380", True)]
    with scopes.tenant(tenant.pk):
        paid = common | {"subscription": bought, "version": bought.version}
        partner_of_record.credit_at_purchase(**paid, partner=adventure)
        partner_of_record.credit_by_policy(tenant=tenant, subscription=new, partner=adventure, by=by)
    with scopes.staff():
        partner_of_record.set_partner_of_record(**common | {"by": staff_actor(staff)}, partner=adventure)
    assert [periods(each)[-1] for each in (row, bought, new)] == [("935287", True)] * 3


def test_what_nobody_decides_in_time_is_over_and_told(row, by, colleague, adventure, global_admin, sign_in):
    acts.clear(sign_in(global_admin), row)
    many.make_many(row.tenant, 2)
    act = many.decide(many.previewed(row.tenant, by, partner=adventure), by)
    requests.expire_all()
    assert waiting() == ["partner-of-record", "change-on-many"]
    with as_owner():
        Approval.objects.update(expires_on=timezone.now() - timedelta(seconds=1))
    acts.clear(sign_in(global_admin), row)  # asked for anew before the job has seen that it is over
    requests.expire_all()
    assert (waiting(), many.counts(act)[0]) == (["partner-of-record"], "canceled")
    assert [to for kind, to in mails() if kind == "change-decided"] == [global_admin.email] * 2
    assert audit_kinds().count("partner-of-record.not-decided") == 2


def test_a_request_that_fails_keeps_no_later_one_from_ending(row, tailspin, global_admin, sign_in):
    other = make_subscription(tenant=row.tenant)
    make_partner_of_record(subscription=other, partner=tailspin)
    for subscription in (row, other):
        acts.clear(sign_in(global_admin), subscription)
    with as_owner():
        Approval.objects.update(expires_on=timezone.now() - timedelta(seconds=1))
        failing = Approval.objects.earliest("pk")
        Approval.objects.filter(pk=failing.pk).update(row=0)
    for _run in range(2):
        with pytest.raises(NotUpToDate) as failure:
            requests.expire_all()
        assert failure.value.args == ([failing.pk],)
    assert waiting() == ["partner-of-record"]
    with as_owner():
        assert list(JobFailure.objects.values_list("job", "subject_uuid", "times")) == [
            (requests.JOB, failing.uuid, 2)
        ]
        Approval.objects.filter(pk=failing.pk).update(row=row.pk)
    requests.expire_all()
    with as_owner():
        assert (waiting(), JobFailure.objects.count()) == ([], 0)


def test_where_no_partner_is_added_a_change_and_a_deletion_are_asked_for(db, sign_in):
    tenant = make_tenant(slug="lan", cloud=Cloud.OPERATED_BY_21VIANET)
    one, two = (make_member(tenant=tenant, email=f"{name}@lan.example") for name in ("one", "two"))
    partner = make_partner(number="565380", cloud=tenant.cloud)
    credited, free = make_subscription(tenant=tenant), make_subscription(tenant=tenant)
    make_partner_of_record(subscription=credited, partner=partner)
    switched(tenant)
    client = sign_in(one)
    assert client.get(acts.edit_url(free)).status_code == 404
    acts.clear(client, credited)
    assert len(sign_in(two).get(url(last())).context["act"].sentences()) == 1  # that none can be added again
    approved(last(), make_actor(user=two))
    assert (periods(credited), periods(free)) == ([("565380", False)], [])
