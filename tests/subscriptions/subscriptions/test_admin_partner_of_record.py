"""Staff change partners of record by an act with a reason, through the same domain function as everybody."""

import pytest

from partners.models import PartnerOfRecord
from partners.models.partner_of_record import Source
from subscriptions.clouds import Cloud
from subscriptions.models import Mail, Subscription
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.mail import MailKind
from subscriptions.subscriptions import admin_partner_of_record
from subscriptions.subscriptions.changes import StaleVersion
from tests.database import as_owner
from tests.desk import act, events, messages_of, page_of, rows_of, send
from tests.factories import (
    make_partner,
    make_partner_of_record,
    make_subscription,
    make_tenant,
)
from tests.page import parse, words

MODEL, ACTION = "subscriptions_subscription", "change_partner_of_record"


@pytest.fixture
def named(alpha, global_admin):
    """A subscription of alpha with a partner of record."""
    subscription = make_subscription(tenant=alpha)
    make_partner_of_record(subscription=subscription, partner=make_partner())
    return subscription


def change_partner(client, *subscriptions, **wanted):
    return act(client, MODEL, ACTION, *subscriptions, **wanted)


def test_the_page_shows_each_chosen_subscription_with_its_partner(desk, named):
    other = make_subscription(tenant=named.tenant)
    response = page_of(desk, MODEL, ACTION, named, other)
    shown = {row.pk: row.partner_number for row in response.context["form"].table.rows}
    assert shown == {named.pk: "565380", other.pk: None}


def test_the_partner_found_is_shown_before_it_is_named(desk, named):
    make_partner(number="935287", name="Adventure Works Advisors")
    response = change_partner(desk, named, partner_id="935 287", reason="Ticket 7")
    assert response.status_code == 200
    assert "Adventure Works Advisors" in response.content.decode()
    assert response.context["form"]["seen"].value() == "935287"
    assert len(rows_of(PartnerOfRecord)) == 1


def test_a_change_stands_in_history_audit_and_mails(desk, staff, named, global_admin):
    partner = make_partner(number="935287")
    response = change_partner(desk, named, partner_id="935287", seen="935287", reason="Ticket 7")
    assert messages_of(response) == ["Change partner of record: done for Office 365 E3, Alpha Ltd."]
    before, after = rows_of(PartnerOfRecord)
    assert (before.end_source, before.ended_by_id, before.end_reason) == (Source.STAFF, staff.pk, "Ticket 7")
    assert (after.partner_id, after.source, after.set_by_name) == (partner.pk, Source.STAFF, "Sam Staff")
    (event,) = events(AuditKind.PARTNER_OF_RECORD_CHANGED)
    assert (event.actor_kind, event.actor, event.reason) == (ActorKind.STAFF, staff, "Ticket 7")
    assert [(mail.kind, mail.to_user_id) for mail in rows_of(Mail)] == [
        (MailKind.PARTNER_REMOVED, None),
        (MailKind.PARTNER_NAMED, None),
        (MailKind.PARTNER_OF_RECORD_RECEIPT, global_admin.pk),
    ]


def test_a_change_without_reason_is_refused(desk, named):
    make_partner(number="935287")
    response = change_partner(desk, named, partner_id="935287", seen="935287", reason=" ")
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["reason"]
    assert len(rows_of(PartnerOfRecord)) == 1


def test_an_empty_box_alone_deletes_nothing(desk, named):
    response = change_partner(desk, named, partner_id="", reason="Ticket 8")
    assert response.status_code == 422
    assert rows_of(PartnerOfRecord)[0].valid.upper is None


def test_the_tick_deletes(desk, named):
    change_partner(desk, named, partner_id="", delete="on", reason="Ticket 8")
    (period,) = rows_of(PartnerOfRecord)
    assert (period.end_source, period.end_reason) == (Source.STAFF, "Ticket 8")
    assert len(events(AuditKind.PARTNER_OF_RECORD_REMOVED)) == 1


def test_what_is_refused_is_reported_for_its_subscription(desk, named):
    make_partner(number="935287")
    disabled = make_subscription(tenant=named.tenant, name="Old one", status="disabled")
    response = change_partner(desk, named, disabled, partner_id="935287", seen="935287", reason="Move")
    refused, done = messages_of(response)
    assert refused.startswith("Old one, Alpha Ltd: This subscription is disabled")
    assert done == "Change partner of record: done for Office 365 E3, Alpha Ltd."


def test_what_was_changed_meanwhile_is_shown_as_it_is_before_anything_is_done(desk, named):
    make_partner(number="935287")
    busy = make_subscription(tenant=named.tenant, name="Busy one")
    page, typed = page_of(desk, MODEL, ACTION, named, busy), {"partner_id": "935287", "reason": "Move"}
    with as_owner():
        Subscription.objects.filter(pk=busy.pk).update(name="Busier one", version=4)
    response = send(desk, page, **typed)
    assert (response.status_code, response.context["form"]["reason"].value()) == (409, "Move")
    assert "This has changed since you opened the page." in response.content.decode()
    assert "Busier one" in response.content.decode()
    assert len(rows_of(PartnerOfRecord)) == 1
    assert len(messages_of(send(desk, send(desk, response)))) == 1
    assert len(rows_of(PartnerOfRecord)) == 3


def test_what_changes_between_the_look_and_the_act_is_told_for_its_subscription(desk, named, monkeypatch):
    make_partner(number="935287")

    def stale(**_facts):
        raise StaleVersion

    monkeypatch.setattr(admin_partner_of_record, "set_partner_of_record", stale)
    (refused,) = messages_of(change_partner(desk, named, partner_id="935287", seen="935287", reason="Move"))
    assert refused.startswith("Office 365 E3, Alpha Ltd: It was changed meanwhile.")


def test_an_unusable_partner_is_refused_with_the_reason(desk, named):
    make_partner(number="4391507", state="inactive", name="Fourth Coffee")
    response = change_partner(desk, named, partner_id="4391507", reason="Move")
    assert response.status_code == 422
    assert "is no longer active" in str(response.context["form"].errors["partner_id"])
    assert response.content.decode().count("is no longer active") == 1


def test_where_the_reasons_differ_each_stands_at_its_subscription(desk, named):
    make_partner(number="612345", name="Fourth Coffee", authorized_families=["exchange"])
    elsewhere = make_tenant(slug="nordwind", name="Nordwind GmbH", cloud=Cloud.GERMANY)
    other = make_subscription(tenant=elsewhere)
    response = change_partner(desk, named, other, partner_id="612345", reason="Move")
    assert "each says why" in str(response.context["form"].errors["partner_id"])
    reasons = set(response.context["form"].problems.values())
    assert len(reasons) == 2
    assert all(reason in words(parse(response.content.decode())) for reason in reasons)
