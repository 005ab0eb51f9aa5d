from django.contrib.postgres.fields import ArrayField
from django.db import models


class RequestCounter(models.Model):
    """When something limited was last allowed: the newest moment first, as many as its limit counts."""

    key = models.CharField(max_length=120, unique=True)
    passed = ArrayField(models.DateTimeField())

    def __str__(self) -> str:
        return f"{self.key}: {len(self.passed)}"
