from django.db import models
from django.utils.translation import gettext_lazy as _

from subscriptions.clouds import PaymentMethod


class Payment(models.Model):
    """How an order or a subscription is paid, with what the method asked for: `subscriptions/payments.py`."""

    payment_method = models.CharField(_("payment method"), max_length=20, choices=PaymentMethod, blank=True)
    purchase_order_number = models.CharField(_("purchase order number"), max_length=40, blank=True)
    fapiao_title = models.CharField(_("Fapiao title"), max_length=120, blank=True)
    fapiao_tax_number = models.CharField(_("taxpayer number"), max_length=20, blank=True)

    class Meta:
        abstract = True
