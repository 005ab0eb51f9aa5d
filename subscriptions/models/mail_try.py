from decimal import Decimal

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from subscriptions.base.constraints import one_of
from subscriptions.models.mail import Mail


class TryOutcome(models.TextChoices):
    """What the receiver's mail server said."""

    TAKEN = "taken", _("Taken")
    LATER = "later", _("Try later")
    REFUSED = "refused", _("Refused for good")
    NO_ANSWER = "no-answer", _("No answer")
    NOT_MADE = "not-made", _("Could not be made")


class MailTry(models.Model):
    """One try to send a mail. The server's answer is kept without addresses; a refusal for good is a bounce."""

    mail = models.ForeignKey(Mail, on_delete=models.PROTECT, related_name="tries", verbose_name=_("mail"))
    at = models.DateTimeField(_("when"), db_default=Now())
    outcome = models.CharField(_("outcome"), max_length=10, choices=TryOutcome)
    answer = models.CharField(_("answer of the mail server"), max_length=300, blank=True)
    milliseconds = models.PositiveIntegerField(_("milliseconds"), default=0)

    class Meta:
        verbose_name = _("try to send a mail")
        verbose_name_plural = _("tries to send a mail")
        constraints = [one_of("outcome", TryOutcome, name="mailtry_outcome_known")]

    def __str__(self) -> str:
        return f"{self.mail_id}: {self.get_outcome_display()}"

    @property
    def css(self) -> str:
        return {"taken": "ok", "refused": "bad"}.get(self.outcome, "warn")

    @property
    def seconds(self) -> Decimal:
        return Decimal(self.milliseconds) / 1000
