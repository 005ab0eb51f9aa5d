from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from subscriptions.base.constraints import both_or_neither, one_of
from subscriptions.models.tenant import Tenant


class HelpTopic(models.TextChoices):
    PARTNER_OF_RECORD = "partner-of-record", _("Partner of record")
    RELATIONSHIP = "relationship", _("Partner relationship")
    ORDER = "order", _("Order or payment")
    SIGN_IN = "sign-in", _("Sign-in")
    STAFF_MAY_LOOK = "staff-may-look", _("Staff may look at our pages")
    OTHER = "other", _("Something else")


class HelpState(models.TextChoices):
    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


class HelpRequest(models.Model):
    """What a person asks the operator's staff, and what became of it. It is the person's own, wherever it was asked:
    in an organization (`tenant`), in a partner's workspace or for one (`partner`), or in neither.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    user = models.ForeignKey("subscriptions.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("organization")
    )
    partner = models.CharField(_("partner"), max_length=140, blank=True)
    topic = models.CharField(_("topic"), max_length=20, choices=HelpTopic)
    text = models.CharField(_("what is needed"), max_length=1000)
    page = models.CharField(_("on which page"), max_length=1000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=HelpState, default=HelpState.OPEN)
    requested_at = models.DateTimeField(_("requested"))
    requested_by = models.CharField(_("requested by"), max_length=120)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = models.CharField(_("answered by"), max_length=120, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.CharField(_("closed by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("request for help")
        verbose_name_plural = _("requests for help")
        constraints = [
            one_of("topic", HelpTopic, name="helprequest_topic_known"),
            one_of("state", HelpState, name="helprequest_state_known"),
            both_or_neither("requested_at", "requested_by", name="helprequest_requested_by_somebody"),
            both_or_neither("answered_at", "answered_by", name="helprequest_answered_by_somebody"),
            both_or_neither("answered_at", "answer", name="helprequest_answer_said"),
            both_or_neither("closed_at", "closed_by", name="helprequest_closed_by_somebody"),
            models.CheckConstraint(name="helprequest_text_said", condition=~Q(text="")),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="helprequest_newest_first"),
            models.Index(fields=["requested_at"], condition=Q(state="open"), name="helprequest_open"),
        ]

    def __str__(self) -> str:
        return Truncator(self.text).chars(80)
