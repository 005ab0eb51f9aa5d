from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from partners.models.partner import Partner
from partners.models.partner_relationship import NAME_LENGTH
from subscriptions.base.constraints import both_or_neither
from subscriptions.base.names import NameField


class OfferRound(models.Model):
    """One content offered to many by a file: what was read of it as `lines`, and what came of each.

    `facts` are those of the template as it was then. A line has its number, `cell`, `problems` or the `organization`
    and its key `tenant`, `name` of the offer, and once it is made its `offer`, with `outcome` and `reason`.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+", verbose_name=_("partner"))
    name = NameField(_("name"), max_length=NAME_LENGTH)
    facts = models.JSONField(_("content"))
    file = models.JSONField(_("file"))
    lines = models.JSONField(_("lines"))
    version = models.PositiveIntegerField(default=1, editable=False)
    read_at = models.DateTimeField(_("read"), db_default=Now())
    read_by = models.CharField(_("read by"), max_length=120)
    made_at = models.DateTimeField(_("made"), null=True)
    made_by = models.CharField(_("made by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("offers to many")
        verbose_name_plural = _("offers to many")
        constraints = [
            both_or_neither("read_at", "read_by", name="offerround_read_by_somebody"),
            both_or_neither("made_at", "made_by", name="offerround_made_by_somebody"),
            models.CheckConstraint(name="offerround_named", condition=~Q(name="")),
        ]
        indexes = [models.Index(fields=["partner", "-id"], name="offerround_of_partner")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_made(self) -> bool:
        return self.made_at is not None
