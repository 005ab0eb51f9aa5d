from django.db import models


class RequestCounter(models.Model):
    """How often something limited was asked for within one window of time."""

    key = models.CharField(max_length=120)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="requestcounter_once")]

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
