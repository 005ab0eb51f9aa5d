"""The bell: what others did since a person last looked, marked as seen by pressing it and by nothing else."""

from datetime import timedelta

import pytest
from django.db import Error
from django.utils import timezone

from subscriptions.db import scopes
from subscriptions.models import AuditEvent, Membership
from subscriptions.models.people.membership import NEWS_CAP
from tests.database import as_owner
from tests.factories import make_audit_event, make_member, make_partner, make_partner_person, make_relationship
from tests.page import attribute, inside, parse, words

PAGE, OPEN = "/t/alpha/what-happened/", "/t/alpha/what-happened/open/"


@pytest.fixture
def away(alpha, global_admin):
    """Who last looked an hour ago; since then another person, the portal and the person itself did something."""
    with as_owner():
        Membership.objects.filter(user=global_admin).update(seen=timezone.now() - timedelta(hours=1))
    make_audit_event(tenant=alpha, subject_name="Old suite", at=timezone.now() - timedelta(hours=2))
    make_audit_event(tenant=alpha, subject_name="Suite of others")
    make_audit_event(tenant=alpha, subject_name="Suite of the portal", actor_kind="system", actor_name="Portal")
    make_audit_event(tenant=alpha, subject_name="Own suite", actor=global_admin, actor_name=global_admin.name)
    return global_admin


def bell(client, address="/t/alpha/") -> str:
    """What the bell says on a page."""
    page = parse(client.get(address).content.decode())
    (button,) = (each for each in inside(page, "button", "a") if words(each).startswith("What happened"))
    return words(button)


def rows(page) -> list[str]:
    return [words(row) for body in inside(page, "tbody") for row in inside(body, "tr")]


@as_owner()
def seen(user):
    return Membership.objects.get(user=user).seen


def test_the_bell_counts_what_others_did_since_the_last_look(alpha, away, sign_in):
    assert "2 new events" in bell(sign_in(away))


def test_pressing_it_shows_what_is_new_and_marks_it_as_seen(alpha, away, sign_in):
    client, before = sign_in(away), seen(away)
    answer = client.post(OPEN)
    assert answer.status_code == 303
    shown = rows(parse(client.get(answer["Location"]).content.decode()))
    assert ["New" in row for row in shown] == [True, True, False]
    assert "Own suite" not in " ".join(shown)
    assert seen(away) > before
    assert bell(client) == "What happened"
    assert not any("New" in row for row in rows(parse(client.get(PAGE).content.decode())))


def test_opening_the_page_by_its_address_marks_nothing(alpha, away, sign_in):
    client, before = sign_in(away), seen(away)
    page = parse(client.get(PAGE).content.decode())
    assert ["New" in row for row in rows(page)] == [True, True, False]
    assert "Mark all as seen" in words(page)
    client.get(OPEN)
    client.head(PAGE)
    assert seen(away) == before


def test_news_of_another_organization_are_named_with_the_way_there(alpha, beta, away, sign_in):
    make_member(tenant=beta, user=away)
    with as_owner():
        Membership.objects.filter(user=away).update(seen=timezone.now() - timedelta(hours=1))
    make_audit_event(tenant=beta)
    page = parse(sign_in(away).get(PAGE).content.decode())
    (link,) = (each for each in inside(page, "a") if attribute(each, "href") == "/t/beta/what-happened/")
    assert words(link) == f"{beta.name} (1)"


def test_nobody_counts_further_than_is_shown(alpha, away, sign_in):
    for _each in range(NEWS_CAP):
        make_audit_event(tenant=alpha)
    assert "99+ new events" in bell(sign_in(away))


def test_a_partners_person_has_no_bell_and_reads_nothing_of_others(alpha, away, sign_in):
    partner = make_partner()
    make_relationship(tenant=alpha, partner=partner, roles=("global-reader",))
    client = sign_in(make_partner_person(partner=partner, email="agent@partner.example"))
    assert "What happened" not in words(parse(client.get("/t/alpha/").content.decode()))
    assert rows(parse(client.get(PAGE).content.decode())) == []


def test_the_person_alone_counts_events_of_its_organizations_and_writes_none(alpha, beta, away, reader):
    """Outside an organization's scope a person reads only when something happened, not what."""
    make_audit_event(tenant=beta)
    with scopes.person(away.pk):
        assert set(AuditEvent.objects.values_list("tenant_id", flat=True)) == {alpha.pk}
    with pytest.raises(Error), scopes.person(away.pk):
        list(AuditEvent.objects.values_list("subject_name"))
    with pytest.raises(Error), scopes.person(away.pk):
        AuditEvent.objects.bulk_create(
            [AuditEvent(tenant=alpha, kind="order.placed", actor_kind="member", actor_name="Eve", subject_name="x")]
        )
    with scopes.person(away.pk):
        assert Membership.objects.exclude(user=away).count() == 0
