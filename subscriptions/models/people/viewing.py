from datetime import timedelta
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from subscriptions.models.tenant import Tenant

VIEWED_FOR = timedelta(minutes=30)


class ViewingQuerySet(models.QuerySet["Viewing"]):
    def open(self):
        """By the database's clock, as long as the organization lets it."""
        lets = Q(by_consent=True) | Q(tenant__staff_may_view=True)
        return self.filter(lets, stopped__isnull=True, until__gt=Now())


class Viewing(models.Model):
    """One of the operator's staff looks at an organization's pages as one of its people, for a while, and changes
    nothing.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    user = models.ForeignKey("subscriptions.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", verbose_name=_("organization"))
    person = models.ForeignKey(
        "subscriptions.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("as whom")
    )
    by_consent = models.BooleanField(_("asked for by the organization"), default=False)
    since = models.DateTimeField(_("started"), db_default=Now())
    until = models.DateTimeField(_("ends"), db_default=Now() + VIEWED_FOR)
    stopped = models.DateTimeField(_("ended"), null=True)

    objects = ViewingQuerySet.as_manager()

    class Meta:
        verbose_name = _("view as somebody")
        verbose_name_plural = _("views as somebody")
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(stopped__isnull=True), name="viewing_one_at_a_time"),
            models.CheckConstraint(name="viewing_never_oneself", condition=~Q(user=F("person"))),
            models.CheckConstraint(name="viewing_ends_in_time", condition=Q(until__lte=F("since") + VIEWED_FOR)),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.tenant}"
