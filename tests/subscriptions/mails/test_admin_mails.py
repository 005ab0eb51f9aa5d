"""Staff read every mail's state and send one again."""

from procrastinate.contrib.django.models import ProcrastinateJob

from subscriptions.models import Mail
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.mail import MailState
from tests.database import as_owner
from tests.desk import events, make_mail, messages_of, page_of, rows_of, send
from tests.factories import make_audit_event, make_user


def test_a_mail_is_sent_again(desk, staff, alpha):
    event = make_audit_event(tenant=alpha)
    mail = make_mail(event, to_user=make_user(), state=MailState.FAILED, last_error="refused")
    page = page_of(desk, "subscriptions_mail", "send_again", mail)
    answers: list[list[str]] = []
    for _ in "ab":
        answers.append(messages_of(send(desk, page)))
    assert [len(said) for said in answers] == [1, 0]
    assert answers[0][0].startswith("Send again: done for ")
    assert rows_of(Mail)[0].state == MailState.QUEUED
    with as_owner():
        assert [job.args for job in ProcrastinateJob.objects.all()] == [{"mail_id": mail.pk}]
    (audited,) = events(AuditKind.MAIL_SENT_AGAIN)
    assert (audited.actor, audited.actor_kind, audited.tenant_id) == (staff, ActorKind.STAFF, alpha.pk)
