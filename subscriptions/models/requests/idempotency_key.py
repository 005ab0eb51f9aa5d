from django.db import models

from subscriptions.models.tenant import Tenant


class IdempotencyKey(models.Model):
    """One form, sent: what was asked and where its answer is. A second send gets the first one's answer.

    Staff's own forms belong to no organization.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey("subscriptions.User", on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    digest = models.CharField(max_length=64)
    location = models.TextField(blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "user", "key"], nulls_distinct=False, name="idempotencykey_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)
