"""Staff change partners of record by an act with a reason, through the same domain function as everybody."""

import pytest

from partners.models import PartnerOfRecord
from partners.models.partner_of_record import Source
from subscriptions.clouds import Cloud
from subscriptions.models import Mail
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.mail import MailKind
from tests.desk import act, events, list_url, messages_of, rows_of
from tests.factories import (
    make_partner,
    make_partner_of_record,
    make_subscription,
    make_tenant,
)
from tests.journeys.page import parse, words


@pytest.fixture
def named(alpha, global_admin):
    """A subscription of alpha with a partner of record."""
    subscription = make_subscription(tenant=alpha)
    make_partner_of_record(subscription=subscription, partner=make_partner())
    return subscription


def change_partner(client, *subscriptions, **wanted):
    versions = {f"version-{row.pk}": row.version for row in subscriptions}
    return act(client, "subscriptions_subscription", "change_partner_of_record", *subscriptions, **versions | wanted)


def test_the_page_shows_each_chosen_subscription_with_its_partner(desk, named):
    other = make_subscription(tenant=named.tenant)
    data = {"action": "change_partner_of_record", "_selected_action": [named.pk, other.pk], "index": 0}
    response = desk.post(list_url("subscriptions_subscription"), data)
    lines = {line.subscription.pk: line.subscription.partner_number for line in response.context["form"].lines}
    assert lines == {named.pk: "565380", other.pk: None}


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
    stale = make_subscription(tenant=named.tenant, name="Busy one", version=4)
    stale.version = 3
    response = change_partner(desk, named, disabled, stale, partner_id="935287", seen="935287", reason="Move")
    refused_disabled, refused_stale, done = messages_of(response)
    assert refused_stale.startswith("Busy one, Alpha Ltd: It was changed meanwhile.")
    assert refused_disabled.startswith("Old one, Alpha Ltd: This subscription is disabled")
    assert done == "Change partner of record: done for Office 365 E3, Alpha Ltd."


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
    assert all(line.problem in words(parse(response.content.decode())) for line in response.context["form"].lines)
