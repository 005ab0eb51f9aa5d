"""What the events of requests for help keep."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from subscriptions.audit.facts import Facts, fact, kept_by
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.help_request import HelpTopic


@kept_by(AuditKind.HELP_REQUESTED)
@dataclass(frozen=True)
class HelpRequested(Facts):
    topic: HelpTopic = fact(_("Topic"))
    text: str = fact(_("What is asked"))
    page: str = fact(_("Page"))


@kept_by(AuditKind.HELP_ANSWERED)
@dataclass(frozen=True)
class HelpAnswered(Facts):
    text: str = fact(_("What is asked"))
    answer: str = fact(_("Answer"))


@kept_by(AuditKind.HELP_CLOSED)
@dataclass(frozen=True)
class HelpClosed(Facts):
    """What was asked and answered stands with the request."""
