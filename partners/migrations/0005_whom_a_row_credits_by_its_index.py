"""Whom a subscription credits is read from the index of open periods alone; who set a period is found by another."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partners", "0004_customers_are_kept")]
    operations = [
        migrations.RemoveConstraint(model_name="partnerofrecord", name="partnerofrecord_one_open"),
        migrations.AddConstraint(
            model_name="partnerofrecord",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid__upper_inf", True)),
                fields=("subscription",),
                include=("tenant", "partner"),
                name="partnerofrecord_one_open",
            ),
        ),
        migrations.AddIndex(
            model_name="partnerofrecord",
            index=models.Index(
                fields=["set_by_name"], name="partnerofrecord_by_set_by_name", opclasses=["varchar_pattern_ops"]
            ),
        ),
    ]
