from uuid import uuid4

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from partners.models.partner import Partner
from partners.models.partner_relationship import NAME_LENGTH
from subscriptions.base.constraints import both_or_neither
from subscriptions.base.names import NameField


class OfferTemplate(models.Model):
    """What a partner offers again and again, of no organization: an offer's content as `facts`, checked when used."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+", verbose_name=_("partner"))
    name = NameField(_("name"), max_length=NAME_LENGTH)
    facts = models.JSONField(_("content"))
    kept_at = models.DateTimeField(_("kept"), db_default=Now())
    kept_by = models.CharField(_("kept by"), max_length=120)

    class Meta:
        verbose_name = _("template of offers")
        verbose_name_plural = _("templates of offers")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "name"],
                name="offertemplate_name_once",
                violation_error_message=_("You have a template of that name already."),
            ),
            both_or_neither("kept_at", "kept_by", name="offertemplate_kept_by_somebody"),
        ]
        indexes = [models.Index(fields=["partner", "-id"], name="offertemplate_of_partner")]

    def __str__(self) -> str:
        return self.name
