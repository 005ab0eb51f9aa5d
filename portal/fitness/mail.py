"""Are mails taken, sent and read?"""

from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.fitness.findings import Finding, State, good, not_used, warning, wrong
from subscriptions.base import formats
from subscriptions.db import scopes
from subscriptions.mails.failures import describe_failure
from subscriptions.models import Mail
from subscriptions.models.mail import MailState

PATIENCE = 3  # seconds for the mail server, as a page waits for it
LATE, RECENT = timedelta(hours=1), timedelta(days=7)
MOST_COUNTED = 1000
THE_MAILS = gettext_lazy("Look at the mails")


def ask_sending() -> Finding:
    """Connects and signs in, and sends nothing."""
    if settings.DEMO:
        return not_used(_("The demo keeps its mails in a folder."))
    if settings.EMAIL_BACKEND == settings.DEVELOPMENT_EMAIL_BACKEND:
        return wrong(_("EMAIL_URL is not set, so mails are files that nobody gets."))
    mailer = get_connection(timeout=PATIENCE)
    if not isinstance(mailer, EmailBackend):
        return Finding(
            State.UNKNOWN, _("Mails do not leave by SMTP, so the portal cannot ask whether they would be taken.")
        )
    server = f"{mailer.host}:{mailer.port}"
    try:
        mailer.open()
        mailer.close()
    except (SMTPException, OSError) as error:
        sentence = _("%(server)s does not answer, or does not let the portal in: %(reason)s")
        return wrong(sentence % {"server": server, "reason": describe_failure(error)})
    return good(_("%(server)s answers and lets the portal in.") % {"server": server})


def ask_unsent() -> Finding:
    with scopes.staff():
        late = Mail.objects.filter(state=MailState.QUEUED, queued__lt=Now() - LATE)[:MOST_COUNTED].count()
        failed = Mail.objects.filter(state=MailState.FAILED, queued__gt=Now() - RECENT)[:MOST_COUNTED].count()
    if not late and not failed:
        return good(_("None waits for more than an hour, and none of the last 7 days was given up."))
    parts = []
    if late:
        text = ngettext("%(number)s waits for more than an hour", "%(number)s wait for more than an hour", late)
        parts.append(text % {"number": formats.number(late)})
    if failed:
        text = ngettext(
            "%(number)s of the last 7 days was given up", "%(number)s of the last 7 days were given up", failed
        )
        parts.append(text % {"number": formats.number(failed)})
    state = MailState.QUEUED if late else MailState.FAILED
    link = f"{reverse('admin:subscriptions_mail_changelist')}?state__exact={state}"
    return warning(formats.join_facts(*parts) + formats.mark("."), link, THE_MAILS)


def ask_mailbox() -> Finding:
    if settings.STAFF_MAILBOX != settings.DEVELOPMENT_STAFF_MAILBOX:
        return good(_("What customers ask goes to %(mailbox)s.") % {"mailbox": settings.STAFF_MAILBOX})
    if settings.DEMO:
        return not_used(_("Nobody reads what is asked of the demo's staff."))
    return wrong(_("STAFF_MAILBOX is not set, so nobody reads the mails to staff."))
