"""What follows on each change of a second factor."""

from subscriptions.mails.of_accounts import tell_the_person
from subscriptions.models.mail import MailKind
from subscriptions.web.sessions import end_other_sessions


def follow_up(request, kind: MailKind) -> None:
    """Whoever else is signed in as this person is so no longer, and the person reads of the change."""
    end_other_sessions(request)
    tell_the_person(request.user.pk, kind)
