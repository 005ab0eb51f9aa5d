"""Mails once a day: what can wait is held, and comes as one mail at 08:00 of the person's day, exactly once."""

from datetime import UTC, datetime

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from subscriptions.db import scopes
from subscriptions.mails import acts as mails
from subscriptions.mails.digests import queue_digests
from subscriptions.models import Mail, User
from subscriptions.models.mail import MAY_WAIT, MailKind, MailState
from subscriptions.models.user import MailPace
from tests.database import as_owner
from tests.factories import make_audit_event, make_user
from tests.subscriptions.mails.test_mails import DETAIL

MORNING = datetime(2027, 3, 27, 7, 30, tzinfo=UTC)  # 08:30 in Berlin; the clocks there go forward the night after


@pytest.fixture
def reader(db):
    return make_user(email="daily@alpha.example", mails=MailPace.DAILY, time_zone="Europe/Berlin", name="Dora Daily")


@as_owner()
def mail_to(user, tenant, *, kind=MailKind.PARTNER_OF_RECORD_RECEIPT, queued=datetime(2027, 3, 26, 12, tzinfo=UTC)):
    event = make_audit_event(tenant=tenant, subject_name="Office 365 E3", detail=DETAIL)
    return Mail.objects.create(tenant=tenant, event=event, kind=kind, to_user=user, queued=queued)


def message(mail):
    """What the worker would send now."""
    with scopes.worker():
        return mails.message_to_send(mail.pk)


def digests_at(now) -> int:
    with scopes.worker():
        return queue_digests(now=now)


@as_owner()
def state(mail) -> str:
    return Mail.objects.get(pk=mail.pk).state


@as_owner()
def digests() -> list[Mail]:
    return list(Mail.objects.filter(kind=MailKind.DIGEST).order_by("pk"))


def test_what_can_wait_is_held_for_who_wants_it_daily_and_sent_to_others_at_once(alpha, reader, global_admin):
    held, sent = mail_to(reader, alpha), mail_to(global_admin, alpha)
    assert message(held) is None
    assert (state(held), message(sent) is None) == (MailState.HELD, False)


@pytest.mark.parametrize("kind", [MailKind.VIEWED_AS, MailKind.MEMBERS_CHANGED, MailKind.SECOND_FACTOR_RESET])
def test_what_is_about_safety_never_waits(alpha, reader, kind):
    assert kind not in MAY_WAIT
    mail = mail_to(reader, alpha, kind=kind)
    message(mail)
    assert state(mail) == MailState.QUEUED


def test_one_mail_brings_all_of_a_day_and_all_are_sent_with_it(alpha, beta, reader):
    parts = [mail_to(reader, alpha), mail_to(reader, beta)]
    assert [message(part) for part in parts] == [None, None]
    assert digests_at(MORNING) == 1
    (digest,) = digests()
    brought = message(digest)
    assert "2" in brought.subject
    assert (brought.body.count("Office 365 E3") >= 2, alpha.name in brought.body, beta.name in brought.body) == (
        True,
        True,
        True,
    )
    with scopes.worker():
        mails.mark_sent(digest.pk)
    assert [state(part) for part in [*parts, digest]] == [MailState.SENT] * 3
    with as_owner():
        assert ProcrastinateJob.objects.filter(lock=f"mail-{digest.pk}").count() == 1


def test_it_comes_once_a_day_however_often_and_late_the_job_runs_and_whatever_the_zone_becomes(alpha, reader):
    message(mail_to(reader, alpha))
    assert [digests_at(MORNING.replace(hour=6, minute=59)), digests_at(MORNING), digests_at(MORNING)] == [0, 1, 0]
    message(mail_to(reader, alpha, queued=MORNING.replace(hour=5)))
    with as_owner():
        User.objects.filter(pk=reader.pk).update(time_zone="America/Los_Angeles")
    assert digests_at(MORNING.replace(hour=16)) == 0  # past eight there too, on the same day
    assert digests_at(datetime(2027, 3, 28, 15, 1, tzinfo=UTC)) == 1
    assert [digest.digest_day.isoformat() for digest in digests()] == ["2027-03-27", "2027-03-28"]


def test_what_comes_after_eight_waits_for_the_next_day_by_the_clock_of_that_day(alpha, reader):
    message(mail_to(reader, alpha, queued=MORNING))
    assert digests_at(MORNING.replace(hour=20)) == 0
    assert digests_at(datetime(2027, 3, 28, 5, 59, tzinfo=UTC)) == 0  # 07:59 of summer time
    assert digests_at(datetime(2027, 3, 28, 6, 0, tzinfo=UTC)) == 1


def test_of_a_digest_that_fails_for_good_nothing_arrived(alpha, reader):
    part = mail_to(reader, alpha)
    message(part)
    digests_at(MORNING)
    (digest,) = digests()
    with as_owner():
        User.objects.filter(pk=reader.pk).update(is_active=False)
    assert message(digest) is None
    assert (state(digest), state(part)) == (MailState.FAILED, MailState.FAILED)


def test_a_person_chooses_it_on_the_own_account(reader, sign_in):
    client = sign_in(reader)
    assert "Once a day, at 08:00" in client.get("/account/").content.decode()
    client.post(
        "/account/",
        {
            "language": "",
            "time_zone": "Europe/Berlin",
            "theme": "system",
            "mails": "at-once",
            "key": "0b7e9f0c-7a3e-4b4e-9a53-0a1d3a0e6f11",
        },
    )
    with as_owner():
        assert User.objects.get(pk=reader.pk).mails == MailPace.AT_ONCE
