"""One mail a milestone to both sides, extension instead where it is on, and nothing twice."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connections

from partners.relationships import upkeep as relationship_upkeep
from subscriptions.db import batches, scopes
from subscriptions.db.batches import NotUpToDate
from subscriptions.mails import acts as mail_domain
from subscriptions.models import AuditEvent, Mail
from tests.database import as_owner, owner_session
from tests.factories import make_member, make_partner, make_relationship
from tests.partners.relationships.facts import database_now, events, mails, now, put, put_end, run_job

ADMIN, MAILBOX = "admin@alpha.example", "partner-935287@partners.example"
SOON, OVER = "relationship-ends-soon", "relationship-expired"


@pytest.fixture
def delegated(alpha, global_admin, billing_admin, reader):
    partner = make_partner(number="935287", name="Adventure Works")
    return make_relationship(tenant=alpha, partner=partner)


def expected_mails(*milestones) -> Counter:
    """Each of these milestones once, to both sides."""
    kinds = {0: OVER}
    return Counter((kinds.get(days, SOON), days, person) for days in milestones for person in (ADMIN, MAILBOX))


@pytest.mark.parametrize(
    ("until", "milestones"),
    [
        ({"days": 30, "minutes": 5}, []),
        ({"days": 29, "hours": 23}, [30]),
        ({"days": 7, "minutes": 5}, [30]),
        ({"days": 6, "hours": 23}, [7]),
        ({"hours": 23}, [1]),
        ({"seconds": -1}, [0]),
        ({"days": -100}, [0]),
    ],
)
def test_only_the_milestone_that_is_true_now_is_told(delegated, until, milestones):
    """After any downtime too: what was missed is not made up for."""
    put_end(delegated, **until)
    for _ in range(2):
        run_job()
    assert mails() == expected_mails(*milestones)


def test_both_sides_are_told_once_a_milestone_however_often_the_job_runs(delegated):
    for days in (40, 30, 29, 8, 7, 6.5, 2, 1, 0.5, 0, -1, -40):
        put_end(delegated, days=days)
        for _ in range(3):
            run_job()
    assert mails() == expected_mails(30, 7, 1, 0)
    assert events(delegated) == ["ends-soon"] * 3 + ["expired"]


def test_every_global_admin_is_told_and_nobody_else(alpha, delegated):
    make_member(tenant=alpha, email="second@alpha.example")
    put_end(delegated, days=5)
    run_job()
    assert {person for _kind, _days, person in mails()} == {ADMIN, MAILBOX, "second@alpha.example"}


def test_a_week_of_downtime_leaves_one_mail(delegated):
    put_end(delegated, days=8)
    run_job()
    put_end(delegated, hours=20)
    run_job()
    assert mails() == expected_mails(30, 1)


def test_who_was_given_five_days_is_not_told_at_once_that_they_end(delegated):
    start = database_now()
    put(delegated, started_at=start - timedelta(hours=1), expires_on=start + timedelta(days=4, hours=23))
    run_job()
    assert mails() == expected_mails()
    put(delegated, started_at=start - timedelta(days=4, hours=1), expires_on=start + timedelta(hours=23))
    run_job()
    assert mails() == expected_mails(1)


@pytest.mark.parametrize("days", [30, 7, 1])
def test_who_was_given_just_a_milestone_is_not_told_at_once(delegated, days):
    start = database_now() - timedelta(seconds=2)
    put(delegated, started_at=start, expires_on=start + timedelta(days=days))
    run_job()
    assert mails() == expected_mails()


def test_nothing_is_extended_and_nobody_reminded_while_the_partner_is_suspended(delegated):
    with as_owner():
        type(delegated.partner).objects.update(state="suspended")
    put_end(delegated, days=5)
    run_job()
    assert mails() == expected_mails()
    put_end(delegated, days=-1)
    put(delegated, auto_extend=True)
    run_job()
    assert events(delegated) == []
    put(delegated, auto_extend=False)
    run_job()
    assert mails() == expected_mails(0)


@pytest.mark.parametrize("facts", [{"expires_on": None}, {"ended_at": True}])
def test_without_an_end_to_come_nobody_is_told(delegated, facts):
    put_end(delegated, days=3)
    if "ended_at" in facts:
        facts = {"ended_at": database_now(), "ended_by": "Ada"}
    put(delegated, **facts)
    run_job()
    assert mails() == expected_mails()


def test_an_extension_moves_the_end_by_180_days_and_mails_nobody(delegated):
    put_end(delegated, days=-1)
    put(delegated, auto_extend=True)
    before = now(delegated).expires_on
    for _ in range(2):
        run_job()
    row = now(delegated)
    assert (row.expires_on, row.status) == (before + timedelta(days=180), "active")
    assert (events(delegated), mails()) == (["extended"], expected_mails())


@pytest.mark.parametrize("days", [30, 7, 1, 0.01])
def test_before_its_end_an_extended_one_is_left_alone(delegated, days):
    put_end(delegated, days=days)
    put(delegated, auto_extend=True)
    before = now(delegated).expires_on
    run_job()
    assert (now(delegated).expires_on, events(delegated), mails()) == (before, [], expected_mails())


def test_a_long_downtime_extends_until_the_end_is_to_come(delegated):
    put_end(delegated, days=-400)
    put(delegated, auto_extend=True)
    before = now(delegated).expires_on
    run_job()
    assert now(delegated).expires_on == before + timedelta(days=540)
    assert events(delegated) == ["extended"] * 3


def test_it_is_in_force_while_the_extension_is_waited_for(delegated):
    put_end(delegated, days=-1)
    put(delegated, auto_extend=True)
    assert now(delegated).status == "active"


def test_after_an_extension_the_next_end_has_milestones_of_its_own(delegated):
    put_end(delegated, days=5)
    run_job()
    put_end(delegated, days=-1)
    put(delegated, auto_extend=True)
    run_job()
    put_end(delegated, days=5)
    put(delegated, auto_extend=False)
    run_job()
    assert mails() == expected_mails(7, 7)


def test_the_event_says_the_day_of_the_organizations_calendar(delegated):
    put_end(delegated, days=5)
    with as_owner():
        delegated.tenant.time_zone = "Pacific/Kiritimati"
        delegated.tenant.save()
    end = now(delegated).expires_on
    run_job()
    with as_owner():
        event = AuditEvent.objects.get()
    assert event.detail["ends_on"] == str((end + timedelta(hours=14)).date())
    assert (event.actor_kind, event.detail["roles"]) == ("system", ["helpdesk-administrator"])


@pytest.mark.parametrize(("days", "words"), [(5, "ends on"), (-1, "has run out")])
def test_the_mails_read_well(delegated, days, words):
    put_end(delegated, days=days)
    run_job()
    with as_owner():
        texts = [mail_domain.compose(mail) for mail in Mail.objects.select_related("event", "tenant", "to_user")]
    assert len(texts) == 2
    for text in texts:
        assert words in text.subject
        assert "Adventure Works" in text.subject and "Alpha Ltd" in text.subject
        assert "- Helpdesk administrator" in text.body
        assert ("/t/alpha/settings/" in text.body) == ("Gloria" in text.to[0])


def test_more_rows_than_one_batch_are_all_done(alpha, delegated, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 2)
    rows = [make_relationship(tenant=alpha, partner=make_partner(number=str(number))) for number in range(10, 15)]
    for row in rows:
        put_end(row, days=-1)
    run_job()
    assert [events(row) for row in rows] == [["expired"]] * 5


def test_a_row_that_fails_stops_no_other_and_is_undone(alpha, delegated, monkeypatch):
    other = make_relationship(tenant=alpha, partner=make_partner())
    for row in (delegated, other):
        put_end(row, days=-1)
    tell = relationship_upkeep.tell

    def tell_or_fail(event, **companies):
        tell(event, **companies)
        if event.subject_uuid == delegated.uuid:
            raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(relationship_upkeep, "tell", tell_or_fail)
        with pytest.raises(NotUpToDate) as failure:
            run_job()
    assert failure.value.args == ([delegated.pk],)
    assert (events(delegated), now(delegated).reminded_days, events(other)) == ([], None, ["expired"])
    run_job()
    assert events(delegated) == ["expired"]


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_holds_is_left_for_the_next_run(alpha, delegated):
    other = make_relationship(tenant=alpha, partner=make_partner())
    for row in (delegated, other):
        put_end(row, days=-1)
    with owner_session() as owner, owner.transaction():
        owner.execute("SELECT 1 FROM partners_partnerrelationship WHERE id = %s FOR UPDATE", [delegated.pk])
        run_job()
    assert (events(delegated), events(other)) == ([], ["expired"])
    run_job()
    assert events(delegated) == ["expired"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_once(delegated):
    put_end(delegated, days=5)
    start = threading.Barrier(4)

    def work():
        start.wait()
        try:
            with scopes.worker():
                relationship_upkeep.bring_relationships_up_to_date()
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert mails() == expected_mails(7)
