from datetime import timedelta

from django.db import models
from django.db.models.functions import Now

KEPT_FOR = timedelta(minutes=30)


class KeptForm(models.Model):
    """What somebody had typed into the form of an act when the session had ended, until the sign-in after it.

    Encrypted under a value that only the cookie of that browser holds; `token` is a hash of it, `page` one of the
    address.
    """

    token = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey("subscriptions.User", on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=500)
    content = models.BinaryField()
    created = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["created"], name="keptform_by_created")]

    def __str__(self) -> str:
        return self.page
