"""What the event of an installation keeps; neither a password nor a mail address."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from subscriptions.audit.facts import Facts, fact, kept_by
from subscriptions.models.audit_event import AuditKind


@kept_by(AuditKind.INSTALLATION)
@dataclass(frozen=True)
class SetUp(Facts):
    migrations: int = fact(_("Migrations applied"), 0)
    new_password: bool = fact(_("New password of the database's login"), False)
    invited: str = fact(_("Invited to the staff"), "")
    link_for: str = fact(_("Link for a new password made for"), "")
    without_second_factor: bool = fact(_("Second factor removed"), False)
