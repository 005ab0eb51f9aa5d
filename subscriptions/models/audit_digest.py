from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AuditDigest(models.Model):
    """What the audit trail of one day was: a fingerprint of each row, in one chain with the days before it.

    A day is one of UTC. `fingerprints` has 24 bytes a row in the order of their IDs: 8 of the ID, 16 of the SHA-256
    of the row as `audit/day_digests.py` writes it. Append-only, as the trail itself.
    """

    day = models.DateField(_("day"), unique=True)
    rows = models.PositiveBigIntegerField(_("rows"))
    fingerprints = models.BinaryField()
    digest = models.CharField(_("digest"), max_length=64)
    made = models.DateTimeField(_("made"), db_default=Now())

    class Meta:
        verbose_name = _("digest of the audit trail")
        verbose_name_plural = _("digests of the audit trail")
        constraints = [
            models.CheckConstraint(name="auditdigest_is_sha256", condition=Q(digest__regex="^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.digest}"
