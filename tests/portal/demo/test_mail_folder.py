"""The demo's post office: what was sent can be read again."""

import os
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.urls import include, path
from django.utils import timezone

from portal import pages
from portal.demo.mail_folder import MailFolder, mails_in_folder, read_mail
from portal.urls import handler404, handler500  # noqa: F401
from subscriptions.base import formats
from tests.page import attribute, inside, parse, words

# As the demo has them
urlpatterns = [path("", include("portal.urls")), path("demo/mails/", pages.demo_mails, name="demo-mails")]


def test_a_mail_is_shown_as_it_was_sent(settings, tmp_path):
    settings.MAIL_FOLDER = tmp_path
    mail = EmailMessage("Bestätigung", "在录合作伙伴\n", to=["蓝云科技 <admin@lanyun.example>"])
    MailFolder().send_messages([mail])
    [file] = mails_in_folder()
    shown = read_mail(file)
    assert (shown.subject, shown.to) == ("Bestätigung", "蓝云科技 <admin@lanyun.example>")
    assert shown.body.strip() == "在录合作伙伴"
    assert abs(timezone.now() - shown.at) < timedelta(minutes=1)
    assert formats.moment(shown.at)


@pytest.mark.urls(__name__)
def test_the_page_opens_the_newest_and_says_where_the_oldest_lie(settings, tmp_path, global_admin, sign_in):
    settings.MAIL_FOLDER = tmp_path
    mails = [EmailMessage(f"Number {number}", "Text", to=["a@b.example"]) for number in range(53)]
    MailFolder().send_messages(mails)
    for number, file in enumerate(sorted(tmp_path.iterdir())):
        os.utime(file, (number, number))
    page = parse(sign_in(global_admin).get("/demo/mails/").content.decode())
    shown = [part for part in inside(page, "details") if "mail" in attribute(part, "class").split()]
    assert (len(shown), ["open" in part.attrib for part in shown[:5]]) == (50, [True, True, True, False, False])
    assert " UTC" in words(next(inside(shown[0], "summary")))
    assert f"3 older emails lie in this folder: {tmp_path}" in words(page)
