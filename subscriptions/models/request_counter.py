from django.db import models


class RequestCounter(models.Model):
    """How often something limited was asked for since its present window of time began."""

    key = models.CharField(max_length=120, unique=True)
    began = models.DateTimeField()
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
