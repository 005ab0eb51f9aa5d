"""The hourly job: resellers are reminded 7 days and 1 day before, overdue requests go to staff; each once."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import ProgrammingError, transaction
from django.db.models import F
from django.utils import timezone

from partners import tasks
from partners.models import Partner, ReleaseRequest
from partners.models.partner_relationship import RelationshipKind
from partners.relationships.releases import follow_up as release_follow_up
from subscriptions.db import batches, scopes
from subscriptions.db.batches import NotUpToDate
from subscriptions.mails.acts import compose
from subscriptions.models import JobFailure, Mail, Tenant
from tests.database import as_owner
from tests.desk import list_url, rows_of
from tests.factories import make_partner, make_relationship, make_release_request
from tests.facts import audit_kinds, mails
from tests.partners.relationships.releases.client import due, follow_up, requests, steps

REMINDER = ("release-reminded", "partner-935287@partners.example")
ESCALATION = [("release-escalated", settings.STAFF_MAILBOX), ("release-escalated", "admin@alpha.example")]


@pytest.fixture
def sent(alpha, global_admin, reader):
    partner = make_partner(number="935287", name="Adventure Works")
    relationship = make_relationship(tenant=alpha, partner=partner, kind=RelationshipKind.RESELLER)
    return make_release_request(relationship=relationship)


@pytest.mark.parametrize(("in_days", "count"), [(8, 0), (7, 1), (5, 1), (2, 1), (1, 1), (0, 1)])
def test_the_reseller_is_reminded_when_it_is_due_soon(sent, in_days, count):
    due(sent, in_days=in_days)
    follow_up()
    assert mails() == [REMINDER] * count
    assert audit_kinds() == ["release-request.reminded"] * count
    assert steps(sent)[1:] == [("reminded", "Portal")] * count
    assert requests()[0].state == "sent"


def test_each_reminder_is_sent_once_however_often_the_job_runs(sent):
    """The week before the day, hour by hour: what was said on a day is kept as said so long ago."""
    told = {}
    for in_days in range(8, -1, -1):
        due(sent, in_days=in_days)
        for _ in range(3):
            follow_up()
        told[in_days] = len(mails())
        with as_owner():  # a day passes
            ReleaseRequest.objects.update(reminded_on=F("reminded_on") - timedelta(days=1))
    assert told == {8: 0, 7: 1, 6: 1, 5: 1, 4: 1, 3: 1, 2: 1, 1: 2, 0: 2}


def test_after_a_downtime_only_what_is_true_now_is_said(sent):
    due(sent, in_days=1)
    follow_up()
    follow_up()
    assert mails() == [REMINDER]
    due(sent, in_days=-9)
    with as_owner():
        ReleaseRequest.objects.update(reminded_on=None)
    follow_up()
    assert mails()[:2] == ESCALATION


def test_a_request_that_was_just_sent_needs_no_reminder(sent):
    due(sent, in_days=5, sent_days_ago=0)
    follow_up()
    assert mails() == []


@pytest.mark.parametrize(("in_days", "is_escalated"), [(0, False), (-1, True), (-40, True)])
def test_what_is_overdue_goes_to_staff_and_stays_open(sent, in_days, is_escalated):
    due(sent, in_days=in_days)
    with as_owner():
        ReleaseRequest.objects.update(reminded_on=timezone.localdate())
    for _ in range(3):
        follow_up()
    (request,) = requests()
    assert (request.state, bool(request.escalated_on)) == ("sent", is_escalated)
    assert mails() == (ESCALATION if is_escalated else [])
    assert audit_kinds() == ["release-request.escalated"] * is_escalated


def test_the_day_is_the_organizations(sent, alpha):
    """Where it is a day later already, the request is overdue."""
    zones = {}
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        with as_owner():
            Tenant.objects.update(time_zone=zone)
            zones[zone] = ReleaseRequest.objects.with_overdue().get().today
    assert zones["Pacific/Kiritimati"] - zones["Etc/GMT+12"] in (timedelta(days=1), timedelta(days=2))
    with as_owner():
        ReleaseRequest.objects.update(due_on=zones["Etc/GMT+12"], sent_at=timezone.now() - timedelta(days=30))
        assert not ReleaseRequest.objects.with_overdue().get().overdue
        Tenant.objects.update(time_zone="Pacific/Kiritimati")
        assert ReleaseRequest.objects.with_overdue().get().overdue


@pytest.mark.parametrize("state", ["suspended", "inactive"])
def test_a_reseller_that_cannot_act_is_not_waited_for(sent, state):
    with as_owner():
        Partner.objects.update(state=state)
    follow_up()
    follow_up()
    assert mails() == ESCALATION
    with as_owner():
        texts = [compose(mail) for mail in Mail.objects.select_related("tenant", "event", "to_user")]
    assert {text.subject for text in texts} == {"Adventure Works cannot answer Alpha Ltd"}
    assert sum("/staff/partners/releaserequest/" in text.body for text in texts) == 1


@pytest.mark.parametrize("state", ["released", "taken-back"])
def test_what_is_closed_is_left_alone(sent, state):
    due(sent, in_days=-1)
    with as_owner():
        ReleaseRequest.objects.update(state=state, closed_at=timezone.now(), closed_by="Ada")
    follow_up()
    assert (mails(), audit_kinds()) == ([], [])


def test_one_that_fails_stops_nobody_else_and_the_job_says_so(sent, beta, monkeypatch):
    other = make_relationship(tenant=beta, partner=sent.partner, kind=RelationshipKind.RESELLER)
    late = make_release_request(relationship=other)
    for request in (sent, late):
        due(request, in_days=-1)
    escalate = release_follow_up._escalate
    monkeypatch.setattr(release_follow_up, "_escalate", lambda row: 1 / 0 if row.pk == sent.pk else escalate(row))
    with pytest.raises(NotUpToDate):
        tasks.follow_up_releases(timestamp=0)
    assert [bool(request.escalated_on) for request in requests()] == [False, True]


def test_staff_read_which_one_failed_until_it_is_done(sent, desk, monkeypatch):
    due(sent, in_days=-1)
    with monkeypatch.context() as broken:
        broken.setattr(release_follow_up, "_escalate", lambda row: 1 / 0)
        for _ in range(2):
            with pytest.raises(NotUpToDate):
                tasks.follow_up_releases(timestamp=0)
    (failure,) = rows_of(JobFailure)
    assert (failure.job, failure.subject_uuid) == ("partners.follow_up_releases", sent.uuid)
    assert (failure.code, failure.times, failure.subject_kind) == ("ZeroDivisionError", 2, "partners.ReleaseRequest")
    listed = desk.get(list_url("subscriptions_jobfailure")).content.decode()
    assert str(sent.uuid) in listed
    tasks.follow_up_releases(timestamp=0)
    assert rows_of(JobFailure) == []


def test_more_than_a_batch_is_followed_up(sent, monkeypatch, beta):
    monkeypatch.setattr(batches, "BATCH", 1)
    other = make_relationship(tenant=beta, partner=sent.partner, kind=RelationshipKind.RESELLER)
    for request in (sent, make_release_request(relationship=other)):
        due(request, in_days=-1)
    tasks.follow_up_releases(timestamp=0)
    assert all(request.escalated_on for request in requests())


DECLINED = {"state": "declined", "closed_at": timezone.now(), "closed_by": "Portal", "decline_reason": "No"}


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        (DECLINED, "row-level security"),
        (DECLINED | {"state": "released", "decline_reason": ""}, "row-level security"),
        ({"reason": "Another"}, "permission denied"),
        ({"due_on": "2026-01-01"}, "permission denied"),
    ],
)
def test_the_job_cannot_answer_a_request_in_the_resellers_place(sent, answer, refused):
    """It takes one back that a deleted organization had sent; it grants and declines none."""
    with scopes.worker(), pytest.raises(ProgrammingError, match=refused), transaction.atomic():
        ReleaseRequest.objects.filter(pk=sent.pk).update(**answer)
