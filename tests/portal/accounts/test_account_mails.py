"""Mails about an account: asked for alike whether there is one, sent by the worker once, in its reader's language."""

import re
import smtplib
import statistics
import time

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from subscriptions.mails.failures import MailNotSent
from subscriptions.models import Mail
from subscriptions.models.mail import MailKind
from tests.database import as_owner
from tests.desk import page_of, send
from tests.factories import PASSWORD, make_audit_event
from tests.portal.accounts.test_sessions import CHANGE
from tests.post_office import jobs_asked_for, mails_about_accounts, send_account_mails

RESET = "/accounts/password/reset/"


def asked(client, email: str):
    """Status, place and text of what a person is shown who asks for a new password."""
    answer = client.post(RESET, {"email": email})
    return answer.status_code, answer.url, client.get(answer.url).content.decode().replace(email, "")


def test_an_unknown_address_is_answered_like_a_known_one(global_admin, anonymous):
    known, unknown = asked(anonymous, global_admin.email), asked(anonymous, "nobody@alpha.example")
    assert known == unknown
    assert known[0] == 303


def shapes_of_queries(client, email: str) -> list[str]:
    """The statements without what they are about."""
    with CaptureQueriesContext(connection) as captured:
        client.post(RESET, {"email": email})
    return [re.split(r"WHERE|SAVEPOINT", re.sub(r"'[^']*'", "", query["sql"]))[0] for query in captured]


def test_and_costs_the_same_statements(global_admin, anonymous):
    shapes_of_queries(anonymous, "somebody@alpha.example")  # counts the first from here
    known = shapes_of_queries(anonymous, global_admin.email)
    assert known == shapes_of_queries(anonymous, "nobody@alpha.example")
    assert "procrastinate_defer_job" in str(known)


def seconds(client, email: str) -> float:
    began = time.perf_counter()
    client.post(RESET, {"email": email})
    return time.perf_counter() - began


def test_medians_of_known_and_unknown_addresses_are_within_ten_percent(global_admin, anonymous, settings):
    """One after the other, each first in turn: what else the machine does meanwhile falls on both."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"reset_password": None}
    pair, ratios = [global_admin.email, "nobody@alpha.example"], []
    for _time in range(120):
        took = {email: seconds(anonymous, email) for email in pair}
        ratios.append(took[global_admin.email] / took["nobody@alpha.example"])
        pair.reverse()
    assert abs(statistics.median(ratios) - 1) < 0.1


def test_a_mail_server_that_is_away_delays_the_mail_and_it_arrives_once(
    global_admin, anonymous, monkeypatch, mailoutbox
):
    def fail(*_):
        raise smtplib.SMTPServerDisconnected

    assert anonymous.post(RESET, {"email": global_admin.email}).status_code == 303
    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "send_messages", fail)
        for _time in range(2):
            with pytest.raises(MailNotSent):
                send_account_mails()
    assert mails_about_accounts() == [("password-forgotten", "queued")]
    for _time in range(2):
        send_account_mails()
    assert [mail.to for mail in mailoutbox] == [["Gloria Admin <admin@alpha.example>"]]
    assert mails_about_accounts() == [("password-forgotten", "sent")]


def test_nobody_is_written_to_at_an_unknown_address_or_an_account_that_is_off(reader, anonymous, mailoutbox):
    with as_owner():
        type(reader).objects.filter(pk=reader.pk).update(is_active=False)
    for email in ("nobody@alpha.example", reader.email):
        anonymous.post(RESET, {"email": email})
    send_account_mails()
    assert (len(jobs_asked_for()), mails_about_accounts(), mailoutbox) == (2, [], [])


@pytest.mark.parametrize(
    ("account", "browser", "subject"),
    [("", "de", "Neues Passwort wählen"), ("zh-hans", "de", "设置新密码"), ("", "xx", "Choose a new password")],
)
def test_a_person_reads_it_in_the_language_of_the_account_or_of_who_asks(
    account, browser, subject, global_admin, anonymous, mailoutbox
):
    with as_owner():
        type(global_admin).objects.filter(pk=global_admin.pk).update(language=account)
    anonymous.post(RESET, {"email": global_admin.email}, headers={"accept-language": browser})
    send_account_mails()
    assert mailoutbox[0].subject == subject


def test_a_changed_password_is_told_to_the_person_with_when_and_what_to_do(global_admin, sign_in, mailoutbox):
    new = {"oldpassword": PASSWORD, "password1": "another-horse-2026", "password2": "another-horse-2026"}
    sign_in(global_admin).post(CHANGE, new)
    send_account_mails()
    (mail,) = mailoutbox
    with as_owner():
        at = Mail.objects.get().queued
    assert mail.subject == "Your password was changed"
    assert f"{at.day}, {at.year}" in mail.body
    assert "If it was not you" in mail.body
    assert "http://127.0.0.1:8000/accounts/password/reset/" in mail.body


def test_a_job_holds_no_address_and_no_link(global_admin, anonymous):
    anonymous.post(RESET, {"email": global_admin.email})
    (arguments,) = jobs_asked_for()
    assert set(arguments) == {"user_id", "kind", "uuid", "at", "language"}
    assert "@" not in str(arguments)


def test_staff_see_such_a_mail_and_can_send_it_again(desk, global_admin, anonymous):
    anonymous.post(RESET, {"email": global_admin.email})
    send_account_mails()
    shown = desk.get("/staff/subscriptions/mail/")
    assert (shown.status_code, "Gloria Admin" in shown.content.decode()) == (200, True)
    with as_owner():
        mail = Mail.objects.get()
    send(desk, page_of(desk, "subscriptions_mail", "send_again", mail))
    assert mails_about_accounts() == [("password-forgotten", "queued")]


def test_a_mail_is_about_an_event_or_about_an_account(alpha, global_admin):
    event = make_audit_event(tenant=alpha)
    wrong = [
        {"kind": MailKind.PASSWORD_CHANGED, "tenant": alpha, "event": event, "to_user": global_admin},
        {"kind": MailKind.PASSWORD_CHANGED, "to_company_mailbox": "a@b.example"},
        {"kind": MailKind.PARTNER_NAMED, "to_user": global_admin},
    ]
    for fields in wrong:
        with as_owner(), pytest.raises(IntegrityError), transaction.atomic():
            Mail.objects.create(**fields)
