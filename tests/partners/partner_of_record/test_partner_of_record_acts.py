"""What each act writes: one audit row, one mail a receiver, all of it or nothing."""

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from partners.partner_of_record import acts as partner_of_record
from subscriptions.audit import acts as audit
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, Subscription, Tenant
from subscriptions.models.people.membership import Role
from tests.database import as_owner
from tests.factories import make_actor, make_member, make_partner, make_partner_of_record, make_subscription
from tests.facts import audit_kinds, footprint, mails, periods
from tests.partners.partner_of_record import client as acts


@pytest.fixture
def partners(db):
    return make_partner(number="565380", name="Tailspin"), make_partner(number="935287", name="Adventure")


@pytest.fixture
def subscription(alpha, partners):
    subscription = make_subscription(tenant=alpha)
    make_partner_of_record(subscription=subscription, partner=partners[0])
    return subscription


@as_owner()
def jobs() -> int:
    return ProcrastinateJob.objects.count()


def change(subscription: Subscription, partner, actor, **fields):
    with scopes.tenant(subscription.tenant_id):
        tenant = Tenant.objects.with_cloud_status().get()
        fresh = Subscription.objects.get(pk=subscription.pk)
        return partner_of_record.set_partner_of_record(
            tenant=tenant, subscription=fresh, partner=partner, version=fresh.version, by=actor, **fields
        )


def test_both_partners_and_every_admin_get_one_mail_each(subscription, global_admin, billing_admin, reader, sign_in):
    make_member(tenant=subscription.tenant, role=Role.GLOBAL_ADMIN, email="second@alpha.example")
    acts.set_partner(sign_in(billing_admin), subscription, "935287")
    assert mails() == [
        ("partner-named", "partner-935287@partners.example"),
        ("partner-of-record-receipt", "admin@alpha.example"),
        ("partner-of-record-receipt", "billing@alpha.example"),
        ("partner-of-record-receipt", "second@alpha.example"),
        ("partner-removed", "partner-565380@partners.example"),
    ]
    assert jobs() == 5


def test_no_mail_is_queued_for_who_cannot_sign_in(subscription, global_admin, sign_in):
    make_member(tenant=subscription.tenant, email="left@alpha.example", is_active=False)
    acts.set_partner(sign_in(global_admin), subscription, "935287")
    receipts = [receiver for kind, receiver in mails() if kind == "partner-of-record-receipt"]
    assert (receipts, jobs()) == (["admin@alpha.example"], 3)


def test_no_mail_goes_to_another_tenants_people(subscription, global_admin, admin_of_beta, sign_in):
    acts.clear(sign_in(global_admin), subscription)
    receivers = {receiver for _kind, receiver in mails()}
    assert global_admin.email in receivers
    assert admin_of_beta.email not in receivers


def test_what_is_rolled_back_leaves_no_mail_and_no_job(subscription, partners, global_admin):
    actor, before = make_actor(user=global_admin), footprint(subscription)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        change(subscription, partners[1], actor)
        raise ZeroDivisionError
    assert footprint(subscription) == before
    assert jobs() == 0


def test_an_act_whose_audit_fails_did_not_happen(subscription, partners, global_admin, monkeypatch):
    before = footprint(subscription)
    monkeypatch.setattr(audit.AuditEvent, "save", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        change(subscription, partners[1], make_actor(user=global_admin))
    assert footprint(subscription) == before


@pytest.mark.parametrize(
    ("start", "end", "kind"),
    [
        (None, "935287", "partner-of-record.added"),
        ("565380", "935287", "partner-of-record.changed"),
        ("565380", None, "partner-of-record.removed"),
    ],
)
def test_each_change_is_one_audit_row(alpha, partners, global_admin, start, end, kind):
    by_id = {partner.number: partner for partner in partners}
    subscription = make_subscription(tenant=alpha, name="Visio Online")
    if start:
        make_partner_of_record(subscription=subscription, partner=by_id[start])
    change(subscription, by_id.get(end), make_actor(user=global_admin), reason="New contract")
    with as_owner():
        event = AuditEvent.objects.get()
    assert (event.kind, event.actor_name, event.subject_name, event.reason) == (
        kind,
        "Gloria Admin",
        "Visio Online",
        "New contract",
    )
    names = {"565380": "Tailspin", "935287": "Adventure", None: None}
    expected = [{"id": number, "name": names[number]} if number else None for number in (start, end)]
    assert [event.detail["before"], event.detail["after"]] == expected


def test_an_undo_is_one_audit_row(subscription, global_admin, sign_in):
    client = sign_in(global_admin)
    acts.clear(client, subscription)
    acts.undo(client, subscription, acts.undo_offered(client, subscription))
    assert audit_kinds() == ["partner-of-record.removed", "partner-of-record.added"]


def test_a_form_sent_twice_acts_once(subscription, global_admin, sign_in):
    client = sign_in(global_admin)
    fields = acts.checked(client, subscription, "935287")
    first, second = [acts.submit(client, subscription, fields) for _ in range(2)]
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.url == second.url
    assert audit_kinds() == ["partner-of-record.changed"]
    assert len(mails()) == 3


def test_an_undo_sent_twice_acts_once(subscription, global_admin, sign_in):
    client = sign_in(global_admin)
    acts.clear(client, subscription)
    offered = acts.undo_offered(client, subscription)
    answers = [acts.undo(client, subscription, offered) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert periods(subscription) == [("565380", False), ("565380", True)]


def test_a_key_with_other_content_is_refused(subscription, partners, global_admin, sign_in):
    client = sign_in(global_admin)
    fields = acts.checked(client, subscription, "935287")
    acts.submit(client, subscription, fields)
    before = footprint(subscription)
    other = acts.checked(client, subscription, "565380") | {"key": fields["key"]}
    assert acts.submit(client, subscription, other).status_code == 409
    assert footprint(subscription) == before


def test_a_key_is_a_persons_own(subscription, global_admin, billing_admin, sign_in):
    first, second = sign_in(global_admin), sign_in(billing_admin)
    fields = acts.checked(first, subscription, "935287")
    acts.submit(first, subscription, fields)
    other = acts.checked(second, subscription, "565380") | {"key": fields["key"]}
    assert acts.submit(second, subscription, other).status_code == 303
    assert periods(subscription)[-1] == ("565380", True)


def test_a_refused_form_leaves_its_key_unused(subscription, global_admin, sign_in, monkeypatch):
    client = sign_in(global_admin)
    client.raise_request_exception = False
    fields = acts.checked(client, subscription, "935287")
    with monkeypatch.context() as failing:
        failing.setattr(audit.AuditEvent, "save", lambda *_, **__: 1 / 0)
        assert acts.submit(client, subscription, fields).status_code == 500
    assert acts.submit(client, subscription, fields).status_code == 303
    assert periods(subscription)[-1] == ("935287", True)
