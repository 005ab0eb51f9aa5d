"""What waits for a relationship's lock decides by the clock after the wait; several are locked in one order."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connections

from partners.models import ManagedSubscription
from partners.models.partner_relationship import RelationshipKind
from partners.relationships import acts as relationships
from partners.relationships import review as relationship_review
from partners.relationships import roles as relationship_roles
from partners.relationships.managed import set_reseller
from partners.relationships.resellers import CannotResell
from subscriptions.access import staff_actor
from subscriptions.db import scopes
from subscriptions.verdicts import Refused, VerdictCode
from tests.database import owner_session
from tests.desk import act, rows_of
from tests.factories import make_actor, make_partner, make_relationship, make_subscription
from tests.partners.relationships.facts import database_now, events, now, put

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
HOLD = "SELECT 1 FROM partners_partnerrelationship WHERE id = %s FOR UPDATE"
END = "UPDATE partners_partnerrelationship SET ended_at = clock_timestamp(), ended_by = 'Agatha' WHERE id = %s"


@pytest.fixture
def delegated(alpha):
    return make_relationship(tenant=alpha, partner=make_partner(), roles=("global-reader", "license-administrator"))


def acts_on(relationship, by):
    facts = {"tenant": relationship.tenant, "by": by}
    return {
        "end": lambda: relationships.end_relationship(relationship=relationship, **facts),
        "roles": lambda: relationship_roles.remove_roles(relationship=relationship, roles=["global-reader"], **facts),
        "extend": lambda: relationship_roles.set_auto_extend(relationship=relationship, extend=True, **facts),
        "review": lambda: relationship_review.review_relationships(keep=[relationship.uuid], end=[], **facts),
    }


def answer_after_its_end(relationship, run):
    """What `run` gives that waited for the row's lock until the relationship had run out."""
    answers = []

    def work():
        try:
            with scopes.tenant(relationship.tenant_id):
                answers.append(run())
        except Refused as refusal:
            answers.append(refusal.verdict.code)
        finally:
            connections.close_all()

    end = database_now() + timedelta(seconds=1)
    put(relationship, expires_on=end)
    worker = threading.Thread(target=work)
    with owner_session() as owner, owner.transaction():
        owner.execute(HOLD, [relationship.pk])
        worker.start()
        while not owner.execute(WAITING).fetchone()[0]:
            assert database_now() < end, "the act does not wait for the row"
            time.sleep(0.01)
        while database_now() <= end:
            time.sleep(0.05)
    worker.join()
    return answers[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["end", "roles", "extend"])
def test_what_ran_out_during_the_wait_is_not_revived(delegated, global_admin, name):
    run = acts_on(delegated, make_actor(user=global_admin))[name]
    assert answer_after_its_end(delegated, run) is VerdictCode.ALREADY_ENDED
    assert (events(delegated), now(delegated).status) == ([], "expired")


@pytest.mark.django_db(transaction=True)
def test_a_review_leaves_alone_what_ran_out_during_the_wait(delegated, global_admin):
    run = acts_on(delegated, make_actor(user=global_admin))["review"]
    assert answer_after_its_end(delegated, run) == relationship_review.Reviewed(0, 0)
    assert (events(delegated), now(delegated).reviewed_by) == ([], "")


@pytest.mark.django_db(transaction=True)
def test_nobody_becomes_manager_whose_relationship_ends_meanwhile(alpha, staff):
    tie = make_relationship(tenant=alpha, partner=make_partner(), kind=RelationshipKind.RESELLER)
    suite, outcome = make_subscription(tenant=alpha), []

    def work():
        try:
            with scopes.staff():
                set_reseller(tenant=alpha, subscription=suite, partner=tie.partner, by=staff_actor(staff))
        except CannotResell as refusal:
            outcome.append(refusal)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    with owner_session() as owner, owner.transaction():
        owner.execute(HOLD, [tie.pk])
        worker.start()
        late = time.monotonic() + 5
        while worker.is_alive() and not owner.execute(WAITING).fetchone()[0]:
            assert time.monotonic() < late
            time.sleep(0.01)
        owner.execute(END, [tie.pk])
    worker.join()
    assert len(outcome) == 1
    assert rows_of(ManagedSubscription) == []


def test_staff_lock_chosen_rows_in_the_order_of_everybody(alpha, desk, monkeypatch):
    """The list shows the newest first; the review locks the oldest first."""
    rows = [make_relationship(tenant=alpha, partner=make_partner(number=str(number))) for number in (1, 2, 3)]
    locked = []
    monkeypatch.setattr(relationships, "locked_relationship", _noting(locked, relationships.locked_relationship))
    act(desk, "partners_partnerrelationship", "end_relationships", *rows, reason="R")
    assert locked == [row.pk for row in rows]


def _noting(locked, usual):
    def lock(tenant, pk):
        locked.append(pk)
        return usual(tenant, pk)

    return lock
