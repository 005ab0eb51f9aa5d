"""A call of an application has a key too; with it the answer is kept, as a program is led nowhere."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0010_applications")]

    operations = [
        migrations.RemoveConstraint(model_name="idempotencykey", name="idempotencykey_once"),
        migrations.AddField(
            model_name="idempotencykey",
            name="application",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="idempotencykey", name="status", field=models.PositiveSmallIntegerField(null=True)
        ),
        migrations.AddField(
            model_name="idempotencykey",
            name="body",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="idempotencykey",
            name="etag",
            field=models.CharField(blank=True, db_default="", max_length=80),
        ),
        migrations.AlterField(model_name="idempotencykey", name="key", field=models.CharField(max_length=255)),
        migrations.AlterField(
            model_name="idempotencykey",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="idempotencykey",
            constraint=models.UniqueConstraint(
                fields=("tenant", "user", "application", "key"), name="idempotencykey_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="idempotencykey",
            constraint=models.CheckConstraint(
                condition=models.Q(("application__isnull", True), ("user__isnull", False))
                | models.Q(("application__isnull", False), ("user__isnull", True)),
                name="idempotencykey_of_one_sender",
            ),
        ),
    ]
