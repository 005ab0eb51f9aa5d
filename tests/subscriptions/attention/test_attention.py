"""What needs attention: each number is the list behind it; put off by one person until there is something new."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partners.models import PolicyPartner
from partners.models.partner import PartnerState
from partners.models.partner_relationship import RelationshipKind
from subscriptions.attention import reads
from subscriptions.attention.kinds import KINDS
from subscriptions.db import housekeeping, scopes
from subscriptions.models import AuditEvent, Mail, Snooze
from tests.database import as_owner
from tests.factories import (
    make_actor,
    make_application,
    make_approval,
    make_audit_event,
    make_member,
    make_order,
    make_partner,
    make_partner_of_record,
    make_partner_offer,
    make_partner_person,
    make_product,
    make_relationship,
    make_release_request,
    make_scheduled_change,
    make_subscription,
    make_tenant,
    make_user,
    make_webhook,
)
from tests.page import attribute, inside, parse, words

SNOOZED, SNOOZE, WAKE = "/t/alpha/snoozed/", "/t/alpha/snoozed/snooze/", "/t/alpha/snoozed/wake/"


@pytest.fixture
def full(alpha, global_admin):
    """Two rows of each kind in alpha, more that are none of any, and the same in another organization."""
    for tenant, user in ((alpha, global_admin), (make_tenant(slug="gamma", name="Gamma"), None)):
        _fill(tenant, user or make_member(tenant=tenant, role="global-admin", email="g@gamma.example"))
    return alpha


def _fill(tenant, user):
    today, now = timezone.localdate(), timezone.now()
    numbers = iter(range(tenant.pk * 100 + 1000, tenant.pk * 100 + 1100))
    good, bad, abroad, other = (
        make_partner(number=str(next(numbers)), **facts)
        for facts in (
            {},
            {"state": PartnerState.SUSPENDED},
            {"authorized_countries": ["FR"]},
            {"authorized_families": ["exchange"]},
        )
    )
    for partner in (good, good, bad, bad, abroad, other):
        product = make_product(name=f"Product {next(numbers)}")
        make_partner_of_record(subscription=make_subscription(tenant=tenant, product=product), partner=partner)
    for _each in range(2):
        soon = {"tenant": tenant, "term_ends_on": today + timedelta(days=9)}
        for facts in (
            {"status": "trial", "product": make_product(name=f"Product {next(numbers)}")},
            {"recurring_billing": False},
            {"billing_frequency": "annual"},
            {},  # a month's term renews so each month
        ):
            made = make_subscription(**soon | {"product": make_product(name=f"Product {next(numbers)}")} | facts)
            make_partner_of_record(subscription=made, partner=good)
        make_approval(subscription=made, user=user)
        make_approval(subscription=made, user=user, act="late", expires_on=now, row=next(numbers))  # is over
        make_subscription(tenant=tenant, product=make_product(name=f"Product {next(numbers)}"))
        make_order(tenant=tenant)
        make_webhook(tenant=tenant, state="off", why_off="silent", off_since=now)
        gone = make_user(email=f"gone{next(numbers)}@x.example")
        make_application(tenant=tenant, name=gone.email, maker=gone)
        partner = make_partner(number=str(next(numbers)))
        make_partner_offer(tenant=tenant, partner=partner, name=f"Offer {partner.number}")
        make_relationship(
            tenant=tenant, partner=partner, started_at=now - timedelta(days=500), expires_on=now + timedelta(days=200)
        )
        make_relationship(tenant=tenant, partner=partner, expires_on=now + timedelta(days=9))
        wanted = make_product(name=f"Product {next(numbers)}")
        other_than_wanted = make_subscription(tenant=tenant, product=wanted)
        make_partner_of_record(subscription=other_than_wanted, partner=good)
        with as_owner():
            PolicyPartner.objects.create(tenant=tenant, partner=partner, product=wanted, added_by="Gloria Admin")
        for facts in ({}, {"state": "not-applied", "outcome": "partner-not-active"}):
            make_scheduled_change(subscription=other_than_wanted, user=user, partner=partner, **facts)
        reseller = make_relationship(tenant=tenant, partner=partner, kind=RelationshipKind.RESELLER)
        make_release_request(relationship=reseller)
        for state, age in (("failed", 1), ("failed", 40), ("queued", 1)):
            with as_owner():
                Mail.objects.create(
                    tenant=tenant,
                    event=make_audit_event(tenant=tenant),
                    kind="order-confirmation",
                    to_user=user,
                    state=state,
                    queued=now - timedelta(days=age),
                )


def rows_on_home(client, slug="alpha") -> dict[str, tuple[str, str]]:
    """By what is said, the number and where it leads."""
    page = parse(client.get(f"/t/{slug}/").content.decode())
    return {
        words(next(inside(row, "p"))): (words(next(inside(row, "a")).text), attribute(next(inside(row, "a")), "href"))
        for row in inside(page, "li")
        if "many" in attribute(next(iter(inside(row, "a")), row), "class").split()
    }


def listed(client, url: str) -> int:
    """How many rows the list shows, but for heads of groups and what waits above it."""
    *_others, table = inside(parse(client.get(url).content.decode()), "table")
    rows = (row for body in inside(table, "tbody") for row in inside(body, "tr"))
    return sum("group" not in attribute(row, "class").split() for row in rows)


def test_each_number_is_the_list_behind_it(full, global_admin, sign_in):
    client = sign_in(global_admin)
    found = rows_on_home(client)
    assert len(found) == len(KINDS)
    assert {told: number for told, (number, _url) in found.items()} == dict.fromkeys(found, "2")
    assert {told: listed(client, url) for told, (_number, url) in found.items()} == dict.fromkeys(found, 2)


def test_what_there_is_none_of_is_absent(alpha, global_admin, sign_in):
    client = sign_in(global_admin)
    assert rows_on_home(client) == {}
    assert "Nothing needs your attention now." in client.get("/t/alpha/").content.decode()
    make_subscription(tenant=alpha)
    assert list(rows_on_home(client)) == ["subscription has no partner of record"]


def test_each_person_sees_what_it_may_read(full, reader, sign_in):
    """Who only reads looks at it; a partner's person sees nothing of other partners, nor of the mails."""
    assert "Answer" not in home_words(sign_in(reader))
    partner = make_partner(number="999")
    agent = make_partner_person(partner=partner, email="agent@partner.example")
    make_relationship(tenant=full, partner=partner, roles=("global-reader",))
    told = list(rows_on_home(sign_in(agent)))
    assert "subscriptions have no partner of record" in told
    assert [each for each in told if "offer" in each or "mail" in each or "reseller" in each] == []


def home_words(client, slug="alpha") -> str:
    return words(parse(client.get(f"/t/{slug}/").content.decode()))


def test_one_person_puts_a_kind_off_for_seven_days_and_no_other_sees_less(alpha, global_admin, reader, sign_in):
    make_subscription(tenant=alpha)
    client, events = sign_in(global_admin), count_events()
    done = client.post(SNOOZE, {"kind": "partner-without"}, follow=True)
    assert "Snoozed for 7 days" in words(parse(done.content.decode()))
    assert rows_on_home(client) == {}
    assert "1 snoozed" in home_words(client)
    assert list(rows_on_home(sign_in(reader))) == ["subscription has no partner of record"]
    with as_owner():
        (kept,) = Snooze.objects.all()
    assert (kept.user_id, kept.tenant_id, kept.kind) == (global_admin.pk, alpha.pk, "partner-without")
    assert timedelta(days=6, hours=23) < kept.until - timezone.now() <= timedelta(days=7)
    assert count_events() == events


def test_it_can_be_shown_again(alpha, global_admin, sign_in):
    make_subscription(tenant=alpha)
    client, page = sign_in(global_admin), SNOOZED
    assert "You have snoozed nothing." in words(parse(client.get(page).content.decode()))
    client.post(SNOOZE, {"kind": "partner-without"})
    assert "subscription has no partner of record" in words(parse(client.get(page).content.decode()))
    client.post(WAKE, {"kind": "partner-without"})
    assert "You have snoozed nothing." in words(parse(client.get(page).content.decode()))
    assert list(rows_on_home(client)) == ["subscription has no partner of record"]


@as_owner()
def count_events() -> int:
    return AuditEvent.objects.count()


def snoozed(tenant, user) -> bool:
    with scopes.person(user.pk) as scope:
        scope.become_tenant(tenant.pk)
        (found,) = reads.what_needs_attention(tenant, make_actor(user=user))
        return found.is_snoozed


def test_a_new_row_wakes_it_and_one_less_does_not(alpha, global_admin, sign_in):
    first, second = make_subscription(tenant=alpha), make_subscription(tenant=alpha, name="Visio")
    sign_in(global_admin).post(SNOOZE, {"kind": "partner-without"})
    make_partner_of_record(subscription=first, partner=make_partner())
    assert snoozed(alpha, global_admin)
    make_subscription(tenant=alpha, name="Project")  # as many as before, but another one
    assert not snoozed(alpha, global_admin)
    assert second.pk


def test_of_more_rows_than_are_counted_only_a_newer_one_wakes_it(alpha, global_admin, sign_in, monkeypatch):
    monkeypatch.setattr(reads, "COUNT_CAP", 3)
    suites = [make_subscription(tenant=alpha, name=f"Suite {number}") for number in range(5)]
    sign_in(global_admin).post(SNOOZE, {"kind": "partner-without"})
    make_partner_of_record(subscription=suites[-1], partner=make_partner())
    assert snoozed(alpha, global_admin)
    make_subscription(tenant=alpha, name="Project")
    assert not snoozed(alpha, global_admin)


def test_it_comes_back_when_its_days_are_over_and_what_is_over_goes(alpha, global_admin, sign_in):
    make_subscription(tenant=alpha)
    sign_in(global_admin).post(SNOOZE, {"kind": "partner-without"})
    with scopes.worker():
        assert housekeeping.remove_snoozes() == 0
    with as_owner():
        Snooze.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert not snoozed(alpha, global_admin)
    with scopes.worker():
        assert housekeeping.remove_snoozes() == 1


def test_nobody_reads_what_another_person_has_put_off(alpha, global_admin, reader, sign_in):
    make_subscription(tenant=alpha)
    sign_in(global_admin).post(SNOOZE, {"kind": "partner-without"})
    seen = {}
    for user in (global_admin, reader):
        with scopes.person(user.pk) as scope:
            scope.become_tenant(alpha.pk)
            seen[user.email] = Snooze.objects.count()
    assert seen == {global_admin.email: 1, reader.email: 0}


@pytest.mark.parametrize("kind", ["", "nothing", "orders-open"])
def test_what_is_no_kind_or_has_no_rows_changes_nothing(alpha, global_admin, sign_in, kind):
    answer = sign_in(global_admin).post(SNOOZE, {"kind": kind})
    assert (answer.status_code, answer["Location"]) == (303, "/t/alpha/")
    with as_owner():
        assert not Snooze.objects.exists()
