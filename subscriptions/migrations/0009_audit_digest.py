"""Digests of the audit trail, which are permanent as the trail is."""

import django.db.models.functions.datetime
from django.db import migrations, models

PERMANENT = """
CREATE TRIGGER auditdigest_append_only BEFORE UPDATE OR DELETE ON subscriptions_auditdigest
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();
CREATE TRIGGER auditdigest_no_truncate BEFORE TRUNCATE ON subscriptions_auditdigest
    FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only();
"""
NOT_PERMANENT = """
DROP TRIGGER auditdigest_no_truncate ON subscriptions_auditdigest;
DROP TRIGGER auditdigest_append_only ON subscriptions_auditdigest;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("subscriptions", "0008_saved_view"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditDigest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True, verbose_name="day")),
                ("rows", models.PositiveBigIntegerField(verbose_name="rows")),
                ("fingerprints", models.BinaryField()),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                (
                    "made",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="made"),
                ),
            ],
            options={
                "verbose_name": "digest of the audit trail",
                "verbose_name_plural": "digests of the audit trail",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="auditdigest_is_sha256"
                    )
                ],
            },
        ),
        migrations.RunSQL(PERMANENT, NOT_PERMANENT),
    ]
