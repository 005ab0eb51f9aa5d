from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from subscriptions.models.tenant import Tenant


class Snooze(models.Model):
    """One kind of what needs attention that a person has put off in an organization or for a partner, until a moment.

    `rows` are the ids of what there was then: anything else wakes it earlier. Where `is_cut`, there was more than is
    counted, and `rows` are the newest of it.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, null=True, db_index=False, related_name="+")
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.CASCADE, null=True, db_index=False, related_name="+"
    )
    user = models.ForeignKey("subscriptions.User", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    until = models.DateTimeField()
    rows = ArrayField(models.BigIntegerField(), default=list)
    is_cut = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "partner", "user", "kind"], nulls_distinct=False, name="snooze_one_a_kind"
            ),
            models.CheckConstraint(
                name="snooze_of_one_home", condition=Q(tenant__isnull=True) ^ Q(partner__isnull=True)
            ),
        ]
        indexes = [models.Index(fields=["until"], name="snooze_by_end")]

    def __str__(self) -> str:
        return f"{self.kind} · {self.until:%Y-%m-%d}"
