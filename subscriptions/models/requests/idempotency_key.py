from django.db import models
from django.db.models import Q

from subscriptions.models.tenant import Tenant


class IdempotencyKey(models.Model):
    """One form or call, sent: what was asked and where its answer is. A second send gets the first one's answer.

    Staff's own forms belong to no organization, nor does what an application does in its partner's workspace. Of a
    call, the answer itself is kept, as a program is led nowhere.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey("subscriptions.User", on_delete=models.CASCADE, null=True, related_name="+")
    application = models.UUIDField(null=True, editable=False)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    location = models.TextField(blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True, db_default="")
    etag = models.CharField(max_length=80, blank=True, db_default="")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "user", "application", "key"], nulls_distinct=False, name="idempotencykey_once"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, application__isnull=True)
                | Q(user__isnull=True, application__isnull=False),
                name="idempotencykey_of_one_sender",
            ),
        ]

    def __str__(self) -> str:
        return self.key
