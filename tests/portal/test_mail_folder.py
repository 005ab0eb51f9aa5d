"""The demo's post office: what was sent can be read again."""

from datetime import timedelta

from django.core.mail import EmailMessage
from django.utils import timezone

from portal.mail_folder import MailFolder, mails_in_folder
from subscriptions import formats


def test_a_mail_is_shown_as_it_was_sent(settings, tmp_path):
    settings.MAIL_FOLDER = tmp_path
    mail = EmailMessage("Bestätigung", "在录合作伙伴\n", to=["蓝云科技 <admin@lanyun.example>"])
    MailFolder().send_messages([mail])
    [shown] = mails_in_folder()
    assert (shown.subject, shown.to) == ("Bestätigung", "蓝云科技 <admin@lanyun.example>")
    assert shown.body.strip() == "在录合作伙伴"
    assert abs(timezone.now() - shown.at) < timedelta(minutes=1)
    assert formats.moment(shown.at)
