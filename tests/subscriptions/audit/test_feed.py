"""Events are handed on in the order of their commits, each exactly once, after a restore too."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from subscriptions.audit import feed
from subscriptions.audit.feed import START, Feed, InvalidCursor, Position
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, PartnerEvent
from tests.database import as_owner, login_session, owner_session
from tests.factories import make_audit_event, make_partner, make_subscription
from tests.partners.partner_of_record import client as acts

PATIENCE = 30  # other tests on the same server have transactions of their own
EVENT = """
    INSERT INTO subscriptions_auditevent
        (uuid, tenant_id, kind, actor_kind, actor_name, actor_partner, subject_name, reason, detail)
    VALUES (gen_random_uuid(), %s, 'member.added', 'system', 'Portal', '', %s, '', '{}') RETURNING id
"""
ROLE = "SELECT set_config('role', 'portal_tenant', true), set_config('app.tenant_id', %s, true)"


def read(tenant, after: Position = START) -> list[AuditEvent]:
    with scopes.tenant(tenant.pk):
        return feed.read_feed(Feed(tenant_id=tenant.pk), after=after)


def until(found: Callable[[], list], count: int) -> list:
    """As soon as so many are there; the server's other transactions delay the feed for as long as they last."""
    deadline = time.monotonic() + PATIENCE
    while len(rows := found()) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    return rows


def names(events) -> list[str]:
    return [event.subject_name for event in events]


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_comes_exactly_once(alpha):
    """The first takes its id and waits; the second takes a later id and commits."""
    with login_session() as first, login_session() as second:
        with first.transaction():
            first.execute(ROLE, [str(alpha.pk)])
            (early,) = first.execute(EVENT, [alpha.pk, "early"]).fetchone()
            with second.transaction():
                second.execute(ROLE, [str(alpha.pk)])
                (late,) = second.execute(EVENT, [alpha.pk, "late"]).fetchone()
            assert early < late
            assert read(alpha) == []
            with as_owner():
                assert names(AuditEvent.objects.filter(id__gt=0)) == ["late"]  # whom ids alone would hand on
        found = until(lambda: read(alpha), 2)
    assert names(found) == ["early", "late"]
    assert read(alpha, feed.position_of(found[-1])) == []
    assert names(read(alpha, feed.position_of(found[0]))) == ["late"]


@pytest.mark.django_db(transaction=True)
def test_what_commits_after_a_reader_came_is_behind_its_cursor(alpha):
    make_audit_event(tenant=alpha, subject_name="before")
    seen = until(lambda: read(alpha), 1)
    with login_session() as first, login_session() as second:
        with first.transaction():
            first.execute(ROLE, [str(alpha.pk)])
            first.execute(EVENT, [alpha.pk, "A"])
            with second.transaction():
                second.execute(ROLE, [str(alpha.pk)])
                second.execute(EVENT, [alpha.pk, "B"])
            meanwhile = read(alpha, feed.position_of(seen[-1]))
        after = feed.position_of((seen + meanwhile)[-1])
        found = meanwhile + until(lambda: read(alpha, after), 2)
    assert names(found) == ["A", "B"]


@pytest.mark.django_db(transaction=True)
def test_after_a_restore_a_raised_epoch_hands_on_what_was_restored_and_what_comes(alpha):
    """In the other cluster the numbers of transactions are small: those of the restored events lie in its future."""
    with as_owner():
        for name in ("restored first", "restored second"):
            fields = {"actor_kind": "system", "actor_name": "Portal", "kind": "member.added"}
            AuditEvent.objects.create(tenant=alpha, subject_name=name, tx=2**62 + len(name), **fields)
    make_audit_event(tenant=alpha, subject_name="new")
    assert names(until(lambda: read(alpha), 1)) == ["new"]  # without it the others are out of sight
    consumed = Position(1, 2**62 + len("restored first"), 10**12)  # of a consumer from before the restore
    call_command("raise_epoch")
    make_audit_event(tenant=alpha, subject_name="newer")
    found = until(lambda: read(alpha), 4)
    assert names(found) == ["new", "restored first", "restored second", "newer"]
    assert [event.epoch for event in found] == [1, 1, 1, 2]
    assert names(read(alpha, consumed)) == ["restored second", "newer"]


@pytest.mark.django_db(transaction=True)
def test_an_epoch_is_raised_only_once_nobody_writes_an_event(alpha):
    with login_session() as writer, owner_session() as owner, writer.transaction():
        writer.execute(ROLE, [str(alpha.pk)])
        writer.execute(EVENT, [alpha.pk, "still running"])
        owner.execute("SET lock_timeout = '200ms'")
        with pytest.raises(Exception, match="lock timeout"), owner.transaction():
            owner.execute("LOCK TABLE subscriptions_auditevent IN EXCLUSIVE MODE")


def test_no_scope_says_itself_when_an_event_was_written(alpha):
    with scopes.tenant(alpha.pk):
        fields = {"actor_kind": "system", "actor_name": "Portal", "kind": "member.added", "subject_name": "S"}
        event = AuditEvent.objects.create(tenant=alpha, tx=3, epoch=77, **fields)
        event.refresh_from_db()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            assert (event.tx, event.epoch) == (cursor.fetchone()[0], 1)


def test_what_is_copied_into_the_table_has_its_place_too(alpha):
    with as_owner(), connection.cursor() as cursor:
        columns = "uuid, tenant_id, kind, actor_kind, actor_name, actor_partner, subject_name, reason, detail"
        with cursor.copy(f"COPY subscriptions_auditevent ({columns}) FROM STDIN") as copy:
            row = ("1" * 32, alpha.pk, "member.added", "system", "Portal", "", "copied", "", "{}")
            copy.write_row(row)
        event = AuditEvent.objects.get(subject_name="copied")
    assert event.tx > 0
    assert event.epoch == 1


def test_another_organizations_events_are_not_there(alpha, beta, committed):
    make_audit_event(tenant=alpha, subject_name="ours")
    make_audit_event(tenant=beta, subject_name="theirs")
    with scopes.worker():
        assert names(feed.read_feed(Feed(tenant_id=alpha.pk))) == ["ours"]
    with scopes.tenant(alpha.pk):
        assert feed.read_feed(Feed(tenant_id=beta.pk)) == []


def test_only_kinds_that_are_asked_for_come(alpha, committed):
    make_audit_event(tenant=alpha, kind="member.added", subject_name="M")
    make_audit_event(tenant=alpha, kind="offer.sent", subject_name="O")
    with scopes.tenant(alpha.pk):
        assert names(feed.read_feed(Feed(tenant_id=alpha.pk), kinds=["offer.sent"])) == ["O"]


def test_a_page_ends_where_the_next_one_begins(alpha, committed):
    for number in range(5):
        make_audit_event(tenant=alpha, subject_name=str(number))
    found, after = [], START
    with scopes.tenant(alpha.pk):
        while page := feed.read_feed(Feed(tenant_id=alpha.pk), after=after, limit=2):
            found += names(page)
            after = feed.position_of(page[-1])
    assert found == ["0", "1", "2", "3", "4"]


def test_from_a_moment_on_nothing_is_left_out(alpha, committed):
    now = timezone.now()
    for days in (3, 2, 1):
        make_audit_event(tenant=alpha, subject_name=str(days), at=now - timedelta(days=days))
    with scopes.tenant(alpha.pk):
        after = feed.position_before(Feed(tenant_id=alpha.pk), now - timedelta(days=2))
        assert names(feed.read_feed(Feed(tenant_id=alpha.pk), after=after)) == ["2", "1"]


def test_a_cursor_is_good_for_its_own_feed_alone(alpha, beta):
    ours, theirs = Feed(tenant_id=alpha.pk), Feed(tenant_id=beta.pk)
    cursor = feed.write_cursor(ours, Position(1, 2**40, 7))
    assert feed.read_cursor(ours, cursor) == Position(1, 2**40, 7)
    for wrong in (cursor[:-1], "abc", "", "\0", cursor + "x"):
        with pytest.raises(InvalidCursor):
            feed.read_cursor(ours, wrong)
    with pytest.raises(InvalidCursor):
        feed.read_cursor(theirs, cursor)
    with pytest.raises(InvalidCursor):
        feed.read_cursor(Feed(partner_number=str(alpha.pk)), cursor)


def handed(partner) -> list[tuple[str, str]]:
    with scopes.partner(partner.pk):
        return [(event.kind, event.side) for event in feed.read_feed(Feed(partner_number=partner.number))]


def test_a_partner_is_handed_what_is_about_its_own_ties_alone(alpha, global_admin, sign_in, committed):
    tailspin, adventure, third = (make_partner(number=number) for number in ("565380", "935287", "700001"))
    subscription = make_subscription(tenant=alpha)
    client = sign_in(global_admin)
    for partner in (tailspin, adventure):
        acts.set_partner(client, subscription, partner.number)
    make_audit_event(tenant=alpha, kind="member.added")
    assert handed(tailspin) == [("partner-of-record.added", "gained"), ("partner-of-record.changed", "lost")]
    assert handed(adventure) == [("partner-of-record.changed", "gained")]
    assert handed(third) == []
    with scopes.partner(third.pk):
        assert list(PartnerEvent.objects.all()) == []
        assert feed.read_feed(Feed(partner_number=tailspin.number)) == []


def test_a_partner_reads_no_event_of_an_organization_itself(alpha):
    make_audit_event(tenant=alpha)
    partner = make_partner()
    with scopes.partner(partner.pk), pytest.raises(ProgrammingError), transaction.atomic():
        feed.read_feed(Feed(tenant_id=alpha.pk))


@pytest.mark.parametrize("statement", ["UPDATE {0} SET kind = 'x'", "DELETE FROM {0}", "TRUNCATE {0}"])
@pytest.mark.django_db(transaction=True)
def test_not_even_the_owner_changes_what_a_partner_was_handed(alpha, statement):
    event = make_audit_event(tenant=alpha)
    with as_owner():
        PartnerEvent.objects.create(
            event=event, tenant=alpha, partner_number="1", message=event.uuid, kind="k", at=event.at, subject_name="S"
        )
    with as_owner(), connection.cursor() as cursor, pytest.raises(ProgrammingError), transaction.atomic():
        cursor.execute(statement.format("subscriptions_partnerevent"))
