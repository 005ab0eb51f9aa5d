"""Staff read a mail as its reader got it, without the secrets in its links, and each try to send it."""

from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from types import SimpleNamespace

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend

from subscriptions import tasks
from subscriptions.db import scopes
from subscriptions.mails import acts as mails
from subscriptions.mails.as_read import hide_tokens
from subscriptions.mails.failures import MailNotSent
from subscriptions.models import Mail, MailTry
from subscriptions.models.mail import MailKind, MailState
from subscriptions.models.mail_try import TryOutcome
from tests.database import as_owner
from tests.desk import change_url, list_url, make_mail
from tests.factories import make_audit_event, make_user
from tests.page import parse

SITE = "http://127.0.0.1:8000"


@pytest.fixture
def mail(alpha) -> Mail:
    event = make_audit_event(tenant=alpha)
    make_mail(event, to_user=make_user(email="other@alpha.example", name="Other Reader"))
    return make_mail(event, to_company_name="Tailspin", to_company_mailbox="t@p.example", language="de")


def page_of(desk, mail: Mail):
    answer = desk.get(change_url("subscriptions_mail", mail.pk))
    assert answer.status_code == 200
    return parse(answer.content.decode())


def send(mail: Mail, monkeypatch, error: Exception | None = None) -> None:
    def refuse(self, messages):
        raise error

    with monkeypatch.context() as patch:
        if error:
            patch.setattr(EmailBackend, "send_messages", refuse)
        context = SimpleNamespace(job=SimpleNamespace(attempts=0))
        try:
            tasks.send_mail.func(context, mail_id=mail.pk)
        except MailNotSent:
            assert error is not None


def tries() -> list[MailTry]:
    with as_owner():
        return list(MailTry.objects.order_by("pk"))


def test_the_list_leads_to_the_mail_in_the_words_and_language_of_its_reader(desk, mail):
    assert change_url("subscriptions_mail", mail.pk) in desk.get(list_url("subscriptions_mail")).content.decode()
    with scopes.worker():
        sent = mails.compose(Mail.objects.select_related("tenant", "event", "to_user").get(pk=mail.pk))
    page = page_of(desk, mail)
    (text,) = page.xpath("//pre")
    assert (text.text_content().strip(), text.get("lang")) == (sent.body.strip(), "de")
    assert sent.subject in page.xpath("//h1")[0].text_content()
    assert sent.to[0] in page.xpath("//dl")[0].text_content()
    assert "Other Reader" in page.xpath("//main")[0].text_content()


@pytest.mark.parametrize(
    ("error", "outcome", "answer"),
    [
        (None, TryOutcome.TAKEN, ""),
        (
            SMTPRecipientsRefused({"t@p.example": (550, b"5.1.1 <t@p.example>: user unknown")}),
            TryOutcome.REFUSED,
            "550 5.1.1 …: user unknown",
        ),
        (SMTPDataError(451, b"4.7.1 greylisted\nask again"), TryOutcome.LATER, "451 4.7.1 greylisted ask again"),
        (SMTPServerDisconnected("gone"), TryOutcome.NO_ANSWER, "SMTPServerDisconnected"),
        (TimeoutError(110, "timed out"), TryOutcome.NO_ANSWER, "TimeoutError: timed out"),
        (ZeroDivisionError("t@p.example"), TryOutcome.NOT_MADE, "ZeroDivisionError"),
    ],
)
def test_each_try_is_kept_with_the_servers_answer_and_no_address(desk, mail, monkeypatch, error, outcome, answer):
    send(mail, monkeypatch, error)
    (one,) = tries()
    assert (one.mail_id, one.outcome, one.answer) == (mail.pk, outcome, answer)
    assert 0 <= one.milliseconds < 60_000
    shown = page_of(desk, mail).xpath("//section[@aria-labelledby='tries']")[0].text_content()
    assert str(TryOutcome(outcome).label) in shown
    assert answer in shown


def test_tries_stand_newest_first(desk, mail, monkeypatch):
    send(mail, monkeypatch, SMTPDataError(451, b"later"))
    send(mail, monkeypatch)
    shown = page_of(desk, mail).xpath("//section[@aria-labelledby='tries']//li")
    assert [each.xpath(".//span")[0].text_content() for each in shown] == ["Taken", "Try later"]


def test_a_mail_without_a_try_says_that_no_server_was_asked(desk, mail):
    assert "No server was asked yet." in page_of(desk, mail).xpath("//main")[0].text_content()


def test_a_failed_mail_says_so_and_can_be_sent_again_from_its_page(desk, mail):
    with as_owner():
        Mail.objects.filter(pk=mail.pk).update(state=MailState.FAILED, last_error="refused")
    page = page_of(desk, mail)
    assert "Nobody got this mail" in page.xpath("//main")[0].text_content()
    (again,) = page.xpath("//a[contains(@href, 'send-again')]")
    assert desk.get(again.get("href")).status_code == 200


def test_a_link_to_a_password_cannot_be_used_from_staffs_page(desk):
    with as_owner():
        mail = Mail.objects.create(kind=MailKind.PASSWORD_FORGOTTEN, to_user=make_user(email="p@x.example"))
    text = page_of(desk, mail).xpath("//pre")[0].text_content()
    assert "/…" in text
    with scopes.worker():
        body = mails.compose(Mail.objects.select_related("to_user").get(pk=mail.pk)).body
    (secret,) = [word for word in body.split() if word.startswith("http") and "/key/" in word]
    assert secret.rstrip("/").rpartition("/")[2] not in text


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("/t/alpha/billing/subscriptions/", "/t/alpha/billing/subscriptions/"),
        ("/t/alpha/billing/subscriptions/?token=secret", "/t/alpha/billing/subscriptions/?…"),
        ("/nothing/like/this/secret", "/…"),
        ("/", "/"),
    ],
)
def test_known_addresses_stay_and_everything_else_in_a_link_is_hidden(link, shown, settings):
    settings.SITE_URL = SITE
    assert hide_tokens(f"Open {SITE}{link} now") == f"Open {SITE}{shown} now"


def test_html_stands_in_a_frame_that_loads_and_runs_nothing(desk, mail, monkeypatch):
    html = "<p>Hello</p><script>alert(1)</script>"

    def in_html(mail):
        message = EmailMultiAlternatives("Subject", "Text", to=["x@y.example"], headers={"Message-ID": "<1@x>"})
        message.attach_alternative(html, "text/html")
        return message

    monkeypatch.setattr("subscriptions.mails.as_read.compose", in_html)
    url = change_url("subscriptions_mail", mail.pk)
    answer = desk.get(url, {"html": "1"})
    (frame,) = parse(answer.content.decode()).xpath("//iframe")
    assert frame.get("sandbox") == ""
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "frame-src" not in desk.get(url).headers["Content-Security-Policy"]
    framed = desk.get(frame.get("src"))
    assert framed.content.decode() == html
    policy = framed.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("sandbox")
    assert "script-src" not in policy
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_mail_of_text_alone_has_no_page_in_html(desk, mail):
    assert desk.get(f"{change_url('subscriptions_mail', mail.pk).removesuffix('change/')}html/").status_code == 404
