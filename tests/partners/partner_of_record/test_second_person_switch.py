"""A second person is asked for once for many subscriptions, and for what waits when it is switched on."""

import pytest

from partners.partner_of_record.bulk import OfPartner
from subscriptions.access import SignInTooOld
from subscriptions.approvals import requests
from subscriptions.approvals.switch import switch_second_person
from subscriptions.bulk import acts as bulk
from subscriptions.bulk import runs
from subscriptions.bulk.kinds import KINDS
from subscriptions.db import scopes
from subscriptions.models import Approval, AuditEvent, Membership, Subscription, Tenant
from subscriptions.verdicts import Stale
from tests.database import as_owner
from tests.factories import (
    make_actor,
    make_subscription,
)
from tests.facts import audit_kinds, mails, periods
from tests.partners.partner_of_record.facts import (
    approved,
    here,
    in_scope,
    last,
    run_schedule,
    scheduled,
    sign_in_of,
    state,
    switched,
    turn,
    url,
    waiting,
)
from tests.subscriptions.bulk import facts as many


def test_a_change_on_many_is_one_request_with_what_was_seen(needed, by, colleague, adventure, sign_in):
    rows = many.make_many(needed, 5)
    act = many.decide(many.previewed(needed, by, partner=adventure), by)
    approval = last()
    assert (act.state, approval.wanted["many"], approval.wanted["digest"]) == ("asked", 5, act.digest)
    assert many.work_off(act).changed == 0
    page = f"/t/alpha/billing/changes/{act.uuid}/"
    assert url(approval) in sign_in_of(by, sign_in).get(page).content.decode()
    with as_owner():
        Subscription.objects.filter(pk=rows[0].pk).update(version=99)
    with scopes.tenant(needed.pk), pytest.raises(Stale):
        requests.approve(approval=in_scope(approval), seen=f"{act.digest}-5-0", by=colleague)
    shown = sign_in_of(colleague, sign_in).get(url(approval)).content.decode()
    assert "Changed by somebody else since, and left alone" in shown
    approved(approval, colleague)
    assert many.counts(many.work_off(act))[3] == 4
    assert many.outcomes(act) == {"changed": 4, "stale-version": 1}
    assert [kind for kind, _to in mails()].count("change-asked") == 1
    # An undo needs it too; one that is refused can be asked for again
    with scopes.tenant(needed.pk):
        undo = bulk.preview_undo(act=many.now(act), by=by)
    many.decide(undo, by)
    with scopes.tenant(needed.pk):
        requests.refuse(approval=in_scope(last()), by=colleague, reason="No")
    assert many.counts(many.now(undo))[0] == "canceled"
    with scopes.tenant(needed.pk):
        second = bulk.preview_undo(act=many.now(act), by=by)
    many.decide(second, by)
    approved(last(), colleague)
    assert many.work_off(second).changed == 4
    assert [periods(each)[-1] for each in rows[1:]] == [("935287", False)] * 4


def test_every_kind_of_change_on_many_asks_where_it_is_about_the_partner(needed, by):
    act = many.previewed(needed, by, partner=None)
    with scopes.tenant(needed.pk):
        needing = {code for code, kind in KINDS.items() if kind.needs_second_person(act)}
    of_partner = {code for code, kind in KINDS.items() if issubclass(kind, OfPartner)}
    assert (needing, len(of_partner)) == (of_partner - {"from-file"}, 5)  # the file has no line of a partner


def test_switched_on_what_waits_needs_it_and_switched_off_it_still_does(
    alpha, by, colleague, tailspin, adventure, sign_in, monkeypatch
):
    monkeypatch.setattr(runs, "ROWS_A_BATCH", 2)
    first, second = make_subscription(tenant=alpha, name="A"), make_subscription(tenant=alpha, name="B")
    changes = [scheduled(each, adventure, by) for each in (first, second)]
    rows = many.make_many(alpha, 3)
    act = many.decide(many.previewed(alpha, by, partner=tailspin, of=rows), by)
    many.do_batch(act)
    turn(alpha, by, on=True)
    assert many.counts(act)[0] == "asked"
    assert sorted(waiting()) == ["change-on-many", "scheduled-change", "scheduled-change"]
    assert [kind for kind, _to in mails()].count("change-asked") == 0  # one mail tells of all three
    turn(alpha, by, on=False)
    assert many.work_off(act).changed == 2
    run_schedule()
    assert [state(change) for change in changes] == [("not-applied", "not-approved")] * 2
    with as_owner():
        approval = Approval.objects.select_related("tenant").get(act="change-on-many")
    approved(approval, colleague)
    assert many.work_off(act).changed == 3
    assert audit_kinds().count("changes-on-many.begun") == 1
    with as_owner():
        on, off = AuditEvent.objects.filter(kind="partner-policy.second-person").order_by("pk")
        assert (on.detail, off.detail["is_on"]) == ({"is_on": True, "waiting": 3}, False)
    assert {to for kind, to in mails() if kind == "second-person-switched"} == {
        "admin@alpha.example",
        "billing@alpha.example",
    }


def test_an_act_that_was_decided_just_before_the_switch_is_held_back_by_its_job(needed, by, colleague, adventure):
    switched(needed, on=False)
    many.make_many(needed, 1)
    act = many.decide(many.previewed(needed, by, partner=adventure), by)
    switched(needed)
    assert (many.work_off(act).state, last().wanted["is_begun"]) == ("asked", True)
    approved(last(), colleague)
    assert many.work_off(act).changed == 1


def test_one_admin_alone_cannot_switch_it_on_and_every_switch_needs_a_recent_sign_in(
    alpha, by, global_admin, billing_admin, sign_in
):
    page, client = "/t/alpha/settings/second-person/", sign_in(global_admin)
    typed = {"key": "9a2b3c4d-0000-4000-8000-000000000001", "needed": "yes"}
    with as_owner():
        Membership.objects.filter(user=billing_admin).update(role="global-reader")
    alone = client.post(page, typed)
    assert (alone.status_code, "nobody could approve it" in alone.content.decode()) == (409, True)
    with scopes.tenant(alpha.pk), pytest.raises(SignInTooOld):
        switch_second_person(tenant=here(alpha), on=True, by=make_actor(user=global_admin, proved_at=0))
    with as_owner():
        Membership.objects.filter(user=billing_admin).update(role="billing-admin")
    assert sign_in(billing_admin).get(page).status_code == 403
    assert client.post(page, typed).status_code == 303
    with as_owner():
        assert Tenant.objects.get(pk=alpha.pk).second_person
    assert "needs a second person" in client.get("/t/alpha/settings/partner-policy/").content.decode()
