from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from subscriptions.base.names import NameField
from subscriptions.models.tenant import Tenant

LONGEST_NAME, LONGEST_QUERY = 60, 500


class SavedView(models.Model):
    """Filters and order of one list in one organization, which one person has given a name.

    `query` is the end of the list's address, as whoever it is handed to can open it. With `is_default` the list opens
    with it.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, db_index=False, related_name="+")
    user = models.ForeignKey("subscriptions.User", on_delete=models.CASCADE, related_name="+")
    list = models.CharField(max_length=40)
    name = NameField(max_length=LONGEST_NAME)
    query = models.CharField(max_length=LONGEST_QUERY)
    is_default = models.BooleanField(default=False)
    saved = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user", "list", "name"], name="savedview_name_once"),
            models.UniqueConstraint(
                fields=["tenant", "user", "list"], condition=Q(is_default=True), name="savedview_one_default"
            ),
            models.CheckConstraint(name="savedview_of_something", condition=~Q(name="") & ~Q(query="")),
        ]

    def __str__(self) -> str:
        return self.name
