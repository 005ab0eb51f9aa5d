"""Which partners an organization wants on its subscriptions: defaults, an approved list, and exemptions."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from partners.models.partner import Partner
from subscriptions.base.constraints import SameTenant, both_or_neither
from subscriptions.models import Product, ProductFamily, Subscription, Tenant


class OfPolicy(models.Model):
    """What somebody of an organization has added to its policy."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("organization")
    )
    added_at = models.DateTimeField(_("added"), db_default=Now())
    added_by = models.CharField(_("added by"), max_length=120)

    class Meta:
        abstract = True
        constraints = [both_or_neither("added_at", "added_by", name="%(class)s_added_by_somebody")]


class PolicyPartner(OfPolicy):
    """A partner that new subscriptions get: of a product, of a category, or of all that neither says."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+", verbose_name=_("partner"))
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("product")
    )
    family = models.ForeignKey(
        ProductFamily,
        to_field="code",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("category"),
    )

    class Meta:
        verbose_name = _("default partner")
        verbose_name_plural = _("default partners")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "product", "family"], nulls_distinct=False, name="policypartner_once"
            ),
            models.CheckConstraint(
                name="policypartner_of_product_or_category",
                condition=Q(product__isnull=True) | Q(family__isnull=True),
            ),
            *OfPolicy.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.partner_id}"


class ApprovedPartner(OfPolicy):
    """One of the partners that may be named in an organization. While there is none of them, each may."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+", verbose_name=_("partner"))

    class Meta:
        verbose_name = _("approved partner")
        verbose_name_plural = _("approved partners")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "partner"], name="approvedpartner_once"),
            *OfPolicy.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.partner_id}"


class PolicyExemption(OfPolicy):
    """A subscription that may differ, with the reason, until the end of a day of the organization."""

    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("subscription")
    )
    reason = models.CharField(_("reason"), max_length=500)
    ends_on = models.DateField(_("until"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.CharField(_("ended by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("exemption")
        verbose_name_plural = _("exemptions")
        constraints = [
            SameTenant(field="subscription", name="policyexemption_subscription_same_tenant"),
            models.CheckConstraint(name="policyexemption_reason_said", condition=~Q(reason="")),
            *OfPolicy.Meta.constraints,
            both_or_neither("ended_at", "ended_by", name="policyexemption_ended_by_somebody"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "subscription", "ends_on"],
                condition=Q(ended_at__isnull=True),
                name="policyexemption_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id}"
