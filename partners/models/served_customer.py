from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from partners.models.partner_of_record import PartnerOfRecord
from partners.models.partner_person import PartnerPerson
from partners.models.partner_relationship import PartnerRelationship
from subscriptions.models import Tenant


class ServedCustomerQuerySet(models.QuerySet["ServedCustomer"]):
    def told(self):
        """Those that are said: while the partner has a live tie, and the person can sign in."""
        tie = {"partner": OuterRef("person__partner"), "tenant": OuterRef("tenant")}
        lives = PartnerRelationship.objects.live().filter(**tie)
        credits = PartnerOfRecord.objects.in_force().of_existing_subscriptions().filter(**tie)
        return self.of_active_people().filter(Exists(lives) | Exists(credits))

    def of_active_people(self):
        return self.filter(person__user__is_active=True)


class ServedCustomer(models.Model):
    """Which of a partner's people serves which customer. It tells, and never gives a permission."""

    person = models.ForeignKey(
        PartnerPerson,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="serves",
        verbose_name=_("partner's person"),
    )
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", verbose_name=_("organization"))

    objects = ServedCustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer served by a person")
        verbose_name_plural = _("customers served by people")
        constraints = [
            models.UniqueConstraint(fields=["person", "tenant"], name="servedcustomer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.tenant}"
