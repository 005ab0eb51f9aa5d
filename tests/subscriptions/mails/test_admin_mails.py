"""Staff read every mail's state and send one again."""

from procrastinate.contrib.django.models import ProcrastinateJob

from subscriptions.models import Mail
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.mail import MailState
from tests.database import as_owner
from tests.desk import events, list_url, make_mail, messages_of, rows_of
from tests.factories import make_audit_event, make_user


def test_a_mail_is_sent_again(desk, staff, alpha):
    event = make_audit_event(tenant=alpha)
    mail = make_mail(event, to_user=make_user(), state=MailState.FAILED, last_error="refused")
    response = desk.post(
        list_url("subscriptions_mail"),
        {"action": "send_again", "_selected_action": [mail.pk], "index": 0},
        follow=True,
    )
    assert messages_of(response) == ["1 mail is queued again."]
    assert rows_of(Mail)[0].state == MailState.QUEUED
    with as_owner():
        assert [job.args for job in ProcrastinateJob.objects.all()] == [{"mail_id": mail.pk}]
    (audited,) = events(AuditKind.MAIL_SENT_AGAIN)
    assert (audited.actor, audited.actor_kind, audited.tenant_id) == (staff, ActorKind.STAFF, alpha.pk)
