from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from partners.models.partner import Partner
from subscriptions.models import Tenant


class PartnerCustomerQuerySet(models.QuerySet["PartnerCustomer"]):
    def of_partner(self, partner: Partner):
        return self.filter(partner=partner)

    def by_tenant(self):
        """One row for each organization, as values: its key and name, how many are `credited` and how many `tied`."""
        rows = self.order_by().values("name_key", "tenant_id")
        return rows.annotate(credited=Sum("credits"), tied=Sum("ties"))


class PartnerCustomer(models.Model):
    """How many credits and relationships that have not ended tie an organization to a partner.

    Kept by triggers, in parts of which the sum counts: who changes a credit takes a part that nobody else is writing,
    or adds one, so that no act waits for another one's count. Name and search text are the organization's.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, db_index=False, related_name="+")
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False, related_name="+")
    name_key = models.CharField(max_length=300, editable=False, db_collation="C")
    search_text = models.TextField(editable=False, db_collation="C")
    credits = models.IntegerField(editable=False)
    ties = models.IntegerField(editable=False)

    objects = PartnerCustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer of a partner")
        verbose_name_plural = _("customers of partners")
        indexes = [
            models.Index(
                fields=["partner", "name_key", "tenant"], include=["credits", "ties"], name="partnercustomer_by_name"
            ),
            models.Index(fields=["tenant", "partner"], name="partnercustomer_of_tenant"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} · {self.tenant_id}"
