from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models.partner import Partner
from subscriptions.base.constraints import SameTenant
from subscriptions.models import Subscription, Tenant


class ManagedSubscription(models.Model):
    """Which reseller manages a subscription. Without a row here it is not known, or the organization itself does.

    `Subscription.reseller_managed` says that a reseller does, whichever it is; one act writes both.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", verbose_name=_("organization"))
    subscription = models.OneToOneField(
        Subscription,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="managed",
        verbose_name=_("subscription"),
    )
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+", verbose_name=_("reseller"))

    class Meta:
        verbose_name = _("subscription of a reseller")
        verbose_name_plural = _("subscriptions of resellers")
        constraints = [
            SameTenant(field="subscription", name="managedsubscription_subscription_same_tenant"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} · {self.partner_id}"
