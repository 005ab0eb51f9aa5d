from uuid import uuid4

from django.db import models
from django.db.models.functions import Now

from subscriptions.models.jobs.bulk_act import WORDS_LENGTH


class JointAct(models.Model):
    """What one person chose, previewed and decided in several organizations at once: one act on many in each.

    It is the person's own and holds nothing of an organization but keys. `parts` say for each of them its `tenant`,
    how many of its subscriptions are `chosen`, and the `act` on many there by its UUID: empty where the person may
    only read. Each of these acts has `uuid` as its `joint`.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    user = models.ForeignKey("subscriptions.User", on_delete=models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField(max_length=30)
    wanted = models.JSONField(default=dict)
    selection = models.CharField(max_length=WORDS_LENGTH, blank=True)
    parts = models.JSONField(default=list)
    begun = models.DateTimeField(db_default=Now())
    decided = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="jointact_newest_first"),
            models.Index(fields=["begun"], condition=models.Q(decided__isnull=True), name="jointact_undecided"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.uuid}"
