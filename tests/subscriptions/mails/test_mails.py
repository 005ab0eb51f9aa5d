"""Mails: composed in the receiver's language, the same message each time, sent once, and kept where they fail."""

from datetime import UTC, date, datetime
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from traceback import format_exception
from types import SimpleNamespace

import pytest
import time_machine
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError

from subscriptions import tasks
from subscriptions.db import scopes
from subscriptions.mails import acts as mails
from subscriptions.mails.failures import MailNotSent
from subscriptions.mails.receivers import MAILED
from subscriptions.models import Mail
from subscriptions.models.mail import ABOUT_AN_ACCOUNT, MailKind
from tests.database import as_owner
from tests.factories import make_audit_event, make_invitation, make_member, make_user

DAY = 24 * 60 * 60
ADDRESS = "admin@alpha.example"
DETAIL = {
    "before": {"id": "565380", "name": "Tailspin"},
    "after": None,
    "partner": {"id": "565380", "name": "Tailspin"},
    "path": "/t/alpha/billing/subscriptions/x/",
    "lines": [{"product": "Office 365 E3", "licenses": 5, "billing_frequency": "monthly", "cost": "100.00"}],
    "total": "100.00",
    "currency": "USD",
    "offer": "0b8f1f54-6f0c-4f5b-9c39-3d2b6a1a7c11",
    "generation": 1,
    "expires_on": "2026-12-31T10:00:00+00:00",
    "roles": ["global-reader"],
    "days": 365,
    "credit": "named",
    "subscriptions": ["Office 365 E3"],
    "purchase": "trial",
    "products": [{"name": "Visio", "licenses": 25, "billing_frequency": "monthly"}],
    "terms": {"number": 1, "digest": "0" * 64, "summary": "We look after you."},
    "granted": {"roles": ["global-reader"], "left_out": [], "days": 30, "ends": "2026-12-31T10:00:00+00:00"},
    "workspace_path": "/p/565380/offers/x/",
    "staff_path": "/staff/partners/matchrequest/1/change/",
    "ends_on": "2026-12-31",
    "disabled_on": "2027-01-30",
    "deleted_on": "2027-04-30",
    "due_on": "2026-12-31",
    "changes": {"role": [None, "global-reader"]},
    "day": "2026-11-30",
    "rows": 3,
    "digest": "0" * 64,
    "found": "2026-11-30: 1 altered: 7",
    "webhook": "Billing",
    "host": "hooks.example",
    "why": "gone",
}
ABOUT_THE_OPERATORS_OWN = {
    MailKind.APPROVAL_ASKED,
    MailKind.APPROVAL_DECIDED,
    MailKind.STAFF_ROLES_CHANGED,
    MailKind.AUDIT_DIGEST,
    MailKind.AUDIT_DIFFERS,
}
ABOUT_ONE_SIGN_IN = {MailKind.SECOND_FACTOR_RESET_ASKED, MailKind.SECOND_FACTOR_RESET, MailKind.ADDRESS_CHANGED}
ABOUT_A_COMPANY = {MailKind.PARTNER_PEOPLE_CHANGED, MailKind.PARTNER_MAILBOX_CHANGED}
ABOUT_NO_ORGANIZATION = {*ABOUT_AN_ACCOUNT, *ABOUT_THE_OPERATORS_OWN, *ABOUT_ONE_SIGN_IN, *ABOUT_A_COMPANY}
# What has a link of the person's own in it
TO_A_PERSON = {
    MailKind.SIGN_IN_RESET: lambda _tenant, **facts: {"to_user": make_user(email="person@alpha.example", **facts)},
    MailKind.INVITATION: lambda tenant, **facts: {"invitation": make_invitation(tenant=tenant, **facts)},
}


@pytest.fixture
def event(alpha):
    return make_audit_event(tenant=alpha, subject_name="Office 365 E3", reason="Costs", detail=DETAIL)


@as_owner()
def queued(event, **fields) -> Mail:
    if fields.get("kind") in ABOUT_AN_ACCOUNT:
        person = make_user(email="person@alpha.example", language=fields.get("language", "en"))
        day = date(2026, 11, 30) if fields["kind"] == MailKind.DIGEST else None
        return Mail.objects.create(kind=fields["kind"], to_user=person, digest_day=day)
    usual = {"kind": MailKind.PARTNER_REMOVED, "to_company_name": "Tailspin", "to_company_mailbox": "t@p.example"}
    usual = {"kind": MailKind.PARTNER_OF_RECORD_RECEIPT} if "to_user" in fields else usual
    fields = usual | fields
    if fields["kind"] in TO_A_PERSON:
        language = {"language": fields.get("language", "en")}
        fields = {"kind": fields["kind"], **language, **TO_A_PERSON[fields["kind"]](event.tenant, **language)}
    kind = next(kind for kind, mailed in MAILED.items() if fields["kind"] in mailed)
    if kind != event.kind:
        event = make_audit_event(
            tenant=event.tenant, kind=kind, subject_name=event.subject_name, reason=event.reason, detail=DETAIL
        )
    return Mail.objects.create(tenant=event.tenant, event=event, **fields)


def composed(mail: Mail):
    with scopes.worker():
        return mails.compose(Mail.objects.select_related("tenant", "event", "to_user").get(pk=mail.pk))


def test_the_same_mail_has_the_same_message_id_each_time(event):
    mail = queued(event)
    first, second = composed(mail), composed(mail)
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"] == f"<{mail.uuid}@127.0.0.1>"
    assert first.message()["Message-ID"] == first.extra_headers["Message-ID"]


def test_every_mail_is_in_the_table():
    assert {kind for mailed in MAILED.values() for kind in mailed} == set(MailKind) - set(ABOUT_AN_ACCOUNT)


@pytest.mark.parametrize("kind", MailKind)
def test_each_kind_has_one_subject_line_and_a_body(event, kind):
    message = composed(queued(event, kind=kind))
    assert message.subject
    assert "\n" not in message.subject
    assert ("Alpha Ltd" in message.subject + message.body) == (kind not in ABOUT_NO_ORGANIZATION)
    assert "{" not in message.subject + message.body


@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
@pytest.mark.parametrize("kind", MailKind)
def test_paragraphs_stand_one_blank_line_apart_and_begin_as_the_language_begins_them(event, kind, language):
    """After the greeting with its comma German goes on in lower case, English does not."""
    to = {"to_company_name": "Tailspin", "to_company_mailbox": "t@p.example", "language": language}
    body = composed(queued(event, kind=kind, **to)).body
    assert "\n\n\n" not in body
    _greeting, first, *_others = body.split("\n\n")
    assert language != "en" or not first[0].islower()


def test_links_lead_to_the_site(event, global_admin, settings):
    settings.SITE_URL = "https://portal.example"
    message = composed(queued(event, to_user=global_admin))
    assert "https://portal.example/t/alpha/billing/subscriptions/x/" in message.body
    assert message.extra_headers["Message-ID"].endswith("@portal.example>")


def test_a_mail_goes_to_the_address_that_the_person_has_now(event, global_admin):
    mail = queued(event, to_user=global_admin)
    with as_owner():
        type(global_admin).objects.update(email="new@alpha.example", name="Gloria, Admin")
    assert composed(mail).to == ['"Gloria, Admin" <new@alpha.example>']


@pytest.mark.parametrize("language", ["de", "zh-hans", "en"])
def test_a_mail_is_in_the_readers_language(event, alpha, language):
    reader = make_member(tenant=alpha, email=f"{language}@alpha.example", language=language)
    words = {"de": "Organisation", "zh-hans": "组织", "en": "Organization"}
    assert words[language] in composed(queued(event, to_user=reader)).body


def job(attempts: int) -> SimpleNamespace:
    return SimpleNamespace(job=SimpleNamespace(attempts=attempts))


def test_a_mail_is_sent_once(event, mailoutbox):
    mail = queued(event)
    for attempts in range(2):
        tasks.send_mail(job(attempts), mail_id=mail.pk)
    assert [message.to for message in mailoutbox] == [["Tailspin <t@p.example>"]]
    with as_owner():
        assert list(Mail.objects.values_list("state", "attempts")) == [("sent", 1)]


def failure(mail: Mail, monkeypatch, error: Exception, attempts: int = 0) -> MailNotSent:
    """What the job raises, which the worker logs."""
    monkeypatch.setattr(EmailBackend, "send_messages", lambda *_: (_ for _ in ()).throw(error))
    with pytest.raises(MailNotSent) as raised:
        tasks.send_mail(job(attempts), mail_id=mail.pk)
    return raised.value


@pytest.mark.parametrize(("attempts", "state"), [(0, "queued"), (tasks.MAIL_ATTEMPTS, "failed")])
def test_a_mail_that_fails_is_tried_again_until_the_last_time(event, monkeypatch, attempts, state):
    failure(queued(event), monkeypatch, ValueError("no"), attempts)
    with as_owner():
        assert list(Mail.objects.values_list("state", "attempts")) == [(state, 1)]


def pauses() -> list[float]:
    """Seconds between the attempts at a mail that nobody takes."""
    made, start = [], datetime(2026, 11, 27, 17, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        while raised := tasks.send_mail.get_retry_exception(MailNotSent(), job(len(made)).job):
            made.append((raised.retry_decision.retry_at - start).total_seconds())
    return made


def test_a_mail_outlives_a_mail_server_that_is_away_for_a_weekend(settings):
    settings.MAIL_RETRY_SECONDS = 20
    assert pauses()[:4] == [20, 40, 80, 160]
    assert max(pauses()) == 3600
    assert 4 * DAY < sum(pauses()) < 4.5 * DAY


def test_a_first_pause_of_hours_is_kept(settings):
    settings.MAIL_RETRY_SECONDS = 7200
    assert set(pauses()) == {7200}


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "ConnectionRefusedError: Connection refused"),
        (SMTPRecipientsRefused({ADDRESS: (550, ADDRESS.encode())}), "SMTPRecipientsRefused 550"),
        (SMTPDataError(554, ADDRESS.encode()), "SMTPDataError 554"),
        (SMTPServerDisconnected(ADDRESS), "SMTPServerDisconnected"),
        (ValueError(ADDRESS), "ValueError"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_why_it_failed_is_kept_and_logged_without_an_address(event, global_admin, monkeypatch, error, told):
    raised = failure(queued(event, to_user=global_admin), monkeypatch, error)
    with as_owner():
        assert Mail.objects.get().last_error == told
    logged = "".join(format_exception(raised))
    assert logged.endswith(f"MailNotSent: {told}\n")
    assert ADDRESS not in logged


def test_a_database_that_fails_meanwhile_does_not_log_the_address_either(event, global_admin, monkeypatch):
    monkeypatch.setattr(EmailBackend, "send_messages", lambda *_: (_ for _ in ()).throw(ValueError(ADDRESS)))
    monkeypatch.setattr(mails, "note_failure", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError) as raised:
        tasks.send_mail(job(0), mail_id=queued(event, to_user=global_admin).pk)
    assert ADDRESS not in "".join(format_exception(raised.value))


def test_an_account_that_is_not_active_gets_no_mail(event, global_admin, mailoutbox):
    mail = queued(event, to_user=global_admin)
    with as_owner():
        type(global_admin).objects.update(is_active=False)
    tasks.send_mail(job(0), mail_id=mail.pk)
    assert mailoutbox == []
    with as_owner():
        assert list(Mail.objects.values_list("state", "last_error")) == [("failed", "The account is not active.")]


@pytest.mark.parametrize(("final", "state"), [(False, "queued"), (True, "failed")])
def test_why_it_failed_is_kept_for_staff(event, final, state):
    mail = queued(event)
    with scopes.worker():
        mails.note_failure(mail.pk, "refused " * 100, final=final)
    with as_owner():
        kept = Mail.objects.get()
    assert (kept.state, kept.attempts, len(kept.last_error)) == (state, 1, 500)


def test_one_event_has_one_mail_a_receiver(event):
    queued(event)
    with pytest.raises(IntegrityError, match="mail_once_per_receiver"):
        queued(event)


def test_a_mail_names_the_zone_of_its_days_and_times(event, alpha, global_admin):
    """An organization's people read its zone, whatever they chose for themselves; a company's mailbox reads UTC,
    and whose the days are that are told without a time.
    """
    with as_owner():
        type(alpha).objects.filter(pk=alpha.pk).update(time_zone="Asia/Shanghai")
        type(global_admin).objects.update(time_zone="America/New_York")
    assert composed(queued(event, to_user=global_admin)).body.splitlines()[-1] == "Days and times: Shanghai (UTC+8)"
    assert composed(queued(event)).body.splitlines()[-1] == "Times: UTC. Days without a time: Shanghai (UTC+8)"
