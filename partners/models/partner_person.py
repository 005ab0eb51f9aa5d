from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from partners.models.partner import Partner
from subscriptions.base.constraints import one_of
from subscriptions.models import User
from subscriptions.models.delegated_role import AgentRole


class PartnerPerson(models.Model):
    """A person who works for a partner, in one role. One person may work for several partner IDs."""

    uuid = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="people", verbose_name=_("partner"))
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="works_for", verbose_name=_("account"))
    role = models.CharField(_("role"), max_length=20, choices=AgentRole)
    since = models.DateTimeField(_("since"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("partner's person")
        verbose_name_plural = _("partners' people")
        constraints = [
            models.UniqueConstraint(fields=["partner", "user"], name="partnerperson_once_per_partner"),
            one_of("role", AgentRole, name="partnerperson_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
