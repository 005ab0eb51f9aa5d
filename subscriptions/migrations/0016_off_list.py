"""Whether an organization lets partners off its approved list be asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0015_webhook")]

    operations = [
        migrations.AddField(
            model_name="tenant",
            name="asks_off_list",
            field=models.BooleanField(default=False, verbose_name="partners off the approved list can be asked for"),
        ),
    ]
