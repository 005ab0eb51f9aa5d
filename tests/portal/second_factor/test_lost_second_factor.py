"""Who has lost the app and every code comes back: one of the staff asks, and a day later another one approves."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db.models import F

from subscriptions.models import Approval, Mail, User
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.mail import MailKind
from tests.database import as_owner
from tests.desk import act, events, messages_of, page_of, rows_of
from tests.factories import make_user
from tests.personas import make_second_factor

ACCOUNT, APPROVAL = "subscriptions_user", "subscriptions_approval"
RESET = "reset_second_factor"


@pytest.fixture
def colleague(db) -> User:
    return make_user(email="colleague@portal.example", name="Cora Colleague", is_staff=True)


@pytest.fixture
def locked_out(global_admin) -> User:
    make_second_factor(global_admin)
    return global_admin


def ask(desk, person: User):
    return act(desk, ACCOUNT, RESET, person, reason="Ticket 7, called back")


def factors(person: User) -> int:
    with as_owner():
        return Authenticator.objects.filter(user=person).count()


def a_day_passes(**more: int) -> None:
    with as_owner():
        Approval.objects.update(asked_at=F("asked_at") - timedelta(hours=24, **more))


def mailed(person: User) -> list[str]:
    return [mail.kind for mail in rows_of(Mail) if mail.to_user_id == person.pk]


def test_nothing_is_done_at_first_and_the_person_is_told_at_once(desk, locked_out):
    answer = ask(desk, locked_out)
    assert messages_of(answer) == ["Nothing is done yet: another one of the staff has to approve it."]
    assert factors(locked_out) == 2
    assert mailed(locked_out) == [MailKind.SECOND_FACTOR_RESET_ASKED]
    (asked,) = events(AuditKind.APPROVAL_ASKED)
    assert (asked.subject_name, asked.reason) == (locked_out.name, "Ticket 7, called back")


def test_before_a_day_has_passed_it_can_be_refused_and_not_approved(desk, locked_out, colleague, sign_in):
    ask(desk, locked_out)
    (wanted,) = rows_of(Approval)
    page = page_of(sign_in(colleague), APPROVAL, "approve", wanted)
    assert (page.status_code, "It can be approved from" in page.content.decode()) == (409, True)
    act(sign_in(colleague), APPROVAL, "refuse", wanted, reason="It was not the person")
    a_day_passes(minutes=1)
    assert page_of(sign_in(colleague), APPROVAL, "approve", *rows_of(Approval)).status_code == 409
    assert factors(locked_out) == 2


def test_after_a_day_another_one_approves_and_the_password_alone_signs_in(
    desk, staff, locked_out, colleague, sign_in
):
    at_home = sign_in(locked_out)
    ask(desk, locked_out)
    a_day_passes(minutes=1)
    assert page_of(desk, APPROVAL, "approve", *rows_of(Approval)).status_code == 403  # who asked
    act(sign_in(colleague), APPROVAL, "approve", *rows_of(Approval))
    assert factors(locked_out) == 0
    assert at_home.get("/account/").status_code == 302  # every session has ended
    (done,) = events(AuditKind.SECOND_FACTOR_RESET)
    assert (done.actor_id, done.subject_uuid, done.reason) == (staff.pk, locked_out.uuid, "Ticket 7, called back")
    assert mailed(locked_out) == [MailKind.SECOND_FACTOR_RESET_ASKED, MailKind.SECOND_FACTOR_RESET]


def test_an_account_without_one_and_one_of_the_staff_are_refused_with_the_way_out(desk, global_admin, colleague):
    page = page_of(desk, ACCOUNT, RESET, global_admin)
    assert (page.status_code, "This account has no second factor." in page.content.decode()) == (409, True)
    make_second_factor(colleague)
    page = page_of(desk, ACCOUNT, RESET, colleague)
    assert (page.status_code, "manage.py setup" in page.content.decode()) == (409, True)
    assert rows_of(Approval) == []


def test_one_that_waits_is_not_asked_for_twice(desk, locked_out):
    ask(desk, locked_out)
    assert messages_of(ask(desk, locked_out)) == [f"{locked_out.name}: This waits for a second person already."]
    assert mailed(locked_out) == [MailKind.SECOND_FACTOR_RESET_ASKED]
