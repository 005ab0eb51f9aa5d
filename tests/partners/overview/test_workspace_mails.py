"""Workspace > Mails: what did not reach the company's mailbox, and why; and the warning on the first page."""

import pytest
from django.db import ProgrammingError, transaction

from subscriptions.db import scopes
from subscriptions.models import Mail, MailTry
from subscriptions.models.mail import MailState
from subscriptions.models.mail_try import TryOutcome
from tests.database import as_owner
from tests.desk import make_mail
from tests.factories import make_audit_event, make_partner, make_partner_person
from tests.page import Page

MAILS, HOME = "/p/565380/mails/", "/p/565380/"
WARNING = "do not arrive: the last one"
GONE = "550 5.1.1 … : Recipient address rejected"


@pytest.fixture
def partner(db):
    return make_partner(mailbox="desk@tailspin.example")


@pytest.fixture
def agent(partner, sign_in):
    return sign_in(make_partner_person(partner=partner, email="agent@tailspin.example"))


def mail_to(partner, tenant, *tries: tuple[TryOutcome, str], **fields) -> Mail:
    company = {"to_company_name": partner.name, "to_company_number": partner.number}
    usual = {"to_company_mailbox": partner.mailbox, "state": MailState.FAILED}
    mail = make_mail(make_audit_event(tenant=tenant), **company | usual | fields)
    with as_owner():
        for outcome, answer in tries:
            MailTry.objects.create(mail=mail, outcome=outcome, answer=answer)
    return mail


def shown(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return Page(answer).text


@pytest.mark.parametrize(
    ("outcome", "answer", "told"),
    [
        (TryOutcome.REFUSED, GONE, "The mail server knows no such mailbox. " + GONE),
        (TryOutcome.REFUSED, "552 5.2.2 Over quota", "The mailbox is full or takes no mails."),
        (TryOutcome.REFUSED, "550 5.7.26 Unauthenticated", "The mail server refuses mails from the portal."),
        (TryOutcome.REFUSED, "554 no", "The mail server refused the mail for good. 554 no"),
        (TryOutcome.LATER, "451 4.7.1 Greylisted", "The mail server asked to try again later. 451 4.7.1 Greylisted"),
        (TryOutcome.NO_ANSWER, "ConnectionRefusedError: refused", "The mail server did not answer."),
        (TryOutcome.NOT_MADE, "KeyError", "for a reason that is the portal's."),
    ],
)
def test_a_mail_that_came_back_is_told_with_the_servers_answer(agent, partner, alpha, outcome, answer, told):
    mail_to(partner, alpha, (TryOutcome.LATER, "421 earlier"), (outcome, answer))
    page = shown(agent, MAILS)
    assert "You were named partner of record" in page and "desk@tailspin.example" in page
    assert "Did not arrive" in page and told in page
    assert "421 earlier" not in page and "KeyError" not in page and "ConnectionRefusedError" not in page


def test_one_that_is_tried_again_is_told_and_one_that_waits_for_its_first_try_is_not(agent, partner, alpha):
    mail_to(partner, alpha, state=MailState.QUEUED)
    assert "Every mail to your company mailbox has arrived." in shown(agent, MAILS)
    mail_to(partner, alpha, (TryOutcome.LATER, "451 busy"), state=MailState.QUEUED)
    page = shown(agent, MAILS)
    assert "Is tried again" in page and "451 busy" in page and WARNING not in shown(agent, HOME)


def test_the_first_page_says_that_the_mailbox_bounces(agent, partner, alpha):
    assert WARNING not in shown(agent, HOME)
    mail_to(partner, alpha, (TryOutcome.REFUSED, GONE))
    page = shown(agent, HOME)
    assert WARNING in page and "desk@tailspin.example" in page and "See which mails did not arrive" in page


def test_a_mailbox_that_was_changed_or_works_again_is_no_warning(agent, partner, alpha):
    mail_to(partner, alpha, (TryOutcome.REFUSED, GONE), to_company_mailbox="old@tailspin.example")
    assert WARNING not in shown(agent, HOME)
    mail_to(partner, alpha, (TryOutcome.REFUSED, GONE))
    mail_to(partner, alpha, (TryOutcome.TAKEN, ""), state=MailState.SENT, sent="2026-11-01T10:00Z")
    mail_to(partner, alpha, state=MailState.QUEUED)
    assert WARNING not in shown(agent, HOME)
    assert "old@tailspin.example" in shown(agent, MAILS)


def test_a_partner_reads_of_no_other_mails(agent, partner, alpha):
    other = make_partner(number="2002", name="Theirs", mailbox="theirs@other.example")
    mail_to(other, alpha, (TryOutcome.REFUSED, "550 5.1.1 theirs"))
    assert "theirs" not in shown(agent, MAILS)
    with scopes.partner(partner.pk):
        assert not Mail.objects.values("id").exists() and not MailTry.objects.values("id").exists()
        with pytest.raises(ProgrammingError), transaction.atomic():
            Mail.objects.values_list("event_id").first()
