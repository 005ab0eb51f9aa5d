"""The ending of a delegated admin: what a tenant may end, and what it may not."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from partners.models import PartnerRelationship
from partners.models.partner_relationship import RelationshipKind
from partners.relationships import acts as relationships
from subscriptions.access import staff_actor
from subscriptions.audit import acts as audit
from subscriptions.clouds import PROFILES, Cloud
from subscriptions.db import scopes
from subscriptions.models import AuditEvent
from tests.database import as_owner
from tests.factories import (
    make_actor,
    make_member,
    make_partner,
    make_partner_of_record,
    make_relationship,
    make_subscription,
    make_tenant,
)
from tests.facts import audit_kinds, mails

REASON = "You can't remove a reseller relationship yourself."
KEY = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def partner(db):
    return make_partner(number="935287", name="Adventure Works")


@pytest.fixture
def reseller(alpha, partner):
    return make_relationship(tenant=alpha, partner=partner, kind=RelationshipKind.RESELLER)


@pytest.fixture
def delegated(alpha, partner):
    return make_relationship(tenant=alpha, partner=partner)


def url_of(relationship: PartnerRelationship, name: str = "end") -> str:
    return reverse(f"partners:relationship-{name}", args=[relationship.tenant.slug, relationship.uuid])


def ended(relationship: PartnerRelationship) -> bool:
    with as_owner():
        return PartnerRelationship.objects.get(pk=relationship.pk).ended_at is not None


def test_delete_of_a_reseller_is_shown_disabled_with_the_reason(reseller, global_admin, sign_in):
    page = sign_in(global_admin).get(url_of(reseller, "detail"))
    text = page.content.decode().replace("&#x27;", "'")
    verdict = page.context["shown"].may_end
    assert (verdict.allowed, str(verdict.reason)) == (False, REASON)
    assert REASON in text
    assert "https://go.microsoft.com/fwlink/p/?linkid=870519" in text
    assert f'href="{url_of(reseller)}"' not in text


@pytest.mark.parametrize("fields", [{}, {"key": KEY}, {"key": KEY, "reason": "I want to"}])
def test_a_crafted_post_is_refused(reseller, global_admin, sign_in, fields):
    answer = sign_in(global_admin).post(url_of(reseller), fields)
    assert answer.status_code == 403
    assert REASON in answer.content.decode().replace("&#x27;", "'")
    assert not ended(reseller)
    assert (audit_kinds(), mails()) == ([], [])


@pytest.mark.parametrize("cloud", Cloud)
def test_no_cloud_lets_the_customer_do_it(db, cloud, sign_in):
    country = {"EUR": "DE", "CNY": "CN"}.get(PROFILES[cloud].currency, "US")
    tenant = make_tenant(slug="gamma", cloud=cloud, country=country)
    reseller = make_relationship(tenant=tenant, partner=make_partner(cloud=cloud), kind=RelationshipKind.RESELLER)
    assert sign_in(make_member(tenant=tenant)).post(url_of(reseller), {"key": KEY}).status_code == 403
    assert not ended(reseller)


def test_a_delegated_admin_is_ended_at_once(delegated, global_admin, billing_admin, sign_in):
    answer = sign_in(global_admin).post(url_of(delegated), {"key": KEY, "reason": "Contract over"})
    assert (answer.status_code, answer.url) == (303, "/t/alpha/settings/partner-relationships/")
    with as_owner():
        relationship, event = PartnerRelationship.objects.get(), AuditEvent.objects.get()
    assert (relationship.ended_by, relationship.end_reason) == ("Gloria Admin", "Contract over")
    assert timezone.now() - relationship.ended_at < timedelta(minutes=1)
    assert (event.kind, event.actor_name, event.reason) == (
        "partner-relationship.ended",
        "Gloria Admin",
        "Contract over",
    )


def test_ending_mails_the_partner_and_every_global_admin_once(delegated, global_admin, billing_admin, sign_in):
    make_member(tenant=delegated.tenant, email="second@alpha.example")
    sign_in(global_admin).post(url_of(delegated), {"key": KEY})
    assert sorted(mails()) == [
        ("relationship-ended", "admin@alpha.example"),
        ("relationship-ended", "partner-935287@partners.example"),
        ("relationship-ended", "second@alpha.example"),
    ]


def test_ending_twice_is_refused_and_the_same_form_twice_is_not(delegated, global_admin, sign_in):
    client = sign_in(global_admin)
    answers = [client.post(url_of(delegated), {"key": KEY}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert client.post(url_of(delegated), {"key": KEY.replace("1", "9")}).status_code == 409
    assert audit_kinds() == ["partner-relationship.ended"]


@pytest.mark.parametrize("person", ["billing_admin", "reader"])
def test_only_a_global_admin_ends_a_relationship(delegated, request, sign_in, person):
    answer = sign_in(request.getfixturevalue(person)).post(url_of(delegated), {"key": KEY})
    assert answer.status_code == 403
    assert not ended(delegated)


def test_an_expired_one_cannot_be_ended(alpha, partner, global_admin, sign_in):
    expired = make_relationship(tenant=alpha, partner=partner, expires_on=timezone.now() + timedelta(seconds=1))
    with as_owner():
        PartnerRelationship.objects.update(
            started_at=timezone.now() - timedelta(days=2), expires_on=timezone.now() - timedelta(days=1)
        )
    assert sign_in(global_admin).post(url_of(expired), {"key": KEY}).status_code == 409
    assert not ended(expired)


def test_an_end_whose_audit_fails_did_not_happen(alpha, delegated, global_admin, monkeypatch):
    monkeypatch.setattr(audit.AuditEvent, "save", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError), scopes.tenant(alpha.pk):
        relationships.end_relationship(tenant=alpha, relationship=delegated, by=make_actor(user=global_admin))
    assert not ended(delegated)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"kind": RelationshipKind.SUBSCRIPTION_ADVISOR, "roles": ()}, "relationship_kind_stored"),
        ({"roles": ()}, "relationship_roles_of_delegated_admin"),
        ({"kind": RelationshipKind.RESELLER, "roles": ("global-reader",)}, "relationship_roles_of_delegated_admin"),
        ({"ended_at": timezone.now()}, "relationship_ended_by_somebody"),
        ({"ended_by": "Ada"}, "relationship_ended_by_somebody"),
        ({"started_by": ""}, "relationship_started_by_somebody"),
        ({"expires_on": timezone.now() - timedelta(days=9)}, "relationship_ends_after_start"),
    ],
)
def test_the_database_refuses_what_makes_no_sense(alpha, partner, fields, name):
    with pytest.raises(IntegrityError, match=name):
        make_relationship(tenant=alpha, partner=partner, **fields)


def test_the_database_refuses_a_second_row_of_one_reseller(alpha, partner, reseller):
    with pytest.raises(IntegrityError, match="relationship_one_reseller_row"):
        make_relationship(tenant=alpha, partner=partner, kind=RelationshipKind.RESELLER)


@pytest.mark.parametrize(
    "change",
    [{"ended_at": None, "ended_by": ""}, {"end_reason": "another"}, {"ended_by": "somebody else"}],
    ids=["revived", "reason", "person"],
)
def test_an_ended_relationship_is_history(alpha, delegated, change):
    with as_owner():
        PartnerRelationship.objects.update(ended_at=timezone.now(), ended_by="Ada")
    with scopes.tenant(alpha.pk), pytest.raises(ProgrammingError, match="is history"), transaction.atomic():
        PartnerRelationship.objects.update(**change)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_relationship_ends_now_and_at_no_other_time(alpha, delegated, days):
    moment = timezone.now() + timedelta(days=days)
    with scopes.tenant(alpha.pk), pytest.raises(ProgrammingError, match="ends now"), transaction.atomic():
        PartnerRelationship.objects.update(ended_at=moment, ended_by="Ada")


def test_a_second_send_with_another_reason_gets_the_answer_of_the_first(delegated, global_admin, sign_in):
    client = sign_in(global_admin)
    answers = [client.post(url_of(delegated), {"key": KEY, "reason": reason}) for reason in ("one", "two")]
    assert [answer.status_code for answer in answers] == [303, 303]
    with as_owner():
        assert PartnerRelationship.objects.get().end_reason == "one"


def test_a_partner_of_deleted_subscriptions_only_is_no_advisor(alpha, partner, global_admin, sign_in):
    subscription = make_subscription(tenant=alpha, status="deleted")
    make_partner_of_record(subscription=subscription, partner=partner)
    client = sign_in(global_admin)
    assert client.get("/t/alpha/settings/partner-relationships/").context["groups"] == []
    url = reverse("partners:partner-detail", args=["alpha", partner.uuid])
    assert client.get(url).status_code == 404


def test_staff_end_a_reseller_relationship_that_has_run_out(alpha, reseller, staff):
    with as_owner():
        past = timezone.now() - timedelta(days=2)
        PartnerRelationship.objects.update(started_at=past - timedelta(days=9), expires_on=past)
    with scopes.staff():
        relationships.end_relationship(tenant=alpha, relationship=reseller, by=staff_actor(staff), reason="over")
    assert ended(reseller)
